"""/reseller/promotions: reductions for a while or with a code: drafted, checked against the law, started, stopped."""

from typing import Any
from uuid import UUID

from flask import Blueprint, g
from werkzeug.wrappers import Response

from storefront.core.i18n import Text, format_money
from storefront.core.i18n import lazy_gettext as _
from storefront.core.money import Money
from storefront.identity.permissions import Permission
from storefront.pricing import promotions as actions
from storefront.pricing.codes import series_of
from storefront.pricing.offer_models import Promotion
from storefront.pricing.promotion_checks import why_not_run
from storefront.pricing.promotion_losses import affected_prices, losing_offers
from storefront.pricing.reduced_endings import change_reduced_digits, endings_to_choose, reduced_digits
from storefront.reseller.promotion_forms import METHODS, CopyForm, EndingForm, PromotionForm, promotion_form
from storefront.reseller.promotion_prices import loss_rows, shown_prices
from storefront.web.fields import options
from storefront.web.forms import Form
from storefront.web.guards import acts, reads
from storefront.web.rendering import done, page
from tenants.resellers import current_reseller

bp = Blueprint("promotions", __name__, url_prefix="/promotions")

PHASES: dict[str, tuple[Text, str, str]] = {
    "running": (_("Running"), "success", "ok"),
    "scheduled": (_("Begins later"), "info", "clock"),
    "draft": (_("Draft"), "neutral", "pencil"),
    "used_up": (_("Used up"), "warning", "alert"),
    "ended": (_("Over"), "neutral", "check"),
    "stopped": (_("Stopped"), "neutral", "cross"),
}


@bp.get("/")
@reads(Permission.PRICING_READ)
def list() -> Response:  # noqa: A001 - the verb of every list
    """Every promotion with where it stands and what it has given."""
    found = actions.promotions(g.db)
    codes = actions.codes_counted(g.db, [each.id for each in found])
    given = actions.given_by(g.db, found)
    reseller = current_reseller(g.db)
    return page(
        rows=[{**_row(each, codes.get(each.id, 0)), "given": given[each.id]} for each in found],
        digits=reduced_digits(reseller.settings, reseller.currency),
        can_end=len(endings_to_choose(reseller.currency)) > 1,
    )


@bp.route("/ending", methods=["GET", "POST"])
@acts(Permission.PRICING_MANAGE, audit="promotion.ending_changed")
def ending() -> Response:
    """Say how prices that a promotion lowered end."""
    reseller = current_reseller(g.db)
    form = EndingForm(data={"digits": reduced_digits(reseller.settings, reseller.currency)})
    form.digits.choices = options((each, _ending_words(each)) for each in endings_to_choose(reseller.currency))
    if form.submitted():
        with form.blames_refusals():
            change_reduced_digits(g.db, form.digits.data or "")
            return done(_("Saved. Lowered prices end so from now on."), ".list")
    return page(form=form)


def _ending_words(digits: str) -> Text:
    if not digits:
        return _("as they come out, to the cent")
    amount = Money(1400 + int(digits), current_reseller(g.db).currency)
    return _("in .%(digits)s, such as %(amount)s", digits=digits, amount=format_money(amount))


def _row(promotion: Promotion, codes: int) -> dict[str, Any]:
    return {
        "promotion": promotion,
        "phase": PHASES[actions.phase_of(promotion, g.db.now)],
        "codes": codes,
        "reward": reward_words(promotion),
        "spent": Money(promotion.spent_minor, promotion.currency),
        "budget": None if promotion.budget_minor is None else Money(promotion.budget_minor, promotion.currency),
    }


def reward_words(promotion: Promotion) -> Text:
    """Say what a promotion does, as its terms read."""
    try:
        return actions.terms_of(g.db, promotion).reward or METHODS["percent"]
    except ValueError:
        return _("Its terms cannot be read any more.")


@bp.route("/new", methods=["GET", "POST"])
@acts(Permission.PRICING_MANAGE, audit="promotion.created")
def new() -> Response:
    """Draft a promotion."""
    form = promotion_form(None, current_reseller(g.db).currency)
    if form.submitted() and isinstance(form, PromotionForm):
        with form.blames_refusals():
            made = actions.create_promotion(g.db, form.wish(current_reseller(g.db).currency))
            said = _("The draft is kept. Look at what it changes, then start it.")
            return done(said, ".show", promotion_id=made.id)
    return page(form=form, promotion=None, currency=current_reseller(g.db).currency)


@bp.get("/<uuid:promotion_id>")
@reads(Permission.PRICING_READ)
def show(promotion_id: UUID) -> Response:
    """One promotion: what it changes, what it has given, what stands in its way."""
    return _show(g.db.require(Promotion, promotion_id), Form(formdata=None))


