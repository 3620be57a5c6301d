"""./run operator: one person with a second factor; the platform first where there is none."""

import io
import re
import sys
from dataclasses import replace

import pytest
from sqlalchemy import select

from storefront.core import clock
from storefront.core.config import Config
from storefront.core.db import Database
from storefront.identity import totp
from storefront.identity.models import LoginUser
from storefront.identity.sign_in import login_key
from storefront.operator_setup import make_operator
from tenants.models import HostName, Reseller
from tests.conftest import Addresses
from tests.fixtures_app import Shop, config_for

PASSWORD = "walrus orbit tangerine quilt"


def say(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def test_operator_is_made_with_a_second_factor(
    config: Config,
    database: Database,
    shops: dict[str, Shop],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    say(monkeypatch, "Olga Operator", "olga@platform.example", "olga", PASSWORD)

    code = make_operator(config, database)

    told = capsys.readouterr().out
    assert code == 0
    with database.work(shops["platform"].id) as db:
        user = db.scalars(select(LoginUser).where(LoginUser.login_key == login_key("olga")))[0]
    assert (user.kind, user.role, bool(user.totp_sealed)) == ("operator", "operator", True)
    assert PASSWORD not in told
    assert "otpauth://totp/" in told
    secret = re.search(r"Secret: (\w+)", told)
    assert secret is not None
    assert secret[1] in told
    assert len(totp.code_at(secret[1], clock.now())) == totp.DIGITS


@pytest.mark.parametrize(
    "lines",
    [
        (),
        ("Olga",),
        ("", "", ""),
        ("Weak", "weak@platform.example", "weak", "short"),
        ("Nobody", "no address", "nobody", PASSWORD),
    ],
)
def test_without_good_answers_nothing_is_made(
    config: Config,
    database: Database,
    shops: dict[str, Shop],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    lines: tuple[str, ...],
) -> None:
    everybody = select(LoginUser.id)
    with database.work(shops["platform"].id) as db:
        before = len(db.scalars(everybody))
    say(monkeypatch, *lines)

    code = make_operator(config, database)

    assert code == 1
    assert "Nothing was made." in capsys.readouterr().out
    with database.work(shops["platform"].id) as db:
        assert len(db.scalars(everybody)) == before


def test_empty_database_gets_its_platform_first(
    own_database: Addresses, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = replace(config_for(own_database, tmp_path_factory.mktemp("operator")), platform_host="shops.example")
    database = Database(config)
    company = ("Vitrine SA", "1 quai de Seine", "75004", "Paris", "xx", "fr", "hello@platform.example")
    say(monkeypatch, *company, "Olga", "olga@platform.example", "", PASSWORD)

    code = make_operator(config, database)

    with database.office_work() as db:
        platform = db.scalars(select(Reseller))
        hosts = db.scalars(select(HostName.name))
        logins = db.scalars(select(LoginUser.login))
    database.dispose()
    assert code == 0
    assert [(row.is_platform, row.country, row.legal_name) for row in platform] == [(True, "FR", "Vitrine SA")]
    assert list(hosts) == ["shops.example"]
    assert list(logins) == ["olga@platform.example"]
