"""/reseller/margin-rules: how prices are made of costs; the first rule that fits makes the price."""

from uuid import UUID

from flask import Blueprint, Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from storefront.core.i18n import lazy_gettext as _
from storefront.identity.permissions import Permission
from storefront.pricing import margin_rule_changes as actions
from storefront.pricing.models import MarginRule
from storefront.pricing.price_sheet import listed_prices
from storefront.reseller.margin_rule_form import RuleForm, rule_words
from storefront.web.forms import Form
from storefront.web.guards import acts, reads
from storefront.web.rendering import done, page
from tenants.resellers import current_reseller

bp = Blueprint("margin_rules", __name__, url_prefix="/margin-rules")


@bp.get("/")
@reads(Permission.PRICING_READ)
def list() -> Response:  # noqa: A001 - the verb of every list
    """The rules in the order in which they are tried, and the drafts they could be applied to."""
    reseller = current_reseller(g.db)
    rows = [{"row": row, **rule_words(g.db, row, reseller.currency)} for row in actions.margin_rules(g.db)]
    return page(rows=rows, drafts=[each.row for each in listed_prices(g.db) if each.state == "draft"])


@bp.route("/new", methods=["GET", "POST"])
@acts(Permission.PRICING_MANAGE, audit="margin_rule.added")
def new() -> AnyResponse:
    """Add a rule."""
    form = _form()
    if form.submitted():
        with form.blames_refusals():
            actions.add_rule(g.db, form.name.data or "", form.terms())
            return done(_("The rule is saved. Apply the rules to a draft to see what they make."), ".list")
    return page(form=form, row=None, currency=current_reseller(g.db).currency)


@bp.route("/<uuid:rule_id>", methods=["GET", "POST"])
@acts(Permission.PRICING_MANAGE, audit="margin_rule.changed")
def edit(rule_id: UUID) -> AnyResponse:
    """Change a rule."""
    row = g.db.require(MarginRule, rule_id)
    form = _form(row)
    if form.submitted():
        with form.blames_refusals():
            actions.change_rule(g.db, row, form.name.data or "", form.terms())
            return done(_("The rule is saved. Apply the rules to a draft to see what they make."), ".list")
    return page(form=form, row=row, currency=current_reseller(g.db).currency)


def _form(row: MarginRule | None = None) -> RuleForm:
    reseller = current_reseller(g.db)
    form = RuleForm(data=RuleForm.values_of(row, reseller.currency) if row is not None else RuleForm.usual())
    return form.offer(g.db, currency=reseller.currency, amounts=reseller.shows)


@bp.post("/<uuid:rule_id>/switch")
@acts(Permission.PRICING_MANAGE, audit="margin_rule.switched")
def switch(rule_id: UUID) -> AnyResponse:
    """Let a rule count or not."""
    row = g.db.require(MarginRule, rule_id)
    actions.switch_rule(g.db, row, is_active=not row.is_active)
    words = _("“%(name)s” counts again.", name=row.name) if row.is_active else _("“%(name)s” rests.", name=row.name)
    return done(words, ".list")


@bp.post("/<uuid:rule_id>/move")
@acts(Permission.PRICING_MANAGE, audit="margin_rule.moved")
def move(rule_id: UUID) -> AnyResponse:
    """Try a rule earlier or later."""
    row = g.db.require(MarginRule, rule_id)
    actions.move_rule(g.db, row, is_up=request.form.get("up") == "1")
    return done(_("The order is saved."), ".list")


@bp.route("/<uuid:rule_id>/remove", methods=["GET", "POST"])
@acts(Permission.PRICING_MANAGE, audit="margin_rule.removed")
def remove(rule_id: UUID) -> AnyResponse:
    """Ask, then remove a rule."""
    row = g.db.require(MarginRule, rule_id)
    form = Form()
    if form.submitted():
        actions.remove_rule(g.db, row)
        return done(_("The rule is removed. Prices that it made stay."), ".list")
    return page(form=form, row=row)
