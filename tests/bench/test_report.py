"""What the bench makes of its rounds."""

import pytest

from tests.bench.report import Round, spread


def rounds(*rates: float) -> list[Round]:
    return [Round(rate=rate, cost_us=1e6 / rate) for rate in rates]


def test_machine_that_slows_down_between_rounds_says_nothing_about_the_rows() -> None:
    few, many = rounds(1000, 500, 800), rounds(900, 450, 720)

    assert spread([few, many], lambda each: each.rate) == pytest.approx(0.1)


def test_spread_counts_the_worst_row_against_the_best() -> None:
    rows = [rounds(1000, 1000, 1000), rounds(950, 950, 950), rounds(600, 600, 600)]

    assert spread(rows, lambda each: each.rate) == pytest.approx(0.4)


def test_one_disturbed_round_of_several_does_not_count() -> None:
    few, many = rounds(1000, 1000, 100), rounds(1000, 1000, 1000)

    assert spread([few, many], lambda each: each.rate) == pytest.approx(0)
