"""Drawings are counted before they are drawn: what is used again and again costs nobody's time."""

import time

import pytest

from storefront.core.errors import Refused
from tenants.svg_clean import MOST_DRAWN, clean_drawing
from tests.tenants.hostile_drawings import SHAPE, around


def chain(steps: int, use: str) -> str:
    """Parts of which each has two of the one before."""
    each = "".join(f'<g id="a{at}">{use.format(at - 1) * 2}</g>' for at in range(1, steps))
    return f'<defs><g id="a0">{SHAPE}</g>{each}</defs>{use.format(steps - 1)}'


@pytest.mark.parametrize(
    "use",
    [
        '<use href="#a{}"/>',
        '<use xlink:href=" #a{} "/>',
        '<g mask="url(#a{})"/>',
        "<g clip-path=\"url( '#a{}' )\"/>",
        '<g style="fill:red;mask : url(#a{})"/>',
    ],
)
@pytest.mark.parametrize("steps", [17, 40, 90])
def test_parts_that_double_are_refused_before_anything_is_drawn(use: str, steps: int) -> None:
    began = time.process_time()

    with pytest.raises(Refused, match="too many parts"):
        clean_drawing(around(chain(steps, use)))

    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    "inside",
    [
        '<g id="a"><use href="#a"/></g>',
        '<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>',
        '<mask id="a"><g mask="url(#a)"/></mask>',
    ],
)
def test_part_that_uses_itself_is_refused(inside: str) -> None:
    with pytest.raises(Refused, match="too many parts"):
        clean_drawing(around(inside))


def test_many_of_a_large_part_are_refused_and_a_few_are_not() -> None:
    leaf = f'<defs><g id="leaf">{SHAPE * 400}</g></defs>'

    few = clean_drawing(around(leaf + '<use href="#leaf"/>' * 50))

    assert few.markup.count("<use") == 50
    assert MOST_DRAWN < 400 * 190
    with pytest.raises(Refused, match="too many parts"):
        clean_drawing(around(leaf + '<use href="#leaf"/>' * 190))


def test_second_part_of_a_name_hides_none() -> None:
    heavy = f'<defs><g id="leaf">{SHAPE * 400}</g><g id="leaf"/></defs>'

    with pytest.raises(Refused, match="too many parts"):
        clean_drawing(around(heavy + '<use href="#leaf"/>' * 190))


def test_a_gradient_that_many_have_counts_once() -> None:
    colour = '<linearGradient id="g">' + '<stop offset="0" stop-color="#00f"/>' * 20 + "</linearGradient>"

    drawing = clean_drawing(around(colour + '<rect width="9" height="9" fill="url(#g)"/>' * 4_000))

    assert drawing.width == 1_024
