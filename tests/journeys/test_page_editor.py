"""A page from nothing: blocks, by the keyboard alone, autosave, a second editor, translation, seen by a visitor."""

import re

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.fixtures_house import House
from tests.journeys.test_brand import picture
from tests.journeys.walk import Walk

pytestmark = pytest.mark.browser

SHOP = "nordhost"
SAVED = re.compile("^Saved")


def enter(walk: Walk, house: House) -> None:
    login = house.login(SHOP, "owner")
    walk.go(house.url(SHOP, "/reseller/pages/"))
    walk.fill(login=login["login"], password=login["password"])
    walk.press("main form button[type=submit]")
    walk.page.wait_for_url("**/reseller/pages/")


def begin_page(walk: Walk, house: House, title: str) -> str:
    """Begin a page and return the address of its editor."""
    enter(walk, house)
    walk.go(house.url(SHOP, "/reseller/pages/new"))
    walk.fill(title=title)
    walk.press("main form button[type=submit]")
    walk.page.wait_for_url(re.compile(r"/reseller/pages/[0-9a-f-]{36}/en/"))
    return walk.page.url


def saved(page: Page) -> None:
    expect(page.locator("[data-status]")).to_have_text(SAVED, timeout=20_000)


def add(page: Page, kind: str) -> None:
    """Add a block by the keyboard; the first field of its form has the focus then."""
    if not page.locator("[data-add][open]").count():
        page.locator("[data-add] > summary").focus()
        page.keyboard.press("Enter")
    page.locator(f"[data-kind-of={kind}]").focus()
    page.keyboard.press("Enter")


def test_page_is_built_by_keyboard_translated_published_and_seen(browser: Browser, running_house: House) -> None:
    walk = Walk(browser, width=1280, locale="en-GB")
    editor = begin_page(walk, running_house, "Our harbour")
    page = walk.page

    add(page, "faq")
    page.keyboard.type("Asked often")
    page.locator(".editor-block[data-chosen] [data-row] input:not([type=hidden])").first.focus()
    page.keyboard.type("Where are you?")
    add(page, "hero")
    page.keyboard.type("A harbour for names")
    page.keyboard.press("Alt+ArrowUp")
    page.locator(".editor-block[data-chosen] [data-do=copy]").press("Enter")
    page.locator(".editor-block[data-chosen] [data-do=remove]").press("Enter")
    saved(page)
    page.locator("[data-undo-button]").press("Enter")
    page.locator(".editor-block[data-chosen] [data-do=remove]").press("Enter")
    saved(page)
    path = page.locator("#path").input_value()
    order = page.locator("[data-list] [data-label]").all_inner_texts()
    expect(page.frame_locator("[data-frame]").locator("main")).to_contain_text("A harbour for names", timeout=20_000)
    walk.look("page-editor", picture=True)

    page.locator("button[value=publish]").click()
    expect(page.locator("[role=alert]")).to_contain_text("One thing to put right")
    page.locator("[role=alert] [data-place]").click()
    walk.look("page-editor-problem")
    page.locator(".editor-block[data-chosen] :is(trix-editor, textarea[data-rich]:not(.visually-hidden))").click()
    page.keyboard.type("In Helsinki.")
    saved(page)
    page.locator("button[value=publish]").click()
    expect(page.locator(".flashes")).to_contain_text("It is published.")

    walk.go(editor.split("?")[0].replace("/en/", "/de/"))
    expect(page.locator(".editor-source").first).to_contain_text("A harbour for names")
    walk.look("page-editor-translation", picture=True)
    visitor = Walk(browser, width=360, locale="en-GB")
    visitor.go(running_house.url(SHOP, path))
    visitor.look("page-built")
    seen = visitor.page.locator("main").inner_text()
    visitor.close()
    walk.close()

    assert order == ["A harbour for names", "Asked often"]
    assert "A harbour for names" in seen


def test_nothing_typed_is_lost_by_a_crash_or_by_a_second_editor(browser: Browser, running_house: House) -> None:
    walk = Walk(browser, width=360, locale="en-GB", dark=True)
    address = begin_page(walk, running_house, "Two hands").split("?")[0]
    page = walk.page
    page.locator("[data-show=list]").click()
    add(page, "call_to_action")
    page.keyboard.type("Mine")
    saved(page)
    walk.look("page-editor")
    other = page.context.new_page()
    other.goto(address)
    other.locator(".editor-block[data-chosen] input:not([type=hidden])").first.fill("Theirs")
    saved(other)

    page.locator(".editor-block[data-chosen] input:not([type=hidden])").first.fill("Mine again")
    expect(page.locator("[data-clash]")).to_contain_text("Theirs", timeout=20_000)
    walk.look("page-editor-clash", picture=True)
    page.locator("[data-clash] [data-do=mine]").click()
    saved(page)
    page.context.set_offline(True)
    page.locator(".editor-block[data-chosen] input:not([type=hidden])").first.fill("Typed before the crash")
    page.close(run_before_unload=False)
    other.context.set_offline(False)
    other.goto(address)
    other.locator("[data-rescue-take]").click()
    first = other.locator(".editor-block[data-chosen] input:not([type=hidden])").first
    expect(first).to_have_value("Typed before the crash", timeout=20_000)
    walk.close()


def test_gallery_takes_several_pictures_at_once_and_words_for_each(browser: Browser, running_house: House) -> None:
    walk = Walk(browser, width=1280, locale="en-GB")
    begin_page(walk, running_house, "Seen from the quay")
    page = walk.page
    add(page, "gallery")
    gallery, dialog = page.locator(".editor-block[data-chosen]"), page.locator("dialog.media-dialog")
    gallery.locator("[data-open]").click()
    dialog.locator("[name=files]").set_input_files(
        [
            FilePayload(name=f"{name}.png", mimeType="image/png", buffer=picture(colour=colour))
            for name, colour in (("quay", (20, 90, 160)), ("mole", (160, 90, 20)))
        ]
    )
    dialog.locator("[data-upload-form] [type=submit]").click()
    expect(gallery.locator("[data-chosen-name]")).to_have_text(["quay.webp", "mole.webp"], timeout=20_000)
    expect(dialog).to_be_hidden()
    gallery.locator("[data-do=more]").click()
    gallery.locator("[data-open]").last.click()
    for name in ("mole.webp", "quay.webp"):
        dialog.locator(f"[data-tick][data-name='{name}']").check()
    walk.look("page-editor-pictures")
    dialog.locator("[data-take]").click()
    expect(gallery.locator("[data-chosen-name]")).to_have_text(["quay.webp", "mole.webp", "mole.webp", "quay.webp"])

    words = gallery.locator("[data-words-typed]").first
    expect(words).to_be_enabled(timeout=20_000)
    words.fill("Boats at the quay")
    words.press("Enter")
    expect(gallery.locator("[data-words-hint]").first).to_contain_text("Kept in the library", timeout=20_000)
    again = gallery.locator("[data-words-typed]").last
    again.scroll_into_view_if_needed()
    expect(again).to_have_value("Boats at the quay", timeout=20_000)
    saved(page)
    walk.look("page-editor-gallery")
    seen = page.frame_locator("[data-frame]").locator("main img[alt='Boats at the quay']")
    expect(seen).to_have_count(2, timeout=20_000)
    walk.close()
