"""What the script of a window asks for: a token for its form, and the event of a ticket, once."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from frames.handoff import issue_ticket
from frames.sites import remove_site, sites
from tests.fixtures_app import Shop
from tests.frames.sites_at_hand import Estate

ORDERED = {"type": "ordered", "order": "A7K-3QF", "value": "12.30", "currency": "EUR", "campaign": ""}


SITE, OTHER = "https://www.example.com", "https://www.other.com"


@pytest.fixture
def ticket(estate: Estate) -> str:
    estate.site(SITE)
    estate.site(OTHER)
    with estate.work() as db:
        return issue_ticket(db, frame="order", origin=SITE, event=ORDERED)


def test_ticket_is_told_once(client: FlaskClient, ticket: str) -> None:
    told = [client.post("/frames/told", data={"ticket": ticket, "frame": ""}) for _each in range(2)]

    assert [answer.json for answer in told] == [{"events": [ORDERED]}, {"events": []}]
    assert {answer.headers["Cache-Control"] for answer in told} == {"no-store"}
    assert not any("Set-Cookie" in answer.headers for answer in told)


def test_ticket_of_another_shop_tells_nothing(
    client_of: Callable[[Shop], FlaskClient], shops: dict[str, Shop], client: FlaskClient, ticket: str
) -> None:
    stranger = client_of(shops["south"]).post("/frames/told", data={"ticket": ticket})

    assert stranger.json == {"events": []}
    assert client.post("/frames/told", data={"ticket": ticket}).json == {"events": [ORDERED]}


def test_ticket_is_told_to_windows_alone_that_may_stand_where_it_was_made_for(
    client: FlaskClient, estate: Estate, ticket: str
) -> None:
    here, elsewhere = estate.frame("order", origins=[SITE]), estate.frame("order", origins=[OTHER])

    told = [
        client.post("/frames/told", data={"ticket": ticket, "frame": frame}).json
        for frame in (elsewhere, "0123456789", "<b>", here)
    ]

    assert told == [{"events": []}, {"events": []}, {"events": []}, {"events": [ORDERED]}]


def test_site_that_was_removed_is_told_nothing(client: FlaskClient, estate: Estate, ticket: str) -> None:
    with estate.work() as db:
        remove_site(db, next(site for site in sites(db) if site.origin == SITE))

    assert client.post("/frames/told", data={"ticket": ticket, "frame": ""}).json == {"events": []}


@pytest.mark.parametrize("address", ["/frames/told", "/frames/token"])
@pytest.mark.parametrize("origin", ["https://www.example.com", "null", "https://south.localhost"])
def test_page_around_cannot_ask_itself(client: FlaskClient, ticket: str, address: str, origin: str) -> None:
    answer = client.post(address, data={"ticket": ticket, "frame": "user-login"}, headers={"Origin": origin})

    assert answer.status_code == 403
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("sent", ["", "x", "\x00", "9" * 3_000, "'; --"])
def test_what_is_no_ticket_tells_nothing(client: FlaskClient, sent: str) -> None:
    assert client.post("/frames/told", data={"ticket": sent}).json == {"events": []}


def test_token_is_another_one_each_time(client: FlaskClient) -> None:
    made = {client.post("/frames/token", data={"frame": "user-login"}).json["token"] for _each in range(3)}  # type: ignore[index]  # it is JSON

    assert len(made) == 3
