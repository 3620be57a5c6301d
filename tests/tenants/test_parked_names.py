"""Which hosts belong to a registered name, and on which endings nothing is advertised."""

import tomllib
from datetime import date

import pytest

from tenants.parked_names import DATA, hosts_of_name, is_restrained, names_of_host, restrained_endings


@pytest.mark.parametrize(
    ("host", "names"),
    [
        ("example.com", ("example.com",)),
        ("www.example.com", ("www.example.com", "example.com")),
        ("www.com", ("www.com",)),
        ("www.www.com", ("www.www.com", "www.com")),
        ("a.example.com", ("a.example.com",)),
        ("wwwexample.com", ("wwwexample.com",)),
    ],
)
def test_host_is_the_name_itself_or_its_www(host: str, names: tuple[str, ...]) -> None:
    assert names_of_host(host) == names


def test_hosts_of_a_name_lead_back_to_it() -> None:
    assert all("example.com" in names_of_host(host) for host in hosts_of_name("example.com"))


@pytest.mark.parametrize(
    ("host", "is_so"),
    [("a.cat", True), ("www.a.com.cn", True), ("a.xxx", True), ("cat.com", False), ("a.catering", False)],
)
def test_ending_restrains_all_names_below_it(host: str, is_so: bool) -> None:
    assert is_restrained(host) is is_so


def test_every_ending_says_where_its_rule_was_read_and_when() -> None:
    rows = tomllib.loads(DATA.read_text(encoding="utf-8"))["ending"]

    assert {row["ending"] for row in rows} == restrained_endings()
    assert all(row["source"] and isinstance(row["read_on"], date) for row in rows)
