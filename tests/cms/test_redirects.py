"""Addresses that lead elsewhere."""

import pytest

from cms.redirects import find_redirect, leads_back, leave_redirect, remove_redirect, why_not, write_redirect
from storefront.core.db import Work
from storefront.core.errors import Refused


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
    ],
)  # fmt: skip
def test_redirect_that_makes_no_sense_is_refused(path: str, target: str, field: str) -> None:
    said = why_not(path, target, {"/known": "/b", "/one": "/two"})

    assert said is not None
    assert said[0] == field


def test_redirect_that_makes_sense_is_not() -> None:
    assert why_not("/a", "/b?x=1#y", {"/b": "/c"}) is None
    assert why_not("/a", "https://example.com/a", {}) is None


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
