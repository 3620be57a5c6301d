"""The list of letters: found, read without being run, downloaded, sent again; sealed ones stay sealed."""

from collections.abc import Callable
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from storefront.core import files, ids
from storefront.core.db import Database
from storefront.core.sealing import seal
from storefront.identity.models import LoginUser
from storefront.notifications.models import Message
from storefront.web.forms import token_for
from tests import factories
from tests.fixtures_app import Shop

HTML = '<!doctype html><html><body><img src="cid:logo" alt="North"><script>alert(1)</script>Hello</body></html>'


def write(database: Database, shop: Shop, **more: object) -> UUID:
    with database.work(shop.id) as db:
        digest = files.keep(db.config, shop.id, b"%PDF-1.7 paper")
        logo = files.keep(db.config, shop.id, b"\x89PNG logo")
        values: dict[str, object] = {
            "cause_id": ids.uuid7(),
            "letter": "order_placed",
            "recipient": "aino@example.test",
            "locale": "en",
            "sender": "post@mail.example",
            "sender_name": "North",
            "subject": "Your order A7K-3QF",
            "text": "Hello in text",
            "html": HTML,
            "state": "sent",
            "queued_at": db.now,
            "attachments": [
                {"name": "logo.png", "digest": logo, "type": "image/png", "cid": "logo"},
                {"name": "PF-1.pdf", "digest": digest, "type": "application/pdf"},
            ],
        }
        row = db.add(Message(**{**values, **more}))
        db.commit()
        return row.id


@pytest.fixture
def office(
    client_of: Callable[[Shop], FlaskClient],
    sign_in: Callable[[FlaskClient, Shop, LoginUser], str],
    database: Database,
    shops: dict[str, Shop],
) -> tuple[FlaskClient, str]:
    """The owner of the shop in the north, with the token of the session."""
    shop = shops["north"]
    with database.work(shop.id) as db:
        user = factories.make_user(db, kind="staff", role="owner")
        db.commit()
    client = client_of(shop)
    return client, token_for(sign_in(client, shop, user))


def test_list_finds_letters_by_state_and_recipient(
    office: tuple[FlaskClient, str], database: Database, shops: dict[str, Shop]
) -> None:
    client, _token = office
    write(database, shops["north"], recipient="zofia@example.test", subject="For Zofia", state="failed")
    write(database, shops["north"], recipient="other@example.test", subject="For another", state="sent")

    found = client.get("/reseller/messages/?state=failed&q=zofia@").text
    other = client.get("/reseller/messages/?state=sent&q=zofia@").text

    assert "For Zofia" in found
    assert "For another" not in found
    assert "For Zofia" not in other


def test_list_of_odd_filters_is_a_list(office: tuple[FlaskClient, str]) -> None:
    client, _token = office

    statuses = [
        client.get("/reseller/messages/", query_string={"q": typed, "state": typed, "after": typed}).status_code
        for typed in ("", "%", "\x00", "'; DROP TABLE message;--", "🦊" * 300, "\u202e", "{{7*7}}")
    ]

    assert statuses == [200] * 7


def test_letter_is_shown_in_a_frame_that_may_do_nothing(
    office: tuple[FlaskClient, str], database: Database, shops: dict[str, Shop]
) -> None:
    client, _token = office
    message_id = write(database, shops["north"])

    shown = client.get(f"/reseller/messages/{message_id}")
    framed = client.get(f"/reseller/messages/{message_id}/preview")

    assert "frame-src 'self'" in shown.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in shown.headers["Content-Security-Policy"]
    policy = framed.headers["Content-Security-Policy"].split("; ")
    assert {"default-src 'none'", "sandbox", "frame-ancestors 'self'"} <= set(policy)
    assert not [part for part in policy if part.startswith("script-src")]
    assert framed.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "data:image/png;base64," in framed.text
    assert "cid:" not in framed.text


def test_paper_comes_as_a_download_and_nothing_else_does(
    office: tuple[FlaskClient, str], database: Database, shops: dict[str, Shop]
) -> None:
    client, _token = office
    message_id = write(database, shops["north"])
    foreign = files.keep(database.config, shops["north"].id, b"not of this letter")
    paper = files.keep(database.config, shops["north"].id, b"%PDF-1.7 paper")

    good = client.get(f"/reseller/messages/{message_id}/attachments/{paper}")

    assert (good.data, good.mimetype) == (b"%PDF-1.7 paper", "application/pdf")
    assert good.headers["Content-Disposition"].startswith("attachment")
    assert client.get(f"/reseller/messages/{message_id}/attachments/{foreign}").status_code == 404


def test_sealed_letter_is_not_readable(
    office: tuple[FlaskClient, str], database: Database, shops: dict[str, Shop]
) -> None:
    client, _token = office
    sealed = seal(database.config, '{"text": "204816", "html": "204816"}', purpose="message", owner=shops["north"].id)
    message_id = write(database, shops["north"], letter="sign_up_code", sealed=sealed, text="", html="", attachments=[])

    shown = client.get(f"/reseller/messages/{message_id}")

    assert shown.status_code == 200
    assert "204816" not in shown.text
    assert "<iframe" not in shown.text
    assert client.get(f"/reseller/messages/{message_id}/preview").status_code == 404


def test_letter_goes_again_once(office: tuple[FlaskClient, str], database: Database, shops: dict[str, Shop]) -> None:
    client, token = office
    message_id = write(database, shops["north"], state="failed", error="nobody here")
    address = f"/reseller/messages/{message_id}/again"

    first = client.post(address, data={"csrf_token": token})
    second = client.post(address, data={"csrf_token": token}, follow_redirects=True)

    with database.work(shops["north"].id) as db:
        assert db.require(Message, message_id).state == "queued"
    assert first.status_code == 303
    assert "on its way already" in second.text


def test_letter_of_another_shop_does_not_exist(
    office: tuple[FlaskClient, str], database: Database, shops: dict[str, Shop]
) -> None:
    client, token = office
    foreign = write(database, shops["south"])

    answers = [
        client.get(f"/reseller/messages/{foreign}").status_code,
        client.get(f"/reseller/messages/{foreign}/preview").status_code,
        client.post(f"/reseller/messages/{foreign}/again", data={"csrf_token": token}).status_code,
    ]

    assert answers == [404, 404, 404]
