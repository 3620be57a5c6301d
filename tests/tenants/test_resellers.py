"""The reseller of a Work is read once, whoever asks."""

from sqlalchemy import event

from storefront.core.db import Database, Work
from tenants.resellers import current_reseller


def test_shop_is_read_once_in_a_work(database: Database, db: Work) -> None:
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "FROM reseller" in statement:
            sent.append(statement)

    event.listen(database.app, "before_cursor_execute", note)
    try:
        names = {current_reseller(db).name, current_reseller(db).name}
    finally:
        event.remove(database.app, "before_cursor_execute", note)

    assert len(names) == 1
    assert len(sent) == 1
