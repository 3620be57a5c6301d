"""The figures of one run, as a table for a terminal and for docs/performance.md."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import mean, median

from tests.bench.servers import Held

# Server, how many times "hello" it should be at least, and what it stands for.
JUDGED = (
    ("ready", 1.0, "As shipped, from memory or the store"),
    ("memory", 2.0, "With memory enough for all pages"),
    ("store", 1.0, "With no memory for pages, so that every answer is the store's"),
)


@dataclass(frozen=True, kw_only=True)
class Round:
    """One server asked once: answers a second, and processor time for each, microseconds."""

    rate: float
    cost_us: float


@dataclass(kw_only=True)
class Row:
    """Rounds of one kind of visit, by server; those of one round stand at the same place of each list."""

    name: str
    rounds: dict[str, list[Round]] = field(default_factory=dict)

    def ratio(self, server: str) -> float:
        """Return how much faster than "hello" the server was: the median of the rounds' ratios."""
        pairs = zip(self.rounds[server], self.rounds["hello"], strict=True)
        return median(ours.rate / max(hello.rate, 1) for ours, hello in pairs)

    def cost_ratio(self, server: str) -> float:
        """Return the processor time of "hello" over ours: the same question, deaf to the neighbours' noise."""
        pairs = zip(self.rounds[server], self.rounds["hello"], strict=True)
        return median(hello.cost_us / ours.cost_us if ours.cost_us else 0.0 for ours, hello in pairs)

    def rate(self, server: str) -> float:
        """Return the median of the answers a second."""
        return median(one.rate for one in self.rounds[server])


@dataclass(kw_only=True)
class Report:
    """Everything that one run found."""

    conditions: str
    rows: list[Row] = field(default_factory=list)
    made: Row | None = None
    queries: list[tuple[str, str, int | None]] = field(default_factory=list)
    random_hosts: str = ""
    held: dict[str, Held] = field(default_factory=dict)

    def lines(self) -> list[str]:
        """Write the tables in Markdown."""
        return [
            self.conditions,
            "",
            "| random host among | hello /s "
            + "".join(f"| {title} /s | ratio | by CPU " for title in ("as shipped", "from memory", "from the store"))
            + "|",
            "|---|---" + "|---|---|---" * 3 + "|",
            *[_hosts_line(row) for row in self.rows],
            "",
            *self._judged(),
            "",
            "| page | SQL queries | goal |",
            "|---|---|---|",
            *[f"| {name} | {found} | {'' if goal is None else f'≤ {goal}'} |" for name, found, goal in self.queries],
            "",
            self.random_hosts,
            "",
            "| worker | resident MiB | without shared file pages |",
            "|---|---|---|",
            *[f"| {name} | {held.resident:.0f} | {held.own:.0f} |" for name, held in self.held.items()],
        ]

    def _judged(self) -> list[str]:
        found = []
        for server, goal, title in JUDGED:
            ratios = [row.ratio(server) for row in self.rows]
            asked = [row.rounds[server] for row in self.rows]
            found.append(
                f"{title}: {min(ratios):.2f} times hello at least (goal {goal:g}); from few hosts to many, within a "
                f"round, it varies by {spread(asked, _rate):.0%}, by processor time {spread(asked, _cost):.0%} "
                "(goal 15 %)."
            )
        if self.made is not None:
            ratio, cost = self.made.ratio("ready"), self.made.cost_ratio("ready")
            found.append(
                f"Home page made by the app each time: {ratio:.1%} of hello, by processor time {cost:.1%} (goal 7 %)."
            )
        return found


def _hosts_line(row: Row) -> str:
    cells = [f"{row.rate('hello'):,.0f}"]
    for server, _goal, _title in JUDGED:
        cells += [f"{row.rate(server):,.0f}", f"**{row.ratio(server):.2f}**", f"{row.cost_ratio(server):.2f}"]
    return f"| {row.name} | {' | '.join(cells)} |"


def spread(rows: Sequence[Sequence[Round]], value: Callable[[Round], float]) -> float:
    """Return by what part the least of some rows is below the greatest, each told by the median of its rounds.

    A round of one row counts as its part of what all rows found in that round, moments before and after: a machine that
    is slower in one round than in another says nothing about the rows.
    """
    usual = [mean(value(each) for each in together) for together in zip(*rows, strict=True)]
    parts = [median(value(each) / of for each, of in zip(row, usual, strict=True)) for row in rows]
    return 1 - min(parts) / max(parts)


def _rate(found: Round) -> float:
    return found.rate


def _cost(found: Round) -> float:
    return found.cost_us
