"""Forgotten password: a letter that lists the accounts of an address, a link for each, good once for an hour."""

import json
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import or_, select, update

from storefront.core.db import Work
from storefront.core.errors import Refused
from storefront.core.i18n import Text, current_locale
from storefront.core.i18n import lazy_gettext as _
from storefront.core.jobs import reaction
from storefront.core.limits import spend
from storefront.core.outbox import publish
from storefront.core.sealing import hash_token, seal, unseal
from storefront.identity import secret_codes
from storefront.identity.email_addresses import email_key
from storefront.identity.events import LETTER, PasswordResetAsked, PasswordResetPrepared
from storefront.identity.models import LoginUser, SecretCode
from storefront.identity.new_passwords import RESET, change_password
from storefront.identity.sign_in import login_key

PURPOSE = RESET
LASTS = timedelta(minutes=60)
# Where the token goes in the address that the page hands over.
TOKEN_PLACE = "TOKEN"  # noqa: S105 - a placeholder
LISTED = 20


@dataclass(frozen=True, kw_only=True)
class Reset:
    """What a link to choose a new password is for."""

    user: LoginUser
    code: SecretCode


def ask_reset(db: Work, typed: str, *, link: str) -> None:
    """Ask for the letter; whether anybody is called like that is looked up later, so that nobody can tell from here.

    ``link`` is the address of the page with ``TOKEN`` in it. Raises ``TooMany``.
    """
    key = login_key(typed)
    spend(db.config, db.config.mail_rate, "reset", str(db.reseller_id), key)
    sealed = seal(db.config, json.dumps({"typed": key, "link": link}), purpose=PURPOSE, owner=db.reseller_id)
    publish(db, PasswordResetAsked(locale=current_locale(), sealed=sealed))


@reaction(queue="now")
def prepare_reset(db: Work, event: PasswordResetAsked) -> None:
    """Make a link for every account of the address and have them sent, one letter to each address."""
    asked = json.loads(unseal(db.config, event.sealed, purpose=PURPOSE, owner=db.reseller_id))
    by_address: dict[str, list[LoginUser]] = {}
    for user in _accounts_of(db, asked["typed"]):
        by_address.setdefault(user.email_key, []).append(user)
    for users in by_address.values():
        accounts = [
            {"login": user.login, "name": user.name, "link": asked["link"].replace(TOKEN_PLACE, _new_link(db, user))}
            for user in users
        ]
        letter = json.dumps({"email": users[0].email, "accounts": accounts})
        sealed = seal(db.config, letter, purpose=LETTER, owner=db.reseller_id)
        publish(db, PasswordResetPrepared(locale=event.locale, until=db.now + LASTS, sealed=sealed))


def _accounts_of(db: Work, key: str) -> list[LoginUser]:
    """Find the accounts of an address; of a login, all accounts of the address it has."""
    of_reseller = select(LoginUser).where(LoginUser.reseller_id == db.reseller_id, LoginUser.closed_at.is_(None))
    called = db.scalars(of_reseller.where(LoginUser.login_key == key))
    addresses = {user.email_key for user in called} | {email_key(key) or key}
    found = of_reseller.where(or_(*(LoginUser.email_key == address for address in sorted(addresses))))
    return list(db.scalars(found.order_by(LoginUser.created_at).limit(LISTED)))


def _new_link(db: Work, user: LoginUser) -> str:
    secret_codes.void(db, PURPOSE, user.id)
    _row, token = secret_codes.issue(db, PURPOSE, lasts=LASTS, user_id=user.id, email_key=user.email_key)
    return token


def find_reset(db: Work, token: str) -> Reset | None:
    """Return whose password a link is for while it is good; looking does not use it up, since mail scanners look."""
    code = secret_codes.find(db, PURPOSE, token)
    user = db.find(LoginUser, code.user_id) if code is not None else None
    if code is None or user is None or user.closed_at is not None or user.email_key != code.email_key:
        return None
    return Reset(user=user, code=code)


def reset_password(db: Work, token: str, password_hash: str) -> LoginUser:
    """Set the new password once: every browser is signed out, the rest is lifted, a second factor still asked for.

    Raises ``Refused`` when the link was used, also by somebody at the same moment.
    """
    found = find_reset(db, token)
    if found is None:
        raise Refused(spent())
    use_up = (
        update(SecretCode)
        .where(SecretCode.reseller_id == db.reseller_id, SecretCode.code_hash == hash_token(token))
        .where(SecretCode.purpose == PURPOSE, SecretCode.used_at.is_(None), SecretCode.until > db.now)
        .values(used_at=db.now)
    )
    if secret_codes.rows_changed(db, use_up) != 1:
        raise Refused(spent())
    change_password(db, found.user, password_hash, by="reset")
    if found.user.email_confirmed_at is None:
        found.user.email_confirmed_at = db.now
    return found.user


def spent() -> Text:
    """Say that a link is of no use any more."""
    return _("This link was used already or is too old. Please ask for a new letter.")
