"""Sites in the office: added, proven by a record or at once, looked for, removed."""

from collections.abc import Callable, Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete

from frames.models import FramePlace, FrameSite
from frames.sites import sites
from storefront.core.db import Database
from tests.fixtures_app import Shop
from tests.storefront.account.people import errors_in

Enter = Callable[..., tuple[FlaskClient, str]]
HERE = "/reseller/frame-sites/"


@pytest.fixture(autouse=True)
def undone(database: Database, shops: dict[str, Shop]) -> Iterator[None]:
    """Take away what a test made."""
    yield
    for shop in shops.values():
        with database.work(shop.id) as db:
            db.execute(delete(FramePlace))
            db.execute(delete(FrameSite))
            db.commit()


def add(client: FlaskClient, token: str, origin: str) -> str:
    answer = client.post(f"{HERE}new", data={"csrf_token": token, "origin": origin})

    assert answer.status_code == 303, errors_in(answer)
    return str(answer.location)


def kept(database: Database, shop: Shop) -> FrameSite:
    with database.work(shop.id) as db:
        return sites(db)[0]


def test_list_is_empty_at_first(owner: FlaskClient) -> None:
    assert "No sites yet" in owner.get(HERE).text


def test_a_site_shows_the_record_that_proves_it(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    client, token = enter()

    page = client.get(add(client, token, "WWW.Fjord.example.com/shop?x=1")).text

    site = kept(database, shops["north"])
    assert (site.origin, site.state) == ("https://www.fjord.example.com", "waiting")
    assert "Waiting for its record" in page
    assert site.code in page
    assert "TXT" in page


@pytest.mark.parametrize(("found", "words"), [("code_missing", "no such record yet"), ("code_at_host", "own name")])
def test_what_the_last_look_found_is_said(
    enter: Enter, database: Database, shops: dict[str, Shop], found: str, words: str
) -> None:
    client, token = enter()
    address = add(client, token, "https://www.fjord.example.com")
    with database.work(shops["north"].id) as db:
        site = sites(db)[0]
        site.finding, site.checked_at = found, db.now
        db.commit()

    assert words in client.get(address).text


def test_a_site_of_this_machine_needs_no_record(enter: Enter) -> None:
    client, token = enter()

    page = client.get(add(client, token, "http://www.site.localhost:9000")).text

    assert "Frames may stand here" in page
    assert "TXT" not in page


@pytest.mark.parametrize("origin", ["", "https://co.uk", "ftp://x.com", "javascript:alert(1)", "https://10.0.0.1"])
def test_what_is_no_site_is_refused(enter: Enter, origin: str) -> None:
    client, token = enter()

    answer = client.post(f"{HERE}new", data={"csrf_token": token, "origin": origin})

    assert answer.status_code == 422
    assert errors_in(answer)


def test_a_foreign_site_is_taken_over_into_the_form(owner: FlaskClient) -> None:
    page = owner.get(f"{HERE}new?origin=https://mine.example").text

    assert 'value="https://mine.example"' in page


def test_it_is_looked_for_again_and_removed(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    client, token = enter()
    address = add(client, token, "https://www.fjord.example.com")

    again = client.post(f"{address}/look", data={"csrf_token": token})
    gone = client.post(f"{address}/remove", data={"csrf_token": token})

    assert (again.status_code, gone.status_code) == (303, 303)
    with database.work(shops["north"].id) as db:
        assert list(sites(db)) == []


def test_who_may_only_look_changes_nothing(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    client, token = enter()
    address = add(client, token, "https://www.fjord.example.com")
    reader, own_token = enter("read_only")

    page = reader.get(address)
    answer = reader.post(f"{address}/remove", data={"csrf_token": own_token})

    assert (page.status_code, answer.status_code) == (200, 403)
    assert "/remove" not in page.text
    assert kept(database, shops["north"]).origin == "https://www.fjord.example.com"


def test_another_shop_knows_nothing_of_it(enter: Enter) -> None:
    client, token = enter()
    address = add(client, token, "https://www.fjord.example.com")
    stranger, own_token = enter(slug="south")

    assert stranger.get(address).status_code == 404
    assert stranger.post(f"{address}/code", data={"csrf_token": own_token}).status_code == 404
