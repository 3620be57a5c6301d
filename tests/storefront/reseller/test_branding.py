"""The editor of the look: a draft beside real previews, published everywhere, never overwritten blindly."""

import io
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import delete

from storefront.core.db import Database
from storefront.identity.models import LoginUser
from storefront.web.forms import token_for
from tenants.brand_models import BrandVersion
from tenants.branding import published_versions
from tenants.models import Reseller
from tests import factories
from tests.fixtures_app import Shop

PLACE = "/reseller/branding/"


def picture(colour: str = "#2fbf5a", size: tuple[int, int] = (300, 80)) -> bytes:
    written = io.BytesIO()
    Image.new("RGBA", size, colour).save(written, "PNG")
    return written.getvalue()


@pytest.fixture
def office(
    client_of: Callable[[Shop], FlaskClient],
    sign_in: Callable[..., str],
    database: Database,
    shops: dict[str, Shop],
) -> tuple[FlaskClient, str]:
    """The owner of the shop in the north, whose look has no history."""
    shop = shops["north"]
    with database.work(shop.id) as db:
        db.execute(delete(BrandVersion))
        row = db.require(Reseller, shop.id)
        row.brand, row.logo_light, row.logo_dark = {}, None, None
        row.settings = {name: value for name, value in row.settings.items() if name not in ("pictures", "logo_size")}
        user = factories.make_user(db, kind="staff", role="owner", name="Olga Owner")
        db.commit()
    client = client_of(shop)
    return client, token_for(sign_in(client, shop, user, second_factor=True))


def fields_of(page: str) -> dict[str, str]:
    """The hidden fields of the editor, as a browser sends them."""
    return {
        name: found[1]
        for name in ("edition", "pictures")
        for found in [re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)]
        if found
    }


def sent(client: FlaskClient, token: str, **more: object) -> dict[str, object]:
    page = client.get(PLACE).text
    shape = {"radius": "10px", "font": "plain", "scheme": "both", "hero_ground": "brand", "hero_art": "none"}
    return {"csrf_token": token, **shape, **fields_of(page), "brand": "#10497a", **more}


def looks_of(database: Database, shop: Shop) -> Reseller:
    with database.work(shop.id) as db:
        row = db.require(Reseller, shop.id)
        db.session.expunge(row)
        return row


def test_shop_without_a_look_starts_with_a_logo_and_one_colour(office: tuple[FlaskClient, str]) -> None:
    client, _token = office

    page = client.get(PLACE)

    assert page.status_code == 200
    assert "Start with a logo and one colour" in page.text
    assert page.text.count("<iframe") == 5
    assert "frame-src &#39;self&#39;" not in page.text
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]


def test_logo_alone_makes_a_whole_look_in_its_own_colour(
    office: tuple[FlaskClient, str], database: Database, shops: dict[str, Shop]
) -> None:
    client, token = office

    answer = client.post(
        PLACE, data=sent(client, token, brand="", light_file=(io.BytesIO(picture("#2fbf5a")), "logo.png"))
    )
    published = client.post(PLACE, data=sent(client, token, brand="", action="publish"))

    row = looks_of(database, shops["north"])
    assert answer.status_code == 303
    assert published.status_code == 303
    assert row.brand["brand"] == "#2fbf5a"
    assert row.logo_light is not None
    assert client.get(f"/media/{row.logo_light}.png").data.startswith(b"\x89PNG")


def test_draft_is_seen_in_previews_and_nowhere_else(
    office: tuple[FlaskClient, str], client_of: Callable[[Shop], FlaskClient], shops: dict[str, Shop]
) -> None:
    client, token = office
    client.post(PLACE, data=sent(client, token, brand="#aa2255"))

    drafted = client.get(f"{PLACE}previews/sheet.css").text
    home = client_of(shops["north"]).get("/").text
    shown = client_of(shops["north"]).get(re.search(r'href="(/assets/brand/[^"]+\.css)"', home)[1]).text  # type: ignore[index]  # it is there

    assert "--brand:#aa2255" in drafted
    assert "#aa2255" not in shown


