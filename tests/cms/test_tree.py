"""The tree of pages, and how addresses follow it."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event

import pytest
from sqlalchemy import delete, func, inspect, select

from cms import tree
from cms.drafts import Writing, find_version, open_draft, save_draft
from cms.models import Page, PageVersion, Redirect
from cms.paths import is_allowed
from cms.publishing import publish_draft, schedule_draft
from cms.redirects import find_redirect
from cms.tree import Branch, copy_page, move_page, new_page, read_tree, sweep_bin, trash_page, untrash_page
from storefront.core.db import Database, Work
from storefront.core.errors import Refused
from tests.fixtures_app import Shop


def live(db: Work, title: str, parent: Page | None = None) -> Page:
    draft = new_page(db, title, "en", parent=parent)
    writing = Writing(path=draft.path, title=title, blocks=[{"kind": "hero", "title": title}])
    save_draft(db, draft, writing, revision=0)
    return db.require(Page, publish_draft(db, draft, revision=1).page_id)


def path_of(db: Work, page: Page) -> str:
    version = find_version(db, page, "en", "published")
    assert version is not None
    return version.path


def names(branches: list[Branch]) -> list[object]:
    """The tree below the pages that every shop begins with, as nested lists of titles."""
    return [[_title(each), names(each.children)] if each.children else _title(each) for each in branches]


def _title(branch: Branch) -> str:
    version = branch.shown_in("en")
    return version.title if isinstance(version, PageVersion) else ""


def test_page_has_an_address_from_its_title_below_its_parent(db: Work) -> None:
    about = live(db, "Über uns & Co.")
    team = live(db, "Team", about)

    assert [path_of(db, about), path_of(db, team)] == ["/uber-uns-co", "/uber-uns-co/team"]
    assert new_page(db, "Team", "en", parent=about).path == "/uber-uns-co/team-2"


@pytest.mark.parametrize(("title", "path"), [("Cart", "/cart-page"), ("!!!", "/page"), ("Łódź", "/lodz")])
def test_address_is_never_one_of_the_shops_own(db: Work, title: str, path: str) -> None:
    assert new_page(db, title, "en").path == path


def test_address_always_fits_however_long_the_titles_are(db: Work) -> None:
    parent: Page | None = None
    for _level in range(4):
        draft = new_page(db, "A title as long as people of the law like to write them, and longer", "en", parent=parent)
        parent = db.require(Page, draft.page_id)
        assert is_allowed(draft.path)
        save_draft(db, draft, Writing(path=draft.path, title="Kept", blocks=[]), revision=0)


def test_draft_that_comes_to_an_address_of_the_shop_gets_another(db: Work) -> None:
    shelf = new_page(db, "Shelf", "en")
    cart = new_page(db, "Cart", "en", parent=db.require(Page, shelf.page_id))
    assert cart.path == "/shelf/cart"

    move_page(db, db.require(Page, cart.page_id), None)

    assert cart.path == "/cart-page"


def test_number_of_pages_is_bounded_for_copies_too(db: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    about = live(db, "About")
    count = db.scalar(select(func.count()).select_from(Page).where(Page.reseller_id == db.reseller_id))
    monkeypatch.setattr(tree, "MOST_PAGES", count)

    with pytest.raises(Refused, match="at most"):
        copy_page(db, about)


def test_tree_is_read_without_what_pages_say(db: Work) -> None:
    live(db, "About")
    db.session.expunge_all()

    versions = [version for branch in read_tree(db) for version in branch.versions.values()]

    assert versions
    assert all({"blocks", "translated_from"} <= inspect(version).unloaded for version in versions)


def test_page_that_goes_live_while_its_parent_moves_moves_along(database: Database, shops: dict[str, Shop]) -> None:
    shop = shops["south"].id
    with database.work(shop) as db:
        old, new, parent = (db.require(Page, new_page(db, title, "en").page_id) for title in ("Old", "New", "Parent"))
        move_page(db, parent, old)
        child = new_page(db, "Child", "en", parent=parent)
        save_draft(
            db, child, Writing(path=child.path, title="Child", blocks=[{"kind": "hero", "title": "x"}]), revision=0
        )
        ids, draft_id = [old.id, new.id, parent.id, child.page_id], child.id
        db.commit()
    published = Event()

    def publish() -> None:
        with database.work(shop) as db:
            publish_draft(db, db.require(PageVersion, draft_id), revision=1)
            published.set()
            time.sleep(0.3)
            db.commit()

    def move() -> None:
        with database.work(shop) as db:
            assert published.wait(30)
            move_page(db, db.require(Page, ids[2]), db.require(Page, ids[1]))
            db.commit()

    with ThreadPoolExecutor(2) as both:
        for task in [both.submit(publish), both.submit(move)]:
            task.result()

    with database.work(shop) as db:
        live_at = path_of(db, db.require(Page, ids[3]))
        left = find_redirect(db, "/old/parent/child")
        for model, column in ((Redirect, Redirect.path), (PageVersion, PageVersion.page_id)):
            db.execute(delete(model).where(column.in_(ids if model is PageVersion else ["/old/parent/child"])))
        for each in reversed(ids):
            db.execute(delete(Page).where(Page.id == each))
        db.commit()
    assert live_at == "/new/parent/child"
    assert left is not None


def test_moved_page_takes_those_below_it_along_and_leaves_its_addresses_behind(db: Work) -> None:
    about, company = live(db, "About"), live(db, "Company")
    team = live(db, "Team", about)
    person = live(db, "Ann", team)

    move_page(db, team, company)

    assert [path_of(db, team), path_of(db, person)] == ["/company/team", "/company/team/ann"]
    left = find_redirect(db, "/about/team/ann")
    assert left is not None
    assert left.target == "/company/team/ann"
    move_page(db, team, about)
    assert path_of(db, person) == "/about/team/ann"
    assert find_redirect(db, "/about/team/ann") is None


def test_page_with_another_address_takes_those_below_it_along(db: Work) -> None:
    about = live(db, "About")
    team = live(db, "Team", about)
    draft = find_version(db, about, "en", "draft") or _again(db, about, "/company")

    publish_draft(db, draft, revision=1)

    assert path_of(db, team) == "/company/team"


def _again(db: Work, page: Page, path: str) -> PageVersion:
    draft = open_draft(db, page, "en")
    save_draft(db, draft, Writing(path=path, title="About", blocks=draft.blocks), revision=0)
    return draft


def test_pages_are_put_in_order(db: Work) -> None:
    parent = live(db, "Parent")
    one, two, three = (live(db, title, parent) for title in ("One", "Two", "Three"))

    move_page(db, three, parent, one)
    move_page(db, one, parent)

    found = next(each for each in read_tree(db) if each.page.id == parent.id)
    assert names(found.children) == ["Three", "Two", "One"]
    assert two.position == 1


def test_page_does_not_lie_inside_itself_nor_too_deep(db: Work) -> None:
    one = live(db, "One")
    two = live(db, "Two", one)
    four = live(db, "Four", live(db, "Three", two))

    with pytest.raises(Refused, match="inside itself"):
        move_page(db, one, four)
    with pytest.raises(Refused, match="deep"):
        new_page(db, "Five", "en", parent=four)
    with pytest.raises(Refused, match="deep"):
        move_page(db, live(db, "Six"), four)


def test_copy_is_seen_by_nobody_and_has_an_address_of_its_own(db: Work) -> None:
    about = live(db, "About")

    copy = copy_page(db, about)

    draft = find_version(db, copy, "en", "draft")
    assert draft is not None
    assert (draft.path, draft.title, find_version(db, copy, "en", "published")) == ("/about-2", "About", None)


def test_bin_takes_pages_from_view_and_gives_them_back(db: Work) -> None:
    about = live(db, "About")
    team = live(db, "Team", about)

    trash_page(db, about)
    assert [find_version(db, page, "en", "published") for page in (about, team)] == [None, None]
    assert about.id not in {each.page.id for each in read_tree(db)}
    assert about.id in {each.page.id for each in read_tree(db, in_bin=True)}
    live(db, "About")
    untrash_page(db, about)

    assert [path_of(db, about), path_of(db, team)] == ["/about-2", "/about/team"]


@pytest.mark.parametrize(("days", "state"), [(1, "waiting"), (9, None)])
def test_page_out_of_the_bin_waits_for_its_moment_again(db: Work, days: int, state: str | None) -> None:
    about = live(db, "About")
    draft = open_draft(db, about, "en")
    schedule_draft(db, draft, db.now + timedelta(days=5), revision=0, until=db.now + timedelta(days=20))
    trash_page(db, about)
    assert find_version(db, about, "en", "waiting") is None
    db.now += timedelta(days=days)

    untrash_page(db, about)

    waits = find_version(db, about, "en", "waiting")
    assert (waits.state if waits else None, path_of(db, about)) == (state, "/about")
    assert waits is None or (waits.starts_at, waits.ends_at) != (None, None)
    assert draft.settings == {}


def test_bin_is_emptied_after_thirty_days(db: Work) -> None:
    about = live(db, "About")
    live(db, "Team", about)
    trash_page(db, about)
    db.now += timedelta(days=29)
    sweep_bin(db)
    assert read_tree(db, in_bin=True)
    db.now += timedelta(days=2)

    sweep_bin(db)

    assert read_tree(db, in_bin=True) == []


def test_two_who_move_at_the_same_time_make_no_circle(database: Database, shops: dict[str, Shop]) -> None:
    shop = shops["south"].id
    with database.work(shop) as db:
        made = [new_page(db, title, "en").page_id for title in ("Left", "Right")]
        db.commit()
    ready = Barrier(2)

    def move(number: int) -> str:
        with database.work(shop) as db:
            page, parent = (db.require(Page, made[each]) for each in (number, 1 - number))
            ready.wait(timeout=30)
            try:
                move_page(db, page, parent)
            except Refused:
                return "refused"
            db.commit()
            return "moved"

    with ThreadPoolExecutor(2) as both:
        said = sorted(both.map(move, (0, 1)))

    with database.work(shop) as db:
        seen = {branch.page.id for root in read_tree(db) for branch in (root, *root.children)}
        db.execute(delete(PageVersion).where(PageVersion.page_id.in_(made)))
        db.execute(delete(Page).where(Page.id.in_(made)))
        db.commit()
    assert said == ["moved", "refused"]
    assert set(made) <= seen


def test_bin_gives_a_page_its_address_back_beside_its_own_newer_draft(db: Work) -> None:
    about = live(db, "About")
    open_draft(db, about, "en")
    trash_page(db, about)

    untrash_page(db, about)

    assert path_of(db, about) == "/about"


def test_home_page_lies_below_no_other_and_so_never_in_the_bin(db: Work) -> None:
    about, home = live(db, "About"), live(db, "Home")
    for version in db.scalars(select(PageVersion).where(PageVersion.path == "/")):
        version.state = "past"
    its = find_version(db, home, "en", "published")
    assert its is not None
    its.path = "/"
    db.flush()

    with pytest.raises(Refused, match="home page"):
        move_page(db, home, about)
    home.parent_id = about.id
    db.flush()
    with pytest.raises(Refused, match="home page"):
        trash_page(db, about)
