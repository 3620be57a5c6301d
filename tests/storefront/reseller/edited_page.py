"""A page with two blocks, as the tests of its editor look at it."""

from typing import Any
from uuid import UUID

from cms.drafts import find_version
from cms.models import Page
from storefront.core.db import Database
from tests.fixtures_app import Shop
from tests.storefront.reseller.page_form import PageForm

HERO = {"id": "b1", "kind": "hero", "title": "Hello", "search": False}
FAQ = {"id": "b2", "kind": "faq", "title": "Asked", "questions": [{"question": "Why?", "answer": "<p>So.</p>"}]}


def kept(database: Database, shops: dict[str, Shop], page_id: UUID, *, locale: str = "en", state: str = "draft") -> Any:
    """What is kept of a page now: title, path, and the blocks."""
    with database.work(shops["north"].id) as db:
        found = find_version(db, db.require(Page, page_id), locale, state)
        return found and (found.title, found.path, found.blocks, found.revision)


def address(page_id: UUID, locale: str = "en") -> str:
    return f"/reseller/pages/{page_id}/{locale}/"


def by_script(form: PageForm, do: str = "save") -> Any:
    return form.send(do, headers={"X-Requested-With": "script", "Accept": "application/json"})
