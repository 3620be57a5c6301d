"""Who may import whom: import-linter runs, every module has a storey, and every rule is on the list of pure ones."""

import re
import subprocess
import sys
from pathlib import Path

from tests.architecture.sources import ROOT, contract, dotted, modules, name_of, nodes_of, text_of, tree_of

import ast  # isort: skip

# Above and beside the storeys: entry points that see everything, and packages that only gather others.
APART = {"storefront", "storefront.models", "storefront.lookups", "storefront.operator_setup", "frames"} | {
    "storefront.devdns",
    "storefront.devdns_zones",
}
PARTS = re.compile(r"[()|:\s]+")


def storeys() -> set[str]:
    layers: list[str] = contract("Storeys")["layers"]
    return {part for layer in layers for part in PARTS.split(layer) if part} | {"storefront.machine"}


def test_imports_keep_the_contracts() -> None:
    program = Path(sys.executable).with_name("lint-imports")

    done = subprocess.run([program], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout[-4_000:]


def test_every_module_belongs_to_a_storey() -> None:
    known = storeys()

    strays = {
        dotted(path)
        for path in modules()
        if dotted(path) not in APART
        and not any(dotted(path) == each or dotted(path).startswith(f"{each}.") for each in known)
    }

    assert strays == set(), "give them a storey in pyproject.toml"


def test_rules_and_the_list_of_pure_modules_are_the_same() -> None:
    rules = {dotted(path) for path in modules() if (ast.get_docstring(tree_of(path)) or "").startswith("rule:")}

    assert rules == set(contract("Rules are pure")["source_modules"])


def test_only_the_registry_imports_adapters() -> None:
    """The contract says so for imports; this also sees imports inside functions of other packages."""
    elsewhere = [
        name_of(path)
        for path in modules()
        if "storefront.providers.adapters" in text_of(path)
        and dotted(path) != "storefront.providers.registry"
        and not dotted(path).startswith("storefront.providers.adapters")
    ]

    assert elsewhere == []


def test_functions_with_a_work_take_it_first() -> None:
    """A function whose first argument is ``db: Work`` touches the database; one without does not."""
    wrong = [
        f"{name_of(path)}:{node.lineno} {node.name}"
        for path in modules()
        for node in nodes_of(path)
        if isinstance(node, ast.FunctionDef)
        for position, argument in enumerate([*node.args.posonlyargs, *node.args.args])
        if argument.arg == "db" and position > (1 if node.args.args[0].arg in ("self", "cls") else 0)
    ]

    assert wrong == []
