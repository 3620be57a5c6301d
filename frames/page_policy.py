"""rule: what a page's Content-Security-Policy lets it load, and the line that would let it load more.

Sources are compared as the Content Security Policy level 3 says in 6.7.2 (https://www.w3.org/TR/CSP3/).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

SCRIPT, FRAME, STYLE_ATTRIBUTE = "script-src-elem", "frame-src", "style-src-attr"
# Which directive speaks when another is not there (6.8.3).
FALLBACKS: Final[Mapping[str, tuple[str, ...]]] = {
    SCRIPT: (SCRIPT, "script-src", "default-src"),
    FRAME: (FRAME, "child-src", "default-src"),
    STYLE_ATTRIBUTE: (STYLE_ATTRIBUTE, "style-src", "default-src"),
}
# Where one would add a source: what most pages write and every browser reads.
WRITTEN: Final[Mapping[str, str]] = {SCRIPT: "script-src", FRAME: "frame-src", STYLE_ATTRIBUTE: "style-src"}
# What a meta element cannot say (HTML, pragma directives).
NOT_IN_META: Final = frozenset({"frame-ancestors", "sandbox", "report-uri", "report-to"})
LONGEST_POLICY: Final = 20_000
MOST_SOURCES: Final = 2_000  # of all policies of a page
LONGEST_LINE: Final = 600
_PORTS: Final = {"http": 80, "https": 443, "ws": 80, "wss": 443}
_SCHEME: Final = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_HOST: Final = re.compile(
    r"(?:(?P<scheme>[a-z][a-z0-9+.-]*)://)?(?P<host>\*|(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*)"
    r"(?::(?P<port>\*|[0-9]{1,5}))?(?P<path>/[^\s?#]*)?",
    re.IGNORECASE,
)
_HASH: Final = re.compile(r"'(sha(?:256|384|512))-([A-Za-z0-9+/_-]+={0,2})'", re.IGNORECASE)
_SPACE: Final = re.compile(r"[\t\n\f\r ]+")
_PRINTABLE: Final = re.compile(r"[!-~]+")


@dataclass(frozen=True, kw_only=True)
class Policy:
    """One policy: every policy of a page must allow what is loaded."""

    directives: Mapping[str, tuple[str, ...]]
    is_meta: bool = False

    def speaks(self, wanted: str) -> str:
        """Return the directive that decides about something; none if the policy says nothing about it."""
        return next((name for name in FALLBACKS[wanted] if name in self.directives), "")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Something a page wants to load."""

    url: str
    page: str  # the address of the page itself
    nonce: str = ""
    integrity: str = ""
    is_put_in: bool = False  # by a script of the page, not by its markup


def parse_policies(header: str) -> tuple[Policy, ...]:
    """Read a header, which may hold several policies with commas between."""
    return tuple(found for part in header[:LONGEST_POLICY].split(",") if (found := _parse(part, is_meta=False)))


def bounded(policies: Iterable[Policy]) -> list[Policy]:
    """Return the policies of a page, as many as together name no more sources than are ever compared."""
    kept, room = [], MOST_SOURCES
    for policy in policies:
        room -= sum(len(sources) for sources in policy.directives.values())
        if room < 0:
            break
        kept.append(policy)
    return kept


def parse_meta_policy(content: str) -> Policy | None:
    """Read the policy of a meta element."""
    return _parse(content[:LONGEST_POLICY], is_meta=True)


def _parse(text: str, *, is_meta: bool) -> Policy | None:
    directives: dict[str, tuple[str, ...]] = {}
    for piece in text.split(";"):
        words = [word for word in _SPACE.split(piece) if word]
        name = words[0].lower() if words else ""
        # The first of a name counts; a second one is ignored (2.2.1).
        if name and name.isascii() and name not in directives and not (is_meta and name in NOT_IN_META):
            directives[name] = tuple(word for word in words[1:] if word.isascii())
    return Policy(directives=directives, is_meta=is_meta) if directives else None


def allows_script(policy: Policy, wanted: Wanted) -> bool:
    """Whether a policy lets a page run a script from an address (6.7.1.1)."""
    name = policy.speaks(SCRIPT)
    if not name:
        return True
    sources = policy.directives[name]
    if wanted.nonce and f"'nonce-{wanted.nonce}'" in sources:
        return True
    if _all_hashed(wanted.integrity, sources):
        return True
    if any(word.lower() == "'strict-dynamic'" for word in sources):
        # Names do not count then: only what a trusted script puts in, or what carries the nonce.
        return wanted.is_put_in
    return matches_any(sources, wanted.url, page=wanted.page)


def allows_frame(policy: Policy, wanted: Wanted) -> bool:
    """Whether a policy lets a page show a frame from an address."""
    name = policy.speaks(FRAME)
    return not name or matches_any(policy.directives[name], wanted.url, page=wanted.page)


