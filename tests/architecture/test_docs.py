"""The papers are true: what they name exists, what exists they name, and their links lead somewhere."""

import ast
import dataclasses
import re
import tomllib
from pathlib import Path

import pytest

from storefront.core.config import Config
from storefront.machine.commands import COMMANDS, HELP

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAPERS = sorted([*ROOT.glob("*.md"), *DOCS.glob("**/*.md"), *(ROOT / "translations").glob("*.md")])
# Written by the runs that measure, so a fresh checkout may not have them yet.
MEASURED = {DOCS / "performance.md", DOCS / "proofs.md"}

TEN_WORDS = ["reseller", "Work", "rule", "action", "query", "event", "reaction", "operation", "connection", "theme"]
HOMES = {  # word → what its module must define; a theme's home is no Python
    "reseller": {"Reseller"},
    "Work": {"Work"},
    "rule": set(),
    "action": {"place_order"},
    "query": {"domains_of"},
    "event": {"ProformaPaid"},
    "reaction": {"REACTIONS"},
    "operation": {"Operation"},
    "connection": {"open_registrar"},
    "theme": set(),
}
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FENCED = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
PATH = re.compile(r"`((?:storefront|tenants|cms|frames|themes|tests|migrations|translations|docs)/[\w./-]+)`")
SETTING = re.compile(r"^\| `([A-Z_]+)` \|", re.MULTILINE)
SECTIONS = ["Context", "Decision", "Consequences", "What else was considered"]


def name_of(paper: Path) -> str:
    return str(paper.relative_to(ROOT))


def prose(paper: Path) -> str:
    return FENCED.sub("", paper.read_text(encoding="utf-8"))


def defined_in(module: Path) -> set[str]:
    """Names that a module defines at its top level."""
    found = set()
    for node in ast.parse(module.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.AnnAssign | ast.Assign):
            targets = [node.target] if isinstance(node, ast.AnnAssign) else node.targets
            found |= {target.id for target in targets if isinstance(target, ast.Name)}
    return found


def ten_words() -> dict[str, list[Path]]:
    """The table of the ten words: each with the files that it names."""
    rows = re.findall(r"^\| \*\*(\w+)\*\* \|.*\| (.*) \|$", (DOCS / "architecture.md").read_text("utf-8"), re.MULTILINE)
    return {word: [ROOT / place for place in re.findall(r"`([^`]+)`", places)] for word, places in rows}


def layers() -> list[str]:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    found: list[str] = next(each["layers"] for each in contracts if each["type"] == "layers")
    return [re.sub(r"[()]", "", layer) for layer in found]


def test_there_are_ten_words() -> None:
    assert list(ten_words()) == TEN_WORDS


@pytest.mark.parametrize("word", TEN_WORDS)
def test_word_lives_where_the_table_says(word: str) -> None:
    places = ten_words()[word]

    found = set().union(*(defined_in(place) for place in places if place.suffix == ".py"))

    assert all(place.is_file() for place in places)
    assert found >= HOMES[word]


def test_rules_of_the_table_call_themselves_rules() -> None:
    openings = [place.read_text(encoding="utf-8")[:8] for place in ten_words()["rule"]]

    assert set(openings) == {'"""rule:'}


def test_storeys_are_those_of_the_linter() -> None:
    block = re.search(
        r"^```storeys\n(.*?)^```", (DOCS / "architecture.md").read_text("utf-8"), re.DOTALL | re.MULTILINE
    )

    assert block is not None
    assert block[1].splitlines() == layers()


def test_picture_shows_every_storey() -> None:
    picture = (DOCS / "storeys.svg").read_text(encoding="utf-8")
    names = {part.strip() for layer in layers() for part in re.split(r"[|:]", layer)}
    # Frames below the pages are one box, those above them another.
    boxed = {re.sub(r"^frames\.(?!views$).*", "frames", re.sub(r"views_.*", "views", name)) for name in names}
    shown = {name.removeprefix("storefront.") for name in boxed}

    boxes = set(re.findall(r'text-anchor="middle">([\w.]+)</text>', picture))

    assert boxes == shown


def test_picture_dashes_what_is_not_built() -> None:
    picture = (DOCS / "storeys.svg").read_text(encoding="utf-8")
    dashed = set(re.findall(r'stroke-dasharray="3 3"/>\s*<text[^>]*>([\w.]+)</text>', picture))

    places = {name: ROOT / "storefront" / name for name in dashed} | {
        "frames": ROOT / "frames" / "settings.py",
        "frames.views": ROOT / "frames" / "views.py",
    }
    built = {name for name in dashed if places[name].exists() or places[name].with_suffix(".py").exists()}

    assert built == set()


