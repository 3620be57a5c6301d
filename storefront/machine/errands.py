"""Commands that hand one task to the shop itself, with the servers at hand: demo, operator, keys, worker and others."""

import argparse
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from storefront.machine import data as data_directory
from storefront.machine import messages, schema
from storefront.machine.children import base_environment, cli, run, tool
from storefront.machine.environment import SERVING, need_environment
from storefront.machine.places import ROOT
from storefront.machine.services import Services, at_hand
from storefront.machine.speech import CannotGoOnError


def split_data(arguments: Sequence[str]) -> tuple[Path, list[str]]:
    """Take --data out of the arguments; the rest goes to the shop's own command."""
    parser = argparse.ArgumentParser(prog="./run", add_help=False, allow_abbrev=False)
    parser.add_argument("--data", type=Path, default=ROOT / "var")
    found, rest = parser.parse_known_args(arguments)
    return found.data.absolute(), rest


@contextmanager
def shop(data: Path) -> Iterator[tuple[Services, dict[str, str]]]:
    """The servers of a data directory, migrated, and the settings for a process of ours."""
    need_environment(SERVING)
    os.umask(0o077)  # whatever is written from here on is nobody else's business
    data = data_directory.make(data)
    messages.compile_stale()
    with at_hand(data) as services:
        settings = {
            "VITRINE_MODE": os.environ.get("VITRINE_MODE", "development"),
            "VITRINE_DNS_PORT": os.environ.get("VITRINE_DNS_PORT", "8002"),
            "VITRINE_DEMO": os.environ.get("VITRINE_DEMO", "1" if (data / data_directory.DEMO).exists() else "0"),
        }
        environment = base_environment(**services.environment(), VITRINE_DATA=str(data), **settings)
        if services.server is not None or os.environ.get("OWNER_URL"):
            schema.bring_up(services, data, environment)
        yield services, environment


def errand(*command: str) -> Callable[[list[str]], int]:
    """A command of ./run that is a command of the shop."""

    def go(arguments: list[str]) -> int:
        data, rest = split_data(arguments)
        with shop(data) as (_, environment):
            if command == ("demo",):
                environment["VITRINE_DEMO"] = "1"
            return run(cli(*command, *rest), environment)

    return go


def leaks(arguments: list[str]) -> int:
    """./run leaks SHOP: what customers of a shop can see of the platform."""
    data, rest = split_data(arguments)
    with shop(data) as (_, environment):
        return run(tool("storefront.leaks", *rest), environment)


def keys(arguments: list[str]) -> int:
    """./run keys rotate: a fresh key seals from now on; the older ones still open what they sealed."""
    if not arguments or arguments[0] != "rotate":
        sentence = "./run keys knows one word: rotate."
        raise CannotGoOnError(sentence)
    return errand("keys-rotate")(arguments[1:])
