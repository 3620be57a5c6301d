"""Name servers as people type them."""

import pytest

from storefront.core.errors import Refused
from storefront.orders.nameservers import read_host, read_hosts


@pytest.mark.parametrize(
    ("typed", "host"),
    [
        ("ns1.example.net", "ns1.example.net"),
        (" NS1.Example.NET. ", "ns1.example.net"),
        ("ns.żółw.pl", "ns.xn--w-uga1v8h.pl"),
        ("", ""),
    ],
)
def test_host_is_read(typed: str, host: str) -> None:
    assert read_host(typed) == host


@pytest.mark.parametrize(
    "typed",
    [
        *("localhost", "192.0.2.1", "ns1 example.net", "-a.example.net", "a..b", "x" * 10_000, "\x00.com"),
        *("🐦.example.net", "' OR 1=1--", "<b>.example.net", "{{7*7}}.example.net", "a_b.example.net"),
        "\u202ens1.example.net",
    ],
)
def test_what_is_no_host_is_refused(typed: str) -> None:
    with pytest.raises(Refused):
        read_host(typed)


def read(*typed: str) -> list[str]:
    return read_hosts(typed, name="fjord.com", least=2, most=3)


def test_hosts_are_read_once_each() -> None:
    assert read("ns1.a.net", "", "NS1.a.net", "ns2.a.net") == ["ns1.a.net", "ns2.a.net"]


def test_no_hosts_mean_the_shops_own() -> None:
    assert read("", "") == []


@pytest.mark.parametrize(
    "typed",
    [("ns1.a.net",), ("ns1.a.net", "ns1.a.net"), ("ns1.a.net", "ns.fjord.com"), ("a.net", "b.net", "c.net", "d.net")],
)
def test_hosts_a_registry_would_not_take_are_refused(typed: tuple[str, ...]) -> None:
    with pytest.raises(Refused):
        read(*typed)
