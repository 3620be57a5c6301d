"""What windows cost: few queries when the first document is made, none when it is ready."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from frames.kinds import KINDS
from storefront.core.db import Database
from tests.fixtures_app import Shop
from tests.frames.sites_at_hand import FJORD, Estate
from tests.statements import counted

INSIDE = {"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Site": "cross-site", "Referer": f"{FJORD}/"}
# Where a shop's facts are remembered: the language of the shop, the frame, its sites; menus and words of the layout.
MOST_QUERIES = 24


@pytest.mark.parametrize("kind", KINDS)
def test_first_document_of_a_window_is_made_once(
    client_of: Callable[[Shop], FlaskClient], database: Database, estate: Estate, kind: str
) -> None:
    estate.site()
    key = estate.frame(kind)
    browser = client_of(estate.shop)

    with counted(database) as first:
        made = browser.get(f"/frames/{kind}/{key}", headers=INSIDE)
    with counted(database) as second:
        again = browser.get(f"/frames/{kind}/{key}", headers=INSIDE)

    assert made.status_code == again.status_code == 200
    assert len(first) <= MOST_QUERIES, first
    assert second == []
    assert again.headers["Content-Security-Policy"] == made.headers["Content-Security-Policy"]
