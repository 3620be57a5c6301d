"""Ready pages: made once, sent packed or plain, in the visitor's language."""

import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Request, Response

from storefront.core.config import Config
from storefront.core.db import Database
from storefront.core.store import Store
from storefront.web.ready import Ready
from tenants.resolve import Resolver
from tests.fixtures_app import Shop
from tests.fixtures_ready import BROWSER, Ask, House, words
from tests.statements import counted
from tests.waiting import until

# ---------------------------------------------------------------------------------------------------- the ready answer


def test_page_asked_twice_is_made_once(ask: Ask, house: House) -> None:
    first, second = ask(), ask()

    assert house.asked == ["/"]
    assert words(first) == words(second)
    assert first.status_code == second.status_code == 200
    assert dict(first.headers) == dict(second.headers)
    assert int(second.headers["Content-Length"]) == len(second.get_data())


def test_page_is_ready_without_a_query(ask: Ask, house: House, front: Database) -> None:
    ask()

    with counted(front) as statements:
        for _ in range(20):
            ask()

    assert statements == []
    assert house.asked == ["/"]


def test_page_is_ready_for_the_next_process(
    ask: Ask, house: House, front: Database, front_config: Config, store: Store, shop: Shop
) -> None:
    first = ask()
    other = Resolver(front, store)
    other.versions.start()
    until(lambda: other.versions.is_trusted)
    client = Client(Ready(house, front_config, other), use_cookies=False)

    second = client.get("/", headers={"Host": shop.host, **BROWSER})

    other.close()
    assert house.asked == ["/"]
    assert words(second) == words(first)
    assert dict(second.headers) == dict(first.headers)


def test_page_tells_browsers_what_it_depends_on(ask: Ask) -> None:
    headers = ask().headers

    assert headers["Vary"] == "Accept-Encoding, Accept-Language, Cookie"
    assert headers["Cache-Control"] == "no-cache"
    assert headers["ETag"].startswith('"')
    assert "X-Vitrine-Ready" not in headers
    assert headers.getlist("Vary") == [headers["Vary"]]


def test_page_with_headers_of_its_own_keeps_them(ask: Ask, house: House) -> None:
    def guarded(_request: Request) -> Response:
        more = {"X-Vitrine-Ready": "1", "Content-Security-Policy": "default-src 'self'", "Link": "</a>; rel=preload"}
        return Response("page", headers={**more, "Cache-Control": "public, max-age=60", "ETag": '"old"'})

    house.says["/"] = guarded

    for response in (ask(), ask()):
        assert response.headers["Content-Security-Policy"] == "default-src 'self'"
        assert response.headers["Link"] == "</a>; rel=preload"
        assert response.headers["Cache-Control"] == "public, max-age=60"
        assert response.headers.getlist("ETag") != ['"old"']
        assert "Cookie" not in response.headers["Vary"]


# ------------------------------------------------------------------------------------------------------------- encoding


@pytest.mark.parametrize(
    ("wanted", "encoding"),
    [("gzip", "gzip"), ("", None), ("identity", None), ("gzip;q=0", None), ("br, gzip;q=0.2", "gzip"), ("*", "gzip")],
)
def test_page_is_packed_only_for_who_wants_it(ask: Ask, house: House, wanted: str, encoding: str | None) -> None:
    packed = ask()

    again = ask(Accept_Encoding=wanted)

    assert again.headers.get("Content-Encoding") == encoding
    assert words(again) == words(packed)
    assert house.asked == ["/"]


def test_page_in_two_encodings_has_two_tags(ask: Ask) -> None:
    packed, plain = ask(), ask(Accept_Encoding="identity")

    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert ask(If_None_Match=plain.headers["ETag"]).status_code == 200
    assert ask(If_None_Match=plain.headers["ETag"], Accept_Encoding="identity").status_code == 304


def test_picture_is_not_packed(ask: Ask, house: House) -> None:
    picture = bytes(range(256)) * 20
    house.says["/media/a.png"] = lambda _request: Response(
        picture, mimetype="image/png", headers={"X-Vitrine-Ready": "1"}
    )

    for response in (ask("/media/a.png"), ask("/media/a.png")):
        assert response.get_data() == picture
        assert "Content-Encoding" not in response.headers
        assert "Accept" not in response.headers["Vary"]


# ---------------------------------------------------------------------------------------------------------- conditional


@pytest.mark.parametrize("shape", ["{0}", "W/{0}", '"x", {0}', "*"])
def test_page_the_visitor_has_is_not_sent_again(ask: Ask, house: House, shape: str) -> None:
    tag = ask().headers["ETag"]

    response = ask(If_None_Match=shape.format(tag))

    assert response.status_code == 304
    assert response.get_data() == b""
    assert response.headers["ETag"] == tag
    assert response.headers["Vary"]
    assert "Content-Length" not in response.headers
    assert "Content-Type" not in response.headers
    assert house.asked == ["/"]


def test_head_is_answered_from_the_page(ask: Ask, house: House) -> None:
    page = ask()

    head = ask(method="HEAD")

    assert head.get_data() == b""
    assert dict(head.headers) == dict(page.headers)
    assert house.asked == ["/"]


def test_head_first_keeps_nothing(ask: Ask, house: House) -> None:
    ask(method="HEAD")

    assert words(ask())
    assert house.asked == ["/", "/"]


def test_range_gets_the_whole_page_and_is_not_kept(ask: Ask, house: House) -> None:
    first = ask(Range="bytes=0-10")
    second = ask()
    third = ask(Range="bytes=0-10")

    assert (first.status_code, second.status_code, third.status_code) == (200, 200, 200)
    assert house.asked == ["/", "/"]
    assert words(third) == words(second)


# ------------------------------------------------------------------------------------------------------------- language


def test_page_in_each_language_is_kept_apart(ask: Ask, house: House) -> None:
    french, polish = ask(Accept_Language="fr-FR"), ask(Accept_Language="pl,en;q=0.5")

    assert " fr " in words(french)
    assert " pl " in words(polish)
    assert words(ask(Accept_Language="fr")) == words(french)
    assert words(ask(Accept_Language="pl-PL,en")) == words(polish)
    assert len(house.asked) == 2


def test_page_in_a_language_the_shop_lacks_is_in_its_own(ask: Ask) -> None:
    assert " en " in words(ask(Accept_Language="de"))
    assert " en " in words(ask(Accept_Language="ja, *;q=0.1"))


def test_address_with_a_language_depends_on_no_wish(ask: Ask, house: House) -> None:
    first = ask("/fr/contact", Accept_Language="en")

    second = ask("/fr/contact", Accept_Language="pl")

    assert "Accept-Language" not in first.headers["Vary"]
    assert words(first) == words(second)
    assert len(house.asked) == 1


def test_address_with_a_language_the_shop_lacks_is_not_kept(ask: Ask, house: House) -> None:
    ask("/de/contact")
    ask("/de/contact")

    assert len(house.asked) == 2
