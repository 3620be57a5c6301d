"""rule: the platform's own names and hosts, and where a text says one of them. Addresses are exempt (decision 17)."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

AROUND: Final = 40


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One thing a customer can see: where, of which kind ("page", "header", "letter"…), and all that it says."""

    channel: str
    place: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Leak:
    """One place that names the platform, with a few letters around the word."""

    channel: str
    place: str
    word: str
    excerpt: str


class Words:
    """What must not be read: names as whole words, hosts with everything below them, in any case of letters."""

    def __init__(self, *, names: Iterable[str], hosts: Iterable[str]) -> None:
        self.names = tuple(dict.fromkeys(name.strip().lower() for name in names if name.strip()))
        self.hosts = tuple(dict.fromkeys(host.strip().lower().rstrip(".") for host in hosts if host.strip()))
        # Whatever stands before the host belongs to it; what goes on behind it is another host.
        spelled = [rf"(?<![\w-])(?:[\w-]+\.)*{re.escape(host)}(?![\w-]|\.\w)" for host in self.hosts]
        spelled += [rf"(?<!\w){_loosely(name)}(?!\w)" for name in sorted(self.names, key=len, reverse=True)]
        self._pattern = re.compile("|".join(spelled) or r"(?!)", re.IGNORECASE)

    def leaks_of(self, seen: Seen) -> Iterator[Leak]:
        """Find every different word in what was seen, once each."""
        told: set[str] = set()
        for found in self._pattern.finditer(seen.text):
            word = " ".join(found[0].lower().split())
            if word not in told:
                told.add(word)
                start, end = max(0, found.start() - AROUND), found.end() + AROUND
                excerpt = " ".join(seen.text[start:end].split())
                yield Leak(channel=seen.channel, place=seen.place, word=word, excerpt=excerpt)


def _loosely(name: str) -> str:
    """Spell a name so that a line break between its words hides nothing."""
    return r"\s+".join(re.escape(part) for part in name.split())
