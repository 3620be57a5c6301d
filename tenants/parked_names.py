"""rule: names without a website: which host belongs to which name, and which endings allow no advertising on it."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Final

DATA: Final = Path(__file__).parent / "data" / "parking.toml"
# What a Place says of a host that belongs to a customer's name without a website.
PARKED: Final = "parked"
WWW: Final = "www."


@cache
def restrained_endings() -> frozenset[str]:
    """Return the endings on whose names nothing may be advertised."""
    return frozenset(each["ending"] for each in tomllib.loads(DATA.read_text(encoding="utf-8"))["ending"])


def names_of_host(host: str) -> tuple[str, ...]:
    """Return the registered names that a host may be the front of: the host itself, and what follows ``www.``."""
    bare = host.removeprefix(WWW)
    return (host,) if bare == host or "." not in bare else (host, bare)


def hosts_of_name(name: str) -> tuple[str, str]:
    """Return the hosts that a registered name is the front of."""
    return name, f"{WWW}{name}"


def is_restrained(host: str) -> bool:
    """Whether nothing may be advertised on a host, by the end of its name: ``.cn`` holds for ``.com.cn`` too."""
    return host.rpartition(".")[2] in restrained_endings()
