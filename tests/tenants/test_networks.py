"""Whose address or name something is."""

from ipaddress import ip_network

import pytest

from tenants import networks
from tenants.networks import cdn_of, is_reachable, is_under, parking_of


@pytest.mark.parametrize(
    ("names", "addresses", "network"),
    [
        ((), ("104.16.132.229",), "Cloudflare"),
        ((), ("2606:4700::6810:84e5",), "Cloudflare"),
        ((), ("151.101.1.69",), "Fastly"),
        ((), ("13.224.0.9",), "Amazon CloudFront"),
        (("d111.cloudfront.net",), (), "Amazon CloudFront"),
        (("shop.example.com.edgekey.net",), (), "Akamai"),
        (("notcloudfront.net",), ("81.2.199.20",), ""),
        ((), (), ""),
    ],
)
def test_networks_before_websites(names: tuple[str, ...], addresses: tuple[str, ...], network: str) -> None:
    assert cdn_of(names, addresses) == network


def test_parking_is_known_by_its_name_servers_and_addresses() -> None:
    assert parking_of(("ns1.sedoparking.com",), ()) == "Sedo"
    assert parking_of(("ns1.hostivar.cz",), ("185.53.177.20",)) == "ParkingCrew"
    assert parking_of(("ns1.hostivar.cz",), ("81.2.199.20",)) == ""


@pytest.mark.parametrize(
    ("address", "is_open"), [("81.2.199.20", True), ("10.0.0.1", False), ("::1", False), ("100.64.0.1", False)]
)
def test_addresses_that_nobody_outside_can_reach(address: str, *, is_open: bool) -> None:
    assert is_reachable(address) is is_open


def test_ranges_are_open_and_do_not_overlap_between_companies() -> None:
    kept = [(network.name, block) for kind in networks._kept().values() for network in kind for block in network.ranges]

    clashes = [
        (one, other)
        for index, (one, block) in enumerate(kept)
        for other, second in kept[index + 1 :]
        if block.version == second.version and one != other and block.overlaps(ip_network(second))
    ]

    assert clashes == []
    assert all(is_reachable(str(block[0])) for _name, block in kept)


def test_name_is_under_itself_and_its_parents_only() -> None:
    assert is_under("a.b.net", ["b.net"])
    assert is_under("b.net", ["b.net"])
    assert not is_under("ab.net", ["b.net"])
