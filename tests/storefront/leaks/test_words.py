"""The platform's names and hosts are found however they are written, and nothing else is."""

import pytest

from storefront.leaks.words import Seen, Words

WORDS = Words(names=["Vitrine", "Vitrine Platform SA", ""], hosts=["vitrine.example", "Platform.Example."])


def found_in(text: str) -> list[str]:
    return [leak.word for leak in WORDS.leaks_of(Seen(channel="page", place="/", text=text))]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Powered by Vitrine.", "vitrine"),
        ("X-VITRINE-Ready: 1", "vitrine"),
        ("<vitrine@mail.example>", "vitrine"),
        ("https://nordhost.vitrine.example/panel", "nordhost.vitrine.example"),
        ("//vitrine.example:8000/", "vitrine.example"),
        ("hello@platform.example", "platform.example"),
        ("Received: from web1.VITRINE.EXAMPLE by mx", "web1.vitrine.example"),
    ],
)
def test_word_of_the_platform_is_found(text: str, word: str) -> None:
    assert word in found_in(text)


@pytest.mark.parametrize("text", ["", "vitrines", "Lévitrine", "notvitrine.example", "platform.example.org"])
def test_other_words_are_left_alone(text: str) -> None:
    assert found_in(text) == []


def test_company_name_is_found_over_a_line_break() -> None:
    words = Words(names=["Shop House SA"], hosts=[])

    leaks = list(words.leaks_of(Seen(channel="page", place="/", text="sold by Shop\n  House SA")))

    assert [leak.word for leak in leaks] == ["shop house sa"]


def test_each_word_is_told_once_with_what_stands_around_it() -> None:
    seen = Seen(channel="letter", place="welcome", text="Dear Vitrine customer,\nVitrine thanks you. VITRINE.")

    [leak] = WORDS.leaks_of(seen)

    assert (leak.channel, leak.place, leak.word) == ("letter", "welcome", "vitrine")
    assert leak.excerpt.startswith("Dear Vitrine customer, Vitrine thanks")


def test_nothing_to_look_for_finds_nothing() -> None:
    assert list(Words(names=[], hosts=[]).leaks_of(Seen(channel="page", place="/", text="anything"))) == []
