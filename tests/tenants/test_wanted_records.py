"""The records to enter."""

import pytest

from tenants.wanted_records import canonical_address, registered_domain, relative_name, wanted_records
from tests.dns_found import CODE, EDGE, OURS, OURS6, want


def test_subdomain_is_an_alias_and_shows_the_code() -> None:
    found = [(each.type, each.relative, each.value) for each in wanted_records(want())]

    assert found == [("CNAME", "shop", EDGE), ("TXT", "_shop-challenge.shop", CODE)]


def test_domain_itself_has_addresses() -> None:
    found = [(each.type, each.relative, each.name, each.value) for each in wanted_records(want("example.com"))]

    assert found == [
        ("A", "@", "example.com", OURS),
        ("AAAA", "@", "example.com", OURS6),
        ("TXT", "_shop-challenge", "_shop-challenge.example.com", CODE),
    ]


def test_domain_without_our_ipv6_wants_none() -> None:
    found = [each.type for each in wanted_records(want("example.com", addresses6=()))]

    assert found == ["A", "TXT"]


def test_zone_of_its_own_wants_addresses() -> None:
    found = [(each.type, each.relative) for each in wanted_records(want(), zone="shop.example.com")]

    assert found == [("A", "@"), ("AAAA", "@"), ("TXT", "_shop-challenge")]


def test_lines_can_be_pasted_into_a_zone_file() -> None:
    lines = [each.line for each in wanted_records(want())]

    assert lines == [
        f"shop.example.com. 300 IN CNAME {EDGE}.",
        f'_shop-challenge.shop.example.com. 300 IN TXT "{CODE}"',
    ]


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("shop.example.com", "example.com"),
        ("a.b.example.co.uk", "example.co.uk"),
        ("example.com.pl", "example.com.pl"),
        ("shop.zone.eu.com", "zone.eu.com"),
        ("shop.good.test", "good.test"),
        ("shop.xn--mgbh0fb.xn--90ais", "xn--mgbh0fb.xn--90ais"),
        ("com", "com"),
    ],
)
def test_registered_domain(host: str, domain: str) -> None:
    assert registered_domain(host) == domain


def test_apex_is_told_by_the_public_suffix_list() -> None:
    assert want("example.co.uk").is_apex
    assert not want("shop.example.co.uk").is_apex


def test_relative_names() -> None:
    assert relative_name("example.com", "example.com") == "@"
    assert relative_name("a.b.example.com", "example.com") == "a.b"


def test_addresses_are_written_one_way() -> None:
    assert canonical_address("2A01:0430:0000::1") == "2a01:430::1"
    with pytest.raises(ValueError, match="does not appear"):
        canonical_address("edge")
