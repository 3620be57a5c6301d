"""Search by the beginning of a stored, normalised text, served by an ordinary index behind the wall."""

from sqlalchemy import ColumnElement, and_
from sqlalchemy.orm import InstrumentedAttribute

LAST_LETTER = "\U0010ffff"


def begins_with(column: InstrumentedAttribute[str], beginning: str) -> ColumnElement[bool]:
    """Say that a text begins with another, as a range: LIKE is not leakproof, no index would serve it (decision 4)."""
    return and_(column >= beginning, column < beginning + LAST_LETTER)
