"""One registry's desk: batches, deadline, fuse and a fair share, against registries made for the purpose."""

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from storefront.core import clock
from storefront.providers.outcomes import NotSent
from storefront.providers.ports.registrar import Availability, Capabilities, CheckResult, Registrar
from storefront.provisioning.desk import AT_ONCE, Desk, Question

ANNA, BELA = uuid4(), uuid4()


@dataclass
class Registry:
    """Stands for a registrar: answers "taken" after some time, or fails."""

    takes_s: float = 0.0
    error: Exception | None = None
    batch_most: int = 50
    batches: list[list[str]] = field(default_factory=list)
    under_way: int = 0
    most_under_way: int = 0

    def capabilities(self) -> Capabilities:
        return Capabilities(endings=frozenset({"com"}), max_check_batch=self.batch_most)

    async def check(self, names: Sequence[str], *, deadline_s: float) -> Mapping[str, CheckResult]:
        del deadline_s
        self.batches.append(list(names))
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            await asyncio.sleep(self.takes_s)
        finally:
            self.under_way -= 1
        if self.error:
            raise self.error
        return {name: CheckResult(name=name, availability=Availability.TAKEN, checked_at=clock.now()) for name in names}


@dataclass
class Visit:
    """Questions put to a desk, and what came of them and when."""

    desk: Desk
    started: float
    answers: list[tuple[float, CheckResult]] = field(default_factory=list)
    wanted: int = 0
    is_complete: asyncio.Event = field(default_factory=asyncio.Event)

    def put(self, names: Sequence[str], *, reseller: UUID = ANNA, within_s: float = 5.0) -> None:
        until = asyncio.get_running_loop().time() + within_s
        self.desk.put(Question(reseller_id=reseller, name=name, until=until, deliver=self.deliver) for name in names)

    def deliver(self, result: CheckResult) -> None:
        self.answers.append((asyncio.get_running_loop().time() - self.started, result))
        self.look()

    def look(self) -> None:
        if len(self.answers) >= self.wanted:
            self.is_complete.set()

    async def finish(self, count: int) -> None:
        self.wanted = count
        self.is_complete.clear()
        self.look()
        await asyncio.wait_for(self.is_complete.wait(), 20)

    def states(self) -> set[str]:
        return {result.availability.value for _, result in self.answers}


OPENED: list[Desk] = []


def visit(registry: Registry) -> Visit:
    registrar: Registrar = registry  # type: ignore[assignment]  # look-ups call these two methods only
    there = Visit(desk=Desk(registrar, registry="test"), started=asyncio.get_running_loop().time())
    OPENED.append(there.desk)
    return there


def play(scene: Coroutine[None, None, None]) -> None:
    """Play a scene to its end and close its desks: a question left over would be thrown away in another test."""

    async def whole() -> None:
        try:
            await scene
        finally:
            while OPENED:
                OPENED.pop().close()

    asyncio.run(whole())


def names(count: int, prefix: str = "n") -> list[str]:
    return [f"{prefix}{number}.com" for number in range(count)]


def test_names_put_together_are_asked_in_full_batches() -> None:
    async def run() -> None:
        registry = Registry(batch_most=50)
        there = visit(registry)

        there.put(names(120))
        await there.finish(120)

        assert sorted(map(len, registry.batches)) == [20, 50, 50]
        assert there.states() == {"taken"}

    play(run())


def test_two_hundred_visitors_of_a_slow_registry_all_get_an_answer() -> None:
    async def run() -> None:
        registry = Registry(takes_s=1.0)
        there = visit(registry)

        for number in range(200):
            there.put([f"visitor{number}.com"])
            await asyncio.sleep(0.004)
        await there.finish(200)

        assert there.states() == {"taken"}
        assert registry.most_under_way <= AT_ONCE
        assert max(moment for moment, _ in there.answers) < 3.5

    play(run())


def test_one_question_is_asked_at_once() -> None:
    async def run() -> None:
        there = visit(Registry())

        there.put(["alone.com"])
        await there.finish(1)

        assert there.answers[0][0] < 0.05

    play(run())


def test_a_reseller_with_thousands_does_not_keep_another_out() -> None:
    async def run() -> None:
        registry = Registry(takes_s=0.02, batch_most=10)
        there = visit(registry)

        there.put(names(2_000), reseller=ANNA)
        there.put(["of-bela.com"], reseller=BELA)
        await there.finish(2_001)

        place = next(at for at, batch in enumerate(registry.batches) if "of-bela.com" in batch)
        assert place <= 1

    play(run())


def test_a_registry_that_never_answers_is_unknown_at_the_deadline() -> None:
    async def run() -> None:
        there = visit(Registry(takes_s=60))

        there.put(["silent.com"], within_s=0.2)
        await there.finish(1)

        assert there.states() == {"unknown"}
        assert 0.2 <= there.answers[0][0] < 1.5

    play(run())


def test_a_broken_adapter_is_unknown_and_harms_nobody_else() -> None:
    async def run() -> None:
        broken, well = visit(Registry(error=ZeroDivisionError())), visit(Registry())

        broken.put(["a.com"])
        well.put(["b.com"])
        await broken.finish(1)
        await well.finish(1)

        assert (broken.states(), well.states()) == ({"unknown"}, {"taken"})

    play(run())


def test_the_fuse_answers_at_once_without_asking() -> None:
    async def run() -> None:
        registry = Registry(error=NotSent("down"))
        there = visit(registry)
        for number in range(5):
            there.put([f"down{number}.com"])
            await there.finish(number + 1)

        registry.takes_s = 60
        there.put(["later.com"])
        await there.finish(6)

        assert len(registry.batches) == 5
        assert there.states() == {"unknown"}

    play(run())


def test_the_same_name_is_asked_once_for_everybody() -> None:
    async def run() -> None:
        registry = Registry()
        there = visit(registry)

        there.put(["same.com"], reseller=ANNA)
        there.put(["same.com"], reseller=BELA)
        await there.finish(2)

        assert registry.batches == [["same.com"]]

    play(run())


def test_more_questions_than_can_wait_are_unknown_at_once() -> None:
    async def run() -> None:
        registry = Registry(takes_s=0.5, batch_most=1)
        there = visit(registry)

        there.put(names(5_200))

        assert len(there.answers) == 200
        assert there.states() == {"unknown"}

    play(run())
