"""The sandbox registrar's own customers: opened with a key and a password, examined when they come."""

import hashlib
import hmac
from datetime import datetime
from secrets import token_hex

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert

from storefront.providers.adapters.sandbox import tables
from storefront.providers.ports.login import Login, Verdict

_ROUNDS = 2**11


def open_client(
    connection: Connection,
    login: Login,
    *,
    at: datetime,
    takes_our_address: bool = True,
    takes_old_version: bool = False,
) -> None:
    """Open an account; one of the same key gets this password."""
    salt = token_hex(16)
    told = {
        "salt": salt,
        "password_digest": _digest(login.password, salt),
        "takes_our_address": takes_our_address,
        "takes_old_version": takes_old_version,
        "opened_at": at,
    }
    opened = insert(tables.client).values(key=login.key, **told)
    connection.execute(opened.on_conflict_do_update(index_elements=["key"], set_=told))


def examine(connection: Connection, login: Login) -> Verdict:
    """Say whether a login is good. What is wrong is said in the order in which a person would mend it."""
    row = connection.execute(select(tables.client).where(tables.client.c.key == login.key)).one_or_none()
    if row is None:
        return Verdict.KEY_UNKNOWN
    if not hmac.compare_digest(row.password_digest, _digest(login.password, row.salt)):
        return Verdict.PASSWORD_WRONG
    if not row.takes_our_address:
        return Verdict.ADDRESS_REFUSED
    if login.uses_old_version and not row.takes_old_version:
        return Verdict.OLD_VERSION
    return Verdict.ACCEPTED


def _digest(password: str, salt: str) -> str:
    return hashlib.scrypt(password.encode(), salt=bytes.fromhex(salt), n=_ROUNDS, r=8, p=1).hex()
