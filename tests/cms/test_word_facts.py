"""The cells of a table, the chapters of a text, the number to call."""

import pytest

from cms.sanitize import clean
from cms.word_facts import MOST_COLUMNS, MOST_ROWS, chapters_of, facts_of_words, table_of


@pytest.mark.parametrize(
    "words",
    [
        "Plan | Space\nHarbour | 20 GB",
        "| Plan | Space |\n| Harbour | 20 GB |",
        "Plan\tSpace\r\nHarbour\t20 GB\r\n",
        "\n  Plan|Space  \n\n | | \nHarbour|20 GB\n",
    ],
)
def test_table_is_read_as_people_paste_it(words: str) -> None:
    table = table_of(words, has_head=True)

    assert table["head"] == ["Plan", "Space"]
    assert table["rows"] == [["Harbour", "20 GB"]]


def test_rows_of_a_table_are_equally_long() -> None:
    table = table_of("a|b|c\nd\n\te", has_head=False)

    assert table["head"] == []
    assert table["rows"] == [["a", "b", "c"], ["d", "", ""], ["", "e", ""]]


def test_empty_table_has_neither_head_nor_rows() -> None:
    assert table_of(" \n", has_head=True) == {"head": [], "rows": [], "numbers": []}


def test_table_is_bounded() -> None:
    table = table_of("\n".join(["x|" * 90] * 900), has_head=False)

    assert len(table["rows"]) == MOST_ROWS
    assert {len(row) for row in table["rows"]} == {MOST_COLUMNS}


@pytest.mark.parametrize(
    "cell", ["7", "3.90 €", "1 234,50 zł", "€ 12", "20 GB", "-3,5 %", "+4", "12,000", "1\u202f000 €"]
)
def test_column_of_numbers_is_known(cell: str) -> None:
    assert table_of(f"Name|{cell}\nNone|-\nEmpty|", has_head=False)["numbers"] == [False, True]


@pytest.mark.parametrize("cell", ["Harbour", "since 2009", "7 rooms here", "-"])
def test_column_of_words_is_none_of_numbers(cell: str) -> None:
    assert table_of(f"a|{cell}", has_head=False)["numbers"] == [False, False]


def test_chapters_begin_at_their_headings() -> None:
    before, chapters = chapters_of("<p>First</p><h2>One &amp; all</h2><p>a</p><h3>b</h3><h2>Two<br>too</h2><p>c</p>")

    assert before == "<p>First</p>"
    assert chapters == [
        {"title": "One & all", "html": "<p>a</p><h3>b</h3>"},
        {"title": "Two too", "html": "<p>c</p>"},
    ]


def test_text_without_headings_has_no_chapters() -> None:
    assert chapters_of("<p>All</p>") == ("<p>All</p>", [])


def test_heading_in_a_quotation_cuts_nothing() -> None:
    markup = clean("<blockquote><h2>Said</h2><p>x</p></blockquote><h2>Chapter</h2>")

    before, chapters = chapters_of(markup)

    assert before == "<blockquote><h2>Said</h2><p>x</p></blockquote>"
    assert [each["title"] for each in chapters] == ["Chapter"]


@pytest.mark.parametrize(
    "markup",
    [
        '<p><a href="/x?a>b">x</a></p><h2>y</h2><p>z</p>',
        "<h2><b>a<i>b</h2>c",
        "</h2><h2>",
        "<h2>a<h2>b",
        "<ul><li><h2>x",
    ],
)
def test_chapters_are_whole_markup_however_it_was_written(markup: str) -> None:
    cleaned = clean(markup)

    before, chapters = chapters_of(cleaned)

    assert clean(before) == before
    assert all(clean(each["html"]) == each["html"] for each in chapters)


def test_number_to_call_has_digits_only() -> None:
    facts = facts_of_words({"kind": "contact_card", "phone": "+358 (9) 4245-0010"})

    assert facts == {"phone_url": "tel:+358942450010"}
