"""The world of these tests contains what could leak: a mark in every free text of every table."""

import pytest
from sqlalchemy import func, select

from tests.isolation.marks import APPENDED, NOT_FREE, PREFIX, free_columns, owned_tables
from tests.isolation.world import World

TABLES = [table.name for table in owned_tables()]


def test_every_table_says_which_texts_are_free() -> None:
    assert sorted(NOT_FREE) == TABLES


@pytest.mark.parametrize("name", TABLES)
def test_other_shop_has_a_row_with_marks_in_every_free_text(fresh_world: World, name: str) -> None:
    table = next(each for each in owned_tables() if each.name == name)

    with fresh_world.database.work(fresh_world.south.shop.id) as db:
        marked = {
            column.name: func.count().filter(func.strpos(column, PREFIX) > 0).label(column.name)
            for column in free_columns(table)
        }
        rows, *numbers = db.execute(select(func.count(), *marked.values()).select_from(table)).one()

    least = (
        1 if name in {*APPENDED, "login_session"} else rows
    )  # people of these tests come in by sessions of their own
    assert rows > 0
    assert {column for column, number in zip(marked, numbers, strict=True) if number < least} == set()
