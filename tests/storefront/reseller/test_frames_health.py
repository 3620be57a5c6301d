"""Pages of a frame in the office: named, waited for, said in one sentence with the line to add, looked at no more."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from frames.health import check_frame_page, look_at_page
from frames.models import Frame, FrameCheck
from frames.settings import make_frame
from storefront.core.config import Config
from storefront.core.db import Database
from storefront.core.jobs import Job
from tests.fixtures_app import Shop
from tests.frames.pages_at_hand import Site, site
from tests.storefront.account.people import errors_in

Enter = Callable[..., tuple[FlaskClient, str]]


@pytest.fixture
def there() -> Iterator[Site]:
    with site() as here:
        yield here


@pytest.fixture
def frame(database: Database, shops: dict[str, Shop]) -> Iterator[UUID]:
    """A frame of the shop in the north."""
    shop_id = shops["north"].id
    with database.work(shop_id) as db:
        made = make_frame(db, kind="whois", name="Whois on my page", options={}).id
        db.commit()
    yield made
    with database.work(shop_id) as db:
        db.execute(delete(FrameCheck))
        db.execute(delete(Frame).where(Frame.id == made))
        db.execute(delete(Job).where(Job.reseller_id == shop_id, Job.name == check_frame_page.__name__))
        db.commit()


def here(frame: UUID) -> str:
    return f"/reseller/frames/health/{frame}"


def look(database: Database, shop: Shop, config: Config, there: Site) -> None:
    """Do what the job does, from where this machine's own site may be asked."""
    with database.work(shop.id) as db:
        check_id = db.scalars(select(FrameCheck.id))[0]
    look_at_page(database, shop.id, check_id, replace(config, outbound_allowed=(f"*.localhost:{there.port}",)))


def test_frame_has_no_pages_at_first(owner: FlaskClient, frame: UUID) -> None:
    assert "No page yet" in owner.get(here(frame)).text


def test_page_asks_again_until_the_answer_is_there(
    enter: Enter, frame: UUID, database: Database, shops: dict[str, Shop], config: Config, there: Site
) -> None:
    client, token = enter()
    url = there.page("/page", "<p>nothing</p>", Content_Security_Policy="frame-src 'none'")
    answer = client.post(here(frame), data={"csrf_token": token, "address": url})
    waiting = client.get(answer.location).text

    look(database, shops["north"], config, there)
    found = client.get(here(frame)).text
    listed = client.get("/reseller/frames/").text

    assert answer.status_code == 303
    assert 'http-equiv="refresh"' in waiting
    assert "data-waits=" in waiting
    assert "We look at it" in waiting
    assert "data-waits=" not in found
    assert 'http-equiv="refresh"' not in found
    assert "The lines are not in the page: paste them where the frame shall stand." in found
    assert "&lt;shop-whois" in found
    assert "is not among your sites" in found
    assert "/reseller/frame-sites/new?origin=" in found
    assert "Something is wrong" in listed


def test_page_that_is_well_says_so_in_green(
    enter: Enter, frame: UUID, database: Database, shops: dict[str, Shop]
) -> None:
    client, token = enter()
    client.post(here(frame), data={"csrf_token": token, "address": "www.fjord.com"})
    with database.work(shops["north"].id) as db:
        check = db.scalars(select(FrameCheck))[0]
        check.light, check.checked_at, check.light_since = "right", db.now, db.now
        db.commit()

    assert "All is well: the frame stands in the page" in client.get(here(frame)).text
    assert "All is well" in client.get("/reseller/frames/").text


def test_words_of_a_hostile_page_are_only_words(
    enter: Enter, frame: UUID, database: Database, shops: dict[str, Shop], config: Config, there: Site
) -> None:
    client, token = enter()
    policy = "frame-src '\"><script>alert(1)</script> a.com"
    body = '<script src="https://x--&quot;&gt;&lt;img src=x&gt;.com/frames/embed.v1.js"></script>'
    url = there.page(
        "/page", f"{body}<iframe src='https://a.com/frames/whois/{'b' * 10}'>", Content_Security_Policy=policy
    )
    client.post(here(frame), data={"csrf_token": token, "address": url})

    look(database, shops["north"], config, there)
    found = client.get(here(frame)).text

    assert "alert(1)" not in found.replace("&lt;script&gt;alert(1)", "")
    assert "<img src=x" not in found


