"""The editor of a page: the whole form without scripts, what others write meanwhile, preview, translation."""

from uuid import UUID

import pytest
from flask.testing import FlaskClient

from cms.drafts import Writing, save_draft
from cms.models import Page
from cms.publishing import publish_draft
from cms.tree import new_page
from storefront.core.db import Database
from storefront.reseller.page_editor_form import MOST_ROWS_OF_PAGE
from tests.fixtures_app import Shop
from tests.storefront.reseller.conftest import Enter
from tests.storefront.reseller.edited_page import FAQ, HERO, address, by_script, kept
from tests.storefront.reseller.page_form import PageForm


def test_form_holds_every_field_of_every_block(owner: FlaskClient, page_id: UUID) -> None:
    form = PageForm(owner, address(page_id))

    assert form.answer.status_code == 200
    assert form.values.getlist("block") == ["b1", "b2"]
    assert form.values["b1.title"] == "Hello"
    assert form.values["b2.questions.0.answer"] == "<p>So.</p>"
    assert "frame-src 'self'" in form.answer.headers["Content-Security-Policy"]


def test_looking_keeps_nothing(owner: FlaskClient, page_id: UUID, database: Database, shops: dict[str, Shop]) -> None:
    PageForm(owner, address(page_id))

    assert kept(database, shops, page_id) is None


def test_what_is_typed_is_kept_as_a_draft(
    owner: FlaskClient, page_id: UUID, database: Database, shops: dict[str, Shop]
) -> None:
    form = PageForm(owner, address(page_id))
    form.fill(title="Seas", b1__title="Ahoy\x00 there", b2__questions__0__question="How?")

    form.press()

    title, path, blocks, revision = kept(database, shops, page_id)
    assert (title, path, revision) == ("Seas", "/fjords", 1)
    assert (blocks[0]["title"], blocks[1]["questions"][0]["question"]) == ("Ahoy there", "How?")
    assert kept(database, shops, page_id, state="published")[0] == "Fjords"


@pytest.mark.parametrize(
    ("do", "kinds"),
    [
        ("add:rich_text", ["hero", "faq", "rich_text"]),
        ("up:b2", ["faq", "hero"]),
        ("copy:b1", ["hero", "hero", "faq"]),
        ("bring:nothing", ["hero", "faq"]),
        ("nothing:b1", ["hero", "faq"]),
    ],
)
def test_buttons_move_blocks(owner: FlaskClient, page_id: UUID, do: str, kinds: list[str]) -> None:
    form = PageForm(owner, address(page_id))

    form.press(do)

    assert form.answer.status_code == 200
    ids = form.values.getlist("block")
    assert [form.values[f"{block}.kind"] for block in ids] == kinds
    assert len(set(ids)) == len(ids)


def test_removed_block_is_put_back_where_it_was(owner: FlaskClient, page_id: UUID) -> None:
    form = PageForm(owner, address(page_id)).fill(b1__title="Still here")
    form.press("remove:b1")
    removed = form.values.getlist("block")

    form.press("back:b1")

    assert removed == ["b2"]
    assert form.values.getlist("block") == ["b1", "b2"]
    assert form.values["b1.title"] == "Still here"


@pytest.mark.parametrize("digits", [25, 5_000])
def test_removed_block_comes_back_last_where_its_place_is_none(owner: FlaskClient, page_id: UUID, digits: int) -> None:
    form = PageForm(owner, address(page_id))
    form.press("remove:b1")
    form.values["gone_from"] = "9" * digits

    form.press("back:b1")

    assert form.values.getlist("block") == ["b2", "b1"]


