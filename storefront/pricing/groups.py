"""Price groups: made, changed, given single prices, filled with customers, and closed without losing anybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import delete, func, select, update

from storefront.core.audit import record
from storefront.core.changes import announce
from storefront.core.db import Work
from storefront.core.errors import NotFound, Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.core.money import Money
from storefront.customers.models import Customer
from storefront.pricing.history import note_prices
from storefront.pricing.models import MAIN_LINE, Price, PriceList
from storefront.pricing.offer_models import GroupPrice, PriceGroup

MOST_GROUPS = 50
FULL = Decimal(100)


@dataclass(frozen=True, kw_only=True)
class GroupWish:
    """A group as the form says it; ``from_domains`` and ``from_turnover_minor`` let it fill itself."""

    name: str
    line: str = MAIN_LINE
    discount_percent: Decimal = Decimal(0)
    is_default: bool = False
    from_domains: int | None = None
    from_turnover_minor: int | None = None


@dataclass(frozen=True, kw_only=True)
class GroupSummary:
    """A group with how many customers are in it and how many single prices it has."""

    group: PriceGroup
    customers: int
    prices: int


def price_groups(db: Work) -> list[GroupSummary]:
    """List the groups as the office orders them, each with its customers counted. One query."""
    customers = select(func.count()).where(Customer.reseller_id == PriceGroup.reseller_id)
    customers = customers.where(Customer.price_group_id == PriceGroup.id, Customer.closed_at.is_(None))
    prices = select(func.count()).where(GroupPrice.reseller_id == PriceGroup.reseller_id)
    prices = prices.where(GroupPrice.price_group_id == PriceGroup.id)
    statement = select(PriceGroup, customers.scalar_subquery(), prices.scalar_subquery()).where(
        PriceGroup.reseller_id == db.reseller_id, PriceGroup.closed_at.is_(None)
    )
    found = db.execute(statement.order_by(PriceGroup.position, PriceGroup.name))
    return [GroupSummary(group=group, customers=people, prices=single) for group, people, single in found]


def require_group(db: Work, group_id: UUID) -> PriceGroup:
    """Return a group that is in use; a closed one is not found."""
    group = db.require(PriceGroup, group_id)
    if group.closed_at is not None:
        raise NotFound
    return group


def known_lines(db: Work) -> list[str]:
    """List the lines that published lists have, the one everybody sees first."""
    statement = select(PriceList.line).where(
        PriceList.reseller_id == db.reseller_id, PriceList.published_at.is_not(None)
    )
    found = set(db.scalars(statement.distinct()))
    return [MAIN_LINE, *sorted(found - {MAIN_LINE})]


def create_group(db: Work, wish: GroupWish) -> PriceGroup:
    """Make a group. Raises ``Refused`` naming what to mend."""
    count = db.scalar(select(func.count()).where(PriceGroup.reseller_id == db.reseller_id))
    if (count or 0) >= MOST_GROUPS:
        raise Refused(_("A shop has at most %(num)s price groups, closed ones counted.", num=MOST_GROUPS))
    _require_sound(db, wish, None)
    group = PriceGroup(name=wish.name, position=(count or 0), changed_at=db.now)
    _write(db, group, wish)
    db.add(group)
    db.flush()
    record(db, "price_group.created", group, after=_shown(group))
    _tell(db, "price_group")
    return group


def change_group(db: Work, group: PriceGroup, wish: GroupWish) -> None:
    """Change a group. Raises ``Refused`` naming what to mend."""
    db.lock(group)
    _require_sound(db, wish, group)
    before = _shown(group)
    _write(db, group, wish)
    db.flush()
    record(db, "price_group.changed", group, before=before, after=_shown(group))
    _tell(db, "price_group")


def _require_sound(db: Work, wish: GroupWish, group: PriceGroup | None) -> None:
    same_name = select(PriceGroup.id).where(
        PriceGroup.reseller_id == db.reseller_id, func.lower(PriceGroup.name) == wish.name.lower()
    )
    if group is not None:
        same_name = same_name.where(PriceGroup.id != group.id)
    if db.scalar(same_name.limit(1)) is not None:
        raise Refused(_("There is such a group already."), field="name")
    if not 0 <= wish.discount_percent <= FULL:
        raise Refused(_("A discount lies between 0 and 100 percent."), field="discount_percent")
    if wish.line not in known_lines(db):
        raise Refused(_("There is no published price list of this line."), field="line")


def _write(db: Work, group: PriceGroup, wish: GroupWish) -> None:
    if wish.is_default and not group.is_default:
        # There is one at most, and the constraint would not wait.
        db.execute(
            update(PriceGroup)
            .where(PriceGroup.reseller_id == db.reseller_id, PriceGroup.is_default)
            .values(is_default=False, changed_at=db.now)
        )
    group.name, group.line, group.discount_percent = wish.name, wish.line, wish.discount_percent
    group.is_default, group.changed_at = wish.is_default, db.now
    group.from_domains, group.from_turnover_minor = wish.from_domains, wish.from_turnover_minor


def _shown(group: PriceGroup) -> dict[str, object]:
    return {
        "name": group.name,
        "line": group.line,
        "discount": f"{group.discount_percent.normalize():f} %",
        "default": group.is_default,
        "from_domains": group.from_domains,
        "from_turnover": group.from_turnover_minor,
    }


def _tell(db: Work, because: str) -> None:
    """Have every page made anew, and note what customers see from now on."""
    announce(db)
    note_prices(db, because=because)


def move_customers(db: Work, customers: Sequence[UUID], group: PriceGroup | None) -> int:
    """Put customers into a group by hand, or into none; returns how many were not there yet. One statement."""
    if not customers:
        return 0
    moved = (
        update(Customer)
        .where(
            Customer.reseller_id == db.reseller_id,
            Customer.id.in_(customers),
            Customer.price_group_id.is_distinct_from(group.id if group else None),
        )
        .values(price_group_id=group.id if group else None, is_grouped_by_rule=False)
        .returning(Customer.id)
        .execution_options(synchronize_session="fetch")
    )
    count = len(db.execute(moved).all())
    record(db, "price_group.customers_moved", group, after={"customers": count, "group": group.name if group else ""})
    return count


def count_customers(db: Work, group: PriceGroup) -> int:
    """Count the customers in a group, those with closed accounts too: they all have to go somewhere."""
    statement = select(func.count()).where(Customer.reseller_id == db.reseller_id, Customer.price_group_id == group.id)
    return db.scalar(statement) or 0


def close_group(db: Work, group: PriceGroup, *, move_to: PriceGroup | None = None, to_nobody: bool = False) -> int:
    """Close a group; its customers go to another, or pay what everybody pays if ``to_nobody`` says so.

    Returns how many were moved. Raises ``Refused`` when there are customers and nobody said where they go.
    """
    db.lock(group)
    there = select(Customer.id).where(Customer.reseller_id == db.reseller_id, Customer.price_group_id == group.id)
    people = db.scalars(there.with_for_update())
    if people and move_to is None and not to_nobody:
        raise Refused(_("There are customers in this group. Please say where they go."), field="move_to")
    if move_to is not None and (move_to.id == group.id or move_to.closed_at is not None):
        raise Refused(_("Please choose another group."), field="move_to")
    moved = move_customers(db, people, move_to)
    db.execute(
        delete(GroupPrice).where(GroupPrice.reseller_id == db.reseller_id, GroupPrice.price_group_id == group.id)
    )
    # Another may bear its name; what was seen in it names it by its id.
    name, group.name = group.name, _closed_name(group)
    group.is_default, group.closed_at, group.changed_at = False, db.now, db.now
    group.from_domains = group.from_turnover_minor = None
    db.flush()
    record(db, "price_group.closed", group, before={"name": name}, after={"customers_moved": moved})
    _tell(db, "price_group")
    return moved


def _closed_name(group: PriceGroup) -> str:
    return f"{group.name} ({group.id.hex[-6:]})"


def single_prices(db: Work, group: PriceGroup) -> Sequence[GroupPrice]:
    """List the single prices of a group by ending, action and years."""
    statement = select(GroupPrice).where(
        GroupPrice.reseller_id == db.reseller_id, GroupPrice.price_group_id == group.id
    )
    return db.scalars(statement.order_by(GroupPrice.ending, GroupPrice.action, GroupPrice.years))


def set_single_price(db: Work, group: PriceGroup, key: tuple[str, str, int], amount: Money) -> GroupPrice:
    """Give a group a price of its own for an ending, action and number of years; a second time changes it.

    Raises ``Refused`` for an amount in another currency, a negative one, or something that the list does not price.
    """
    ending, action, years = key
    if amount.minor < 0:
        raise Refused(_("A price is not negative."), field="amount")
    if not _is_listed(db, group, key, amount.currency):
        said = _("The price list of this group has no such price: nothing would be sold at it.")
        raise Refused(said, field="ending")
    db.lock(group)
    row = db.scalar(
        select(GroupPrice).where(
            GroupPrice.reseller_id == db.reseller_id,
            GroupPrice.price_group_id == group.id,
            GroupPrice.kind == "domain",
            GroupPrice.ending == ending,
            GroupPrice.action == action,
            GroupPrice.years == years,
        )
    )
    before = row.minor if row else None
    if row is None:
        row = db.add(GroupPrice(price_group_id=group.id, ending=ending, action=action, years=years, minor=0))
    row.minor = amount.minor
    db.flush()
    what = f"{ending} {action} {years}"
    record(db, "price_group.price_set", group, before={what: before}, after={what: amount.minor})
    _tell(db, "price_group")
    return row


def _is_listed(db: Work, group: PriceGroup, key: tuple[str, str, int], currency: str) -> bool:
    """Whether the list that holds for a group prices this; its line falls back to the one everybody sees."""
    for line in dict.fromkeys((group.line, MAIN_LINE)):
        found = db.scalar(
            select(PriceList.id)
            .where(
                PriceList.reseller_id == db.reseller_id,
                PriceList.line == line,
                PriceList.currency == currency,
                PriceList.published_at.is_not(None),
                PriceList.starts_at <= db.now,
            )
            .order_by(PriceList.starts_at.desc(), PriceList.published_at.desc())
            .limit(1)
        )
        if found is None:
            continue
        ending, action, years = key
        priced = select(Price.id).where(
            Price.price_list_id == found,
            Price.kind == "domain",
            Price.ending == ending,
            Price.action == action,
            Price.years == years,
        )
        return db.scalar(priced.limit(1)) is not None
    return False


def remove_single_price(db: Work, group: PriceGroup, price: GroupPrice) -> None:
    """Take a single price away: the group pays by its list again."""
    if price.price_group_id != group.id:
        raise NotFound
    what = f"{price.ending} {price.action} {price.years}"
    record(db, "price_group.price_removed", group, before={what: price.minor})
    db.session.delete(price)
    db.flush()
    _tell(db, "price_group")
