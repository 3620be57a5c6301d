"""rule: page addresses; those the shop keeps for itself."""

import re
from unicodedata import combining, normalize

RESERVED = (
    "search",
    "cart",
    "checkout",
    "pay",
    "price-list",
    "account",
    "panel",
    "drafts",
    "write",
    "reseller",
    "operator",
    "frames",
    "api",
    "hooks",
    "assets",
    "media",
    ".well-known",
    "legal",
    "healthz",
    "readyz",
    "metrics",
    "en",
    "fr",
    "pl",
    "de",
)
# Files that every host has.
FILES = ("robots.txt", "sitemap.xml", "favicon.ico")
_SHAPE = re.compile(r"(/|(/[a-z0-9]+(-[a-z0-9]+)*){1,4})")
LONGEST = 120
# Behind an address a number may come that sets it apart, or the word that keeps it from one of the shop's own.
_ROOM, _SHORTEST_STEP = 10, 8


def normal_path(path: str) -> str:
    """Return an address as pages keep it: one slash in front, none behind, lower case."""
    return "/" + path.strip("/").lower()


def is_allowed(path: str) -> bool:
    """Whether a page may live at this address."""
    first = path.strip("/").split("/", maxsplit=1)[0]
    return len(path) <= LONGEST and bool(_SHAPE.fullmatch(path)) and first not in RESERVED


def fitting(path: str) -> str:
    """Return an address that a page may have: cut where it is too long, and never one of the shop's own."""
    above, _, step = path.rpartition("/")
    if len(path) > LONGEST - _ROOM:
        room = LONGEST - _ROOM - len(above) - 1
        above, room = (above, room) if room >= _SHORTEST_STEP else ("", LONGEST - _ROOM - 1)
        path = f"{above}/{step[:room].strip('-')}"
    return path if is_allowed(path) else f"{path}-page"


def is_kept_by_shop(path: str) -> bool:
    """Whether the shop keeps an address for itself: its search, its cart, its offices and the like."""
    return path.strip("/").split("/", maxsplit=1)[0] in {*RESERVED, *FILES}


def slug_of(title: str) -> str:
    """Make the last step of an address from a title: lower case, without accents, with hyphens."""
    plain = normalize("NFKD", title.replace("ß", "ss").replace("ł", "l").replace("Ł", "l").replace("œ", "oe"))
    letters = "".join(letter for letter in plain.lower() if not combining(letter))
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:60].strip("-")
