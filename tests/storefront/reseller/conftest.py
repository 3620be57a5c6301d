"""A signed-in owner of the shop in the north."""

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from cms.drafts import Writing, save_draft
from cms.models import DraftLink, Page, PageVersion
from cms.publishing import publish_draft
from cms.tree import new_page
from storefront.core.db import Database
from storefront.web.forms import token_for
from tests.fixtures_app import Shop
from tests.storefront.reseller.edited_page import FAQ, HERO
from tests.storefront.reseller.office import make_staff

Enter = Callable[..., tuple[FlaskClient, str]]


@pytest.fixture
def enter(
    client_of: Callable[[Shop], FlaskClient], shops: dict[str, Shop], database: Database, sign_in: Callable[..., str]
) -> Enter:
    """Sign somebody of the staff in; returns the browser and the token of its forms."""

    def go(role: str = "owner", slug: str = "north", kind: str = "staff") -> tuple[FlaskClient, str]:
        shop = shops[slug]
        client = client_of(shop)
        seed = sign_in(client, shop, make_staff(database, shop, role, kind))
        return client, token_for(seed)

    return go


@pytest.fixture
def owner(enter: Enter) -> FlaskClient:
    """A browser of the owner of the shop in the north."""
    return enter()[0]


@pytest.fixture
def page_id(database: Database, shops: dict[str, Shop]) -> Iterator[UUID]:
    """A published page with two blocks; gone again afterwards."""
    with database.work(shops["north"].id) as db:
        draft = new_page(db, "Fjords", "en")
        save_draft(db, draft, Writing(path=draft.path, title="Fjords", blocks=[HERO, FAQ]), revision=0)
        publish_draft(db, draft, revision=1)
        found = draft.page_id
        db.commit()
    yield found
    with database.work(shops["north"].id) as db:
        made = select(Page.id).where(Page.key.startswith("p-"))
        for model in (DraftLink, PageVersion):
            db.execute(delete(model).where(model.page_id.in_(made)))
        db.execute(delete(Page).where(Page.key.startswith("p-")))
        db.commit()
