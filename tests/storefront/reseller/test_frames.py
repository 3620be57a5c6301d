"""Frames in the office: made with a preview, pasted in three ways, changed, closed, deleted; figures beside them."""

import re
from collections.abc import Callable, Iterator
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete

from frames.counts import count, note_foreign_try
from frames.models import ForeignTry, Frame, FrameCount, FramePlace, FrameSite
from frames.published import script_integrity
from frames.settings import frames, is_kind_on
from frames.sites import add_site
from storefront.core.db import Database
from tests.fixtures_app import Shop
from tests.storefront.account.people import errors_in

Enter = Callable[..., tuple[FlaskClient, str]]
HERE = "/reseller/frames/"
CHOSEN = {"name": "Front page", "language": "", "look": "dark", "accent": "#AA2040", "ending": "stay", "start": "one"}
CHOSEN |= {"where": "everywhere", "campaign": "spring", "group": ""}


@pytest.fixture(autouse=True)
def undone(database: Database, shops: dict[str, Shop]) -> Iterator[None]:
    """Take away what a test made."""
    yield
    for shop in shops.values():
        with database.work(shop.id) as db:
            for table in (FramePlace, Frame, FrameSite, FrameCount, ForeignTry):
                db.execute(delete(table))
            db.commit()


@pytest.fixture
def site(database: Database, shops: dict[str, Shop]) -> str:
    """A site of the shop that may hold frames."""
    with database.work(shops["north"].id) as db:
        made = add_site(db, "http://www.site.localhost:9000")
        found = str(made.id)
        db.commit()
    return found


def make(client: FlaskClient, token: str, kind: str = "domain-search", **other: object) -> str:
    """Make a frame and return where it is shown."""
    answer = client.post(f"{HERE}new?kind={kind}", data={"csrf_token": token, **CHOSEN, **other})

    assert answer.status_code == 303, errors_in(answer)
    return str(answer.location)


def kept(database: Database, shop: Shop) -> Frame:
    with database.work(shop.id) as db:
        return frames(db)[0]


def lines_in(page: str) -> list[str]:
    return [unescape(each) for each in re.findall(r'<pre class="pasted"[^>]*>(.*?)</pre>', page, re.DOTALL)]


def test_list_is_empty_at_first_and_says_what_is_missing(owner: FlaskClient) -> None:
    page = owner.get(HERE).text

    assert "No frames yet" in page
    assert "No site may hold your frames yet" in page
    assert "/frames/user-login" in page


def test_what_it_shows_is_chosen_first(owner: FlaskClient) -> None:
    page = owner.get(f"{HERE}new").text

    assert page.count(f'href="{HERE}new?kind=') == 9
    assert "<iframe" not in page
    assert owner.get(f"{HERE}new?kind=nonsense").text.count(f'href="{HERE}new?kind=') == 9


