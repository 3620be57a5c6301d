"""What is kept of a request that itself keeps nothing, such as a counter of looks: in a Work of its own, after it.

The lifecycle keeps it, whatever the answer was; a view only says what.
"""

from collections.abc import Callable

from flask import g

from storefront.core.db import Work


def keep_afterwards(note: Callable[[Work], object]) -> None:
    """Have something written down when the request's own Work is over."""
    g.kept_afterwards = [*kept_afterwards(), note]


def kept_afterwards() -> tuple[Callable[[Work], object], ...]:
    """Return what this request wants written down."""
    return tuple(g.get("kept_afterwards", ()))
