"""Every module, public class and public function says in one line what it is for."""

import ast
from pathlib import Path

from tests.architecture.sources import ROOT, modules, modules_of_tests, name_of, offenders, tree_of

SCRIPTS = [*modules(), ROOT / "wsgi.py", ROOT / "run"]


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        name_of(path)
        for path in [*SCRIPTS, *modules_of_tests()]
        if tree_of(path).body and not (ast.get_docstring(tree_of(path)) or "").strip()
    ]

    assert silent == [], "begin with one line that says what this module is for"


def test_public_things_say_what_they_are_for() -> None:
    assert offenders(modules(), _silent) == {}


def _silent(path: Path) -> list[str]:
    return [
        f"{node.lineno} {node.name}"
        for node in tree_of(path).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and "overload" not in {ast.unparse(each) for each in node.decorator_list}
        and not ast.get_docstring(node)
    ]


def test_sentences_of_modules_are_their_own() -> None:
    told: dict[str, str] = {}
    twice = []

    for path in modules():
        words = (ast.get_docstring(tree_of(path)) or "").splitlines()
        if words and path.name != "__init__.py":
            if words[0] in told:
                twice.append((told[words[0]], name_of(path)))
            told[words[0]] = name_of(path)

    assert twice == []
