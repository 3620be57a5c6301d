"""Searches in a real Valkey: what is asked, what is believed, and what happens without it."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from storefront.core import cache, clock
from storefront.core.clock import Stopped
from storefront.core.config import Config
from storefront.providers.ports.registrar import Action, Availability
from storefront.provisioning import availability
from storefront.provisioning.availability import CannotAsk
from tests.fixtures_lookups import finish

pytestmark = pytest.mark.usefixtures("valkey")


def unique(script: str = "available") -> str:
    return f"{script}-{uuid4().hex}.com"


def test_ask_without_anybody_to_answer_waits_and_then_nobody_knows(config: Config) -> None:
    reseller, name = uuid4(), unique()

    asked = availability.ask(config, reseller, [name])
    at_once = availability.answers(config, reseller, asked.search_id)
    with Stopped(clock.now() + timedelta(seconds=config.lookup_deadline_s + 1.1)):
        later = availability.answers(config, reseller, asked.search_id)

    assert at_once is not None
    assert (at_once.answered, at_once.is_done) == (0, False)
    assert later is not None
    assert later.answers[name].availability is Availability.UNKNOWN
    assert (later.is_done, later.changed) == (True, (name,))


@pytest.mark.usefixtures("lookups")
def test_ask_brings_each_answer_and_keeps_the_order_of_rows(config: Config) -> None:
    reseller = uuid4()
    names = [unique("taken"), unique(), unique("reserved"), unique("premium"), "nothing.zz"]

    asked = availability.ask(config, reseller, names, close_to=[unique()])
    done = finish(config, reseller, asked.search_id)

    assert done.names == tuple(names)
    assert [done.answers[name].availability.value for name in names] == [
        "taken", "available", "reserved", "available_premium", "unknown",
    ]  # fmt: skip
    assert done.answers[names[3]].costs[Action.REGISTER][1].minor > 0
    assert done.answers[names[1]].costs == {}


@pytest.mark.usefixtures("lookups")
def test_answers_since_a_number_are_only_the_new_ones(config: Config) -> None:
    reseller, name = uuid4(), unique()
    asked = availability.ask(config, reseller, [name])
    first = finish(config, reseller, asked.search_id)

    again = availability.answers(config, reseller, asked.search_id, since=first.number)

    assert again is not None
    assert (first.changed, again.changed) == ((name,), ())


@pytest.mark.usefixtures("lookups")
def test_known_answers_are_there_at_once_but_not_for_another_reseller(config: Config) -> None:
    reseller, other, name = uuid4(), uuid4(), unique("taken")
    finish(config, reseller, availability.ask(config, reseller, [name]).search_id)

    again = availability.ask(config, reseller, [name])
    elsewhere = availability.ask(config, other, [name])

    assert again.is_done
    assert not elsewhere.is_done
    assert availability.answers(config, other, again.search_id) is None


@pytest.mark.usefixtures("lookups")
def test_what_is_believed_lasts_as_long_as_its_kind(config: Config) -> None:
    reseller = uuid4()
    kinds = {"available": 60, "taken": 900, "reserved": 86_400, "premium": 600}
    names = {kind: unique(kind) for kind in kinds}

    finish(config, reseller, availability.ask(config, reseller, list(names.values())).search_id)

    line = cache.connect(config)
    for kind, seconds in kinds.items():
        left = line.ttl(availability.answer_key(reseller, names[kind]))
        assert seconds - 5 <= left <= seconds


@pytest.mark.usefixtures("lookups")
def test_unknown_is_never_believed(config: Config) -> None:
    reseller = uuid4()

    finish(config, reseller, availability.ask(config, reseller, ["nothing.zz"]).search_id)

    assert availability.find_answer(config, reseller, "nothing.zz") is None


@pytest.mark.usefixtures("lookups")
def test_forget_makes_a_name_be_asked_again(config: Config) -> None:
    reseller, name = uuid4(), unique()
    search = availability.ask(config, reseller, [name]).search_id
    finish(config, reseller, search)

    availability.forget(config, reseller, [name])

    assert not availability.ask(config, reseller, [name]).is_done
    found = availability.find_answer(config, reseller, name, search_id=search)
    assert found is not None
    assert found.availability is Availability.AVAILABLE


def test_without_valkey_nothing_is_asked_and_nothing_known(config: Config) -> None:
    away = replace(config, redis_url="unix:///nowhere/valkey.sock?db=0")

    with pytest.raises(CannotAsk):
        availability.ask(away, uuid4(), [unique()])
    with pytest.raises(CannotAsk):
        availability.answers(away, uuid4(), "x")
    assert availability.find_answer(away, uuid4(), unique()) is None
    availability.forget(away, uuid4(), [unique()])


def test_ask_for_too_many_names_is_a_mistake_of_the_caller(config: Config) -> None:
    with pytest.raises(ValueError, match="names in one search"):
        availability.ask(config, uuid4(), [f"n{number}.com" for number in range(521)])


def test_keys_begin_with_the_reseller(config: Config) -> None:
    reseller = uuid4()

    availability.ask(config, reseller, [unique()])

    keys = {str(key, "ascii") for key in cache.connect(config).scan_iter()}
    assert keys - {availability.QUEUE}
    assert all(key.startswith(f"r:{reseller}:") for key in keys - {availability.QUEUE})