@pytest.mark.parametrize("address", ["", "ftp://a.com", "javascript:alert(1)", "https://10.0.0.1/", "https://a@b.com/"])
def test_what_is_no_page_is_refused(enter: Enter, frame: UUID, address: str) -> None:
    client, token = enter()

    answer = client.post(here(frame), data={"csrf_token": token, "address": address})

    assert answer.status_code == 422
    assert errors_in(answer)


def test_page_is_looked_at_again_and_no_more(
    enter: Enter, frame: UUID, database: Database, shops: dict[str, Shop]
) -> None:
    client, token = enter()
    client.post(here(frame), data={"csrf_token": token, "address": "www.fjord.com"})
    with database.work(shops["north"].id) as db:
        check_id = db.scalars(select(FrameCheck.id))[0]

    again = client.post(f"{here(frame)}/{check_id}/look", data={"csrf_token": token})
    gone = client.post(f"{here(frame)}/{check_id}/remove", data={"csrf_token": token})

    assert (again.status_code, gone.status_code) == (303, 303)
    assert "No page yet" in client.get(here(frame)).text
    assert client.post(f"{here(frame)}/{check_id}/look", data={"csrf_token": token}).status_code == 404


def test_page_of_one_frame_is_not_found_under_another(
    enter: Enter, frame: UUID, database: Database, shops: dict[str, Shop]
) -> None:
    client, token = enter()
    client.post(here(frame), data={"csrf_token": token, "address": "www.fjord.com"})
    with database.work(shops["north"].id) as db:
        check_id = db.scalars(select(FrameCheck.id))[0]
        other = make_frame(db, kind="cart", name="Other", options={}).id
        db.commit()

    answer = client.post(f"{here(other)}/{check_id}/remove", data={"csrf_token": token})

    with database.work(shops["north"].id) as db:
        db.execute(delete(Frame).where(Frame.id == other))
        db.commit()
    assert answer.status_code == 404


def test_who_may_only_look_changes_nothing(enter: Enter, frame: UUID) -> None:
    reader, token = enter("read_only")

    page = reader.get(here(frame))
    answer = reader.post(here(frame), data={"csrf_token": token, "address": "www.fjord.com"})

    assert (page.status_code, answer.status_code) == (200, 403)
    assert "Look at this page" not in page.text


def test_window_that_nobody_made_has_pages_too(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    client, token = enter()
    place = "/reseller/frames/health/kinds/cart"
    added = client.post(place, data={"csrf_token": token, "address": "www.fjord.com/cart"})
    with database.work(shops["north"].id) as db:
        check = db.scalars(select(FrameCheck).where(FrameCheck.kind == "cart"))[0]
        check.light, check.checked_at, check.light_since = "right", db.now, db.now
        db.commit()

    shown, listed = client.get(added.location).text, client.get("/reseller/frames/").text
    elsewhere = client.post(f"/reseller/frames/health/kinds/whois/{check.id}/remove", data={"csrf_token": token})
    looked = client.post(f"{place}/{check.id}/look", data={"csrf_token": token})
    removed = client.post(f"{place}/{check.id}/remove", data={"csrf_token": token})

    assert added.location == looked.location == removed.location == place
    assert "https://www.fjord.com/cart" in shown
    assert f'href="{place}"' in listed
    assert "All is well" in listed
    assert elsewhere.status_code == 404
    assert "No page yet" in client.get(place).text
    assert client.get("/reseller/frames/health/kinds/nothing").status_code == 404
    with database.work(shops["north"].id) as db:
        db.execute(delete(Job).where(Job.reseller_id == shops["north"].id, Job.name == check_frame_page.__name__))
        db.commit()
