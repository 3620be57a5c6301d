"""What the search box makes of names, addresses and phrases."""

# ruff: noqa: RUF001 - letters of other alphabets that look alike are what is tested

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storefront.catalog.labels import LabelRules
from storefront.catalog.names import DomainName, read_token, require_name, with_endings
from storefront.catalog.search import SearchLimits, read_search
from storefront.core.errors import Refused

ENDINGS = frozenset(
    ["com", "net", "fr", "pl", "com.pl", "eu", "de", "it", "us", "ca", "io", "gr", "ws", "xn--zckzah", "xn--p1ai"]
)


def results(text: str) -> list[str]:
    """Return names, or the code of the problem."""
    found = read_search(text, endings=ENDINGS).candidates
    return [one.problem.code if one.problem else one.name_ascii for one in found]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("HTTPS://user@www.Été.fr:8443/x?y#z", ["xn--t-9fab.fr"]),
        ("żółć.pl", ["xn--kda4b0koi.pl"]),
        ("Straße.de", ["xn--strae-oqa.de"]),
        ("ＥＸＡＭＰＬＥ.com", ["example.com"]),
        ("１２３.com", ["123.com"]),
        ("ﬁ.com", ["fi.com"]),
        ("例え。テスト", ["xn--r8jz45g.xn--zckzah"]),
        ("ΣΊΣΥΦΟΣ.gr", ["xn--kxa6akbbkh.gr"]),
        ("mon super site", ["monsupersite", "mon-super-site"]),
        ("mon super site.fr", ["monsupersite.fr", "mon-super-site.fr"]),
        ("exemple .fr", ["exemple.fr"]),
        ("contact@exemple.fr", ["exemple.fr"]),
        ("mailto:contact@exemple.fr", ["exemple.fr"]),
        ("Jean Dupont <jean@exemple.fr>", ["exemple.fr"]),
        ("foo.com.pl", ["foo.com.pl"]),
        ("x.github.io", ["github.io"]),
        ("www.fr", ["www.fr"]),
        ("www.exemple.fr", ["exemple.fr"]),
        ("a.b.example.fr", ["example.fr"]),
        ("example.fr.", ["example.fr"]),
        ("  «exemple.fr» ", ["exemple.fr"]),
        ("https:/exemple.fr/page", ["exemple.fr"]),
        ("//exemple.fr:443", ["exemple.fr"]),
        ("exemple.fr/a b c", ["exemple.fr"]),
        ("exemple.fr, exemple.com;EXEMPLE.fr\nautre", ["exemple.fr", "exemple.com", "autre"]),
        ("exemple.fr exemple.pl", ["exemple.fr", "exemple.pl"]),
        ("exem\u00adple\u200b.fr", ["exemple.fr"]),
        ("exemple\x00.fr", ["exemple.fr"]),
        ("a.fr\r\nb.fr\rc.fr\u2028d.fr", ["a.fr", "b.fr", "c.fr", "d.fr"]),
        ("xn--kda4b0koi.pl", ["xn--kda4b0koi.pl"]),
        ("a" * 63 + ".com", ["a" * 63 + ".com"]),
    ],
)
def test_search_reads_what_people_type(typed: str, expected: list[str]) -> None:
    assert results(typed) == expected


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("a_b.com", "bad_character"),
        ("exemple!.fr", "bad_character"),
        ("-a.com", "hyphen_edge"),
        ("a-.com", "hyphen_edge"),
        ("ab--cd.com", "double_hyphen"),
        ("a..com", "empty_label"),
        (".com", "empty_label"),
        ("a" * 64 + ".com", "too_long"),
        ("é" * 64 + ".com", "too_long"),
        (".".join(["a" * 60] * 5) + ".com", "too_long"),
        ("xn--invalid-.com", "fake_a_label"),
        ("xn--.com", "fake_a_label"),
        ("xn--abc.com", "fake_a_label"),
        ("xn--i-7iq.ws", "fake_a_label"),
        ("I❤.ws", "emoji"),
        ("🦊.ws", "emoji"),
        ("раypal.com", "mixed_script"),
        ("xn--ypal-43d9g.com", "mixed_script"),
        ("αbc.com", "mixed_script"),
        ("x\u200dy.com", "bad_character"),
        ("\u202eabc.com", "bad_character"),
        ("א1a.com", "direction"),
        ("192.0.2.1", "ip_address"),
        ("http://192.0.2.1:80/x", "ip_address"),
        ("http://[2001:db8::1]/", "ip_address"),
        ("2001:db8::1", "ip_address"),
        ("foo.asso.fr", "unsupported_ending"),
        ("foo.org.uk", "unsupported_ending"),
        ("foo.notatld", "unknown_ending"),
        ("com.pl", "ending_only"),
        ("...", "unreadable"),
        ("https://", "unreadable"),
        ("@", "unreadable"),
    ],
)
def test_search_says_what_is_wrong(typed: str, code: str) -> None:
    assert results(typed) == [code]


