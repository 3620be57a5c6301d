"""Other names for a search."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storefront.catalog.names import read_token
from storefront.catalog.suggestions import Shelf, edit_distance, suggest
from storefront.catalog.tld_records import shipped_rules
from storefront.catalog.words import split_words, with_accents

ENDINGS = ("com", "fr", "pl", "eu", "shop", "net", "org", "de")
RULES = {ending: rules.labels for ending, rules in shipped_rules(date(2026, 11, 21)).items()}
SHELF = Shelf(endings=ENDINGS, languages=("fr", "en"), label_rules=RULES)


def names(*words: str, shelf: Shelf = SHELF, limit: int = 400) -> list[str]:
    return [one.name.unicode for one in suggest(words, shelf, limit=limit)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("monsupersite", ["mon", "super", "site"]),
        ("maisondesfleurs", ["maison", "des", "fleurs"]),
        ("MonSuperSite", ["mon", "super", "site"]),
        ("mon-super-site", ["mon", "super", "site"]),
        ("studio54", ["studio", "54"]),
        ("sklepzkawa", ["sklep", "z", "kawa"]),
        ("cafedelaplage", ["cafe", "de", "la", "plage"]),
        ("blumenladen", ["blumen", "laden"]),
        ("été", ["été"]),
        ("xyzzyq", ["xyzzyq"]),
        ("nordhost", ["nord", "host"]),
        ("xyandyx", ["xyandyx"]),
        ("", []),
    ],
)
def test_split_words(text: str, words: list[str]) -> None:
    assert split_words(text) == words


def test_with_accents_writes_words_as_they_are_written() -> None:
    assert [with_accents(word) for word in ("ete", "zolw", "fleur", "strasse")] == ["été", "żółw", "fleur", "straße"]


def test_same_label_below_other_endings_comes_first_in_the_order_of_the_shop() -> None:
    found = names("fleurs")

    assert [name for name in found if name.startswith("fleurs.")] == [f"fleurs.{ending}" for ending in ENDINGS]
    assert found[0] == "fleurs.com"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("mon", "site"), "mon-site.com"),
        (("mon", "site"), "sitemon.com"),
        (("monsite",), "mon-site.com"),
        (("fleur",), "fleurs.com"),
        (("fleurs",), "fleur.com"),
        (("cafe",), "café.com"),
        (("café",), "cafe.com"),
        (("bijou",), "monbijou.com"),
        (("bijou",), "bijou-shop.com"),
        (("bijoushop",), "bijou.shop"),
        (("bijou-shop",), "bijou.shop"),
    ],
)
def test_suggestion_is_thought_of(words: tuple[str, ...], expected: str) -> None:
    assert expected in names(*words)


def test_hack_leaves_at_least_three_letters() -> None:
    assert "my.shop" not in names("myshop")
    assert "mys.shop" in names("mysshop")


def test_reason_is_told() -> None:
    reasons = {one.name.unicode: one.reason for one in suggest(["bijoushop"], SHELF, limit=400)}

    assert reasons["bijoushop.fr"] == "other_ending"
    assert reasons["bijou.shop"] == "hack"
    assert reasons["bijou-shop.com"] == "hyphenated"


@pytest.mark.parametrize(
    ("name", "score"),
    [
        ("tea.com", 100 + 10),
        ("tea.fr", 100 + 9),
        ("mytea.com", 100 + 10 - 3 * 2 - 2),
        ("my-tea.com", 100 + 10 - 3 * 3 - 3 - 4),
        ("teas.fr", 100 + 9 - 3 - 1),
    ],
)
def test_score_falls_with_distance_length_and_hyphens(name: str, score: int) -> None:
    scores = {one.name.ascii: one.score for one in suggest(["tea"], SHELF, limit=400)}

    assert scores[name] == score


def test_score_falls_with_digits() -> None:
    scores = {one.name.ascii: one.score for one in suggest(["tea24"], SHELF, limit=400)}

    assert scores["tea24.com"] == 100 + 10 - 6 * 2


def test_listed_and_blocked_names_never_appear() -> None:
    shelf = Shelf(endings=ENDINGS, languages=("en",), label_rules=RULES, listed={"tea.com"}, blocked={"shop"})

    found = names("tea", shelf=shelf)

    assert "tea.com" not in found
    assert [name for name in found if "shop" in name.rsplit(".", 1)[0]] == []
    assert "tea.fr" in found


def test_dear_endings_come_later() -> None:
    shelf = Shelf(endings=("com", "fr"), languages=(), price_tiers={"com": 5})

    assert names("tea", shelf=shelf)[:2] == ["tea.fr", "tea.com"]


def test_registry_without_accents_gets_none() -> None:
    shelf = Shelf(endings=("nl", "fr"), languages=("fr",), label_rules=RULES)

    found = names("café", shelf=shelf)

    assert "café.nl" not in found
    assert "café.fr" in found


def test_longer_names_stay_within_twenty_four_letters() -> None:
    long = "a" * 30

    assert names(long) == [f"{long}.{ending}" for ending in ENDINGS]


def test_limit_is_kept_and_the_answer_is_always_the_same() -> None:
    first = suggest(["mon", "super", "site"], SHELF)

    assert len(first) == 20
    assert suggest(["mon", "super", "site"], SHELF) == first


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [("", "", 0), ("abc", "abc", 0), ("abc", "", 3), ("kitten", "sitting", 3), ("fleur", "fleurs", 1), ("ab", "ba", 2)],
)
def test_edit_distance(one: str, other: str, distance: int) -> None:
    assert edit_distance(one, other) == distance
    assert edit_distance(other, one) == distance


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text(max_size=70), max_size=4))
def test_every_suggestion_can_be_searched(words: list[str]) -> None:
    found = suggest(words, SHELF)

    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert len({one.name for one in found}) == len(found)
    for one in found:
        [read] = read_token(one.name.ascii, endings=ENDINGS, label_rules=RULES)
        assert read.name == one.name
