"""Pages of others are fetched through the guard: so many steps, so many bytes, nowhere inside."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from frames import page_fetching
from frames.page_fetching import MOST_STEPS, visit
from frames.page_reading import MOST_BYTES
from storefront.core.config import Config
from tests.frames.pages_at_hand import Site, site

LINES = '<script src="https://shop.nord.com/frames/embed.v1.js"></script><shop-search frame="a"></shop-search>'


@pytest.fixture
def there() -> Iterator[Site]:
    with site() as here:
        yield here


@pytest.fixture
def ours(config: Config, there: Site) -> Config:
    return replace(config, outbound_allowed=(f"*.localhost:{there.port}",))


def test_page_comes_with_its_headers(ours: Config, there: Site) -> None:

    url = there.page(
        "/", LINES, Content_Security_Policy="script-src 'self'", Cross_Origin_Embedder_Policy="require-corp"
    )

    came = visit(ours, url)

    assert (came.status, came.trouble, came.final, came.url) == (200, "", url, url)
    assert (list(came.policies), came.isolation) == (["script-src 'self'"], "require-corp")
    assert came.page is not None
    assert [each.tag for each in came.page.elements] == ["shop-search"]
    assert {name.lower() for name, _value in there.asked[0][1].items()}.isdisjoint(
        {"cookie", "referer", "authorization"}
    )


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_page_that_leads_on_is_followed(ours: Config, there: Site, status: int) -> None:
    end = there.page("/end", LINES)
    url = there.page("/", "", status, Location="end", Set_Cookie="a=b")

    came = visit(ours, url)

    assert (came.status, came.address, came.final) == (200, url, end)
    assert "Cookie" not in there.asked[-1][1]


def test_circle_ends_after_a_few_steps(ours: Config, there: Site) -> None:
    url = there.page("/", "", 302, Location="/")

    assert visit(ours, url).trouble == "circle"
    assert len(there.asked) == MOST_STEPS + 1


@pytest.mark.parametrize(
    "inside",
    [
        "http://127.0.0.1/", "http://127.0.0.1:22/", "http://localhost/", "http://10.0.0.1/", "http://[::1]/",
        "http://169.254.169.254/latest/meta-data/", "http://[::ffff:127.0.0.1]/", "http://0.0.0.0/", "file:///etc/passwd",
        "ftp://a.com/", "gopher://a.com/", "https://user:word@a.com/", "https://a.com:6379/", "//192.168.0.1/x",
        "http://2130706433/", "http://0x7f.1/",
    ],
)  # fmt: skip
def test_page_that_leads_inside_is_not_followed(ours: Config, there: Site, inside: str) -> None:
    url = there.page("/", "", 302, Location=inside)

    came = visit(ours, url)

    assert came.trouble in ("not_allowed", "no_answer")
    assert came.page is None
    assert len(there.asked) == 1


def test_address_inside_is_never_asked(config: Config, there: Site) -> None:
    url = there.page("/", LINES)

    assert visit(config, f"http://127.0.0.1:{there.port}/").trouble == "not_allowed"
    assert visit(replace(config, outbound_allowed=()), url).trouble == "not_allowed"
    assert there.asked == []


def test_page_is_read_no_further_than_agreed(ours: Config, there: Site) -> None:
    url = there.page("/", LINES.encode() + bytes(5 * 1024 * 1024))

    came = visit(ours, url)

    assert came.page is not None
    assert (came.trouble, came.page.is_cut, len(came.page.elements)) == ("", True, 1)
    assert MOST_BYTES < 5 * 1024 * 1024


def test_packed_page_is_not_unpacked(ours: Config, there: Site) -> None:
    assert visit(ours, there.page("/", b"\x1f\x8b", Content_Encoding="gzip")).trouble == "packed"


@pytest.mark.parametrize("status", [401, 403, 404, 500, 204, 304])
def test_answer_without_a_page_says_its_number(ours: Config, there: Site, status: int) -> None:
    came = visit(ours, there.page("/", "", status))

    assert (came.status, came.page, came.trouble) == (status, None, "")


def test_nobody_at_home_is_no_answer(config: Config) -> None:
    here = replace(config, outbound_allowed=("*.localhost:1",))

    assert visit(here, "http://www.site.localhost:1/").trouble == "no_answer"
    assert visit(here, "https://name-that-is-none.invalid/").trouble == "no_answer"


def test_time_is_over_for_all_steps_together(ours: Config, there: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    url = there.page("/", LINES)
    monkeypatch.setattr(page_fetching, "TOTAL_S", 0.0)

    assert visit(ours, url).trouble == "no_answer"
    assert there.asked == []
