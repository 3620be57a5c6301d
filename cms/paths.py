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
_SHAPE = re.compile(r"(/|(/[a-z0-9]+(-[a-z0-9]+)*){1,4})")
LONGEST = 120


def normal_path(path: str) -> str:
    """Return an address as pages keep it: one slash in front, none behind, lower case."""
    return "/" + path.strip("/").lower()


def is_allowed(path: str) -> bool:
    """Whether a page may live at this address."""
    first = path.strip("/").split("/", maxsplit=1)[0]
    return len(path) <= LONGEST and bool(_SHAPE.fullmatch(path)) and first not in RESERVED


def is_kept_by_shop(path: str) -> bool:
    """Whether the shop keeps an address for itself: its search, its cart, its offices and the like."""
    return path.strip("/").split("/", maxsplit=1)[0] in RESERVED


def slug_of(title: str) -> str:
    """Make the last step of an address from a title: lower case, without accents, with hyphens."""
    plain = normalize("NFKD", title.replace("ß", "ss").replace("ł", "l").replace("Ł", "l").replace("œ", "oe"))
    letters = "".join(letter for letter in plain.lower() if not combining(letter))
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:60].strip("-")