@pytest.mark.usefixtures("site")
def test_a_frame_is_made_and_pasted(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    client, token = enter()

    page = client.get(make(client, token)).text

    frame = kept(database, shops["north"])
    assert (frame.name, frame.kind, frame.is_everywhere) == ("Front page", "domain-search", True)
    assert frame.options == {
        "look": "dark",
        "accent": "#aa2040",
        "campaign": "spring",
        "start": "one",
        "ending": "stay",
    }
    both, iframe, link = lines_in(page)
    assert f'integrity="{script_integrity()}"' in both
    assert f'<shop-search frame="{frame.key}" title="Domain search"' in both
    assert f"/frames/domain-search/{frame.key}" in iframe
    assert link.startswith("<a href=")


def test_the_preview_shows_the_very_window_on_this_host_only(owner: FlaskClient) -> None:
    answer = owner.get(f"{HERE}new?kind=order")

    assert 'src="/frames/order/preview?' in answer.text
    assert 'sandbox="allow-forms allow-scripts allow-same-origin allow-popups"' in answer.text
    assert "frame-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_choices_are_shown_before_they_are_kept(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    client, token = enter()

    page = client.post(f"{HERE}new?kind=domain-search", data={"csrf_token": token, **CHOSEN, "do": "look"}).text

    assert "look=dark&amp;accent=%23aa2040" in page
    with database.work(shops["north"].id) as db:
        assert list(frames(db)) == []


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "Please fill this in."),
        ("accent", "red", "Write the colour like #14507f."),
        ("look", "pink", "Please choose one of these."),
        ("language", "xx", "Please choose one of these."),
        ("campaign", "a b", "Use letters, digits"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(enter: Enter, field: str, value: str, words: str) -> None:
    client, token = enter()

    answer = client.post(f"{HERE}new?kind=domain-search", data={"csrf_token": token, **CHOSEN, field: value})

    assert answer.status_code == 422
    assert words in " ".join(errors_in(answer))


def test_a_frame_may_stand_on_some_sites_only(
    enter: Enter, site: str, database: Database, shops: dict[str, Shop]
) -> None:
    client, token = enter()

    none = client.post(f"{HERE}new?kind=whois", data={"csrf_token": token, **CHOSEN, "where": "some"})
    page = client.get(make(client, token, kind="whois", where="some", sites=[site]) + "/edit").text

    assert "Choose at least one site." in " ".join(errors_in(none))
    assert not kept(database, shops["north"]).is_everywhere
    assert re.search(rf'checked[^>]*value="{site}"', page)


def test_a_change_keeps_the_lines(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    client, token = enter()
    address = make(client, token)
    before = lines_in(client.get(address).text)

    answer = client.post(
        f"{address}/edit", data={"csrf_token": token, **CHOSEN, "accent": "#14507f", "name": "Elsewhere"}
    )

    assert answer.status_code == 303, errors_in(answer)
    assert lines_in(client.get(address).text) == before
    assert kept(database, shops["north"]).options["accent"].lower() == "#14507f"


def test_a_frame_is_closed_opened_and_deleted(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    client, token = enter()
    address = make(client, token)

    client.post(f"{address}/switch", data={"csrf_token": token, "on": "no"})
    closed = kept(database, shops["north"]).is_on
    client.post(f"{address}/switch", data={"csrf_token": token, "on": "yes"})
    opened = kept(database, shops["north"]).is_on
    gone = client.post(f"{address}/remove", data={"csrf_token": token})

    assert (closed, opened, gone.status_code) == (False, True, 303)
    assert client.get(address).status_code == 404


def test_the_window_of_a_kind_is_closed(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    client, token = enter()

    for on, is_open in (("no", False), ("yes", True)):
        client.post(f"{HERE}switch-kind", data={"csrf_token": token, "kind": "whois", "on": on})
        with database.work(shops["north"].id) as db:
            assert is_kind_on(db, "whois") is is_open
    assert client.post(f"{HERE}switch-kind", data={"csrf_token": token, "kind": "x"}).status_code == 404


def test_figures_and_foreign_sites_stand_in_the_list(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    client, token = enter()
    address = make(client, token)
    key = kept(database, shops["north"]).key
    with database.work(shops["north"].id) as db:
        for _number in range(37):
            count(db, key, "shown")
        count(db, key, "ordered")
        note_foreign_try(db, key, "https://stranger.example")
        db.commit()

    page, own = client.get(HERE).text, client.get(address).text

    assert ">37<" in page
    assert ">37<" in own
    assert "https://stranger.example" in page
    assert "/reseller/frame-sites/new?origin=https://stranger.example" in unescape(page).replace("%3A", ":")


def test_no_host_but_the_shops_is_taken(enter: Enter) -> None:
    client, token = enter()
    address = make(client, token)

    page = client.get(f"{address}?host=https://evil.example").text

    assert "evil.example" not in "".join(lines_in(page))


def test_who_may_only_look_sees_no_buttons_and_changes_nothing(
    enter: Enter, database: Database, shops: dict[str, Shop]
) -> None:
    client, token = enter()
    address = make(client, token)
    reader, own_token = enter("read_only")

    page = reader.get(address)
    answer = reader.post(f"{address}/switch", data={"csrf_token": own_token, "on": "no"})

    assert (page.status_code, answer.status_code) == (200, 403)
    assert "/switch" not in page.text
    assert kept(database, shops["north"]).is_on


def test_another_shop_knows_nothing_of_it(enter: Enter) -> None:
    client, token = enter()
    address = make(client, token)
    stranger, own_token = enter(slug="south")

    assert stranger.get(address).status_code == 404
    assert stranger.post(f"{address}/remove", data={"csrf_token": own_token}).status_code == 404
