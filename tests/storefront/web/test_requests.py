"""How much of a form is read."""

from collections.abc import Callable
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from werkzeug.exceptions import RequestEntityTooLarge

from storefront.core.db import Database
from storefront.web.forms import token_for
from storefront.web.requests import LARGEST_PLAIN, PLAIN, BoundedParser
from tests.fixtures_app import Shop
from tests.storefront.reseller.office import make_staff


@pytest.mark.parametrize(("pairs", "is_read"), [(1, True), (10, True), (11, False), (900_000, False)])
def test_pairs_are_counted_before_they_are_taken_apart(pairs: int, is_read: bool) -> None:
    parser, body = BoundedParser(max_form_parts=10), b"&".join([b"a=1"] * pairs)

    if not is_read:
        with pytest.raises(RequestEntityTooLarge):
            parser.parse(BytesIO(body), PLAIN, len(body))
    else:
        assert parser.parse(BytesIO(body), PLAIN, len(body))[1].getlist("a") == ["1"] * pairs


@pytest.mark.parametrize(("more", "is_read"), [(0, True), (1, False)])
def test_plain_form_is_never_read_further_than_one_may_be_long(more: int, is_read: bool) -> None:
    stream = BytesIO(b"a=" + b"x" * (LARGEST_PLAIN - 2 + more) + b"y" * 1_000_000 * more)

    if is_read:
        assert len(BoundedParser().parse(stream, PLAIN, None)[1]["a"]) == LARGEST_PLAIN - 2
    else:
        with pytest.raises(RequestEntityTooLarge):
            BoundedParser().parse(stream, PLAIN, None)
        assert stream.tell() == LARGEST_PLAIN + 1


def test_form_of_pairs_without_number_is_refused_in_words(client: FlaskClient) -> None:
    answer = client.post("/account/sign-in", data="a&" * 2_000, content_type=PLAIN)

    assert answer.status_code == 413
    assert "<h1" in answer.text


def test_form_of_an_office_may_be_long(
    client_of: Callable[[Shop], FlaskClient],
    shops: dict[str, Shop],
    database: Database,
    sign_in: Callable[..., str],
) -> None:
    client = client_of(shops["north"])
    token = token_for(sign_in(client, shops["north"], make_staff(database, shops["north"], "owner", "staff")))
    fields = "&".join(f"x{number}=1" for number in range(3_000))

    answer = client.post("/reseller/redirects/new", data=f"csrf_token={token}&{fields}", content_type=PLAIN)

    assert answer.status_code == 422
