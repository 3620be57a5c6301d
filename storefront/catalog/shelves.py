"""What a shop offers and proposes: endings on and off its shelves, and the groups it proposes them in."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import func, select

from storefront.catalog.ending_lists import is_good_slug
from storefront.catalog.models import Offer, TldGroup
from storefront.catalog.offers import rules_on
from storefront.catalog.tld_groups import EVERYTHING
from storefront.core.audit import record
from storefront.core.changes import announce
from storefront.core.db import Work
from storefront.core.errors import Conflict, NotFound, Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.core.order import moved
from storefront.core.text import LocalizedText

MOST_GROUPS = 40
LONGEST_BADGE = 24


@dataclass(frozen=True, kw_only=True)
class GroupTerms:
    """A tab of the search page: how it is called in each language, and which endings (A-labels) in which order."""

    slug: str
    title: Mapping[str, str] = field(default_factory=dict)
    endings: tuple[str, ...] = ()
    is_default: bool = False
    is_for_others: bool = False


def offers(db: Work) -> dict[str, Offer]:
    """Return everything that this shop ever put on a shelf, by ending, in its order."""
    rows = db.scalars(select(Offer).order_by(Offer.position, Offer.ending))
    return {row.ending: row for row in rows}


def offer_endings(db: Work, endings: Collection[str], *, is_offered: bool) -> int:
    """Put endings on the shelf or take them off; returns how many changed.

    Raises ``NotFound`` for an ending whose rules nobody knows. What customers have registered already stays theirs and
    can still be renewed.
    """
    known, kept = rules_on(db, db.today), offers(db)
    if not set(endings) <= set(known):
        raise NotFound
    last = max((row.position for row in kept.values()), default=-1)
    changed = []
    for ending in endings:
        row = kept.get(ending)
        if row is None and is_offered:
            last += 1
            row = kept[ending] = db.add(Offer(ending=ending, position=last, is_offered=False))
        if row is not None and row.is_offered != is_offered:
            row.is_offered = is_offered
            changed.append(ending)
    if changed:
        db.flush()
        record(db, "offer.put_on" if is_offered else "offer.taken_off", after={"endings": ", ".join(sorted(changed))})
        announce(db)
    return len(changed)


def announce_ending(db: Work, ending: str, *, badge: Mapping[str, str], place: int) -> Offer:
    """Say how an ending is announced: a word beside it in each language, and its place (from 1) in the shop's order.

    Raises ``NotFound`` for an ending that is not on a shelf, ``Refused`` for a badge that is too long.
    """
    kept = offers(db)
    if ending not in kept:
        raise NotFound
    words = LocalizedText({locale: word for locale, word in badge.items() if word})
    if any(len(word) > LONGEST_BADGE for word in words.values()):
        raise Refused(_("A badge has at most %(most)s letters.", most=LONGEST_BADGE), field="badge")
    row = kept[ending]
    before = {"badge": row.badge.in_("en"), "position": row.position + 1}
    others = [each for name, each in kept.items() if name != ending]
    index = min(max(place - 1, 0), len(others))
    for position, each in enumerate([*others[:index], row, *others[index:]]):
        if each.position != position:
            each.position = position
    row.badge = words
    db.flush()
    record(db, "offer.announced", row, before=before, after={"badge": words.in_("en"), "position": row.position + 1})
    announce(db)
    return row


def tld_groups(db: Work) -> Sequence[TldGroup]:
    """Return the groups of this shop in their order."""
    return db.scalars(select(TldGroup).order_by(TldGroup.position, TldGroup.slug))


def write_group(db: Work, terms: GroupTerms, group: TldGroup | None = None) -> TldGroup:
    """Keep a new group, or what became of one. Raises ``Refused`` naming the field."""
    _check(db, terms, group)
    before = _facts(group) if group else {}
    if group is None:
        last = db.scalar(select(func.max(TldGroup.position)))
        group = db.add(
            TldGroup(slug=terms.slug, title=LocalizedText(), position=0 if last is None else last + 1, endings=[])
        )
    group.slug, group.endings = terms.slug, list(terms.endings)
    group.title = LocalizedText({locale: words for locale, words in terms.title.items() if words})
    db.flush()
    if terms.is_default:
        _make_default(db, group)
    _let_others(db, group, is_for_others=terms.is_for_others)
    record(db, "tld_group.written", group, before=before, after=_facts(group))
    announce(db)
    return group


def move_group(db: Work, group_id: UUID, *, by: int) -> None:
    """Move a group up (-1) or down (1) among the tabs; at the ends nothing happens."""
    group = db.require(TldGroup, group_id)
    before, after = moved(tld_groups(db), group, by=by)
    db.flush()
    record(db, "tld_group.moved", group, before={"position": before}, after={"position": after})
    announce(db)


def remove_group(db: Work, group_id: UUID) -> None:
    """Delete a group; its endings stay for sale. The next group takes its place if it was the first one proposed."""
    group = db.require(TldGroup, group_id)
    if group.is_default and len(tld_groups(db)) > 1:
        raise Conflict(_("A bare word is searched in this group. Choose another group for that first."))
    record(db, "tld_group.removed", group, before=_facts(group))
    db.session.delete(group)
    db.flush()
    announce(db)


def _make_default(db: Work, group: TldGroup) -> None:
    for each in tld_groups(db):
        each.is_default = each.id == group.id
    db.flush()


def _let_others(db: Work, group: TldGroup, *, is_for_others: bool) -> None:
    """Let other names be proposed below the endings of this group and of no other, or not of this one."""
    for each in tld_groups(db):
        if each.id == group.id:
            each.is_for_others = is_for_others
        elif is_for_others:
            each.is_for_others = False
    db.flush()


def _check(db: Work, terms: GroupTerms, group: TldGroup | None) -> None:
    if not any(terms.title.values()):
        raise Refused(_("Please give the group a name in at least one language."), field="title")
    if not is_good_slug(terms.slug) or terms.slug == EVERYTHING:
        raise Refused(_("Use small letters, digits and hyphens, such as well-known."), field="slug")
    if not terms.endings:
        raise Refused(_("A group needs at least one ending."), field="endings")
    same = db.scalar(select(TldGroup).where(TldGroup.slug == terms.slug))
    if same is not None and (group is None or same.id != group.id):
        raise Refused(_("Another group has this address already."), field="slug")
    if group is None and len(tld_groups(db)) >= MOST_GROUPS:
        raise Refused(_("There are many groups already. Visitors find their way among a few better."))


def _facts(group: TldGroup) -> dict[str, object]:
    return {
        "slug": group.slug,
        "title": group.title.in_("en"),
        "endings": ", ".join(group.endings),
        "is_default": group.is_default,
        "is_for_others": group.is_for_others,
    }
