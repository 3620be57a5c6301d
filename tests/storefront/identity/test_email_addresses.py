"""E-mail addresses as people type them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storefront.core.errors import Refused
from storefront.identity.email_addresses import EmailAddress, email_key, email_problem, read_email


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("anna@example.org", "anna@example.org"),
        ("  Anna.Maria+shop@Example.ORG ", "Anna.Maria+shop@example.org"),
        ("kontakt@żółć.pl", "kontakt@xn--kda4b0koi.pl"),
        ("x@mail.example.co.uk", "x@mail.example.co.uk"),
        ("o'brien@example.ie", "o'brien@example.ie"),
        ("a" * 64 + "@example.org", "a" * 64 + "@example.org"),
        ("a@xn--kda4b0koi.pl", "a@xn--kda4b0koi.pl"),
    ],
)
def test_read_email(typed: str, address: str) -> None:
    assert read_email(typed).address == address


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "missing"),
        ("   ", "missing"),
        ("anna", "shape"),
        ("@example.org", "shape"),
        ("a@b@example.org", "shape"),
        ("anna@", "domain"),
        ("anna@localhost", "domain"),
        ("anna@example", "domain"),
        ("anna@-example.org", "domain"),
        ("anna@exa_mple.org", "domain"),
        ("anna@example..org", "domain"),
        ("anna@127.0.0.1", "domain"),
        ("anna@[127.0.0.1]", "domain"),
        ("anna@❤.ws", "domain"),
        ("żaneta@example.org", "not_ascii"),
        ("anna maria@example.org", "local"),
        ("anna..maria@example.org", "local"),
        (".anna@example.org", "local"),
        ('"anna"@example.org', "local"),
        ("anna\r\nBcc: x@example.org", "local"),
        ("anna\x00@example.org", "local"),
        ("a" * 65 + "@example.org", "too_long"),
        ("a@" + ".".join(["b" * 60] * 5) + ".org", "too_long"),
        ("a" * 10_000, "too_long"),
    ],
)
def test_email_problem(typed: str, code: str) -> None:
    problem = email_problem(typed)

    assert problem is not None
    assert problem.code == code


def test_read_email_refuses_and_names_the_field() -> None:
    with pytest.raises(Refused) as refused:
        read_email("anna", field="contact_email")

    assert refused.value.field == "contact_email"


def test_key_is_lower_case_throughout() -> None:
    assert email_key("Anna@Żółć.PL") == email_key("anna@xn--kda4b0koi.pl") == "anna@xn--kda4b0koi.pl"
    assert email_key("anna") is None


def test_unicode_shows_the_domain_as_people_read_it() -> None:
    assert EmailAddress("anna", "xn--kda4b0koi.pl").unicode == "anna@żółć.pl"


@settings(max_examples=300)
@given(st.one_of(st.text(max_size=80), st.from_regex(r"[a-zA-Z.]{1,8}@[a-zé\-_.]{1,20}\.[a-z]{1,4}", fullmatch=True)))
def test_what_is_read_is_read_the_same_again(typed: str) -> None:
    if email_problem(typed) is None:
        first = read_email(typed)

        assert read_email(first.address) == first
        assert read_email(first.unicode) == first
        assert first.key.isascii()
