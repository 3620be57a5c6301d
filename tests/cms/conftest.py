"""A shop whose pages have blocks, and what a visitor gets of them."""

from collections.abc import Callable, Iterator

import pytest
from flask.testing import FlaskClient

from cms.blocks import SPECS
from storefront.core.db import Database
from tests.cms.block_samples import sample
from tests.cms.block_shop import clear, furnish, published
from tests.fixtures_app import Shop


@pytest.fixture(scope="module")
def shop_ids(database: Database, shops: dict[str, Shop]) -> Iterator[dict[str, str]]:
    """What blocks show of the shop in the north, for as long as the tests of a module run."""
    with database.work(shops["north"].id) as db:
        ids = furnish(db)
        db.commit()
    yield ids
    with database.work(shops["north"].id) as db:
        clear(db, ids)
        db.commit()


@pytest.fixture
def visit(
    database: Database, shops: dict[str, Shop], client: FlaskClient, shop_ids: dict[str, str]
) -> Callable[..., str]:
    """Publish a page of blocks and return what a visitor gets."""

    def look(path: str, *kinds: str, is_empty: bool = False, **more: object) -> str:
        with database.work(shops["north"].id) as db:
            filled = ({"kind": kind} if is_empty else sample(kind, **shop_ids) for kind in kinds)
            blocks = [{**each, **{name: more[name] for name in more if name in SPECS[each["kind"]]}} for each in filled]
            published(db, path, *blocks)
            db.commit()
        answer = client.get(path)
        assert answer.status_code == 200
        return str(answer.text)

    return look
