"""Redirects in a table: each line says what it would do, and what is wrong with it."""

import pytest

from cms.redirect_files import Known, read_redirects, redirect_rows
from cms.redirects import known_redirects, redirects, weigh_table, write_redirect, write_table
from storefront.core.db import Work
from storefront.core.errors import Conflict

KNOWN = {"/known": Known(target="/b", is_permanent=True), "/one": Known(target="/two", is_permanent=True)}


def told(*rows: tuple[str, ...]) -> list[tuple[str, str]]:
    lines = read_redirects(list(enumerate(rows, start=1)), KNOWN, {"/seen"})
    return [(line.path, line.kind) for line in lines]


@pytest.mark.parametrize(
    ("row", "wanted"),
    [
        (("/a", "/b"), ("/a", "new")),
        (("https://old.example/A?x=1", "https://new.example/", "no"), ("/a", "new")),
        (("/known", "/b"), ("/known", "same")),
        (("/known", "/b", "302"), ("/known", "changed")),
        (("/known", "/c", "301"), ("/known", "changed")),
        (("/two", "/one"), ("/two", "fault")),
        (("/seen", "/b"), ("/seen", "fault")),
        (("/cart", "/b"), ("/cart", "fault")),
        (("/a", "javascript:alert(1)"), ("/a", "fault")),
        (("/a", "/b", "perhaps"), ("/a", "fault")),
        (("/a",), ("/a", "fault")),
        (("^/a(.*)$", "/b"), ("^/a(.*)$", "fault")),
    ],
)
def test_line_is_judged_by_what_is_known(row: tuple[str, ...], wanted: tuple[str, str]) -> None:
    assert told(row) == [wanted]


def test_lines_are_judged_together() -> None:
    assert told(("/a", "/b"), ("/b", "/c"), ("/c", "/a")) == [("/a", "fault"), ("/b", "fault"), ("/c", "fault")]
    assert told(("/a", "/b"), ("/a", "/b")) == [("/a", "new"), ("/a", "same")]
    assert told(("/a", "/b"), ("/a", "/c")) == [("/a", "new"), ("/a", "fault")]
    # What the file itself changes no longer leads back.
    assert told(("/one", "/three"), ("/two", "/one")) == [("/one", "changed"), ("/two", "new")]


def test_columns_are_found_by_the_names_other_programs_give_them() -> None:
    assert told(("title", "Source URL", "regex", "target", "code"), ("x", "/a", "0", "/b", "301")) == [("/a", "new")]


@pytest.mark.parametrize(
    "head",
    [("stary", "nowy", "kod"), ("Ancienne adresse", "Nouvelle adresse", "Définitif"), ("alt", "neu", "dauerhaft")],
)
def test_columns_are_named_in_our_languages(head: tuple[str, ...]) -> None:
    assert told(head, ("/a", "/b", "301")) == [("/a", "new")]


@pytest.mark.parametrize("words", [("tak", "nie"), ("oui", "non"), ("Ja", "Nein"), ("yes", "no")])
def test_whether_it_is_for_good_is_said_in_our_languages(words: tuple[str, str]) -> None:
    lines = read_redirects([(1, ("/a", "/c", words[0])), (2, ("/b", "/c", words[1]))], KNOWN, set())

    assert [(line.kind, line.is_permanent) for line in lines] == [("new", True), ("new", False)]


def test_code_that_we_do_not_answer_is_named_with_what_it_becomes() -> None:
    lines = read_redirects([(1, ("/a", "/c", "307")), (2, ("/b", "/c", "308")), (3, ("/d", "/c", "301"))], KNOWN, set())

    assert [str(line.note) for line in lines] == ["307 becomes 302.", "308 becomes 301.", ""]
    assert [line.is_permanent for line in lines] == [False, True, True]


def test_table_that_goes_out_comes_back_the_same() -> None:
    assert {kind for _path, kind in told(*(tuple(row) for row in redirect_rows(KNOWN)))} == {"same"}


def test_table_is_written_whole_or_not_at_all(db: Work) -> None:
    write_redirect(db, "/old", "/new")
    rows = [(1, ("/old", "/newer", "no")), (2, ("/other", "/new"))]

    with pytest.raises(Conflict):
        write_table(db, weigh_table(db, [*rows, (3, ("nonsense", "/new"))]))
    before = known_redirects(db)
    write_table(db, weigh_table(db, rows))

    assert before["/old"] == Known(target="/new", is_permanent=True)
    assert "/other" not in before
    mine = [each for each in redirects(db) if each.path in {"/old", "/other", "nonsense"}]
    assert [(each.path, each.target, each.is_permanent) for each in mine] == [
        ("/old", "/newer", False), ("/other", "/new", True),
    ]  # fmt: skip
