"""What stands in the way of publishing the page that is written: in its words, its address and its pictures."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import g
from sqlalchemy import select

from cms.address_faults import address_fault
from cms.models import PageVersion
from cms.page_checks import Problem, Words, problems_of
from cms.pictures import undescribed
from cms.special_rules import is_fixed, is_special
from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _

TAKEN = _("Another page has this address already.")
HOME_IS_ONE = _("This is the address of the home page. Please choose another.")


def faults_now(draft: PageVersion, words: Mapping[str, Any], blocks: Sequence[Mapping[str, Any]]) -> list[Problem]:
    """List what must be mended, as it is typed now: first what stands around the blocks, then block by block."""
    told = Words(title=words["title"], description=words["description"], path=words["path"])
    found = problems_of(told, blocks)
    if (wrong := path_fault(draft, words["path"])) is not None:
        found.append(Problem(place="path", message=wrong))
    for place, name in undescribed(g.db, blocks, draft.locale):
        message = _("Say in this language what “%(name)s” shows, or that it only decorates.", name=name)
        found.append(Problem(place=place, message=message, block_id=place.partition(".")[0]))
    order = {str(block["id"]): number for number, block in enumerate(blocks)}
    return sorted(found, key=lambda each: order.get(each.block_id, -1))


def path_fault(draft: PageVersion, path: str) -> Text | None:
    """Say why this page cannot live at an address; the home page and those without an address live where they do."""
    if is_special(draft.path) or (is_fixed(draft.path) and path == draft.path):
        return None
    if path == "/":
        return HOME_IS_ONE
    wrong = address_fault(path)
    if wrong is not None:
        return wrong
    other = select(PageVersion.id).where(
        PageVersion.reseller_id == g.db.reseller_id,
        PageVersion.locale == draft.locale,
        PageVersion.path == path,
        PageVersion.state == "published",
        PageVersion.page_id != draft.page_id,
    )
    return TAKEN if g.db.scalar(other.limit(1)) is not None else None
