"""The reseller of a Work is read once, whoever asks."""

from storefront.core.db import Database, Work
from tenants.resellers import current_reseller
from tests.statements import counted


def test_shop_is_read_once_in_a_work(database: Database, db: Work) -> None:
    with counted(database) as sent:
        names = {current_reseller(db).name, current_reseller(db).name}

    assert len(names) == 1
    assert len([statement for statement in sent if "FROM reseller" in statement]) == 1
