"""Keyset pages for lists: as fast on page 1,000 as on page 1."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute

from storefront.core.db import Work

Row = TypeVar("Row")
PAGE_ROWS = 50


@dataclass(frozen=True, kw_only=True)
class Page(Generic[Row]):
    """Some rows of a list, and the id after which the next ones begin."""

    rows: Sequence[Row]
    next_after: UUID | None


def newest_first(
    db: Work, statement: Select[Any], key: InstrumentedAttribute[UUID], after: UUID | None, rows: int = PAGE_ROWS
) -> Page[Any]:
    """Return one page of a statement, newest first by a UUIDv7 key, beginning below ``after``."""
    if after is not None:
        statement = statement.where(key < after)
    found = list(db.scalars(statement.order_by(key.desc()).limit(rows + 1)))
    more = len(found) > rows
    return Page(rows=found[:rows], next_after=found[rows - 1].id if more else None)