def test_readme_names_every_command_and_no_other() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")

    assert set(re.findall(r"^\| `\./run (\w+)` \|", text, re.MULTILINE)) == set(COMMANDS)


@pytest.mark.parametrize("paper", PAPERS, ids=name_of)
def test_commands_in_papers_exist(paper: Path) -> None:
    named = set(re.findall(r"(?:^|[`(])\./run (\w+)", paper.read_text(encoding="utf-8"), re.MULTILINE))

    assert named - set(COMMANDS) == set()


def test_help_names_every_command() -> None:
    assert {name for name in COMMANDS if not re.search(rf"\b{name}\b", HELP)} == set()


def test_readme_names_every_option_of_serve() -> None:
    options = set(re.findall(r'"(--[\w-]+)"', (ROOT / "storefront" / "machine" / "serve.py").read_text("utf-8")))
    of_serve = {option for option in options if option in HELP}

    named = set(re.findall(r"--[\w-]+", (ROOT / "README.md").read_text("utf-8")))

    assert of_serve >= {"--host", "--port", "--data", "--workers", "--no-demo"}
    assert of_serve <= named


@pytest.mark.parametrize("paper", PAPERS, ids=name_of)
def test_links_lead_somewhere(paper: Path) -> None:
    places = [link.partition("#")[0] for link in LINK.findall(prose(paper)) if not re.match(r"https?:|mailto:|#", link)]

    missing = [place for place in places if not (paper.parent / place).exists()]

    assert [place for place in missing if (paper.parent / place).resolve() not in MEASURED] == []


@pytest.mark.parametrize("paper", PAPERS, ids=name_of)
def test_files_named_in_papers_exist(paper: Path) -> None:
    # A guide names the files that it makes.
    made = set(re.findall(r"^(?:# |{# )(\S+)", paper.read_text(encoding="utf-8"), re.MULTILINE))

    missing = [place for place in PATH.findall(prose(paper)) if place not in made and not (ROOT / place).exists()]

    assert missing == []


def test_settings_of_the_manual_are_those_that_are_read() -> None:
    source = (ROOT / "storefront" / "core" / "config.py").read_text(encoding="utf-8")
    asked = [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args
    ]
    readers = {"get", "url", "words", "addresses", "choice", "whole", "number"}
    read = {
        call.args[0].value
        for call in asked
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in readers
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
        and call.args[0].value.isupper()
    }

    told = set(SETTING.findall((DOCS / "operate" / "install.md").read_text(encoding="utf-8")))

    assert read
    assert told == read


def test_defaults_of_the_manual_are_those_of_the_settings() -> None:
    rows = re.findall(
        r"^\| `([A-Z_]+)` \| `?([^`|]*?)`? \|", (DOCS / "operate" / "install.md").read_text("utf-8"), re.MULTILINE
    )
    told = {name.lower().removeprefix("vitrine_"): default for name, default in rows}
    known = {
        item.name: f"{item.default:g}" if isinstance(item.default, float) else str(item.default)
        for item in dataclasses.fields(Config)
        if isinstance(item.default, str | int | float) and not isinstance(item.default, bool)
    }
    shared = told.keys() & known.keys()

    assert len(shared) > 10
    assert {name: told[name] for name in shared} == {name: known[name] or "empty" for name in shared}


def test_decisions_are_listed_and_whole() -> None:
    folder = DOCS / "adr"
    records = sorted(path.name for path in folder.glob("[0-9]*.md"))

    listed = re.findall(r"^\| \[\d{4}\]\(([^)]+)\)", (folder / "README.md").read_text("utf-8"), re.MULTILINE)

    assert listed == records
    for record in records:
        sections = re.findall(r"^## (.*)$", (folder / record).read_text("utf-8"), re.MULTILINE)
        assert sections == SECTIONS, record


def test_decisions_that_the_code_names_exist() -> None:
    sources = [path for room in ("storefront", "tenants", "cms", "migrations") for path in (ROOT / room).rglob("*.py")]
    named = {number for path in sources for number in re.findall(r"ADR (\d{4})", path.read_text(encoding="utf-8"))}

    assert named
    assert {number for number in named if not list((DOCS / "adr").glob(f"{number}-*.md"))} == set()