def _show(promotion: Promotion, form: Form) -> Response:
    phase = actions.phase_of(promotion, g.db.now)
    terms = actions.terms_of(g.db, promotion)
    affected = affected_prices(g.db, terms)
    losses = losing_offers(g.db, terms) if promotion.state != "stopped" else ()
    return page(
        "reseller/promotions/show.html",
        form=form,
        **_row(promotion, actions.codes_counted(g.db, [promotion.id]).get(promotion.id, 0)),
        state=phase,
        terms=terms,
        given=actions.given_by(g.db, [promotion])[promotion.id],
        **shown_prices(promotion, affected, all_of_them=False),
        losses=loss_rows(losses, promotion),
        losing=len(losses),
        objection=why_not_run(g.db, promotion, terms) if phase in ("draft", "scheduled") else None,
        series=series_of(g.db, promotion.id),
        copy=CopyForm(formdata=None, data={"name": str(_("Copy of %(name)s", name=promotion.name))[:80]}),
    )


@bp.get("/<uuid:promotion_id>/prices")
@reads(Permission.PRICING_READ)
def prices(promotion_id: UUID) -> Response:
    """Every price that a promotion changes, page by page."""
    promotion = g.db.require(Promotion, promotion_id)
    affected = affected_prices(g.db, actions.terms_of(g.db, promotion), in_every_group=True)
    return page(promotion=promotion, **shown_prices(promotion, affected, all_of_them=True))


@bp.route("/<uuid:promotion_id>/edit", methods=["GET", "POST"])
@acts(Permission.PRICING_MANAGE, audit="promotion.changed")
def edit(promotion_id: UUID) -> Response:
    """Change a draft, or what may be changed of a promotion that runs."""
    promotion = g.db.require(Promotion, promotion_id)
    form = promotion_form(promotion, promotion.currency)
    if form.submitted():
        with form.blames_refusals():
            currency = promotion.currency
            wish = form.wish(currency) if isinstance(form, PromotionForm) else form.changed(promotion)
            actions.change_promotion(g.db, promotion, wish)
            return done(_("Saved."), ".show", promotion_id=promotion.id)
    return page(form=form, promotion=promotion, currency=promotion.currency)


@bp.post("/<uuid:promotion_id>/run")
@acts(Permission.PRICING_MANAGE, audit="promotion.started")
def run(promotion_id: UUID) -> Response:
    """Start it, now or at its moment."""
    promotion, form = g.db.require(Promotion, promotion_id), Form()
    if form.submitted():
        with form.blames_refusals():
            actions.run_promotion(g.db, promotion)
            return done(_what_starts(promotion), ".show", promotion_id=promotion.id)
    return _show(promotion, form)


def _what_starts(promotion: Promotion) -> Text:
    if promotion.starts_at > g.db.now:
        return _("It begins at its moment by itself.")
    if promotion.needs_code:
        return _("It runs for everybody who types one of its codes.")
    return _("It runs. Every page shows its prices.")


@bp.post("/<uuid:promotion_id>/stop")
@acts(Permission.PRICING_MANAGE, audit="promotion.stopped")
def stop(promotion_id: UUID) -> Response:
    """Stop it for good."""
    promotion, form = g.db.require(Promotion, promotion_id), Form()
    if form.submitted():
        with form.blames_refusals():
            actions.stop_promotion(g.db, promotion)
            said = _("It is stopped. Prices that were promised in a cart hold for their half hour.")
            return done(said, ".show", promotion_id=promotion.id)
    return _show(promotion, form)


@bp.post("/<uuid:promotion_id>/copy")
@acts(Permission.PRICING_MANAGE, audit="promotion.created")
def copy(promotion_id: UUID) -> Response:
    """Draft the same once more."""
    promotion, form = g.db.require(Promotion, promotion_id), CopyForm()
    if form.submitted():
        with form.blames_refusals():
            made = actions.copy_promotion(g.db, promotion, form.name.data or "")
            return done(_("Here is the copy; it is a draft."), ".edit", promotion_id=made.id)
    return _show(promotion, form)


@bp.post("/<uuid:promotion_id>/delete")
@acts(Permission.PRICING_MANAGE, audit="promotion.deleted")
def delete(promotion_id: UUID) -> Response:
    """Throw a draft away."""
    promotion, form = g.db.require(Promotion, promotion_id), Form()
    if form.submitted():
        with form.blames_refusals():
            actions.delete_draft(g.db, promotion)
            return done(_("The draft is gone."), ".list")
    return _show(promotion, form)
