"""Come in: password, choice among accounts; five failures rest an account for five minutes."""

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import case, or_, select, update
from sqlalchemy.sql.elements import ColumnElement

from storefront.core import ids
from storefront.core.audit import record
from storefront.core.db import Work
from storefront.core.errors import Refused
from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _
from storefront.core.limits import spend
from storefront.core.outbox import keeps, publish
from storefront.core.sealing import hash_token
from storefront.identity import known_browsers, secret_codes
from storefront.identity.email_addresses import email_key
from storefront.identity.events import NewBrowserSeen, SignedIn, SignInFailed
from storefront.identity.factors import Factors, factors_of
from storefront.identity.models import LoginUser
from storefront.identity.passwords import hash_password, is_password, should_hash_again
from storefront.identity.sessions import begin_session

FAILURES = 5
REST = timedelta(minutes=5)
STEP_LASTS = timedelta(minutes=10)
# So many comparisons cost an e-mail address, however many accounts it has, so that the clock does not tell how many
# (security 3.5). More accounts than this are reached by their login.
COMPARED = 3
LONGEST_TYPED = 254
CHOOSE, PROVE = "choose_account", "second_factor"


@dataclass(frozen=True, kw_only=True)
class Matching:
    """Which accounts a name and a password fit, with a print of the password it was; nothing has been done yet."""

    key: str
    kinds: tuple[str, ...]
    users: Mapping[UUID, str] = field(default_factory=dict)
    fresh_hashes: Mapping[UUID, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Step:
    """Where a sign-in stands: ``in`` with the user, else ``choose`` or ``prove`` with the token of that step.

    ``factors`` is what can be proved with. ``trusts_browser``: no second step on this browser for thirty days.
    """

    kind: Literal["in", "choose", "prove"]
    user: LoginUser | None = None
    token: str = ""
    has_second_factor: bool = False
    factors: Factors | None = None
    trusts_browser: bool = False


@dataclass(frozen=True, kw_only=True)
class Browser:
    """What a session remembers of the browser it is for; ``token`` is the secret it is known again by.

    ``came_with`` is the one it had before, of the same user.
    """

    host: str
    address: str
    name: str
    token: str = ""
    came_with: str = ""


def login_key(typed: str) -> str:
    """Return what a login is found by."""
    return unicodedata.normalize("NFKC", typed).replace("\x00", "").strip().casefold()[:LONGEST_TYPED]


def wrong() -> Text:
    """The one sentence for an unknown name, a wrong password and an account at rest: nobody learns which it was."""
    return _(
        "The login or the password is not right. After five wrong tries an account rests for five minutes; "
        "choosing a new password ends that.",
    )


def accounts_matching(db: Work, typed: str, password: str, *, kinds: Collection[str]) -> Matching:
    """Find the accounts that a login or an e-mail address and a password fit.

    Gives the database connection back before it computes, so call it before anything is changed. Raises ``TooMany``.
    """
    key = login_key(typed)
    spend(db.config, db.config.sign_in_rate, "account", str(db.reseller_id), key)
    known = db.execute(
        select(LoginUser.id, LoginUser.password_hash, LoginUser.locked_until)
        .where(LoginUser.reseller_id == db.reseller_id, LoginUser.closed_at.is_(None))
        .where(LoginUser.suspended_at.is_(None), LoginUser.kind.in_(sorted(kinds)), _is_called(key))
        .order_by(case((LoginUser.login_key == key, 0), else_=1), LoginUser.created_at)
        .limit(COMPARED),
    ).all()
    db.rest()
    fresh: dict[UUID, str] = {}
    users: dict[UUID, str] = {}
    for user_id, stored, locked_until in known:
        fits = is_password(password, stored)
        if fits and not rests(locked_until, db.now):
            users[user_id] = hash_token(stored)
            if should_hash_again(stored):
                fresh[user_id] = hash_password(password)
    # A login is one account's only; by what was typed, and by nothing else, it is known how often to compare.
    for _nobody in range(len(known), COMPARED if email_key(key) else 1):
        is_password(password, None)
    return Matching(key=key, kinds=tuple(sorted(kinds)), users=users, fresh_hashes=fresh)


def _is_called(key: str) -> ColumnElement[bool]:
    address = email_key(key)
    if address is None:
        return LoginUser.login_key == key
    return or_(LoginUser.login_key == key, LoginUser.email_key == address)


def rests(locked_until: datetime | None, now: datetime) -> bool:
    """Tell whether an account is at rest after five failures."""
    return locked_until is not None and locked_until > now


def sign_in(db: Work, matching: Matching, *, browser_token: str = "") -> Step:
    """Take the password as given: the user is in, or one more step is asked for. Raises ``Refused``."""
    # Comparing took a while without the database: who has another password since then is not meant any more.
    held = {user_id: db.lock(db.require(LoginUser, user_id)) for user_id in sorted(matching.users)}
    users = [held[user_id] for user_id, printed in matching.users.items() if goes_on(held[user_id], printed)]
    if not users:
        raise Refused(wrong(), remember=SignInFailed(key=matching.key, kinds=" ".join(matching.kinds)))
    for user in users:
        user.password_hash = matching.fresh_hashes.get(user.id, user.password_hash)
    if len(users) == 1:
        return _after_password(db, users[0], browser_token)
    facts = {"users": {str(user.id): password_print(user) for user in users}}
    _row, token = secret_codes.issue(db, CHOOSE, facts=facts, lasts=STEP_LASTS)
    return Step(kind="choose", token=token)


def accounts_to_choose(db: Work, token: str) -> list[LoginUser]:
    """List the accounts of a choice; empty when there is none any more."""
    row = secret_codes.find(db, CHOOSE, token)
    if row is None:
        return []
    prints: dict[str, str] = row.facts["users"]
    found = ((db.find(LoginUser, UUID(each)), printed) for each, printed in prints.items())
    return [user for user, printed in found if user is not None and goes_on(user, printed)]


def choose_account(db: Work, token: str, user_id: UUID, *, browser_token: str = "") -> Step:
    """Go on with one of the accounts that the password fitted. Raises ``Refused``."""
    row = secret_codes.require_open(db, CHOOSE, token)
    if str(user_id) not in row.facts["users"]:
        raise Refused(_("Please choose one of the accounts."), field="account")
    row.used_at = db.now
    user = require_going_on(db, user_id, row.facts["users"][str(user_id)])
    return _after_password(db, user, browser_token)


def password_print(user: LoginUser) -> str:
    """Return what tells, minutes later, whether a user still has the password that was typed."""
    return hash_token(user.password_hash)


def goes_on(user: LoginUser, printed: str) -> bool:
    """Tell whether a sign-in under way may go on: the password is the one it began with, the account is open."""
    return _may_come(user) and password_print(user) == printed


def require_going_on(db: Work, user_id: UUID, printed: str) -> LoginUser:
    """Hold the user of a sign-in under way, so that a new password at the same moment ends it. Raises ``Refused``."""
    user = db.lock(db.require(LoginUser, user_id))
    if not goes_on(user, printed):
        raise Refused(secret_codes.too_late())
    return user


def _may_come(user: LoginUser) -> bool:
    return user.closed_at is None and user.suspended_at is None


def _after_password(db: Work, user: LoginUser, browser_token: str) -> Step:
    factors = factors_of(db, user)
    if user.kind == "operator" and not factors.has_any:
        raise Refused(_("Operators need a second factor. Enrol one with ./run operator."))
    if not factors.has_any:
        return Step(kind="in", user=user)
    if known_browsers.is_trusted(db, user, browser_token):
        return Step(kind="in", user=user, has_second_factor=True)
    facts = {"challenge": ids.token(), "password": password_print(user)}  # a passkey signs the challenge
    _row, token = secret_codes.issue(db, PROVE, user_id=user.id, lasts=STEP_LASTS, facts=facts)
    return Step(kind="prove", token=token, user=user, factors=factors)


def enter(db: Work, step: Step, browser: Browser) -> str:
    """Begin the session of somebody who may come in; returns the secret of the cookie.

    Raises ``Refused`` for an account that was suspended or closed meanwhile.
    """
    user = step.user
    if step.kind != "in" or user is None:
        message = "somebody who is not in yet"
        raise RuntimeError(message)
    if not _may_come(user):
        raise Refused(secret_codes.too_late())
    user.failed_sign_ins, user.locked_until = 0, None
    _remember_browser(db, step, user, browser)
    session, secret = begin_session(db, user, host=browser.host, address=browser.address, browser=browser.name)
    session.second_factor_at = db.now if step.has_second_factor else None
    publish(db, SignedIn(user_id=user.id))
    record(db, "user.signed_in", user)
    return secret


def _remember_browser(db: Work, step: Step, user: LoginUser, browser: Browser) -> None:
    """Tell people of the offices of a browser they did not use before; the first one of all is no news."""
    if step.trusts_browser:
        known_browsers.trust(db, user, browser.token)
    if user.kind == "customer":
        return
    if user.signed_in_at is not None and not known_browsers.is_known(db, user, browser.came_with):
        publish(db, NewBrowserSeen(user_id=user.id, browser=browser.name[:300], address=browser.address))
    known_browsers.know(db, user, browser.token)


@keeps(SignInFailed)
def count_failure(db: Work, event: SignInFailed) -> None:
    """Count a failure of every account that was meant; the fifth in a row rests it for five minutes.

    The same statement runs for a name nobody has, so that the time taken tells nothing.
    """
    meant = LoginUser.id == event.user_id if event.user_id else _is_called(event.key)
    has_rested = LoginUser.locked_until.is_not(None) & (LoginUser.locked_until <= db.now)
    failures = case((has_rested, 1), else_=LoginUser.failed_sign_ins + 1)
    until = case(
        (failures >= FAILURES, case((LoginUser.locked_until > db.now, LoginUser.locked_until), else_=db.now + REST)),
        else_=None,
    )
    db.execute(
        update(LoginUser)
        .where(LoginUser.reseller_id == db.reseller_id, LoginUser.kind.in_(event.kinds.split()), meant)
        .values(failed_sign_ins=failures, locked_until=until)
        .execution_options(synchronize_session=False),
    )
