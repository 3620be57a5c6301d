"""Laws, tried at random: a few examples in ./run test, thousands in ./run proof, which counts them for its table."""

import os
from collections.abc import Callable
from functools import wraps
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import proofs

Check = Callable[..., None]
SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large)


def law(*drawn: st.SearchStrategy[Any], few: int = 100, many: int = 2_000, **named: Any) -> Callable[[Check], Check]:
    """Make a law of a test: it holds for whatever is drawn."""

    def made(check: Check) -> Check:
        @wraps(check)
        def counted(*args: Any, **kwargs: Any) -> None:
            check(*args, **kwargs)
            proofs.TRIED[os.environ["PYTEST_CURRENT_TEST"].rpartition(" ")[0]] += 1

        often = many if os.environ.get("TEST_PROOF") else few
        tried = settings(max_examples=often, deadline=None, suppress_health_check=SLOW, database=None)
        found: Check = pytest.mark.law(tried(given(*drawn, **named)(counted)))
        return found

    return made
