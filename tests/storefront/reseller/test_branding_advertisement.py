"""Advertisements of the panel: kept with picture and words, shown on their days, in their language, nowhere else."""

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import delete

from storefront.core.db import Database, Work
from storefront.core.errors import Refused
from storefront.web.forms import token_for
from tenants.adverts import AdvertTerms, adverts, find_advert_for, is_good_link, write_advert
from tenants.brand_models import Advert
from tests import factories
from tests.fixtures_app import Shop

PLACE = "/reseller/branding/advertisement/"


def picture() -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (600, 200), "#2fbf5a").save(written, "JPEG")
    return written.getvalue()


@pytest.fixture
def office(
    client_of: Callable[[Shop], FlaskClient], sign_in: Callable[..., str], database: Database, shops: dict[str, Shop]
) -> tuple[FlaskClient, str]:
    """The owner of the shop in the north, which advertises nothing yet."""
    shop = shops["north"]
    with database.work(shop.id) as db:
        db.execute(delete(Advert))
        user = factories.make_user(db, kind="staff", role="owner")
        db.commit()
    client = client_of(shop)
    return client, token_for(sign_in(client, shop, user, second_factor=True))


@pytest.fixture
def customer(
    client_of: Callable[[Shop], FlaskClient], sign_in: Callable[..., str], database: Database, shops: dict[str, Shop]
) -> FlaskClient:
    """A customer of the shop in the north."""
    with database.work(shops["north"].id) as db:
        user = factories.make_user(db, customer=factories.make_customer(db))
        db.commit()
    client = client_of(shops["north"])
    sign_in(client, shops["north"], user)
    return client


def test_new_advertisement_stands_in_the_panel_with_its_picture(
    office: tuple[FlaskClient, str], customer: FlaskClient
) -> None:
    client, token = office
    data = {
        "csrf_token": token,
        "title": "A shop window",
        "text": "For your name.",
        "alt": "A green window",
        "link": "https://hosting.example/boathouse",
        "link_words": "See the offer",
        "picture_file": (io.BytesIO(picture()), "window.jpg"),
    }

    answer = client.post(f"{PLACE}new", data=data)
    panel = customer.get("/panel/").text

    assert answer.status_code == 303
    assert "A shop window" in panel
    assert 'alt="A green window"' in panel
    assert 'rel="noopener sponsored"' in panel
    address = panel.split('class="advert-picture" src="')[1].split('"')[0]
    assert customer.get(address).data[8:12] == b"WEBP"
    assert customer.get("/panel/domains/").text.count("A shop window") == 0


@pytest.mark.parametrize(
    "place", ["/account/sign-in", "/account/recovery", "/account/sign-up", "/checkout", "/cart", "/"]
)
def test_advertisement_never_stands_where_people_type_secrets_or_pay(
    office: tuple[FlaskClient, str], client: FlaskClient, place: str
) -> None:
    boss, token = office
    boss.post(f"{PLACE}new", data={"csrf_token": token, "title": "Nowhere but the panel"})

    assert "Nowhere but the panel" not in client.get(place).text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Write a title or choose a picture."),
        ({"title": "A", "link": "javascript:alert(1)", "link_words": "x"}, "Write a full address"),
        ({"title": "A", "link": "http://evil.test/", "link_words": "x"}, "Write a full address"),
        ({"title": "A", "link": "/offers"}, "Say in a few words what the link does"),
        ({"title": "A", "starts_on": "2026-12-02", "ends_on": "2026-12-01"}, "The last day is before the first."),
        ({"title": "A", "starts_on": "tomorrow"}, "Write the day as year, month, day"),
        ({"title": "A", "locales": "xx"}, "valid"),
    ],
)
def test_what_cannot_be_shown_is_refused_and_kept_in_the_form(
    office: tuple[FlaskClient, str], fields: dict[str, str], sentence: str
) -> None:
    client, token = office

    answer = client.post(f"{PLACE}new", data={"csrf_token": token, "text": "What was typed", **fields})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert "What was typed" in answer.text


def test_picture_without_words_is_refused(office: tuple[FlaskClient, str]) -> None:
    client, token = office

    answer = client.post(
        f"{PLACE}new", data={"csrf_token": token, "title": "A", "picture_file": (io.BytesIO(picture()), "a.jpg")}
    )

    assert answer.status_code == 422
    assert "Say in words what the picture shows" in answer.text


def test_advertisement_is_changed_and_deleted(
    office: tuple[FlaskClient, str], database: Database, shops: dict[str, Shop]
) -> None:
    client, token = office
    client.post(f"{PLACE}new", data={"csrf_token": token, "title": "First words"})
    with database.work(shops["north"].id) as db:
        advert_id = adverts(db)[0].id

    shown = client.get(f"{PLACE}{advert_id}")
    client.post(f"{PLACE}{advert_id}", data={"csrf_token": token, "title": "Second words"})
    listed = client.get(PLACE).text
    client.post(f"{PLACE}{advert_id}/remove", data={"csrf_token": token})

    assert 'value="First words"' in shown.text
    assert "Second words" in listed
    assert "First words" not in listed
    assert "No advertisement yet" in client.get(PLACE).text


def test_text_holds_only_what_can_be_typed(
    office: tuple[FlaskClient, str], database: Database, shops: dict[str, Shop]
) -> None:
    client, token = office

    answer = client.post(f"{PLACE}new", data={"csrf_token": token, "title": "A", "text": "one\x00\r\n\ttwo \x07 three"})

    with database.work(shops["north"].id) as db:
        text = adverts(db)[0].text
    assert answer.status_code == 303
    assert text == "one two  three"


def test_strangers_see_nothing(client: FlaskClient) -> None:
    assert client.get(PLACE).status_code == 302


def test_days_and_languages_decide(db: Work) -> None:
    db.execute(delete(Advert))
    today = db.today
    write_advert(db, AdvertTerms(title="over", ends_on=today - timedelta(days=1)))
    write_advert(db, AdvertTerms(title="to come", starts_on=today + timedelta(days=1)))
    write_advert(db, AdvertTerms(title="for all", starts_on=today, ends_on=today))
    write_advert(db, AdvertTerms(title="for French", locales=("fr",)))

    found = {locale: find_advert_for(db, locale) for locale in ("en", "fr")}

    assert {locale: advert.title for locale, advert in found.items() if advert} == {"en": "for all", "fr": "for French"}


def test_nobody_writes_without_end(db: Work) -> None:
    db.execute(delete(Advert))
    for number in range(50):
        write_advert(db, AdvertTerms(title=f"Number {number}"))

    with pytest.raises(Refused, match="many advertisements"):
        write_advert(db, AdvertTerms(title="One more"))


@pytest.mark.parametrize(
    ("link", "is_good"),
    [
        ("/offers", True),
        ("/offers?from=panel#top", True),
        ("https://hosting.example/a?b=c", True),
        ("//evil.test/", False),
        ("/\\evil.test", False),
        ("http://hosting.example/", False),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False),
        ("data:text/html,x", False),
        ("https://user:word@hosting.example/", False),
        ("https://localhost/", False),
        ("https:///nothing", False),
        ("https://[::1/", False),
        ("https://a.example/ b", False),
        ('https://a.example/"onclick=', False),
        ("https://a.example/" + "a" * 500, False),
    ],
)
def test_link_leads_to_the_shop_or_encrypted_elsewhere(link: str, is_good: bool) -> None:
    assert is_good_link(link) is is_good
