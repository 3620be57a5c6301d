"""The paper about prices says what the engine says."""

import re

import pytest

from storefront.pricing.explain import Step
from tests import price_paper
from tests.isolation.routes import routes


def test_paper_ends_with_what_the_engine_tells() -> None:
    written = price_paper.PAPER.read_text(encoding="utf-8")

    assert written.partition(price_paper.MARK)[1:] == (
        price_paper.MARK,
        price_paper.paper().removeprefix(price_paper.MARK),
    )


def test_picture_is_drawn_by_the_engine() -> None:
    assert price_paper.PICTURE.read_text(encoding="utf-8") == price_paper.drawn()


@pytest.mark.parametrize("example", price_paper.EXAMPLES, ids=lambda example: example.title)
def test_steps_of_an_example_come_in_the_order_of_the_paper(example: price_paper.Example) -> None:
    steps: tuple[Step, ...] = price_paper.explained(example).steps
    order = list(price_paper.NAMES)

    places = [order.index(step.kind) for step in steps]

    assert places == sorted(places)


def test_pages_that_the_paper_names_exist() -> None:
    named = set(re.findall(r"`(/reseller/[\w-]+)`", price_paper.PAPER.read_text(encoding="utf-8")))

    assert named
    assert named - {str(route.rule).rstrip("/") for route in routes()} == set()
