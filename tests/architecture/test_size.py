"""Nothing grows too large to be read in one go: 400 lines a module, 60 a function, five positional arguments.

Tests may be a little longer: their tables of cases are read from top to bottom.
"""

import ast

from tests.architecture.sources import functions, modules, modules_of_tests, name_of, text_of

LINES_OF_MODULE, LINES_OF_FUNCTION = 400, 60
LINES_OF_TESTS, LINES_OF_A_TEST = 500, 80
POSITIONAL = 5
TESTS = frozenset(modules_of_tests())


def test_modules_are_short() -> None:
    long = {
        name_of(path): length
        for path in [*modules(), *TESTS]
        if (length := len(text_of(path).splitlines())) > (LINES_OF_TESTS if path in TESTS else LINES_OF_MODULE)
    }

    assert long == {}


def test_functions_are_short() -> None:
    long = {
        f"{name_of(path)}:{node.lineno} {node.name}": length
        for path in [*modules(), *TESTS]
        for node in functions(path)
        if (length := (node.end_lineno or 0) - node.lineno + 1)
        > (LINES_OF_A_TEST if path in TESTS else LINES_OF_FUNCTION)
    }

    assert long == {}


def test_functions_take_few_positional_arguments() -> None:
    many = {
        f"{name_of(path)}:{node.lineno} {node.name}": number
        for path in modules()
        for node in functions(path)
        if (number := _positional(node)) > POSITIONAL
    }

    assert many == {}


def _positional(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    named = [argument.arg for argument in [*node.args.posonlyargs, *node.args.args]]
    # Signatures of frameworks are out of our hands; ruff asks for a reason there, which is read here.
    return len([name for name in named if name not in ("self", "cls") and not name.startswith("_")])