def allows_style_attributes(policy: Policy) -> bool:
    """Whether ``style="…"`` in the markup has an effect (6.7.3.3)."""
    name = policy.speaks(STYLE_ATTRIBUTE)
    if not name:
        return True
    sources = [word.lower() for word in policy.directives[name]]
    is_narrowed = any(word.startswith("'nonce-") or _HASH.fullmatch(word) for word in sources)
    return "'unsafe-inline'" in sources and not is_narrowed


def _all_hashed(integrity: str, sources: Sequence[str]) -> bool:
    sums = {(found[1].lower(), _plain(found[2])) for word in sources if (found := _HASH.fullmatch(word))}
    asked = [word.split("?")[0] for word in integrity.split()]
    named = [(kind.lower(), _plain(value)) for kind, _dash, value in (word.partition("-") for word in asked)]
    return bool(named) and all(each in sums for each in named)


def _plain(value: str) -> str:
    return value.replace("-", "+").replace("_", "/")


def matches_any(sources: Sequence[str], url: str, *, page: str) -> bool:
    """Whether an address is named by a list of sources; ``'none'`` counts only where it stands alone."""
    return any(matches(word, url, page=page) for word in sources)


def matches(source: str, url: str, *, page: str) -> bool:
    """Whether one source names an address (6.7.2.8)."""
    try:
        target, own = urlsplit(url), urlsplit(page)
        _are_numbers = target.port, own.port
    except ValueError:
        return False
    if not target.scheme or not target.hostname:
        return False
    if source == "*":
        return target.scheme in _PORTS or target.scheme == own.scheme
    if source.lower() == "'self'":
        return _is_self(target, own)
    if found := _SCHEME.fullmatch(source):
        return _scheme_matches(found[1].lower(), target.scheme)
    found = _HOST.fullmatch(source)
    return (
        found is not None
        and _scheme_matches((found["scheme"] or own.scheme).lower(), target.scheme)
        and _host_matches(found["host"].lower(), target.hostname)
        and _port_matches(found["port"] or "", target)
        and _path_matches(found["path"] or "", target.path)
    )


def _is_self(target: SplitResult, own: SplitResult) -> bool:
    """The page's own origin, or the same host where the target is encrypted and the page is not."""
    if target.hostname != own.hostname or not _scheme_matches(own.scheme, target.scheme):
        return False
    ports = (_port(target), _port(own))
    return ports[0] == ports[1] or (own.scheme != target.scheme and ports == (_PORTS["https"], _PORTS["http"]))


def _port(parts: SplitResult) -> int | None:
    return parts.port or _PORTS.get(parts.scheme)


def _scheme_matches(wanted: str, scheme: str) -> bool:
    """A plain scheme also names its encrypted one (6.7.2.9)."""
    return wanted == scheme or (wanted, scheme) in {
        ("http", "https"),
        ("ws", "wss"),
        ("ws", "http"),
        ("ws", "https"),
        ("wss", "https"),
    }


def _host_matches(pattern: str, host: str) -> bool:
    if pattern == "*":
        return True
    return host.endswith(pattern[1:]) if pattern.startswith("*.") else host == pattern


def _port_matches(wanted: str, target: SplitResult) -> bool:
    """No port means the usual one; 80 also names 443 (6.7.2.11)."""
    if wanted == "*":
        return True
    here = _port(target)
    if not wanted:
        return here == _PORTS.get(target.scheme)
    return int(wanted) == here or (int(wanted) == _PORTS["http"] and here == _PORTS["https"])


def _path_matches(wanted: str, path: str) -> bool:
    """A path with a slash at its end names all below it, one without only itself (6.7.2.12)."""
    if wanted in ("", "/"):
        return True
    here = unquote(path or "/").split("/")
    pattern = unquote(wanted).split("/")
    if not wanted.endswith("/"):
        return pattern == here
    return here[: len(pattern) - 1] == pattern[:-1]


def line_for(policy: Policy, wanted: str, source: str) -> str:
    """Write the directive as it should read to allow a source besides what it allows today.

    A directive of its own takes the place of the one it falls back to, so it repeats what that one says.
    """
    name = policy.speaks(wanted)
    written = name if name in (*FALLBACKS[wanted][:1], WRITTEN[wanted], "child-src") else WRITTEN[wanted]
    kept = [word for word in policy.directives.get(name, ()) if word.lower() != "'none'" and _PRINTABLE.fullmatch(word)]
    if name == "default-src" and wanted == FRAME:
        # Sums, nonces and words about scripts mean nothing for frames.
        kept = [word for word in kept if not word.startswith("'") or word.lower() == "'self'"]
    whole = " ".join([written, *dict.fromkeys([*kept, source])])
    return whole if len(whole) <= LONGEST_LINE else f"{written} {source}"


def missing_words(given: Sequence[str], needed: Sequence[str]) -> tuple[str, ...]:
    """List what a sandbox lacks (HTML, iframe sandbox); leave for any navigation includes the one by a press."""
    words = {word.lower() for word in given}
    if "allow-top-navigation" in words:
        words.add("allow-top-navigation-by-user-activation")
    return tuple(word for word in needed if word not in words)
