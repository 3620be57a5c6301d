"""Percentages in titles are read however they are written."""

from fractions import Fraction

import pytest

from storefront.pricing.title_percent import percent_said

# What is written, and what it says; a dash: nothing.
CASES = """
20 % off | 20
20% off | 20
20% off | 20
-20 % | 20
%20 indirim | 20
\uff12\uff10\uff05 off | 20
20\ufe6a off | 20
20\u066a | 20
\u0662\u0660\u066a | 20
2\u20090 % | 20
2\u200b0\u200b% | 20
\u2461\u24ea % | 20
2\ufe0f\u20e30\ufe0f\u20e3% | 20
020 % | 20
00020 % | 20
12.5 % | 25/2
12,5 % weniger | 25/2
12½ % | 25/2
20 percent | 20
20 per cent | 20
20-percent sale | 20
20 PERCENT | 20
20 pct. | 20
20 p.c. | 20
20 p. c. | 20
20 Prozent | 20
20-prozentiger Rabatt | 20
20%iger Rabatt | 20
20 v. H. | 20
20 pour cent | 20
20 pour-cent | 20
20 procent taniej | 20
20 proc. taniej | 20
20-procentowa zniżka | 20
20 prosenttia | 20
20 prosent | 20
20 por ciento | 20
20 por cento | 20
20 per cento | 20
20 százalék | 20
20 \u043f\u0440\u043e\u0446\u0435\u043d\u0442\u043e\u0432 | 20
20/30 % | 30
10 % or 30 % | 30
Twenty percent less | 20
zwanzig Prozent | 20
dreißig Prozent | 30
vingt pour cent | 20
dwadzieścia procent | 20
half price | 50
Half the price | 50
½ price | 50
1/2 price | 50
halber Preis | 50
zum halben Preis | 50
à moitié prix | 50
za pół ceny | 50
a mitad de precio | 50
a metà prezzo | 50
Spring 2026 | -
Spring offer, 3 years | -
20 PCs | -
20 centimes less | -
% % % | -
Second half of the year | -
20 \u2030 | -
.shop for 9.90 | -
2 for 1 | -
"""


def cases() -> list[tuple[str, Fraction | None]]:
    rows = [line.rpartition(" | ") for line in CASES.strip().splitlines()]
    return [(title, None if said == "-" else Fraction(said)) for title, _bar, said in rows]


@pytest.mark.parametrize(("title", "said"), cases())
def test_percentage_is_read_however_it_is_written(title: str, said: Fraction | None) -> None:
    assert percent_said([title]) == said


def test_highest_of_all_languages_counts() -> None:
    assert percent_said(["10 % off", "30 Prozent", "Spring"]) == 30
