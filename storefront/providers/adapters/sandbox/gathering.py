"""Questions that arrive within a few milliseconds become one query: fifty endings, one trip to the database."""

import asyncio
from collections.abc import Callable, Mapping, Sequence

from storefront.providers.adapters.sandbox.world import Control
from storefront.providers.ports.registrar import RegisteredDomain

Held = tuple[Control, Mapping[str, RegisteredDomain]]
WINDOW_S = 0.002
MOST = 500


class Gathering:
    """Collects the names of one loop and reads them together in a thread."""

    def __init__(self, read: Callable[[Sequence[str]], Held]) -> None:
        self._read = read
        self._names: set[str] = set()
        self._answer: asyncio.Task[Held] | None = None

    async def held(self, names: Sequence[str]) -> Held:
        """Return the registry's moment and those of the names that are registered; raises what reading raises."""
        # An answer of another loop is one of a loop that has ended.
        is_ours = self._answer is not None and self._answer.get_loop() is asyncio.get_running_loop()
        if self._answer is None or not is_ours or len(self._names) >= MOST:
            self._names = set()
            self._answer = asyncio.create_task(self._ask(self._names))
        self._names.update(names)
        # Shielded: one impatient visitor must not take the answer away from the others.
        return await asyncio.shield(self._answer)

    async def _ask(self, names: set[str]) -> Held:
        await asyncio.sleep(WINDOW_S)
        if self._names is names:
            self._answer = None
        return await asyncio.to_thread(self._read, sorted(names))
