"""Pages of frames: named, fetched by a job, remembered, looked at again every day; nobody sees another's."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, select, update

from frames.health import (
    MOST_PAGES,
    add_page,
    ask_for_check,
    ask_for_due_checks,
    check_frame_page,
    checks,
    expected,
    health_of_frames,
    is_waiting,
    look_at_page,
    page_address,
    remove_page,
    shops_with_due_checks,
)
from frames.kinds import KINDS
from frames.models import Frame, FrameCheck
from frames.settings import delete_frame, find_frame, make_frame, switch_kind
from storefront.core import clock
from storefront.core.config import Config
from storefront.core.db import Work
from storefront.core.errors import Refused
from storefront.core.jobs import JOBS, Job
from tests.frames.pages_at_hand import Site, site
from tests.frames.sites_at_hand import Estate

PAGE = "https://www.fjord.com/shop"
JOB = check_frame_page.__name__


def made(db: Work) -> Frame:
    return make_frame(db, kind="whois", name="Whois", options={})


@pytest.fixture
def there() -> Iterator[Site]:
    with site() as here:
        yield here


@pytest.fixture
def ours(config: Config, there: Site) -> Config:
    return replace(config, outbound_allowed=(f"*.localhost:{there.port}",))


@pytest.fixture
def known(estate: Estate, there: Site) -> Iterator[tuple[Estate, UUID]]:
    """A frame and a page of it, which was never looked at."""
    key = estate.frame("whois")
    with estate.work() as db:
        frame = find_frame(db, key)
        assert frame is not None
        check_id = add_page(db, frame, f"{there.origin}/page").id
    yield estate, check_id
    with estate.work() as db:
        db.execute(delete(Job).where(Job.reseller_id == estate.shop.id, Job.name == JOB))


def kept(estate: Estate, check_id: UUID) -> tuple[str, list[str]]:
    with estate.database.work(estate.shop.id) as db:
        check = db.require(FrameCheck, check_id)
        return check.light, [each["key"] for each in check.findings]


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("www.fjord.com", "https://www.fjord.com/"),
        (" HTTPS://WWW.Fjord.com:443/Shop?a=1#b ", "https://www.fjord.com/Shop?a=1"),
        ("http://fjord.com/x", "http://fjord.com/x"),
        ("żubr.pl/ą", "https://xn--ubr-22a.pl/ą"),
    ],
)
def test_address_of_a_page_is_written_one_way(typed: str, address: str) -> None:
    assert page_address(typed) == address


@pytest.mark.parametrize(
    "typed",
    ["", "ftp://a.com/", "javascript:alert(1)", "https://user:word@a.com/", "https://10.0.0.1/", "a b.com", "https://a.com/\r\nx",
     "https://" + "a" * 600 + ".com", "file:///etc/passwd"],
)  # fmt: skip
def test_what_is_no_address_of_a_page_is_refused(typed: str) -> None:
    with pytest.raises(Refused):
        page_address(typed)


def test_page_of_a_window_that_nobody_made_is_kept_apart_from_those_of_frames(db: Work) -> None:
    frame, kind, other = made(db), KINDS["whois"], KINDS["cart"]
    of_frame, of_kind, of_other = (add_page(db, held, PAGE) for held in (frame, kind, other))
    of_kind.light = "wrong"
    db.flush()

    assert len({of_frame.id, of_kind.id, of_other.id}) == 3
    assert add_page(db, kind, PAGE).id == of_kind.id
    assert [each.id for each in checks(db, kind)] == [of_kind.id]
    assert health_of_frames(db)["whois"].light == "wrong"
    assert health_of_frames(db)[frame.id].light == ""
    known = expected(db, kind)
    assert (known.key, known.is_open, known.others) == ("", True, {frame.key: "Whois"})
    assert known.lines.link.partition('href="')[2].partition('"')[0].endswith("/frames/whois")
    switch_kind(db, "whois", is_on=False)
    assert not expected(db, kind).is_open
    for number in range(MOST_PAGES - 1):
        add_page(db, kind, f"{PAGE}/{number}")
    with pytest.raises(Refused):
        add_page(db, kind, f"{PAGE}/more")


def test_page_of_a_window_that_nobody_made_is_looked_at(estate: Estate, there: Site, ours: Config) -> None:
    with estate.work() as db:
        check_id = add_page(db, KINDS["whois"], there.page("/page", "<p>nothing</p>")).id

    look_at_page(estate.database, estate.shop.id, check_id, ours)

    assert kept(estate, check_id)[1][0] == "missing"
    with estate.work() as db:
        check = db.require(FrameCheck, check_id)
        check.next_check_at = db.now
        ask_for_due_checks(db)
        assert is_waiting(db, check)
        db.execute(delete(Job).where(Job.reseller_id == estate.shop.id, Job.name == JOB))


def test_page_is_named_once_and_asked_for_at_most_every_ten_seconds(db: Work) -> None:
    frame = made(db)
    check = add_page(db, frame, PAGE)
    same = add_page(db, frame, "www.fjord.com/shop#x")

    asked = list(db.scalars(select(Job.argument).where(Job.name == JOB)))
    check.asked_at = db.now - timedelta(seconds=11)

    assert same.id == check.id
    assert asked == [str(check.id)]
    assert is_waiting(db, check)
    assert ask_for_check(db, check)
    assert not ask_for_check(db, check)


def test_so_many_pages_are_too_many(db: Work) -> None:
    frame = made(db)
    for number in range(MOST_PAGES):
        add_page(db, frame, f"{PAGE}/{number}")

    with pytest.raises(Refused):
        add_page(db, frame, f"{PAGE}/more")
    assert len(checks(db, frame)) == MOST_PAGES


def test_page_that_waits_too_long_waits_no_more(db: Work) -> None:
    check = add_page(db, made(db), PAGE)
    check.asked_at = db.now - timedelta(minutes=3)

    assert not is_waiting(db, check)


def test_page_goes_with_its_frame_and_by_itself(db: Work) -> None:
    frame = made(db)
    remove_page(db, add_page(db, frame, PAGE))
    add_page(db, frame, PAGE)

    delete_frame(db, frame)

    assert list(db.scalars(select(FrameCheck))) == []


def test_worst_page_is_the_health_of_a_frame(db: Work) -> None:
    one, other = made(db), made(db)
    for number, light in enumerate(["right", "wrong", "warning"]):
        add_page(db, one, f"{PAGE}/{number}").light = light
    add_page(db, other, PAGE)
    db.flush()

    found = health_of_frames(db)

    assert (found[one.id].pages, found[one.id].light) == (3, "wrong")
    assert (found[other.id].pages, found[other.id].light) == (1, "")


def test_page_is_looked_at_by_a_job_and_mended_pages_turn_green(
    known: tuple[Estate, UUID], there: Site, ours: Config
) -> None:
    estate, check_id = known
    estate.site(there.origin, proof="machine")
    seen = []

    for body in ("<p>nothing</p>", "link", "both"):
        with estate.database.work(estate.shop.id) as db:
            lines = expected(db, db.require(Frame, db.require(FrameCheck, check_id).frame_id)).lines
        there.page("/page", {"link": lines.link, "both": lines.both}.get(body, body))
        look_at_page(estate.database, estate.shop.id, check_id, ours)
        seen.append(kept(estate, check_id))

    assert seen == [("wrong", ["missing"]), ("warning", ["only_link"]), ("right", [])]
    assert JOBS[JOB].opens_own_work


def test_site_that_is_not_named_is_said(known: tuple[Estate, UUID], there: Site, ours: Config) -> None:
    estate, check_id = known
    with estate.database.work(estate.shop.id) as db:
        lines = expected(db, db.require(Frame, db.require(FrameCheck, check_id).frame_id)).lines
    there.page("/page", lines.both)

    look_at_page(estate.database, estate.shop.id, check_id, ours)

    assert kept(estate, check_id) == ("wrong", ["not_named"])


def test_page_that_leads_on_says_where(known: tuple[Estate, UUID], there: Site, ours: Config) -> None:
    estate, check_id = known
    there.page("/page", "", 302, Location="/end\u00e9")
    there.page("/end", "")

    look_at_page(estate.database, estate.shop.id, check_id, ours)

    with estate.database.work(estate.shop.id) as db:
        check = db.require(FrameCheck, check_id)
        assert check.final_address.startswith(f"{there.origin}/end")
        assert check.light_since == check.checked_at is not None


def test_job_outside_of_development_goes_nowhere_inside(known: tuple[Estate, UUID], there: Site) -> None:
    estate, check_id = known

    check_frame_page(estate.database, estate.shop.id, str(check_id))

    assert kept(estate, check_id) == ("wrong", ["not_allowed"])
    assert there.asked == []


def test_page_that_is_gone_or_another_shops_is_left_alone(
    known: tuple[Estate, UUID], there: Site, ours: Config
) -> None:
    estate, check_id = known

    look_at_page(estate.database, estate.shop.id, uuid4(), ours)
    look_at_page(estate.database, uuid4(), check_id, ours)

    assert kept(estate, check_id) == ("", [])
    assert there.asked == []


def test_pages_of_open_frames_are_looked_at_every_day(known: tuple[Estate, UUID]) -> None:
    estate, check_id = known
    with estate.work() as db:
        db.execute(delete(Job).where(Job.name == JOB))
        db.execute(update(FrameCheck).values(next_check_at=db.now + timedelta(hours=24)))

    with clock.Stopped(clock.now() + timedelta(hours=25)):
        with estate.database.office_work() as db:
            shops = shops_with_due_checks(db)
        with estate.database.work(estate.shop.id) as db:
            ask_for_due_checks(db)
            asked = list(db.scalars(select(Job.argument).where(Job.name == JOB)))
            db.execute(update(FrameCheck).values(next_check_at=db.now))
            db.execute(delete(Job).where(Job.name == JOB))
            db.execute(update(Frame).values(is_on=False))
            ask_for_due_checks(db)
            of_closed = list(db.scalars(select(Job.argument).where(Job.name == JOB)))

    assert estate.shop.id in shops
    assert asked == [str(check_id)]
    assert of_closed == []