def test_search_of_japanese_accepts_its_three_scripts_together() -> None:
    [found] = read_token("ひらカタ漢字abc.com", endings=ENDINGS)

    assert found.problem is None
    assert found.name_unicode == "ひらカタ漢字abc.com"


def test_bad_character_is_named_and_invisible_ones_get_their_number() -> None:
    shown = read_token("a_b.com", endings=ENDINGS)[0].problem
    unseen = read_token("a\u202eb.com", endings=ENDINGS)[0].problem

    assert shown is not None
    assert str(shown.message).startswith("“_” cannot be used here")
    assert unseen is not None
    assert str(unseen.message).startswith("“U+202E” cannot be used here")


def test_unsupported_ending_keeps_the_label_for_other_endings() -> None:
    [found] = read_token("Foo.org.uk", endings=ENDINGS)

    assert (found.label, found.ending, found.name) == ("foo", "org.uk", None)
    assert str(found.problem.message if found.problem else "") == "We do not sell names under .org.uk."


def test_ending_sold_only_above_a_public_one_is_not_taken_for_it() -> None:
    [found] = read_token("foo.co.uk", endings={"uk"})

    assert found.problem is not None
    assert found.problem.code == "unsupported_ending"
    assert found.ending == "co.uk"


def test_subdomain_is_dropped_and_said() -> None:
    [deep] = read_token("a.b.été.fr", endings=ENDINGS)
    [plain] = read_token("www.example.fr", endings=ENDINGS)

    assert [note.code for note in deep.notes] == ["subdomain", "both_forms"]
    assert str(deep.notes[0].message) == "Only whole domain names can be registered, so we search été.fr."
    assert plain.notes == ()


def test_sharp_s_offers_the_other_spelling() -> None:
    [found] = read_token("Straße.de", endings=ENDINGS)

    assert found.twin == "strasse"
    assert [note.code for note in found.notes] == ["both_forms", "sharp_s"]


def test_cyrillic_that_looks_latin_is_pointed_out() -> None:
    [found] = read_token("сосо.com", endings=ENDINGS)

    assert found.problem is None
    assert [note.code for note in found.notes] == ["both_forms", "looks_latin"]


@pytest.mark.parametrize(
    ("label", "rules", "code"),
    [
        ("a", LabelRules(min_length=2), "too_short"),
        ("été", LabelRules(min_length=3, idn_scripts=frozenset({"Latin"})), None),
        ("été", LabelRules(), "no_accents"),
        ("été", LabelRules(idn_letters=frozenset("éà")), None),
        ("żółć", LabelRules(idn_letters=frozenset("éà")), "letter_not_offered"),
        ("сосо", LabelRules(idn_scripts=frozenset({"Latin"})), "script_not_offered"),
        ("abcdef", LabelRules(max_length=5), "too_long"),
    ],
)
def test_ending_has_its_own_rules(label: str, rules: LabelRules, code: str | None) -> None:
    [found] = read_token(f"{label}.fr", endings=ENDINGS, label_rules={"fr": rules})

    assert (found.problem.code if found.problem else None) == code