def test_publishing_changes_the_shop_and_keeps_what_was_before(
    office: tuple[FlaskClient, str], database: Database, shops: dict[str, Shop]
) -> None:
    client, token = office

    client.post(PLACE, data=sent(client, token, brand="#aa2255", header="#101820", action="publish"))

    with database.work(shops["north"].id) as db:
        numbers = [version.number for version in published_versions(db)]
    row = looks_of(database, shops["north"])
    assert (row.brand["brand"], row.brand["header"]) == ("#aa2255", "#101820")
    assert numbers == [1, 0]
    assert "by Olga Owner" in client.get(PLACE).text


def upload(client: FlaskClient, token: str, **colours: str) -> str:
    """Send pictures of one colour each as a draft; return the editor as it is then."""
    files = {f"{slot}_file": (io.BytesIO(picture(colour)), f"{slot}.png") for slot, colour in colours.items()}
    assert client.post(PLACE, data=sent(client, token, **files)).status_code == 303
    return client.get(PLACE).text


def test_new_logo_says_that_the_dark_one_is_the_old_one(office: tuple[FlaskClient, str]) -> None:
    client, token = office
    together = upload(client, token, light="#2fbf5a", dark="#ffffff")

    alone = upload(client, token, light="#aa2255")
    both = upload(client, token, light="#2255aa", dark="#eeeeee")

    assert "still the old one" not in together
    assert "The logo for dark grounds is still the old one" in alone
    assert "still the old one" not in both


@pytest.mark.parametrize("answer", ["dark_gone", "dark_fits"])
def test_old_dark_logo_is_taken_away_or_said_to_fit(office: tuple[FlaskClient, str], answer: str) -> None:
    client, token = office
    upload(client, token, light="#2fbf5a", dark="#ffffff")
    upload(client, token, light="#aa2255")

    client.post(PLACE, data=sent(client, token, **{answer: "y"}))
    page = client.get(PLACE).text

    assert "still the old one" not in page
    assert page.count("The picture that is there now") == (1 if answer == "dark_gone" else 2)


def test_one_can_go_back_to_any_earlier_state(
    office: tuple[FlaskClient, str], database: Database, shops: dict[str, Shop]
) -> None:
    client, token = office
    for colour in ("#aa2255", "#2255aa"):
        client.post(PLACE, data=sent(client, token, brand=colour, action="publish"))
    with database.work(shops["north"].id) as db:
        first = next(version.id for version in published_versions(db) if version.values.get("brand") == "#aa2255")

    answer = client.post(f"{PLACE}{first}/back", data={"csrf_token": token})

    assert answer.status_code == 303
    assert looks_of(database, shops["north"]).brand["brand"] == "#aa2255"


def test_second_person_is_told_and_loses_nothing(office: tuple[FlaskClient, str]) -> None:
    client, token = office
    mine = sent(client, token, brand="#aa2255")
    client.post(PLACE, data=sent(client, token, brand="#2255aa"))

    refused = client.post(PLACE, data=mine)
    over = re.search(r'name="over" value="([^"]+)"', refused.text)
    kept = client.post(PLACE, data={**mine, "over": over[1] if over else ""})

    assert refused.status_code == 409
    assert "Olga Owner changed this draft while you worked on it." in refused.text
    assert 'value="#aa2255"' in refused.text
    assert kept.status_code == 303
    assert "--brand:#aa2255" in client.get(f"{PLACE}previews/sheet.css").text


def test_refused_picture_loses_neither_colours_nor_the_other_picture(office: tuple[FlaskClient, str]) -> None:
    client, token = office
    data = sent(
        client,
        token,
        brand="#aa2255",
        light_file=(io.BytesIO(picture()), "logo.png"),
        dark_file=(io.BytesIO(b"no picture at all"), "logo.png"),
    )

    refused = client.post(PLACE, data=data)
    again = client.post(PLACE, data={**sent(client, token, brand="#aa2255"), **fields_of(refused.text)})

    assert refused.status_code == 422
    assert "This is no picture that we can read." in refused.text
    assert 'value="#aa2255"' in refused.text
    assert again.status_code == 303
    assert "previews/pictures/" in client.get(PLACE).text


