"""The files of the project, as the tests of the house read them."""

import ast
import subprocess
import tomllib
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("storefront", "tenants", "frames", "cms")


@cache
def modules() -> list[Path]:
    """Every module of the product."""
    return sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


@cache
def modules_of_tests() -> list[Path]:
    """Every module of the tests."""
    return sorted((ROOT / "tests").rglob("*.py"))


@cache
def tracked() -> list[Path]:
    """Every file that is, or is about to be, in the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    return sorted(ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file())


@cache
def tree_of(path: Path) -> ast.Module:
    """A module as Python reads it."""
    return ast.parse(text_of(path), filename=str(path))


@cache
def nodes_of(path: Path) -> tuple[ast.AST, ...]:
    """Everything in a module, in the order of a walk: many tests look through it, and walking takes longest."""
    return tuple(ast.walk(tree_of(path)))


@cache
def text_of(path: Path) -> str:
    """The words of a file."""
    return path.read_text(encoding="utf-8")


def name_of(path: Path) -> str:
    """A file's name inside the project."""
    return str(path.relative_to(ROOT))


def dotted(path: Path) -> str:
    """A module's name for ``import``."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def project() -> dict[str, Any]:
    """What pyproject.toml says."""
    return tomllib.loads(text_of(ROOT / "pyproject.toml"))


def contract(beginning: str) -> dict[str, Any]:
    """The import contract whose name begins so."""
    contracts: list[dict[str, Any]] = project()["tool"]["importlinter"]["contracts"]
    return next(each for each in contracts if each["name"].startswith(beginning))


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function of a module, methods and inner ones too."""
    return [node for node in nodes_of(path) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def offenders(paths: Iterable[Path], faults_of: Callable[[Path], list[str]]) -> dict[str, list[str]]:
    """The files with faults, and which: one look at all of them, since thousands of tests would say no more."""
    found = {name_of(path): faults_of(path) for path in paths}
    return {name: faults for name, faults in found.items() if faults}
