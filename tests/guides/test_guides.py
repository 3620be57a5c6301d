"""The guides to the code are true: their blocks are written into a copy of the tree, and their commands run there."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import pytest

ROOT = Path(__file__).resolve().parents[2]
TRIED = "\n./run test "
# Guides to the offices are prose; what says how it is tried is followed.
GUIDES = [path for path in sorted((ROOT / "docs" / "guides").glob("*.md")) if TRIED in path.read_text(encoding="utf-8")]
COPIED = ("storefront", "tenants", "cms", "frames", "themes", "translations", "migrations", "tests")
SINGLE = ("pyproject.toml", "wsgi.py", "run", "docs/guides")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
PATH = re.compile(r"(?:# |{# |--- |/\* )(\S+?)(?: #}| \*/)?\n")


@dataclass(kw_only=True)
class Guide:
    """What a guide says to do: whole files, changes of files, commands."""

    files: dict[str, str] = field(default_factory=dict)
    changes: dict[str, str] = field(default_factory=dict)
    commands: list[list[str]] = field(default_factory=list)


def read(text: str) -> Guide:
    guide = Guide()
    for language, body in BLOCK.findall(text):
        if language == "sh":
            guide.commands += [line.split() for line in body.splitlines()]
            continue
        found = PATH.match(body)
        assert found, f"this block says no path: {body[:60]!r}"
        kept = guide.changes if language == "diff" else guide.files
        kept[found[1]] = body[found.end() :]
    return guide


def changed(text: str, diff: str) -> str:
    """Apply the hunks of a diff; each must fit exactly one place."""
    for hunk in re.split(r"^@@.*\n", diff, flags=re.MULTILINE)[1:]:
        lines = hunk.splitlines(keepends=True)
        old = "".join(line[1:] for line in lines if line[0] in " -")
        new = "".join(line[1:] for line in lines if line[0] in " +")
        assert text.count(old) == 1, f"the guide changes lines that are not there (any more):\n{old}"
        text = text.replace(old, new)
    return text


def follow(guide: Guide, tree: Path) -> list[str]:
    """Do what the guide says; returns the paths it touched."""
    for name, body in guide.files.items():
        path = tree / name
        assert not path.exists(), f"{name} is there already"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(body, encoding="utf-8")
    for name, diff in guide.changes.items():
        path = tree / name
        path.write_text(changed(path.read_text(encoding="utf-8"), diff), encoding="utf-8")
    return [name for name in (*guide.files, *guide.changes) if name.endswith(".py")]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the tree that may be changed, with what Python compiled: made anew it would take seconds each time."""
    for name in COPIED:
        shutil.copytree(ROOT / name, tmp_path / name)
    for name in SINGLE:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).symlink_to(ROOT / name)
    return tmp_path


def run(tree: Path, *arguments: str) -> None:
    """Run one of our tools in the copy, with databases of its own names."""
    names = {"TEST_PREFIX": f"vitrine_test_{uuid4().hex[:12]}", "PYTHONPATH": str(tree)}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    command = [sys.executable, "-m", *arguments]

    done = subprocess.run(command, cwd=tree, env={**kept, **names}, capture_output=True, text=True, check=False)

    assert done.returncode == 0, f"{' '.join(arguments)}\n{done.stdout[-6000:]}\n{done.stderr[-2000:]}"


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: path.stem)
def test_guide_can_be_followed(path: Path, tree: Path) -> None:
    guide = read(path.read_text(encoding="utf-8"))

    touched = follow(guide, tree)

    run(tree, "ruff", "check", *touched)
    run(tree, "ruff", "format", "--check", *touched)
    tests = [command[2:] for command in guide.commands if command[:2] == ["./run", "test"]]
    assert tests
    for arguments in tests:
        run(tree, "pytest", "-n", "0", *arguments)


def test_change_that_does_not_fit_is_refused() -> None:
    with pytest.raises(AssertionError, match="not there"):
        changed("one\ntwo\n", "@@\n one\n-three\n+four\n")


def test_change_is_made_in_its_place() -> None:
    assert changed("one\ntwo\nthree\n", "@@\n one\n-two\n+deux\n@@\n+and\n three\n") == "one\ndeux\nand\nthree\n"
