"""The world's DNS without a network: zones written in a test, asked through the real look-ups."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import dns.exception
import dns.message

from storefront.devdns import SHIPPED
from storefront.devdns_zones import World, Zone, read_zones
from tenants.dns_exchange import Place
from tenants.lookups import DnspythonQuestions

FIRST = Place(label="first", address="127.0.0.1", port=5300)
SECOND = Place(label="second", address="127.0.0.1", port=5301)


class FakeQuestions(DnspythonQuestions):
    """Asks zones that lie in memory; ``codes`` knows the code of each host that was connected.

    >>> FakeQuestions(Zone(name="my.test", host="shop.my.test", records=("shop 300 CNAME {edge}",)), codes={...})
    """

    def __init__(
        self, *zones: Zone, codes: Mapping[str, str] | Callable[[str], str] | None = None, file: Path = SHIPPED
    ) -> None:
        found = {**read_zones(file), **{zone.name: zone for zone in zones}}
        code_of = codes if callable(codes) else lambda host: dict(codes or {}).get(host, "")
        world = World(zones=found, code_of=code_of)
        super().__init__(resolvers=(FIRST, SECOND), may_ask_inside=True, send=_send(world))


def _send(world: World) -> Any:
    def send(message: dns.message.Message, place: Place, _timeout_s: float) -> dns.message.Message:
        query = dns.message.from_wire(message.to_wire())
        reply = world.answer(query, is_second=place.port == SECOND.port, is_ipv6=":" in place.address)
        if reply is None:
            raise dns.exception.Timeout
        return dns.message.from_wire(reply.to_wire())

    return send
