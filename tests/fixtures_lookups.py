"""The look-up process inside a thread, and a sandbox registry whose mood is put right afterwards."""

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from uuid import UUID

import pytest

from storefront.core import cache
from storefront.core.config import Config
from storefront.providers.connections import open_registrar, open_sandbox
from storefront.providers.ports.registrar import Registrar
from storefront.providers.ports.sandbox import SandboxControls
from storefront.provisioning.availability import Progress, answers
from storefront.provisioning.inquiries import LookUps


@contextmanager
def answering(config: Config, registrars: Mapping[str, Registrar] | None = None) -> Iterator[None]:
    """Answer questions in a thread for the length of a block."""
    loop, stop = asyncio.new_event_loop(), asyncio.Event()
    process = LookUps(config, registrars or {"sandbox": open_registrar(config)})
    thread = threading.Thread(target=loop.run_until_complete, args=(process.run(stop),))
    thread.start()
    try:
        yield
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        ending = threading.Thread(target=_end, args=(loop,))
        ending.start()
        ending.join(10)


def _end(loop: asyncio.AbstractEventLoop) -> None:
    """Cancel what is under way and close; in a thread of its own, for a browser may hold a loop in this one."""
    left = asyncio.all_tasks(loop)

    async def cancel() -> None:
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    loop.run_until_complete(cancel())
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()


def wait_for(found: Callable[[], object], seconds: float = 8) -> None:
    """Wait until something is so; fail the test if it never is."""
    patience = threading.Event()
    for _ in range(int(seconds / 0.02)):
        if found():
            return
        patience.wait(0.02)
    pytest.fail("it never came to that")


def finish(config: Config, reseller_id: UUID, search_id: str, seconds: float = 8) -> Progress:
    """Wait for the last answer of a search."""
    seen: list[Progress | None] = []

    def is_done() -> bool:
        seen[:] = [answers(config, reseller_id, search_id)]
        return seen[0] is None or seen[0].is_done

    wait_for(is_done, seconds)
    assert seen[0] is not None
    return seen[0]


@pytest.fixture
def valkey(config: Config) -> Iterator[None]:
    """An empty Valkey."""
    cache.connect(config).flushdb()
    yield
    cache.connect(config).flushdb()


@pytest.fixture
def lookups(config: Config, valkey: None) -> Iterator[None]:  # noqa: ARG001 - it has to be empty first
    """Somebody who answers questions about names."""
    with answering(config):
        yield


@pytest.fixture
def registry_strings(config: Config) -> Iterator[SandboxControls]:
    """The strings behind the sandbox registry; afterwards it is in a good mood again."""
    strings = open_sandbox(config)
    yield strings
    strings.set_mode("up")
