"""rule: what a check of a page goes by: what came, what the shop knows, and what is found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from frames.kinds import Kind
from frames.origins import origin_of
from frames.page_policy import Policy
from frames.page_reading import Element, Inline, PageFacts, Script
from frames.snippet import Lines

WRONG, WARNING, RIGHT = "wrong", "warning", "right"
LONGEST_FACT: Final = 200


@dataclass(frozen=True, kw_only=True)
class Visit:
    """What came of asking for a page. ``trouble`` says why nothing came: a key of health_words.py."""

    address: str
    final: str = ""  # where it led to; the same where it did not
    trouble: str = ""
    status: int = 0
    content_type: str = ""
    policies: Sequence[str] = ()  # headers
    isolation: str = ""  # the header Cross-Origin-Embedder-Policy
    page: PageFacts | None = None

    @property
    def url(self) -> str:
        """Where the page is."""
        return self.final or self.address


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What the shop knows of the frame that should stand there."""

    hosts: Sequence[str]  # origins the shop answers at
    kind: Kind
    key: str  # empty where nobody made it: then the kind says which it is
    lines: Lines
    integrity: str
    allowed: Sequence[str] = ()  # origins that may hold it now
    sites: Mapping[str, bool] = field(default_factory=dict)  # those that were named, and whether they are proven
    others: Mapping[str, str] = field(default_factory=dict)  # the shop's other frames: key → name
    is_open: bool = True

    @property
    def host(self) -> str:
        """The origin the lines name."""
        parts = urlsplit(self.lines.link.partition('href="')[2].partition('"')[0])
        return f"{parts.scheme}://{parts.netloc}"

    def is_element(self, element: Element) -> bool:
        """Whether an element names this very frame."""
        return element.key == self.key and bool(self.key or element.tag == self.kind.element)

    def is_window(self, window: tuple[str, str]) -> bool:
        """Whether the address of a window (kind, key) names this very frame."""
        return window[1] == self.key and bool(self.key or window[0] == self.kind.key)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that is wrong: a key with what its sentence names, and the very line to add or paste."""

    key: str
    light: str = WRONG
    facts: Mapping[str, str] = field(default_factory=dict)
    line: str = ""

    def as_row(self) -> dict[str, Any]:
        """Return it as it is kept."""
        return {"key": self.key, "light": self.light, "facts": dict(self.facts), "line": self.line}


def finding(word: str, line: str = "", light: str = WRONG, **facts: str) -> Finding:
    """Make a finding; what a page says of itself is cut short and holds no signs that do not show."""
    kept = {name: "".join(sign for sign in value[:LONGEST_FACT] if sign.isprintable()) for name, value in facts.items()}
    return Finding(key=word, light=light, facts=kept, line=line)


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A page with what the shop knows; what is asked of it counts only what browsers carry out."""

    visit: Visit
    page: PageFacts
    shop: Expected
    policies: Sequence[Policy]
    sandbox: tuple[str, ...] | None = None  # of an iframe around what is looked at

    @property
    def site(self) -> str:
        """The origin of the page."""
        return origin_of(self.visit.url) or ""

    @property
    def is_encrypted(self) -> bool:
        """Whether the page itself is."""
        return urlsplit(self.visit.url).scheme == "https"

    @property
    def upgrades(self) -> bool:
        """Whether browsers ask for everything in it encrypted."""
        return any("upgrade-insecure-requests" in policy.directives for policy in self.policies)

    @property
    def scripts(self) -> list[Script]:
        """Scripts that put windows in."""
        return [each for each in self.page.scripts if not each.place]

    @property
    def elements(self) -> list[Element]:
        """Our elements, whatever they show."""
        return [each for each in self.page.elements if not each.place]

    @property
    def iframes(self) -> list[Inline]:
        """Windows of this shop."""
        return [each for each in self.page.iframes if not each.place and self.is_ours(each.url) and each.window[0]]

    def is_ours(self, url: str) -> bool:
        """Whether an address is the shop's, encrypted or not."""
        origin = origin_of(url.split("?", maxsplit=1)[0]) or ""
        return urlsplit(origin).netloc in {urlsplit(host).netloc for host in self.shop.hosts}

    @property
    def ours(self) -> list[Element]:
        """Elements of this very frame."""
        return [each for each in self.elements if self.shop.is_element(each)]

    @property
    def framed(self) -> list[Inline]:
        """Plain iframes of this very frame."""
        return [each for each in self.iframes if self.shop.is_window(each.window)]


def light_of(findings: Sequence[Mapping[str, Any]]) -> str:
    """The worst of what was found; ``right`` where there is nothing."""
    lights = {each.get("light") for each in findings}
    return WRONG if WRONG in lights else WARNING if lights else RIGHT
