"""Many questions, one query."""

import asyncio
from collections.abc import Sequence

import pytest

from storefront.core import clock
from storefront.providers.adapters.sandbox.gathering import Gathering, Held
from storefront.providers.adapters.sandbox.world import Control
from storefront.providers.outcomes import NotSent


class Reader:
    """A registry's database that counts."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []
        self.is_down = False

    def __call__(self, names: Sequence[str]) -> Held:
        self.asked.append(list(names))
        if self.is_down:
            raise NotSent
        return Control(now=clock.now(), mode="up", latency_s=0, pending_s=0, pending_ends="done"), {}


def test_fifty_questions_at_once_are_one_query() -> None:
    reader = Reader()
    gathering = Gathering(reader)

    async def ask() -> None:
        await asyncio.gather(*(gathering.held([f"{number:02}.com"]) for number in range(50)))

    asyncio.run(ask())

    assert reader.asked == [[f"{number:02}.com" for number in range(50)]]


def test_later_question_is_asked_anew_in_this_loop_and_in_the_next() -> None:
    reader = Reader()
    gathering = Gathering(reader)

    async def ask() -> None:
        await gathering.held(["a.com"])
        await gathering.held(["b.com"])

    asyncio.run(ask())
    asyncio.run(ask())

    assert reader.asked == [["a.com"], ["b.com"]] * 2


def test_impatient_visitor_leaves_the_others_their_answer() -> None:
    reader = Reader()
    gathering = Gathering(reader)

    async def ask() -> None:
        patient = asyncio.create_task(gathering.held(["a.com"]))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(gathering.held(["b.com"]), 0.0001)
        await patient

    asyncio.run(ask())

    assert reader.asked == [["a.com", "b.com"]]


def test_failure_reaches_everybody_who_asked() -> None:
    reader = Reader()
    reader.is_down = True
    gathering = Gathering(reader)

    async def ask() -> list[object]:
        return await asyncio.gather(*(gathering.held([name]) for name in ("a.com", "b.com")), return_exceptions=True)

    found = asyncio.run(ask())

    assert [type(one) for one in found] == [NotSent, NotSent]