def test_page_takes_no_more_entries_than_it_can_show(owner: FlaskClient, page_id: UUID) -> None:
    form = PageForm(owner, address(page_id))
    for number in range(MOST_ROWS_OF_PAGE // 20 + 1):
        form.values.add("block", f"q{number}")
        form.values.add(f"q{number}.kind", "faq")
        for row in range(20):
            form.values.add(f"q{number}.questions", str(row))

    told = by_script(form)

    assert told.status_code == 422
    assert "entries" in told.json["title"]


def test_buttons_move_entries_of_a_block(owner: FlaskClient, page_id: UUID) -> None:
    form = PageForm(owner, address(page_id))

    form.press("more:b2.questions")
    form.fill(b2__questions__1__question="And?").press("earlier:b2.questions.1")
    asked = [form.values[f"b2.questions.{row}.question"] for row in form.values.getlist("b2.questions")]
    form.press("less:b2.questions.0")

    assert asked == ["And?", "Why?"]
    assert form.values.getlist("b2.questions") == ["0"]
    assert form.values["b2.questions.0.question"] == "Why?"


def test_block_is_copied_from_another_page(
    owner: FlaskClient, page_id: UUID, database: Database, shops: dict[str, Shop]
) -> None:
    with database.work(shops["north"].id) as db:
        other = new_page(db, "Other", "en")
        blocks = [{**FAQ, "title": "Elsewhere"}]
        save_draft(db, other, Writing(path=other.path, title="Other", blocks=blocks), revision=0)
        other_id = other.page_id
        db.commit()
    form = PageForm(owner, address(page_id))

    form.fill(copy_from=str(other_id)).press("pick")
    offered = f"bring:{other_id}/en/b2" in form.text
    form.press(f"bring:{other_id}/en/b2")

    assert offered
    fresh = form.values.getlist("block")[-1]
    assert form.values[f"{fresh}.title"] == "Elsewhere"


def test_problems_are_named_at_their_fields_and_everything_is_kept(
    owner: FlaskClient, page_id: UUID, database: Database, shops: dict[str, Shop]
) -> None:
    form = PageForm(owner, address(page_id)).fill(b1__title="", title="Kept", b2__questions__0__question="")

    form.press("publish")

    assert "2 things to put right" in form.text
    assert 'id="b1.title-error"' in form.text
    assert 'href="#b2.questions.0.question"' in form.text
    assert kept(database, shops, page_id)[0] == "Kept"
    assert kept(database, shops, page_id, state="published")[0] == "Fjords"


def test_address_of_another_page_is_refused_at_its_field(
    owner: FlaskClient, page_id: UUID, database: Database, shops: dict[str, Shop]
) -> None:
    with database.work(shops["north"].id) as db:
        draft = new_page(db, "Taken", "en")
        save_draft(db, draft, Writing(path="/taken", title="Taken", blocks=[]), revision=0)
        publish_draft(db, draft, revision=1)
        db.commit()
    form = PageForm(owner, address(page_id)).fill(path="taken", b1__title="Kept")

    form.press("publish")

    assert 'id="path-error"' in form.text
    assert kept(database, shops, page_id)[1:3][0] == "/taken"


@pytest.mark.parametrize("path", ["/cart", ""])
def test_address_that_cannot_be_is_named_and_nothing_typed_is_lost(
    owner: FlaskClient, page_id: UUID, path: str
) -> None:
    form = PageForm(owner, address(page_id)).fill(path=path, b1__title="Still typed")

    answer = form.press("save")

    assert answer.status_code == 422
    assert 'id="path-error"' in form.text
    assert form.values["b1.title"] == "Still typed"


def test_two_who_change_different_blocks_are_brought_together(enter: Enter, page_id: UUID) -> None:
    mine, theirs = PageForm(enter()[0], address(page_id)), PageForm(enter()[0], address(page_id))
    theirs.fill(b2__title="Theirs").press("add:rich_text")

    mine.fill(b1__title="Mine").press("down:b1")

    assert mine.answer.status_code == 200
    assert (mine.values["b1.title"], mine.values["b2.title"]) == ("Mine", "Theirs")
    assert [mine.values[f"{block}.kind"] for block in mine.values.getlist("block")] == ["faq", "hero", "rich_text"]


def test_two_who_change_the_same_block_are_shown_both(
    enter: Enter, page_id: UUID, database: Database, shops: dict[str, Shop]
) -> None:
    mine, theirs = PageForm(enter()[0], address(page_id)), PageForm(enter()[0], address(page_id))
    theirs.fill(b1__title="Hello from them").press()

    answer = mine.fill(b1__title="Hello from me").press()

    assert answer.status_code == 409
    assert mine.values["b1.title"] == "Hello from me"
    assert "<del>me</del><ins>them</ins>" in mine.text
    assert kept(database, shops, page_id)[2][0]["title"] == "Hello from them"
    mine.press("save")
    assert kept(database, shops, page_id)[2][0]["title"] == "Hello from me"


def test_theirs_can_be_taken_instead(enter: Enter, page_id: UUID) -> None:
    mine, theirs = PageForm(enter()[0], address(page_id)), PageForm(enter()[0], address(page_id))
    theirs.fill(b1__title="Theirs", title="Their title").press()

    mine.fill(b1__title="Mine", title="My title", b2__title="Mine alone").press()
    mine.press("take:b1")

    assert mine.answer.status_code == 200
    assert (mine.values["b1.title"], mine.values["b2.title"]) == ("Theirs", "Mine alone")
    assert mine.values["title"] == "My title"


def test_form_of_another_session_is_shown_again_with_what_was_typed(owner: FlaskClient, page_id: UUID) -> None:
    form = PageForm(owner, address(page_id)).fill(b1__title="Still typed", csrf_token="stale")

    answer = form.press()

    assert answer.status_code == 422
    assert form.values["b1.title"] == "Still typed"


def test_page_of_the_bin_or_in_no_language_of_the_shop_is_not_found(
    owner: FlaskClient, page_id: UUID, database: Database, shops: dict[str, Shop]
) -> None:
    assert owner.get(address(page_id, "xx")).status_code == 404
    with database.work(shops["north"].id) as db:
        db.require(Page, page_id).trashed_at = db.now
        db.commit()

    assert owner.get(address(page_id)).status_code == 404


@pytest.mark.parametrize(("role", "status"), [("content", 200), ("support", 403)])
def test_editor_is_for_who_writes_pages(enter: Enter, page_id: UUID, role: str, status: int) -> None:
    assert enter(role)[0].get(address(page_id)).status_code == status


def test_page_of_another_shop_is_not_found(enter: Enter, page_id: UUID) -> None:
    stranger = enter(slug="south")[0]

    assert stranger.get(address(page_id)).status_code == 404
    assert stranger.get(address(page_id) + "preview").status_code == 404


def test_stranger_is_asked_to_sign_in(client: FlaskClient, page_id: UUID) -> None:
    assert client.get(address(page_id)).status_code == 302


def heard(client: FlaskClient, here: str, token: str) -> list[dict[str, str]]:
    told: dict[str, list[dict[str, str]]] = client.post(here, data={"csrf_token": token}).json or {}
    return told["here"]


def test_others_who_have_the_page_open_are_named_until_they_leave(enter: Enter, page_id: UUID) -> None:
    (mine, token), (theirs, their_token) = enter(), enter("content")
    theirs.get(address(page_id))
    here = f"{address(page_id)}here"
    theirs.post(here, data={"csrf_token": their_token, "block": "b2"})

    told = heard(mine, here, token)

    assert [(each["name"] != "", each["block"]) for each in told] == [(True, "b2")]
    assert "has this page open since" in mine.get(address(page_id)).text
    assert theirs.post(here, data={"csrf_token": their_token, "gone": "1"}).status_code == 204
    assert heard(mine, here, token) == []


def test_preview_shows_the_draft_in_a_theme_and_runs_nothing(owner: FlaskClient, page_id: UUID) -> None:
    PageForm(owner, address(page_id)).fill(b1__title="Not seen yet").press()

    answer = owner.get(f"{address(page_id)}preview?theme=aurora")

    assert answer.status_code == 200
    assert "Not seen yet" in answer.text
    assert "<!--block b1-->" in answer.text
    assert "/assets/aurora/" in answer.text
    assert "<script" not in answer.text
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "script-src" not in policy
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert answer.headers["Cache-Control"] == "no-store"
    assert owner.get(f"{address(page_id)}preview?theme=nothing").status_code == 404


def test_translation_stands_beside_its_source_with_what_changed_since(owner: FlaskClient, page_id: UUID) -> None:
    french = PageForm(owner, address(page_id, "fr"))
    missing = french.text
    french.fill(title="Fjords", b1__title="Bonjour", b2__title="Questions")
    french.fill(b2__questions__0__question="Pourquoi ?", b2__questions__0__answer="<p>Voilà.</p>").press("translated")
    done = french.text
    PageForm(owner, address(page_id)).fill(b1__title="Hello again").press("publish")
    PageForm(owner, address(page_id)).press("add:rich_text")

    french = PageForm(owner, address(page_id, "fr"))

    assert '<div class="editor-source" lang="en">Hello</div>' in missing
    assert "0 texts to look at" in done
    assert "Hello<ins> again</ins>" in french.text
    assert "1 text to look at" in french.text


def test_block_that_the_translation_lacks_is_taken_over_without_its_words(owner: FlaskClient, page_id: UUID) -> None:
    french = PageForm(owner, address(page_id, "fr"))
    french.press("remove:b1")

    french.press("fetch:b1")

    assert french.values.getlist("block") == ["b1", "b2"]
    assert french.values["b1.title"] == ""


@pytest.mark.parametrize(
    ("typed", "said"),
    [("/reseller", "uses this address itself"), ("/ąćę spacja", "without accents"), ("/", "home page"), ("about", "")],
)
def test_address_is_judged_while_it_is_typed(owner: FlaskClient, page_id: UUID, typed: str, said: str) -> None:
    told = by_script(PageForm(owner, address(page_id)).fill(path=typed))

    assert said in told.json["wrong"].get("path", "")
    assert ('data-place="path"' in told.json["side"]) is bool(said)


def test_address_of_another_page_is_named_while_it_is_typed(
    owner: FlaskClient, page_id: UUID, database: Database, shops: dict[str, Shop]
) -> None:
    with database.work(shops["north"].id) as db:
        other = new_page(db, "Taken", "en")
        save_draft(db, other, Writing(path="/taken", title="Taken", blocks=[HERO]), revision=0)
        publish_draft(db, other, revision=1)
        db.commit()

    told = by_script(PageForm(owner, address(page_id)).fill(path="/taken"))

    assert told.json["wrong"] == {"path": "Another page has this address already."}
    assert told.json["kept"]["path"] == "/taken"


def test_faulty_address_is_shown_where_it_is_mended(owner: FlaskClient, page_id: UUID) -> None:
    form = PageForm(owner, address(page_id)).fill(path="/cart")

    form.press("publish")

    assert 'data-block="page" data-chosen' in form.text
    assert "uses this address itself" in form.text


def test_empty_fields_are_folded_and_nothing_is_red_before_somebody_publishes(
    owner: FlaskClient, page_id: UUID
) -> None:
    form = PageForm(owner, address(page_id))
    form.press("add:rich_text")

    assert "still to fill in" in form.text
    assert 'data-tone="danger"><svg' not in form.text


def test_second_window_of_the_same_person_is_called_so(owner: FlaskClient, page_id: UUID) -> None:
    first, second = PageForm(owner, address(page_id)), PageForm(owner, address(page_id))
    first.fill(b1__title="First").press("save")

    told = by_script(second.fill(b1__title="Second"))

    assert told.status_code == 409
    assert "another window" in told.json["title"]
    assert "another window" in told.json["clashes"]["b1"]["html"]