@pytest.mark.parametrize("value", ["red", "#12345", "#123456;}body{display:none", "url(//evil.test)"])
def test_anything_but_a_colour_is_refused_beside_its_field(office: tuple[FlaskClient, str], value: str) -> None:
    client, token = office

    answer = client.post(PLACE, data=sent(client, token, brand="#aa2255", page=value))

    assert answer.status_code == 422
    assert "Write the colour as # and six digits" in answer.text or "at most 16" in answer.text


def test_forged_pictures_are_not_taken(office: tuple[FlaskClient, str]) -> None:
    client, token = office
    data = {**sent(client, token), "pictures": '{"logo_light": "' + "0" * 64 + '"}'}

    client.post(PLACE, data=data)

    assert "0" * 64 not in client.get(PLACE).text


def test_thrown_away_draft_is_gone(office: tuple[FlaskClient, str]) -> None:
    client, token = office
    client.post(PLACE, data=sent(client, token, brand="#aa2255"))

    client.post(f"{PLACE}discard", data={"csrf_token": token})

    assert "#aa2255" not in client.get(PLACE).text


def test_repairs_are_told_in_sentences(office: tuple[FlaskClient, str]) -> None:
    client, _token = office

    told = client.get(f"{PLACE}previews/repairs?brand=%234a90e2").text

    assert "Buttons: #4a90e2 was darkened to #3a74b7 so that white text can be read on it." in told


@pytest.mark.parametrize("kind", ["shop", "panel", "frame", "letter", "invoice"])
@pytest.mark.parametrize("shown", ["light", "dark"])
def test_preview_is_a_rendering_that_runs_nothing(office: tuple[FlaskClient, str], kind: str, shown: str) -> None:
    client, _token = office

    answer = client.get(f"{PLACE}previews/{kind}?shown={shown}&brand=%23aa2255&header=%23101820")

    assert answer.status_code == 200
    assert "script-src" not in answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "aa2255" in answer.text or (kind, shown) == ("letter", "dark")


def test_address_of_a_preview_takes_nothing_but_a_look(office: tuple[FlaskClient, str]) -> None:
    client, _token = office

    answer = client.get(f"{PLACE}previews/shop?brand=%23aa2255&page=javascript:1&_external=1&_scheme=evil")

    assert answer.status_code == 200
    assert "javascript:1" not in answer.text
    assert "evil" not in answer.text


def test_work_can_go_on_from_an_earlier_state_but_not_over_a_draft(
    office: tuple[FlaskClient, str], database: Database, shops: dict[str, Shop]
) -> None:
    client, token = office
    for colour in ("#aa2255", "#2255aa"):
        client.post(PLACE, data=sent(client, token, brand=colour, action="publish"))
    with database.work(shops["north"].id) as db:
        first = next(version.id for version in published_versions(db) if version.values.get("brand") == "#aa2255")

    taken = client.post(f"{PLACE}{first}/draft", data={"csrf_token": token, "edition": ""})
    refused = client.post(f"{PLACE}{first}/draft", data={"csrf_token": token, "edition": ""}, follow_redirects=True)

    assert taken.status_code == 303
    assert "--brand:#aa2255" in client.get(f"{PLACE}previews/sheet.css").text
    assert "changed this draft while you worked on it" in refused.text


@pytest.mark.parametrize("role", ["sales", "support", "content", "accountant", "read_only"])
def test_only_the_owner_changes_the_look(
    role: str,
    client_of: Callable[[Shop], FlaskClient],
    sign_in: Callable[..., str],
    database: Database,
    shops: dict[str, Shop],
) -> None:
    with database.work(shops["north"].id) as db:
        user: LoginUser = factories.make_user(db, kind="staff", role=role)
        db.commit()
    client = client_of(shops["north"])
    token = token_for(sign_in(client, shops["north"], user, second_factor=True))

    assert client.get(PLACE).status_code == 403
    assert client.post(PLACE, data={"csrf_token": token}).status_code == 403
