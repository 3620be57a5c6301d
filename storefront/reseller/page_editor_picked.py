"""Blocks of other pages, to be copied into the one that is written."""

from uuid import UUID

from flask import g

from cms.blocks import KINDS, with_ids
from cms.drafts import find_version
from cms.merging import known
from cms.models import Page
from cms.page_checks import label_of
from cms.special_rules import is_special
from cms.tree import Branch, read_tree
from storefront.core.i18n import Text
from storefront.reseller.menus import OWN
from storefront.reseller.pages_shown import walk


def other_pages(row: Page, locale: str) -> list[tuple[str, str]]:
    """List the pages that stand in this language, as they lie in the tree, with what a choice of them is called."""
    return list(_walked(read_tree(g.db), row, locale, 0))


def _walked(branches: list[Branch], row: Page, locale: str, depth: int) -> list[tuple[str, str]]:
    found = []
    for branch in branches:
        versions = [branch.versions.get((locale, state)) for state in ("draft", "published")]
        version = next((each for each in versions if each is not None), None)
        if version is not None and branch.page.id != row.id and version.blocks:
            found.append((str(branch.page.id), "\u2003" * depth + (version.title or version.path)))
        found += _walked(branch.children, row, locale, depth + 1)
    return found


def link_targets(locale: str) -> list[tuple[str, Text]]:
    """List where a link of a page may lead in this shop: address and title, first the pages, then the shop's own."""
    found: list[tuple[str, Text]] = []
    for branch, _line in walk(read_tree(g.db)):
        version = branch.versions.get((locale, "published")) or branch.versions.get((locale, "draft"))
        if version is not None and version.path and not is_special(version.path):
            found.append((version.path, version.title or version.path))
    return [*found, *OWN.items()]


def offered_blocks(page_id: str, locale: str) -> list[tuple[str, str, Text]]:
    """List the blocks of a page that was chosen: place, sign, words."""
    try:
        row = g.db.find(Page, UUID(page_id))
    except ValueError:
        return []
    if row is None:
        return []
    version = find_version(g.db, row, locale, "draft") or find_version(g.db, row, locale, "published")
    if version is None:
        return []
    return [
        (f"{row.id}/{locale}/{block['id']}", KINDS[block["kind"]].sign, label_of(block))
        for block in known(with_ids(version.blocks))
    ]
