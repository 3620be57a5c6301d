"""Read what price lists say, one line for each action: a list has ten thousand prices and a handful of actions."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import func, literal, select, true
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.types import NullType

from storefront.core.db import Work
from storefront.pricing.items import Action
from storefront.pricing.models import Price

# No ending and no code of a product has a line in it.
BETWEEN = "\n"


class Told(NamedTuple):
    """What a list says of one action of one kind: its ``minors`` stand beside the ``endings`` and ``years``."""

    of_last: bool
    kind: str
    action: Action
    endings: Sequence[str]
    years: Sequence[int]
    minors: Sequence[int]
    more: Sequence[Any] = ()


def told_by(db: Work, list_ids: Sequence[UUID], *, more: InstrumentedAttribute[Any] | None = None) -> Iterator[Told]:
    """Read price lists, the last one's lines after those of the others; ``more`` is one further column. One query."""
    if not list_ids:
        return
    is_last = Price.price_list_id == list_ids[-1] if len(list_ids) > 1 else true()
    # Endings as one text, since it is read in half the time of an array; the driver knows arrays of numbers by itself.
    gathered = [func.string_agg(Price.ending, literal(BETWEEN))]
    gathered += [func.array_agg(each, type_=NullType()) for each in (Price.years, Price.minor)]
    if more is not None:
        gathered.append(func.array_agg(more, type_=NullType()))
    wanted = select(is_last, Price.kind, Price.action, *gathered).group_by(Price.kind, Price.action)
    if len(list_ids) > 1:
        wanted = wanted.group_by(is_last).order_by(is_last)
    for of_last, kind, action, endings, *columns in db.execute(wanted.where(Price.price_list_id.in_(list_ids))):
        yield Told(of_last, kind, action, endings.split(BETWEEN), *columns)
