"""Accounts at the sandbox registrar: which of key and password is wrong, and commands under a bad one."""

from datetime import UTC, datetime

import pytest

from storefront.core import ids
from storefront.core.config import Config
from storefront.providers.connections import examine_login, open_registrar, open_sandbox
from storefront.providers.outcomes import Misconfigured, NotSent
from storefront.providers.ports.login import Login, Verdict
from storefront.providers.ports.registrar import Renewal


def opened(config: Config, **manners: bool) -> Login:
    login = Login(key=f"K{ids.token()[:16]}", password="of the interface")
    open_sandbox(config).open_client(login, **manners)
    return login


def test_right_login_is_accepted(config: Config) -> None:
    assert examine_login(config, opened(config)) is Verdict.ACCEPTED


@pytest.mark.parametrize(
    ("key", "password", "verdict"),
    [("", "of the interface", Verdict.KEY_UNKNOWN), ("x", "", Verdict.KEY_UNKNOWN)],
)
def test_unknown_key_is_said_before_the_password(config: Config, key: str, password: str, verdict: Verdict) -> None:
    login = opened(config)

    assert examine_login(config, Login(key=login.key + key + "?", password=password)) is verdict


def test_wrong_password_address_and_version_are_told_apart(config: Config) -> None:
    plain, walled, old = opened(config), opened(config, takes_our_address=False), opened(config, takes_old_version=True)

    assert examine_login(config, Login(key=plain.key, password="else")) is Verdict.PASSWORD_WRONG
    assert examine_login(config, walled) is Verdict.ADDRESS_REFUSED
    modern = Login(key=plain.key, password=plain.password, uses_old_version=True)
    assert examine_login(config, modern) is Verdict.OLD_VERSION
    assert examine_login(config, Login(key=old.key, password=old.password, uses_old_version=True)) is Verdict.ACCEPTED


def test_registrar_that_is_away_says_nothing_about_the_login(config: Config) -> None:
    login, strings = opened(config), open_sandbox(config)
    strings.set_mode("down")
    try:
        with pytest.raises(NotSent):
            examine_login(config, login)
    finally:
        strings.set_mode("up")


def test_command_under_a_bad_account_goes_to_people(config: Config) -> None:
    login = opened(config)
    bad = open_registrar(config, login=Login(key=login.key, password="else"))
    wish = Renewal(name="nobody.com", years=1, current_expiry=datetime(2030, 1, 1, tzinfo=UTC))

    with pytest.raises(Misconfigured, match="password_wrong"):
        bad.renew(wish, reference=ids.token())


def test_login_never_shows_in_words(config: Config) -> None:
    login = opened(config)

    assert login.key not in repr(login)
    assert login.password not in repr(login)
    assert login.password not in repr(open_registrar(config, login=login))
