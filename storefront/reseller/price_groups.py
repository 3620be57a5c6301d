"""/reseller/price-groups: customers with prices of their own; who is in which group, and single prices."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import Blueprint, g, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from storefront.core import jobs
from storefront.core.errors import NotFound, Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.core.i18n import ngettext
from storefront.core.money import Money
from storefront.core.paging import newest_first
from storefront.customers.models import Customer
from storefront.customers.queries import customers as find_customers
from storefront.identity.permissions import Permission
from storefront.orders.grouping import group_customers
from storefront.pricing import groups as actions
from storefront.pricing.group_losses import Key, Loses, known_losses, require_no_new_loss
from storefront.pricing.offer_models import GroupPrice, PriceGroup
from storefront.pricing.promotion_losses import words_of_offer
from storefront.reseller.price_group_forms import NO_GROUP, CloseForm, GroupForm, MoveForm, SinglePriceForm
from storefront.reseller.price_shown import ACTION_WORDS
from storefront.web.fields import options
from storefront.web.forms import require_token
from storefront.web.guards import acts, reads
from storefront.web.lists import after_of, paged, wanted_of
from storefront.web.rendering import done, page
from tenants.resellers import current_reseller

bp = Blueprint("price_groups", __name__, url_prefix="/price-groups")

MOST_MOVED = 200
MOST_LOSSES = 100


@bp.get("/")
@reads(Permission.PRICING_READ)
def list() -> Response:  # noqa: A001 - the verb of every list
    """The groups with what they pay and how many are in them."""
    return page(rows=[{"is": each, "turnover": _turnover_of(each.group)} for each in actions.price_groups(g.db)])


def _turnover_of(group: PriceGroup) -> Money | None:
    return None if group.from_turnover_minor is None else Money(group.from_turnover_minor, _currency())


def _currency() -> str:
    return current_reseller(g.db).currency


@bp.route("/new", methods=["GET", "POST"])
@acts(Permission.PRICING_MANAGE, audit="price_group.created")
def new() -> Response:
    """Make a group."""
    form = GroupForm(data={"discount_percent": "10"}).offer(actions.known_lines(g.db))
    if form.submitted():
        with form.blames_refusals():
            known = known_losses(g.db, None)
            group = actions.create_group(g.db, form.wish(_currency()))
            _require_seen(group, known, form)
            _group_by_rules_later(group)
            return done(_("The group %(name)s is there. Now put customers into it.", name=group.name), ".list")
    return page(form=form, currency=_currency(), losses=losses_shown())


def _require_seen(
    group: PriceGroup, known: Collection[Key], form: GroupForm | SinglePriceForm | MoveForm | CloseForm
) -> None:
    """Ask about prices below cost that nobody has known of, unless the form says that they may be."""
    tick = form.price_may_lose if isinstance(form, SinglePriceForm) else form.may_lose
    if not tick.data:
        require_no_new_loss(g.db, group, known, field=tick.name)


def losses_shown() -> Any:
    """List what a refused form would have sold below cost."""
    refusal = g.get("refusal")
    losses = refusal.losses if isinstance(refusal, Loses) else ()
    return [
        {"words": words_of_offer(replace(each, group="")), "after": each.after, "cost": each.cost, "left": each.left}
        for each in losses[:MOST_LOSSES]
    ]


def _group_by_rules_later(group: PriceGroup) -> None:
    jobs.ask(g.db, group_customers.__name__, str(group.id))


@bp.route("/<uuid:group_id>", methods=["GET", "POST"])
@acts(Permission.PRICING_MANAGE, audit="price_group.changed")
def edit(group_id: UUID) -> Response:
    """Change a group."""
    group = actions.require_group(g.db, group_id)
    form = GroupForm(data=GroupForm.values_of(group, _currency())).offer(actions.known_lines(g.db))
    if form.submitted():
        with form.blames_refusals():
            known = known_losses(g.db, group)
            actions.change_group(g.db, group, form.wish(_currency()))
            _require_seen(group, known, form)
            _group_by_rules_later(group)
            return done(_("Saved. Pages show the new prices at once."), ".edit", group_id=group.id)
    return _edit(group, form, SinglePriceForm(formdata=None).offer())


def _edit(group: PriceGroup, form: GroupForm, single: SinglePriceForm) -> Response:
    return page(
        "reseller/price_groups/edit.html",
        form=single if single.was_refused else form,
        fields=form,
        single=single,
        group=group,
        losses=losses_shown(),
        customers=actions.count_customers(g.db, group),
        prices=[
            {"row": row, "word": ACTION_WORDS[row.action], "amount": Money(row.minor, _currency())}
            for row in actions.single_prices(g.db, group)
        ],
        currency=_currency(),
    )


@bp.post("/<uuid:group_id>/prices")
@acts(Permission.PRICING_MANAGE, audit="price_group.price_set")
def set_price(group_id: UUID) -> Response:
    """Give the group a price of its own."""
    group = actions.require_group(g.db, group_id)
    single = SinglePriceForm().offer()
    if single.submitted():
        with single.blames_refusals():
            known = known_losses(g.db, group)
            actions.set_single_price(g.db, group, single.key, single.money(_currency()))
            _require_seen(group, known, single)
            return done(_("The price is kept. Customers of this group see it at once."), ".edit", group_id=group.id)
    form = GroupForm(formdata=None, data=GroupForm.values_of(group, _currency())).offer(actions.known_lines(g.db))
    return _edit(group, form, single)


@bp.post("/<uuid:group_id>/prices/<uuid:group_price_id>/remove")
@acts(Permission.PRICING_MANAGE, audit="price_group.price_removed")
def remove_price(group_id: UUID, group_price_id: UUID) -> Response:
    """Take a single price away."""
    require_token()
    group = actions.require_group(g.db, group_id)
    actions.remove_single_price(g.db, group, g.db.require(GroupPrice, group_price_id))
    return done(_("The group pays by its list there again."), ".edit", group_id=group.id)


@bp.route("/customers", methods=["GET", "POST"])
@acts(Permission.PRICING_MANAGE, audit="price_group.customers_moved")
def customers() -> Response:
    """Who is in which group; tick some, or move all that a search finds on this page."""
    known = [each.group for each in actions.price_groups(g.db)]
    form = MoveForm().offer(known)
    if form.submitted():
        with form.blames_refusals():
            return _moved(form)
    return _customers(form, known)


def _moved(form: MoveForm) -> Response:
    group = actions.require_group(g.db, form.group_id) if form.group_id else None
    ticked = _ticked()
    if not ticked:
        raise Refused(_("Tick the customers to move and say where they go."))
    if group is not None:
        _require_seen(group, known_losses(g.db, None), form)
    count = actions.move_customers(g.db, ticked, group)
    name = group.name if group else str(_("no group"))
    said = ngettext(
        "%(num)s customer is now in: %(group)s.", "%(num)s customers are now in: %(group)s.", count, group=name
    )
    return done(said, ".customers", **_kept_filter())


def _ticked() -> Sequence[UUID]:
    found = []
    for value in request.form.getlist("customer")[:MOST_MOVED]:
        try:
            found.append(UUID(value))
        except ValueError:
            raise NotFound from None
    return found


def _kept_filter() -> dict[str, str]:
    return {key: value for key in ("group", "q") if (value := request.args.get(key, "")[:200])}


def _customers(form: MoveForm, known: Sequence[PriceGroup]) -> Response:
    wanted, shown = wanted_of(), request.args.get("group", "")
    names = {each.id: each.name for each in known}
    if wanted or shown not in {NO_GROUP, *map(str, names)}:
        shown = ""
        found = find_customers(g.db, wanted=wanted, after=after_of())
    else:
        own = Customer.price_group_id.is_(None) if shown == NO_GROUP else Customer.price_group_id == UUID(shown)
        found = newest_first(g.db, select(Customer).where(own), Customer.id, after_of())
    default = next((each.name for each in known if each.is_default), None)
    places: Any = [(_("All"), url_for(".customers"), not shown and not wanted, None)]
    places += [(each.name, url_for(".customers", group=each.id), shown == str(each.id), None) for each in known]
    places.append((_("No group"), url_for(".customers", group=NO_GROUP), shown == NO_GROUP, None))
    return page(
        "reseller/price_groups/customers.html",
        form=form,
        rows=[{"customer": each, "group": _name_of(each, names) or default} for each in found.rows],
        pager=paged(found),
        places=places,
        wanted=wanted,
        here=url_for(".customers", **_kept_filter()),  # type: ignore[arg-type]  # values of an address
        has_groups=bool(known),
        losses=losses_shown(),
    )


def _name_of(customer: Customer, names: dict[UUID, str]) -> str | None:
    return names.get(customer.price_group_id) if customer.price_group_id else None


@bp.route("/<uuid:group_id>/close", methods=["GET", "POST"])
@acts(Permission.PRICING_MANAGE, audit="price_group.closed")
def close(group_id: UUID) -> Response:
    """Close a group, after saying where its customers go."""
    group = actions.require_group(g.db, group_id)
    others = [each.group for each in actions.price_groups(g.db) if each.group.id != group.id]
    form = CloseForm()
    choices: Any = [("", _("Please choose")), (NO_GROUP, _("pay what everybody pays"))]
    choices += [(str(each.id), _("go to %(group)s", group=each.name)) for each in others]
    form.move_to.choices = options(choices)
    people = actions.count_customers(g.db, group)
    if form.submitted():
        with form.blames_refusals():
            chosen = form.move_to.data
            target = actions.require_group(g.db, UUID(chosen)) if chosen not in ("", NO_GROUP) else None
            if target is not None and people:
                _require_seen(target, known_losses(g.db, group), form)
            actions.close_group(g.db, group, move_to=target, to_nobody=chosen == NO_GROUP)
            return done(_("The group is closed. Its prices are gone from every page."), ".list")
    return page(form=form, group=group, people=people, losses=losses_shown())
