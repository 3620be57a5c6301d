"""Every sentence is in the catalogues of every language, finished, with the same placeholders and the same markup."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from storefront.machine.messages import CATALOGUES, LANGUAGES
from tests.architecture.sources import modules, name_of, nodes_of, offenders, text_of, tracked

PLACEHOLDER = re.compile(r"%\([a-z_]+\)[sd]|%%|%[sd]")
TAG = re.compile(r"</?[a-z]+[^>]*>")
# What is said to one person whom one knows well. Buttons are short imperatives and no sentences.
FAMILIAR = re.compile(
    r"\b(tw(ój|oja|oje|ojego|ojemu|oim|ojej|oją|oi|oich|oimi)|ciebie|cię|tobie|tobą|ci|ty|jesteś)\b"
    # What "you" do and did: masz, zamówisz, zapomniałeś, abyś. "Wpisz" and its like are orders, "nasz" is ours.
    r"|\b(?!nasz\b|klawisz\b|\w*pisz\b)\w+[aeiy]sz\b|\w(?:ł[ae]ś|byś)\b",
    re.IGNORECASE,
)
ORDERS = re.compile(
    r"(?:^|[.!?:] )(Dodaj|Kliknij|Napisz|Odnów|Otwórz|Podaj|Poproś|Porównaj|Potwierdź|Przenieś|Rozważ|Skopiuj|Sprawdź"
    r"|Spróbuj|Szukaj|Użyj|Włącz|Wpisz|Wybierz|Wyłącz|Wymień|Wypełnij|Zacznij|Zadzwoń|Zaloguj|Zamów|Zapytaj|Znajdź)\b"
    r"[^.:?!]*\.|\b[Nn]ie \w+[au]j\b[^?!]*\."
)
# A mark that a plain space sets apart, so that it may come to stand alone on the next line; a typewriter's apostrophe.
LOOSE = re.compile(r"[^\s:] [:;!?»](?=[\s\"<.,)]|$)|« (?=\S)|\w'\w")
# Pieces of a text that end as a sentence ends, and those that stand inside one.
BLOCK = re.compile(r"</?(?:p|h[1-6]|ul|ol|li|br)\b[^>]*>")
MARKERS = {"_", "gettext", "ngettext", "pgettext", "lazy_gettext", "lazy_words", "lazy_ngettext"}
# What a person will read: the first argument of these is a sentence and must be marked.
SAYS_NO = {"Refused", "Forbidden", "Conflict", "TooMany", "ValidationError", "say", "done", "flash"}


@cache
def catalogue(language: str) -> Catalog:
    path = CATALOGUES / language / "LC_MESSAGES" / "messages.po"
    if not path.is_file():
        pytest.fail(f"there is no catalogue for {language}: ./run messages", pytrace=False)
    with path.open("rb") as words:
        return read_po(words, locale=language)


@cache
def template() -> Catalog:
    with (CATALOGUES / "messages.pot").open("rb") as words:
        return read_po(words)


def sentences(message: Message) -> list[tuple[str, str]]:
    """Pairs of source and translation, plural forms one by one."""
    if isinstance(message.id, str):
        return [(message.id, str(message.string))]
    forms = message.string if isinstance(message.string, tuple | list) else ()
    return [(message.id[min(number, 1)], str(form)) for number, form in enumerate(forms)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_missing_or_doubtful(language: str) -> None:
    found = catalogue(language)
    wanted = {message.id for message in template() if message.id}
    missing = [
        message.id
        for message in found
        if message.id
        and (message.fuzzy or not all(words.strip() for _source, words in sentences(message) or [("", "")]))
    ]

    assert missing == []
    assert wanted - {message.id for message in found} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_and_markup_are_those_of_the_source(language: str) -> None:
    wrong = [
        (source, words)
        for message in catalogue(language)
        if message.id
        for source, words in sentences(message)
        if words
        and not (_parts(PLACEHOLDER, words) in _wanted(message, source) and _parts(TAG, words) == _parts(TAG, source))
    ]

    assert wrong == []


def _parts(pattern: re.Pattern[str], words: str) -> list[str]:
    return sorted(set(pattern.findall(words)))


def _wanted(message: Message, source: str) -> list[list[str]]:
    # "One thing" may be a number in another language and a number may be a word: either form's placeholders will do.
    return [_parts(PLACEHOLDER, each) for each in ([source] if isinstance(message.id, str) else message.id)]


def test_polish_is_polite() -> None:
    found = [
        words
        for message in catalogue("pl")
        if message.id
        for _source, words in sentences(message)
        if FAMILIAR.search(words) or ORDERS.search(words)
    ]

    assert found == []


def _told_in(value: Any, locale: str, language: str) -> Iterator[str]:
    """What a file of words says in a language: below a name or a ``locale`` of it, or all of it."""
    if isinstance(value, dict):
        locale = value.get("locale", locale)
        for key, each in value.items():
            yield from _told_in(each, key if key in {"en", *LANGUAGES} else locale, language)
    elif isinstance(value, list):
        for each in value:
            yield from _told_in(each, locale, language)
    elif isinstance(value, str) and locale == language:
        yield from (TAG.sub("", piece) for piece in BLOCK.split(value))


@cache
def told_by(path: Path, language: str) -> list[str]:
    if path.suffix == ".toml":
        return list(_told_in(tomllib.loads(text_of(path)), path.stem, language))
    pairs = [
        pair
        for node in nodes_of(path)
        if isinstance(node, ast.Dict)
        for pair in zip(node.keys, node.values, strict=True)
    ]
    return [
        value.value
        for key, value in pairs
        if isinstance(key, ast.Constant) and key.value == language
        if isinstance(value, ast.Constant) and isinstance(value.value, str)
    ]


# Words that no catalogue holds: the starter site, the demo shops, the sandbox's till, what themes say of themselves.
TOLD = [path for path in tracked() if path.suffix == ".toml" and "tests" not in path.parts]
TOLD += [path for path in modules() if '"pl": "' in text_of(path)]


def test_polish_is_polite_outside_the_catalogue() -> None:
    told = {name_of(path): words for path in TOLD if (words := told_by(path, "pl"))}

    assert {"cms/starter/pl.toml", "storefront/demo_data/rejestrator.toml", "storefront/demo/office.py"} <= set(told)
    assert "storefront/providers/adapters/sandbox/data/words.toml" in told
    assert {
        name: found
        for name, words in told.items()
        if (found := [each for each in words if FAMILIAR.search(each) or ORDERS.search(each)])
    } == {}


def test_french_keeps_its_marks_with_the_word_before() -> None:
    """A line never begins with a colon or a question mark, and there is one apostrophe."""
    told = {
        "messages.po": [words for message in catalogue("fr") if message.id for _source, words in sentences(message)]
    } | {name_of(path): words for path in TOLD if (words := told_by(path, "fr"))}

    assert {"cms/starter/fr.toml", "storefront/demo/office.py"} <= set(told)
    assert {
        name: found for name, words in told.items() if (found := [each for each in words if LOOSE.search(each)])
    } == {}


def test_polish_has_its_forms() -> None:
    assert catalogue("pl").num_plurals >= 3


# The house keeper speaks to the person at the terminal before anything is installed: in English.
SPOKEN = [path for path in modules() if "machine" not in path.parts]


def test_what_people_read_is_marked() -> None:
    assert offenders(SPOKEN, _what_people_read_is_marked) == {}


def _what_people_read_is_marked(path: Path) -> list[str]:
    return [
        f"{node.lineno} {ast.unparse(node)[:80]}"
        for node in nodes_of(path)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in SAYS_NO
        and node.args
        and isinstance(node.args[0], ast.Constant | ast.JoinedStr | ast.BinOp)
        and not (isinstance(node.args[0], ast.Constant) and node.args[0].value in ("", None))
    ]


def test_marked_sentences_are_plain_text() -> None:
    """``_(f"…")`` and ``_("a" + b)`` never reach a catalogue."""
    assert offenders(modules(), _marked_sentences_are_plain_text) == {}


def _marked_sentences_are_plain_text(path: Path) -> list[str]:
    return [
        f"{node.lineno} {ast.unparse(node)[:80]}"
        for node in nodes_of(path)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in MARKERS
        and node.args
        and isinstance(node.args[0], ast.JoinedStr | ast.BinOp)
    ]
