"""Wait for what another thread or process does."""

import time
from collections.abc import Callable


def until(holds: Callable[[], bool], *, seconds: float = 10.0) -> None:
    """Wait until something holds; fail after so many seconds."""
    limit = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < limit, f"it did not come true within {seconds:g} seconds"
        time.sleep(0.005)
