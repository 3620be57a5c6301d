"""Addresses that lead elsewhere."""

from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from cms.redirect_rules import lead_to, leads_back, source_of, why_not
from cms.redirects import find_redirect, leave_redirect, remove_redirect, write_redirect
from storefront.core.db import Work
from storefront.core.errors import Refused
from tenants.models import HostName
from tests.storefront.web.test_next_path import PAYLOADS


def test_old_addresses_lead_straight_to_the_newest(db: Work) -> None:
    leave_redirect(db, "/a", "/b")
    leave_redirect(db, "/b", "/c")

    assert [found.target if (found := find_redirect(db, path)) else None for path in ("/a", "/b", "/c")] == [
        "/c", "/c", None,
    ]  # fmt: skip
    leave_redirect(db, "/c", "/a")
    assert [found.target if (found := find_redirect(db, path)) else None for path in ("/a", "/b", "/c")] == [
        None, "/a", "/a",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "target", "field"),
    [
        ("", "/b", "path"), ("a", "/b", "path"), ("/", "/b", "path"), ("/cart/x", "/b", "path"), ("//x", "/b", "path"),
        ("/known", "/b", "path"), ("/a", "", "target"), ("/a", "b", "target"), ("/a", "javascript:x", "target"),
        ("/a", "mailto:a@x.test", "target"), ("/a", "//evil.example", "target"), ("/a", "/a", "target"),
        ("/two", "/one", "target"), ("/a", "/A/", "target"), ("/a", "/x" * 300, "target"),
        ("/a", "/%61", "target"), ("/a", "/./a", "target"), ("/a", "/x/../a", "target"), ("/a", "/de/a", "target"),
        ("/a", "https://shop.example/a", "target"), ("/a", "http://SHOP.example:8000/a?x=1", "target"),
        ("/two", "https://shop.example/pl/one", "target"), ("/a", "https://about:blank", "target"),
        ("/a", "https://shop.example:99999/b", "target"), ("/robots.txt", "/b", "path"), ("/sitemap.xml", "/b", "path"),
    ],
)  # fmt: skip
def test_redirect_that_makes_no_sense_is_refused(path: str, target: str, field: str) -> None:
    said = why_not(path, target, {"/known": "/b", "/one": "/two"}, hosts={"shop.example"})

    assert said is not None
    assert said[0] == field


def test_redirect_that_makes_sense_is_not() -> None:
    assert why_not("/a", "/b?x=1#y", {"/b": "/c"}) is None
    assert why_not("/a", "https://example.com/a", {}) is None


def test_redirect_to_a_host_of_ones_own_is_no_way_round(db: Work) -> None:
    host = db.scalar(select(HostName.name).where(HostName.reseller_id == db.reseller_id).limit(1))

    with pytest.raises(Refused, match="circle"):
        write_redirect(db, "/round", f"https://{host}/round")


def test_long_chain_counts_as_a_circle() -> None:
    assert leads_back("/start", "/0", {f"/{n}": f"/{n + 1}" for n in range(30)})
    assert not leads_back("/start", "/0", {f"/{n}": f"/{n + 1}" for n in range(5)})


def test_redirect_is_written_changed_and_removed(db: Work) -> None:
    row = write_redirect(db, "/Sale/", "/prices")
    write_redirect(db, "/sale", "/other", row=row)
    with pytest.raises(Refused):
        write_redirect(db, "/sale", "/more")
    found = find_redirect(db, "/sale")
    assert found is not None
    assert (found.target, found.is_automatic) == ("/other", False)

    remove_redirect(db, row)

    assert find_redirect(db, "/sale") is None


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("/Old/", "/old"), ("/old?x=1#y", "/old"), ("https://shop.example/Old/Page?x=1", "/old/page"),
        ("/%C3%BCber-uns", "/über-uns"), ("//evil.example", "//evil.example"), ("old", "old"), ("https://[", "https://["),
        ("https://shop.example", "/"), ("/x/../cart", "/cart"), ("/./Old/", "/old"), ("/../../old", "/old"),
    ],
)  # fmt: skip
def test_address_that_leads_elsewhere_is_kept_as_visitors_ask_for_it(typed: str, kept: str) -> None:
    assert source_of(typed) == kept


@pytest.mark.parametrize(
    ("target", "prefix", "query", "wanted"),
    [
        ("/new", "", "", "/new"), ("/new", "/fr", "a=1", "/fr/new?a=1"), ("/new?x=1#y", "", "a=1", "/new?x=1&a=1#y"),
        ("https://else.example/", "/fr", "a=1", "https://else.example/?a=1"), ("/de/new", "/fr", "", "/de/new"),
        ("/media/x.pdf", "/fr", "", "/media/x.pdf"),
    ],
)  # fmt: skip
def test_visitor_keeps_language_and_query(target: str, prefix: str, query: str, wanted: str) -> None:
    assert lead_to(target, prefix, query) == wanted


def test_address_leads_to_another_site_only_where_that_is_spelled_out() -> None:
    allowed = [payload for payload in PAYLOADS if why_not("/a", payload, {}) is None]

    # Whoever writes https://evil.example/ means it; nothing that looks like a path of the shop leads there.
    assert {payload.partition("://")[0] for payload in allowed} == {"http", "https"}
    assert all(urlsplit(payload).hostname for payload in allowed)


def test_only_paths_of_the_shop_lead_elsewhere() -> None:
    kept = [path for payload in PAYLOADS if why_not(path := source_of(payload), "/b", {}) is None]

    assert all(path[0] == "/" and path[1] not in "/\\" and path.isprintable() for path in kept)
