"""The table of a proof: which matrix, how many cases, what came of them; printed, and written to docs/proofs.md."""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

PAPER = Path(__file__).parents[1] / "docs" / "proofs.md"
HEAD = """# Proofs

Whole matrices are too long for every commit: `./run proof` runs them, prints this table and writes it here. What a
matrix shows in small stands in `./run test` as well. Every case of a row must have passed for the row to count.

| matrix | cases | passed | failed | seconds |
| --- | ---: | ---: | ---: | ---: |
"""


@dataclass
class Row:
    """One matrix."""

    cases: int = 0
    passed: int = 0
    seconds: float = 0.0
    failed: list[str] = field(default_factory=list)


def table(results: list[tuple[str, bool, float]]) -> str:
    """Write the table of results: node id, whether it passed, how long it took."""
    rows: OrderedDict[str, Row] = OrderedDict()
    for node, passed, seconds in results:
        path, _, name = node.partition("::")
        matrix = f"`{Path(path).stem}` {name.partition('[')[0].removeprefix('test_').replace('_', ' ')}"
        row = rows.setdefault(matrix, Row())
        row.cases += 1
        row.passed += passed
        row.seconds += seconds
        if not passed:
            row.failed.append(node)
    lines = [
        f"| {matrix} | {row.cases} | {row.passed} | {row.cases - row.passed} | {row.seconds:.0f} |"
        for matrix, row in rows.items()
    ]
    return "\n".join(lines) + "\n"


def write(results: list[tuple[str, bool, float]], on: date) -> str:
    """Write the paper and return its table."""
    made = table(results)
    PAPER.write_text(f"{HEAD}{made}\nRun on {on:%d %B %Y}, on two shared cores.\n", encoding="utf-8")
    return made
