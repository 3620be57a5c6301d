"""Which tier a test counts for: said by its directory, or by the module it looks at."""

from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TIERS = ("rules", "actions", "web", "contracts", "journeys", "isolation", "architecture")
NAMED = {"contracts", "journeys", "isolation", "architecture"}
OTHERS = {
    "bench": "architecture",
    "crash": "journeys",
    "proofs": "journeys",
    "guides": "architecture",
    "machine": "architecture",
}
WITH_PAGES = {"web", "shop", "account", "panel", "reseller", "operator", "api", "hooks", "frames"}


@cache
def tier_of(nodeid: str) -> str:
    """The tier of a test by its pytest id, such as ``tests/storefront/core/test_money.py::test_x``."""
    path = Path(nodeid.partition("::")[0])
    folders = path.parts[1:-1]
    for folder in folders:
        if folder in NAMED:
            return folder
        if folder in OTHERS:
            return OTHERS[folder]
    if WITH_PAGES & set(folders):
        return "web"
    return "rules" if is_rule(ROOT.joinpath(*folders, path.name.removeprefix("test_"))) else "actions"


def is_rule(module: Path) -> bool:
    """Whether a module calls itself a rule in its first words."""
    if not module.is_file():
        return False
    with module.open(encoding="utf-8") as source:
        return source.readline().startswith('"""rule:')
