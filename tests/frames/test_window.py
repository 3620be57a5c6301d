"""Windows in a browser: who may hold them, what they never do, what they say when something is wrong."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from frames.counts import counted, foreign_tries
from frames.kinds import KINDS
from frames.models import FrameSite
from frames.settings import delete_frame, find_frame, switch_frame, switch_kind
from frames.window import SHOWN, preview_pass
from storefront.core.audit import AuditEntry
from storefront.core.config import Config
from storefront.identity.models import LoginUser
from storefront.web.forms import token_for
from tenants.maintenance import begin_maintenance, end_maintenance
from tenants.models import Host, HostName
from tenants.resellers import current_reseller
from tests import factories
from tests.fixtures_app import Shop
from tests.frames.sites_at_hand import FJORD, Estate

EVIL = "https://evil.com"
INSIDE = {"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Site": "cross-site"}
Visit = Callable[[Shop], FlaskClient]


@pytest.fixture
def browser(client_of: Visit, estate: Estate) -> FlaskClient:
    return client_of(estate.shop)


def ancestors_of(response: object) -> str:
    policy: str = response.headers["Content-Security-Policy"]  # type: ignore[attr-defined]  # a TestResponse
    return policy.partition("frame-ancestors ")[2].partition(";")[0]


@pytest.mark.parametrize("kind", sorted(SHOWN))
def test_window_names_exactly_who_may_hold_it(browser: FlaskClient, estate: Estate, kind: str) -> None:
    nobody = browser.get(f"/frames/{kind}")
    estate.site()
    estate.site("https://fjord.com")
    estate.site("https://waits.com", state="waiting")
    estate.site("https://lost.com", state="lost")

    response = browser.get(f"/frames/{kind}", headers={**INSIDE, "Referer": f"{FJORD}/"})

    assert ancestors_of(nobody) == "'none'"
    assert nobody.headers["X-Frame-Options"] == "DENY"
    assert response.status_code == 200
    assert ancestors_of(response) == f"https://fjord.com {FJORD}"
    assert "X-Frame-Options" not in response.headers
    assert "Cross-Origin-Opener-Policy" not in response.headers
    assert "Set-Cookie" not in response.headers


def test_window_of_a_frame_may_stand_on_its_own_sites_alone(browser: FlaskClient, estate: Estate) -> None:
    estate.site()
    estate.site("https://other.com")
    key, nowhere = estate.frame("whois", origins=[FJORD]), estate.frame("whois", origins=[])

    assert ancestors_of(browser.get(f"/frames/whois/{key}")) == FJORD
    assert ancestors_of(browser.get(f"/frames/whois/{nowhere}")) == "'none'"


@pytest.mark.parametrize("destination", ["iframe", "frame", "embed", "object"])
@pytest.mark.parametrize("is_ready", [False, True])
def test_site_that_may_not_hold_a_window_is_turned_away_and_counted(
    browser: FlaskClient, estate: Estate, destination: str, is_ready: bool
) -> None:
    estate.site()
    if is_ready:
        browser.get("/frames/price-list")
        assert browser.get("/frames/price-list").status_code == 200

    response = browser.get(
        "/frames/price-list", headers={"Sec-Fetch-Dest": destination, "Referer": f"{EVIL}/page?secret=1"}
    )

    assert response.status_code == 403
    assert ancestors_of(response) == "'none'"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert 'target="_blank"' in response.text
    with estate.work() as db:
        assert foreign_tries(db, since=date.min) == [(EVIL, 1, db.now.date())]
    assert browser.get("/frames/price-list", headers={**INSIDE, "Referer": f"{FJORD}/"}).status_code == 200


def test_window_at_the_top_and_of_somebody_who_hides_where_they_are_is_answered(
    browser: FlaskClient, estate: Estate
) -> None:
    estate.site()

    assert browser.get("/frames/whois", headers={"Sec-Fetch-Dest": "document", "Referer": EVIL}).status_code == 200
    assert browser.get("/frames/whois", headers=INSIDE).status_code == 200
    with estate.work() as db:
        assert foreign_tries(db, since=date.min) == []


def test_site_loses_its_right_in_the_moment_it_is_removed(browser: FlaskClient, estate: Estate) -> None:
    estate.site()
    assert ancestors_of(browser.get("/frames/price-list")) == FJORD

    with estate.work() as db:
        for site in db.scalars(select(FrameSite)):
            db.session.delete(site)

    assert ancestors_of(browser.get("/frames/price-list")) == "'none'"


def test_site_on_a_developers_machine_holds_windows_there(browser: FlaskClient, estate: Estate) -> None:
    estate.site("http://localhost:8001", proof="machine")

    assert ancestors_of(browser.get("/frames/whois")) == "http://localhost:8001"


def test_site_on_a_host_of_the_shop_needs_that_host(browser: FlaskClient, estate: Estate) -> None:
    estate.site("https://www.nohost.com", proof="host")

    assert ancestors_of(browser.get("/frames/whois")) == "'none'"


# ----------------------------------------------------------------------------------------------------- never a session


def test_nobody_is_signed_in_inside_a_window(
    browser: FlaskClient, estate: Estate, sign_in: Callable[[FlaskClient, Shop, LoginUser], str]
) -> None:
    with estate.work() as db:
        user = factories.make_user(db, kind="staff", role="owner", name="Astrid Anders")
    sign_in(browser, estate.shop, user)
    assert "Astrid Anders" in browser.get("/reseller/hosts/").text

    response = browser.get("/frames/contact")

    assert response.status_code == 200
    assert "Astrid Anders" not in response.text
    assert response.headers["Cache-Control"] == "no-cache"
    assert "Set-Cookie" not in response.headers


def test_message_that_is_owed_is_said_on_the_shops_own_page(
    browser: FlaskClient, estate: Estate, sign_in: Callable[[FlaskClient, Shop, LoginUser], str]
) -> None:
    with estate.work() as db:
        user = factories.make_user(db, kind="staff", role="owner", name="Astrid Anders")
    seed = sign_in(browser, estate.shop, user)
    data = {"csrf_token": token_for(seed), "name": "owed.fjord.test", "purpose": "shop"}
    assert browser.post("/reseller/hosts/new", data=data).status_code == 303

    browser.get("/frames/whois")
    page = browser.get("/reseller/hosts/").text
    with estate.work() as db:
        db.execute(delete(Host).where(Host.name == "owed.fjord.test"))

    assert "We look what this name does today." in page


# -------------------------------------------------------------------------------------------------------- what is said


def test_window_of_a_key_that_nobody_made_says_so_where_it_stands(browser: FlaskClient, estate: Estate) -> None:
    estate.site()

    for key in ("0000000000", "x", "preview0", "../../etc"):
        response = browser.get(f"/frames/whois/{key}")
        assert response.status_code == 404
    response = browser.get("/frames/whois/0000000000")

    assert ancestors_of(response) == FJORD
    assert 'class="frame' in response.text


def test_frame_of_another_kind_is_not_found(browser: FlaskClient, estate: Estate) -> None:
    key = estate.frame("whois")

    assert browser.get(f"/frames/contact/{key}").status_code == 404
    assert browser.get(f"/frames/whois/{key}").status_code == 200


def test_frame_that_is_closed_or_deleted_leads_to_the_shop(browser: FlaskClient, estate: Estate) -> None:
    key = estate.frame("price-list")
    assert browser.get(f"/frames/price-list/{key}").status_code == 200

    with estate.work() as db:
        frame = find_frame(db, key)
        assert frame is not None
        switch_frame(db, frame, is_on=False)
    closed = browser.get(f"/frames/price-list/{key}")
    with estate.work() as db:
        frame = find_frame(db, key)
        assert frame is not None
        delete_frame(db, frame)
    deleted = browser.get(f"/frames/price-list/{key}")

    assert (closed.status_code, deleted.status_code) == (404, 404)
    assert "not offered here" in closed.text
    assert 'target="_blank"' in closed.text
    assert 'target="_blank"' in deleted.text


def test_kind_that_is_closed_is_closed(browser: FlaskClient, estate: Estate) -> None:
    with estate.work() as db:
        switch_kind(db, "whois", is_on=False)
    closed = browser.get("/frames/whois")
    with estate.work() as db:
        switch_kind(db, "whois", is_on=True)

    assert closed.status_code == 404
    assert browser.get("/frames/whois").status_code == 200


def test_form_from_another_site_is_refused_inside_the_window(browser: FlaskClient, estate: Estate) -> None:
    estate.site()

    for origin in (EVIL, "null", FJORD):
        response = browser.post("/frames/contact", data={}, headers={"Origin": origin})
        assert response.status_code == 403
        assert ancestors_of(response) == FJORD
        assert 'target="_blank"' in response.text


def test_preview_is_framed_by_the_same_host_alone_and_counts_nothing(browser: FlaskClient, estate: Estate) -> None:
    estate.site()

    response = browser.get("/frames/price-list/preview?look=dark&accent=%23aa0011&language=pl&group=%3Cb%3E")

    assert ancestors_of(response) == "'self'"
    assert 'data-look="dark"' in response.text
    assert 'data-scheme="dark"' in response.text
    assert 'data-shown=""' in response.text
    assert "/aa0011.css" in response.text
    assert '<html lang="pl"' in response.text
    assert "<b>" not in response.text


def test_window_of_a_frame_looks_as_was_chosen(browser: FlaskClient, estate: Estate) -> None:
    key = estate.frame("whois", look="transparent", accent="#00aa55")

    response = browser.get(f"/frames/whois/{key}")
    sheet = browser.get(response.text.partition("/frames/accent/")[2].partition('"')[0].join(("/frames/accent/", "")))

    assert f'data-frame="{key}"' in response.text
    assert 'data-look="transparent"' in response.text
    assert "#00aa55" in sheet.text
    assert sheet.mimetype == "text/css"
    assert sheet.headers["Cache-Control"].endswith("immutable")
    assert browser.get("/frames/accent/x/red.css").status_code == 404


def test_window_is_counted_where_it_is_seen(browser: FlaskClient, estate: Estate) -> None:
    key = estate.frame("whois")
    page = browser.get(f"/frames/whois/{key}").text

    assert f'data-shown="/frames/shown/whois/{key}"' in page
    assert browser.post(f"/frames/shown/whois/{key}").status_code == 204
    assert browser.post("/frames/shown/whois").status_code == 204
    assert browser.post("/frames/shown/nothing").status_code == 404
    assert browser.post("/frames/shown/whois/<b>").status_code == 404
    assert browser.post("/frames/shown/whois/0000000000").status_code == 404
    with estate.work() as db:
        found = counted(db, since=db.now.date() - timedelta(days=1))
        logged = db.scalars(select(AuditEntry).where(AuditEntry.action == "frame.shown"))
    assert {whose: each["shown"] for whose, each in found.items()} == {key: 1, "whois": 1}
    assert logged == []


def test_shop_that_is_closed_for_work_says_so_in_its_windows(browser: FlaskClient, estate: Estate) -> None:
    estate.site()
    with estate.work() as db:
        begin_maintenance(db, current_reseller(db))
    closed = browser.get("/frames/whois", headers={**INSIDE, "Referer": f"{FJORD}/"})
    with estate.work() as db:
        end_maintenance(db, current_reseller(db))

    assert closed.status_code == 503
    assert ancestors_of(closed) == FJORD


def test_shop_that_is_closed_shows_previews_to_its_office(browser: FlaskClient, estate: Estate) -> None:
    with estate.work() as db:
        begin_maintenance(db, current_reseller(db))
        ticket = preview_pass(db)
    shown, closed = browser.get(f"/frames/whois/preview?pass={ticket}"), browser.get("/frames/whois/preview?pass=x.y")
    live = browser.get(f"/frames/whois?pass={ticket}")
    with estate.work() as db:
        end_maintenance(db, current_reseller(db))

    assert (shown.status_code, closed.status_code, live.status_code) == (200, 503, 503)


# ----------------------------------------------------------------------------------------------- hosts of frames alone


def test_host_for_frames_answers_windows_and_nothing_else_of_the_shop(
    client_of: Visit, config: Config, estate: Estate
) -> None:
    name = "frames.fjord.test"
    with estate.work() as db:
        db.add(HostName(name=name, reseller_id=estate.shop.id, canonical=estate.shop.host, purpose="frames"))
    browser = client_of(Shop(id=estate.shop.id, host=name))

    window, pages = browser.get("/frames/price-list"), ["/", "/cart", "/search", "/account/sign-in", "/price-list"]
    answers = {page: browser.get(page).status_code for page in [*pages, "/pl/", "/framesx", "/panel/", "/reseller/"]}
    with estate.work() as db:
        db.session.delete(db.session.get(HostName, name))

    assert window.status_code == 200
    home = config.origin(estate.shop.host)
    assert f'href="{home}/en/price-list"' in window.text
    assert f"form-action 'self' {home}" in window.headers["Content-Security-Policy"]
    assert set(answers.values()) == {404}


def test_every_kind_is_shown() -> None:
    assert set(SHOWN) <= set(KINDS)
