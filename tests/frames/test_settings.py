"""Frames: made, changed, switched off, deleted; nothing of another shop."""

from collections.abc import Iterator
from typing import Any

import pytest

from cms.models import Page, PageVersion
from frames import settings
from frames.kinds import KINDS
from frames.models import FrameSite
from frames.origins import host_of
from frames.settings import (
    MOST_FRAMES,
    change_frame,
    delete_frame,
    find_frame,
    heights_for,
    is_key,
    is_kind_on,
    make_frame,
    new_key,
    options_of,
    places_of,
    switch_frame,
    switch_kind,
)
from frames.snippet import contact_heights
from frames.window import find_window
from storefront.core.db import Database, Work
from storefront.core.errors import NotFound, Refused
from tenants.models import Site
from tenants.resellers import current_reseller
from tests.fixtures_front import open_shop


def version_of(db: Work) -> int:
    site = db.session.get(Site, db.reseller_id)
    assert site is not None
    db.session.refresh(site)
    return site.version


def a_site(db: Work, origin: str = "https://www.fjord.com") -> FrameSite:
    site = db.add(FrameSite(origin=origin, host=host_of(origin), state="proven", added_at=db.now))
    db.flush()
    return site


def test_frame_that_was_made_is_found_by_its_key(db: Work, stranger_db: Work) -> None:
    before = version_of(db)

    frame = make_frame(db, kind="domain-search", name="  Home \n page ", options={"look": "dark", "accent": "#AA0011"})

    assert find_frame(db, frame.key) is frame
    assert is_key(frame.key)
    assert frame.name == "Home page"
    assert frame.options == {"look": "dark", "accent": "#aa0011"}
    assert options_of(frame).scheme == "dark"
    assert version_of(db) > before
    assert find_frame(stranger_db, frame.key) is None


def test_frame_may_stand_on_some_sites_or_on_all(db: Work, stranger_db: Work) -> None:
    one, other = a_site(db), a_site(db, "https://other.com")
    foreign = a_site(stranger_db)
    frame = make_frame(db, kind="whois", name="Whois", options={}, sites=[one.id])
    window = find_window(db, frame.key)
    assert window is not None
    assert window.origins == (one.origin,)

    change_frame(db, frame, name="Whois", options={}, sites=[one.id, other.id, one.id])
    assert set(places_of(db, frame)) == {one.id, other.id}
    change_frame(db, frame, name="Whois", options={})

    assert frame.is_everywhere
    window = find_window(db, frame.key)
    assert window is not None
    assert window.origins == (other.origin, one.origin)
    with pytest.raises(NotFound):
        change_frame(db, frame, name="Whois", options={}, sites=[foreign.id])


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"kind": "pay"}, "kind"),
        ({"name": " "}, "name"),
        ({"name": "?!"}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"options": {"language": "nl"}}, "language"),
        ({"options": {"group": "nothing"}}, "group"),
        ({"options": {"look": "loud"}}, "look"),
    ],
)
def test_frame_that_cannot_be_is_refused(db: Work, more: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        make_frame(db, **{"kind": "domain-search", "name": "Search", "options": {}, **more})

    assert refused.value.field == field


def test_frames_end_at_a_number(db: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_FRAMES == 100
    monkeypatch.setattr(settings, "MOST_FRAMES", 1)
    make_frame(db, kind="whois", name="One", options={})

    with pytest.raises(Refused):
        make_frame(db, kind="whois", name="Two", options={})


def test_frame_is_switched_off_and_deleted(db: Work) -> None:
    frame = make_frame(db, kind="contact", name="Contact", options={}, sites=[a_site(db).id])
    key = frame.key

    switch_frame(db, frame, is_on=False)
    window = find_window(db, key)
    assert window is not None
    assert not window.is_open
    delete_frame(db, frame)

    assert find_frame(db, key) is None
    assert find_window(db, key) is None


def test_window_that_nobody_made_can_be_closed(db: Work) -> None:
    assert is_kind_on(db, "whois")

    switch_kind(db, "whois", is_on=False)
    switch_kind(db, "whois", is_on=False)
    switch_kind(db, "nothing", is_on=False)

    assert not is_kind_on(db, "whois")
    assert is_kind_on(db, "contact")
    switch_kind(db, "whois", is_on=True)
    assert is_kind_on(db, "whois")


def test_key_holds_no_letter_that_is_misread() -> None:
    keys = {new_key() for _number in range(200)}

    assert len(keys) == 200
    assert not set("ilou") & set("".join(keys))
    assert not any(is_key(text) for text in ("", "preview", "domain-search", "ABCDEFGHJK", "abcdefghij"))


@pytest.fixture
def new_db(database: Database) -> Iterator[Work]:
    """A Work of a shop without a page."""
    with database.work(open_shop(database).id) as work:
        yield work


def test_the_room_of_a_contact_window_is_that_of_the_form_which_needs_most(new_db: Work) -> None:
    db = new_db
    reseller, contact = current_reseller(db), KINDS["contact"]
    reseller.locales, reseller.default_locale, reseller.phone = ["en", "pl"], "en", ""
    form = {
        "kind": "contact_form",
        "id": "b1",
        "title": "",
        "text": "",
        "topics": [],
        "asks_phone": False,
        "button": "",
    }
    page = db.add(Page(key="ask-us", created_at=db.now))
    db.flush()

    assert heights_for(db, KINDS["order"]) == ()
    assert heights_for(db, contact) == contact_heights(None, has_phone=False)

    forms = {"en": {**form, "consent": "Yes."}, "pl": {**form, "consent": "Tak, proszę. " * 20}}
    for locale, block in forms.items():
        words = {"page_id": page.id, "locale": locale, "path": "/ask-us", "title": "Ask", "state": "published"}
        db.add(PageVersion(**words, blocks=[block], edited_at=db.now, published_at=db.now))
    db.flush()

    reckoned = {locale: contact_heights(block, has_phone=False) for locale, block in forms.items()}
    assert heights_for(db, contact) == heights_for(db, contact, "pl") == reckoned["pl"] != reckoned["en"]
    assert heights_for(db, contact, "en") == reckoned["en"]
