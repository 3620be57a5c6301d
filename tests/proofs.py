"""The table of a proof: which matrix, how many cases, what came of them; printed, and written to docs/proofs.md."""

import re
from collections import Counter, OrderedDict
from dataclasses import dataclass
from datetime import date
from pathlib import Path

PAPER = Path(__file__).parents[1] / "docs" / "proofs.md"
# How many examples of each law were tried and held; tests/laws.py counts them.
TRIED: Counter[str] = Counter()
TABLE = """| matrix | cases | passed | failed | seconds | run on |
| --- | ---: | ---: | ---: | ---: | --- |
"""
HEAD = f"""# Proofs

Whole matrices are too long for every commit: `./run proof` runs them, prints this table and writes it here, and
`./run proof prices` (or another family) only the rows of that family. What a matrix shows in small stands in
`./run test` as well. Every case of a row must have passed for the row to count. The cases of a law are examples drawn
at random. Run on two shared cores.

{TABLE}"""
ROW = re.compile(r"^\| (?P<matrix>`[^|]*) \|.*\|\n", re.MULTILINE)


@dataclass
class Row:
    """One matrix."""

    cases: int = 0
    passed: int = 0
    seconds: float = 0.0

    def __str__(self) -> str:
        return f"{self.cases:,} | {self.passed:,} | {self.cases - self.passed:,} | {self.seconds:.0f}"


def rows_of(results: list[tuple[str, bool, float]], on: date) -> OrderedDict[str, str]:
    """Write the rows of results: node id, whether it passed, how long it took."""
    rows: OrderedDict[str, Row] = OrderedDict()
    for node, passed, seconds in results:
        path, _, name = node.partition("::")
        matrix = f"`{Path(path).stem}` {name.partition('[')[0].removeprefix('test_').replace('_', ' ')}"
        row = rows.setdefault(matrix, Row())
        # A law that fails has met one case against it; what held before and while it was made smaller counts.
        held = TRIED[node] or int(passed)
        row.cases += held + (not passed)
        row.passed += held
        row.seconds += seconds
    return OrderedDict((matrix, f"| {matrix} | {row} | {on:%d %B %Y} |\n") for matrix, row in rows.items())


def table(results: list[tuple[str, bool, float]], on: date) -> str:
    """Write the table of results."""
    return TABLE + "".join(rows_of(results, on).values())


def write(results: list[tuple[str, bool, float]], on: date, *, whole: bool) -> str:
    """Write the paper and return the table; unless all matrices ran, the rows of others stay as they are."""
    rows = rows_of(results, on)
    before = PAPER.read_text(encoding="utf-8") if PAPER.exists() else ""
    PAPER.write_text(HEAD + "".join(rows.values()) if whole else kept(before, rows), encoding="utf-8")
    return table(results, on)


def kept(before: str, rows: OrderedDict[str, str]) -> str:
    """Return a paper with its rows replaced by those of the same name, and the others added behind the last."""
    found = {each["matrix"]: each[0] for each in ROW.finditer(before)}
    *_, last = ROW.finditer(before)
    merged = {**found, **rows}
    first = before.index(next(iter(found.values())))
    return before[:first] + "".join(merged.values()) + before[last.end() :]
