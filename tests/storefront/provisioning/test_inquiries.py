"""The look-up process with the sandbox registry: slow names, silent registries, and a Valkey that comes and goes."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from time import monotonic
from uuid import uuid4

import pytest

from storefront.core import cache, clock
from storefront.core.config import Config
from storefront.machine import valkey as server
from storefront.providers.ports.registrar import Availability
from storefront.providers.ports.sandbox import SandboxControls
from storefront.provisioning import availability
from tests.conftest import Addresses
from tests.fixtures_lookups import answering, finish, wait_for

pytestmark = pytest.mark.usefixtures("valkey")


def unique(script: str = "available", ending: str = "com") -> str:
    return f"{script}-{uuid4().hex}.{ending}"


@pytest.mark.usefixtures("lookups")
def test_a_slow_registry_does_not_keep_the_others_back(config: Config) -> None:
    reseller, slow, quick = uuid4(), unique("slow", "fr"), unique("available", "com")

    search = availability.ask(config, reseller, [slow, quick]).search_id
    wait_for(lambda: (found := availability.answers(config, reseller, search)) and quick in found.answers, 1.5)
    early = availability.answers(config, reseller, search)
    late = finish(config, reseller, search)

    assert early is not None
    assert slow not in early.answers
    assert late.answers[slow].availability is Availability.AVAILABLE


def test_a_name_slower_than_the_deadline_is_unknown(config: Config) -> None:
    hasty = replace(config, lookup_deadline_s=0.5)
    reseller, slow = uuid4(), unique("slow")

    with answering(hasty):
        done = finish(hasty, reseller, availability.ask(hasty, reseller, [slow]).search_id, 2)

    assert done.answers[slow].availability is Availability.UNKNOWN


@pytest.mark.usefixtures("lookups")
def test_a_registry_that_is_down_blows_the_fuse_and_only_its_own(
    config: Config, registry_strings: SandboxControls
) -> None:
    reseller = uuid4()
    registry_strings.set_mode("down")
    for _ in range(5):
        finish(config, reseller, availability.ask(config, reseller, [unique()]).search_id)
    registry_strings.set_mode("up")

    blown = unique("taken", "com")
    well = unique("taken", "net")
    done = finish(config, reseller, availability.ask(config, reseller, [blown, well]).search_id)

    assert done.answers[blown].availability is Availability.UNKNOWN
    assert done.answers[well].availability is Availability.TAKEN


@pytest.mark.usefixtures("lookups")
def test_valkey_emptied_in_the_middle_loses_the_search_and_nothing_else(config: Config) -> None:
    reseller, slow, later = uuid4(), unique("slow"), unique("taken")
    search = availability.ask(config, reseller, [slow]).search_id

    cache.connect(config).flushdb()

    assert availability.answers(config, reseller, search) is None
    done = finish(config, reseller, availability.ask(config, reseller, [later]).search_id)
    assert done.answers[later].availability is Availability.TAKEN


@pytest.mark.usefixtures("lookups")
def test_strange_and_stale_questions_are_passed_over(config: Config) -> None:
    reseller, name, stale = uuid4(), unique("taken"), unique("taken")
    old = {"kind": "check", "reseller": str(reseller), "search": "s", "names": [stale]}
    line = cache.connect(config)
    for question in (b"\xff", b"{}", b"[]", b'{"reseller": 1, "names": [], "at": ""}'):
        line.rpush(availability.QUEUE, question)
    line.rpush(availability.QUEUE, json.dumps({**old, "at": (clock.now() - timedelta(minutes=1)).isoformat()}))

    done = finish(config, reseller, availability.ask(config, reseller, [name]).search_id)

    assert done.answers[name].availability is Availability.TAKEN
    assert availability.find_answer(config, reseller, stale) is None


@contextmanager
def own_valkey(address: Path, data: Path) -> Iterator[None]:
    program = server.program(data, address, data.parent / "valkey.log", is_durable=False)
    with program.log.open("ab") as log:
        process = subprocess.Popen(list(map(str, program.command)), stdout=log, stderr=log)
        try:
            server.await_ready(address, process, program.log)
            yield
        finally:
            process.kill()
            process.wait(10)


def test_valkey_restarted_is_waited_for(config: Config, tmp_path: Path) -> None:
    address = tmp_path / "v.sock"
    moved, reseller = replace(config, redis_url=server.url(address)), uuid4()

    with answering(moved):
        with own_valkey(address, tmp_path / "data"):
            first = finish(moved, reseller, availability.ask(moved, reseller, [unique("taken")]).search_id)
        with pytest.raises(availability.CannotAsk):
            availability.ask(moved, reseller, [unique()])
        with own_valkey(address, tmp_path / "data"):
            second = finish(moved, reseller, availability.ask(moved, reseller, [unique("taken")]).search_id)

    assert {each.availability for each in (*first.answers.values(), *second.answers.values())} == {Availability.TAKEN}


def test_two_hundred_visitors_of_a_registry_that_takes_seconds_get_their_answers(
    config: Config, registry_strings: SandboxControls
) -> None:
    resellers = [uuid4() for _ in range(4)]
    endings = ("com", "net", "org", "fr", "pl", "eu", "io", "info", "biz", "app", "dev", "shop")
    registry_strings.set_mode("slow", latency_s=2)

    with answering(config):
        begun = monotonic()
        asked = [
            (resellers[number % 4], availability.ask(
                config, resellers[number % 4], [f"taken-{uuid4().hex[:8]}.{ending}" for ending in endings]
            ).search_id)
            for number in range(200)
        ]  # fmt: skip
        done = [finish(config, reseller, search) for reseller, search in asked]
        took = monotonic() - begun

    states = [answer.availability for each in done for answer in each.answers.values()]
    assert len(states) == 2_400
    assert states.count(Availability.TAKEN) == 2_400
    assert took < 5.5


def test_the_process_starts_answers_and_stops(config: Config, addresses: Addresses) -> None:
    reseller, name = uuid4(), unique("taken")
    environment = {
        **os.environ,
        **addresses.environment(),
        "VITRINE_MODE": "development",
        "VITRINE_DATA": str(config.data_dir),
        "SANDBOX_LATENCY": "0",
    }
    process = subprocess.Popen([sys.executable, "-m", "storefront.cli", "lookups"], env=environment)

    def is_answered() -> bool:
        availability.ask(config, reseller, [name])
        return availability.find_answer(config, reseller, name) is not None

    try:
        wait_for(is_answered, 30)
    finally:
        process.send_signal(signal.SIGTERM)

    assert process.wait(10) == 0