def test_with_endings_judges_each_ending_by_itself() -> None:
    strict = LabelRules(idn_letters=frozenset("é"))

    found = with_endings("xn--t-9fab", ["fr", "pl"], {"fr": strict, "pl": LabelRules()})

    assert [(one.name_unicode, one.problem.code if one.problem else None) for one in found] == [
        ("été.fr", None),
        ("été.pl", "no_accents"),
    ]


def test_search_without_a_name_asks_for_one() -> None:
    search = read_search("  ,; \n", endings=ENDINGS)

    assert search.problem is not None
    assert search.problem.code == "empty"


def test_search_keeps_two_hundred_names_and_says_so() -> None:
    search = read_search("\n".join(f"name{number}.fr" for number in range(203)), endings=ENDINGS)

    assert len(search.candidates) == 200
    assert str(search.notes[0].message) == "At most 200 names can be searched at once; 3 were left out."


def test_search_reads_ten_thousand_characters_and_says_so() -> None:
    search = read_search("a" * 10_001, endings=ENDINGS)

    assert [note.code for note in search.notes] == ["text_cut"]
    assert search.candidates[0].problem is not None
    assert search.candidates[0].problem.code == "too_long"
    assert len(search.candidates[0].given) == 80


def test_search_counts_look_ups_and_refuses_too_many() -> None:
    typed = "\n".join(f"name{number}" for number in range(50)) + "\nother.ws"

    allowed = read_search(typed, endings=ENDINGS, others=["com", "fr"])
    refused = read_search(typed, endings=ENDINGS, others=["com", "fr"], limits=SearchLimits(checks=102))

    assert allowed.checks == 51 * 2 + 1
    assert allowed.problem is None
    assert refused.problem is not None
    assert refused.problem.code == "too_many"


def test_search_words_come_from_the_first_phrase() -> None:
    assert read_search("mon super site\nautre", endings=ENDINGS).words == ("mon", "super", "site")
    assert read_search("żółć.pl", endings=ENDINGS).words == ("żółć",)
    assert read_search("https://MonSuperSite.FR/x", endings=ENDINGS).words == ("MonSuperSite",)
    assert read_search("a_b.pl", endings=ENDINGS).words == ()


def test_require_name_returns_one_value() -> None:
    name = require_name("Żółć.pl", endings=ENDINGS)

    assert name == DomainName("xn--kda4b0koi", "pl")
    assert (name.ascii, name.unicode) == ("xn--kda4b0koi.pl", "żółć.pl")


@pytest.mark.parametrize("typed", ["zolc", "a_b.pl", "", "com.pl"])
def test_require_name_refuses_anything_else(typed: str) -> None:
    with pytest.raises(Refused) as refused:
        require_name(typed, endings=ENDINGS)

    assert refused.value.field == "name"


NASTY = st.one_of(
    st.text(max_size=120),
    st.text(alphabet=st.characters(), max_size=60),
    st.text(alphabet="aA1-._@:/[]() \u200d\u202e\u0000éßаא❤\ud800%", max_size=60),
)


@settings(max_examples=400, deadline=None)
@given(NASTY)
def test_search_never_raises_and_reads_its_own_results_again(typed: str) -> None:
    for found in read_search(typed, endings=ENDINGS).candidates:
        if found.name:
            assert found.name_ascii == found.name_ascii.lower()
            assert results(found.name_ascii) == [found.name_ascii]
            assert results(found.name_unicode) == [found.name_ascii]
        elif found.problem:
            assert str(found.problem.message)


@pytest.mark.parametrize("one", ["a", ".", "-", " ", "é", "❤", "\x00", "xn--", "א", "@", "[", ":", "a.", "ß", "\u0301"])
def test_search_survives_ten_thousand_of_one_thing(one: str) -> None:
    search = read_search(one * 10_000, endings=ENDINGS)

    assert len(search.candidates) <= 200
