"""A reseller's account at a registrar: tried without being lost, taken into use when accepted, looked at every day.

No answer to a browser waits for a supplier (decision 10): what is typed is kept, sealed, and a job asks. Until the
supplier has said yes, the account that was good before stays in use.
"""

import json
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import or_, select

from storefront.core import ids, jobs
from storefront.core.audit import record
from storefront.core.db import Database, Work
from storefront.core.errors import Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.core.outbox import publish
from storefront.core.sealing import seal, unseal
from storefront.providers.connections import SANDBOX_REGISTRAR, examine_login, open_sandbox
from storefront.providers.outcomes import NotSent, Unknown
from storefront.providers.ports.login import Login, Verdict
from tenants.events import SupplierAccountRefused
from tenants.office_models import SupplierAccount
from tenants.supplier_words import NOT_ASKED, WAITING

PURPOSE = "supplier"
LOOKED_AT_EVERY = timedelta(hours=24)
ASKED_AGAIN_AFTER = timedelta(minutes=1)
HINT_LETTERS = 4
SHORTEST_KEY = 8
_TRIED, _USED = "tried", "used"


def find_account(db: Work, connection: str = SANDBOX_REGISTRAR) -> SupplierAccount | None:
    """Return the reseller's account at a registrar, in use or only tried; ``None`` if none was ever typed."""
    return db.scalar(select(SupplierAccount).where(SupplierAccount.connection == connection))


def login_in_use(db: Work, connection: str) -> Login | None:
    """Return the login that commands go out with; ``None`` where the platform's own account is used."""
    account = find_account(db, connection)
    return _opened(db, account.sealed, is_old=account.uses_old_version) if account and account.sealed else None


def try_login(db: Work, login: Login, *, connection: str = SANDBOX_REGISTRAR, is_new: bool = False) -> SupplierAccount:
    """Keep a login and have the supplier asked about it; what is in use stays so until it says yes.

    Raises ``Refused`` for a key or a password that cannot be one.
    """
    if len(login.key) < SHORTEST_KEY or not login.key.isascii() or " " in login.key:
        raise Refused(_("A key is at least eight letters and digits, without spaces."), field="key")
    if not login.password:
        raise Refused(_("Please type the password of the interface."), field="password")
    account = find_account(db, connection)
    if account is None:
        account = db.add(SupplierAccount(connection=connection))
        db.flush()
    db.lock(account)
    kept = json.dumps({"key": login.key, "password": login.password})
    account.tried_sealed = seal(db.config, kept, purpose=PURPOSE, owner=db.reseller_id)
    account.tried_hint, account.tried_old_version = login.key[-HINT_LETTERS:], login.uses_old_version
    account.tried_is_new, account.tried_verdict = is_new, WAITING
    account.tried_at, account.tried_checked_at = db.now, None
    record(db, "supplier.login_tried", account, after={"key": f"…{account.tried_hint}"})
    jobs.ask(db, check_supplier_login.__name__, f"{connection}/{_TRIED}")
    return account


def open_sandbox_account(db: Work) -> SupplierAccount:
    """Have an account opened at the sandbox registrar and taken into use; nobody needs to see its key."""
    if not db.config.is_development:
        raise Refused(_("There is a sandbox on development machines only."))
    login = Login(key=f"SBX{ids.token()[:24]}".replace("-", "0").replace("_", "1"), password=ids.token()[:24])
    return try_login(db, login, is_new=True)


def look_again(db: Work, connection: str = SANDBOX_REGISTRAR) -> None:
    """Have the supplier asked once more: about what is tried if something is, else about what is in use."""
    account = find_account(db, connection)
    if account is None:
        raise Refused(_("There is no account to check yet."))
    which = _TRIED if account.tried_verdict else _USED
    if which == _TRIED:
        account.tried_verdict = WAITING
    jobs.ask(db, check_supplier_login.__name__, f"{connection}/{which}")


def drop_tried(db: Work, connection: str = SANDBOX_REGISTRAR) -> None:
    """Forget what was tried and not accepted; what is in use is not touched."""
    account = find_account(db, connection)
    if account is None or not account.tried_verdict:
        raise Refused(_("Nothing is being tried."))
    record(db, "supplier.login_dropped", db.lock(account), before={"key": f"…{account.tried_hint}"})
    _forget_tried(account)


def shops_with_accounts_to_check(db: Work) -> Sequence[UUID]:
    """List the shops whose account was last looked at more than a day ago, in an office Work."""
    old = or_(SupplierAccount.checked_at.is_(None), SupplierAccount.checked_at < db.now - LOOKED_AT_EVERY)
    return db.scalars(select(SupplierAccount.reseller_id).where(SupplierAccount.sealed != "", old).distinct())


def recheck_accounts(db: Work) -> None:
    """Have every account of this shop that is in use looked at again."""
    for connection in db.scalars(select(SupplierAccount.connection).where(SupplierAccount.sealed != "")):
        jobs.ask(db, check_supplier_login.__name__, f"{connection}/{_USED}")


@jobs.job(queue="now", opens_own_work=True)
def check_supplier_login(database: Database, reseller_id: UUID, argument: str) -> None:
    """Ask a registrar about a login, outside of any transaction, and write down what it said."""
    connection, _slash, which = argument.partition("/")
    with database.work(reseller_id) as db:
        account = find_account(db, connection)
        login = _login_to_ask(db, account, which) if account else None
        sealed = (account.tried_sealed if which == _TRIED else account.sealed) if account else ""
        opens = bool(account and which == _TRIED and account.tried_is_new)
    if login is None:
        return
    verdict: Verdict | None
    try:
        if opens:
            open_sandbox(database.config).open_client(login)
        verdict = examine_login(database.config, login, connection)
    except (NotSent, Unknown):
        verdict = None
    with database.work(reseller_id) as db:
        again = settle_verdict(db, connection, sealed, verdict)
        db.commit()
    if again is not None:
        raise again


def settle_verdict(db: Work, connection: str, sealed: str, verdict: Verdict | None) -> jobs.Later | None:
    """Write down what a supplier said of one login; ``None`` as verdict means that it did not answer.

    ``sealed`` says which login was asked about: what was typed meanwhile is for the next question.
    """
    account = find_account(db, connection)
    if account is None:
        return None
    db.lock(account)
    if sealed == account.tried_sealed:
        return _settle_tried(db, account, verdict)
    return _settle_used(db, account, verdict) if sealed == account.sealed else None


def _settle_tried(db: Work, account: SupplierAccount, verdict: Verdict | None) -> jobs.Later | None:
    account.tried_checked_at = db.now
    if verdict is None:
        account.tried_verdict = NOT_ASKED
        return jobs.Later(db.now + ASKED_AGAIN_AFTER)
    account.tried_verdict = verdict.value
    if verdict is Verdict.ACCEPTED:
        before = {"key": f"…{account.key_hint}"} if account.sealed else {}
        account.sealed, account.key_hint = account.tried_sealed, account.tried_hint
        account.uses_old_version = account.tried_old_version
        account.accepted_at = account.checked_at = db.now
        account.verdict, account.failing_since = verdict.value, None
        _forget_tried(account)
        record(db, "supplier.login_accepted", account, before=before, after={"key": f"…{account.key_hint}"})
    else:
        record(db, "supplier.login_refused", account, after={"key": f"…{account.tried_hint}", "why": verdict.value})
    return None


def _settle_used(db: Work, account: SupplierAccount, verdict: Verdict | None) -> jobs.Later | None:
    if verdict is None:
        return jobs.Later(db.now + ASKED_AGAIN_AFTER)
    was_good = account.failing_since is None
    account.checked_at, account.verdict = db.now, verdict.value
    if verdict is Verdict.ACCEPTED:
        account.failing_since = None
    elif was_good:
        account.failing_since = db.now
        record(db, "supplier.login_failed", account, after={"key": f"…{account.key_hint}", "why": verdict.value})
        publish(
            db,
            SupplierAccountRefused(
                connection=account.connection, key_hint=account.key_hint, verdict=verdict.value, checked_at=db.now
            ),
        )
    return None


def _forget_tried(account: SupplierAccount) -> None:
    account.tried_sealed = account.tried_hint = account.tried_verdict = ""
    account.tried_old_version = account.tried_is_new = False
    account.tried_at = account.tried_checked_at = None


def _login_to_ask(db: Work, account: SupplierAccount, which: str) -> Login | None:
    if which == _TRIED:
        is_open = account.tried_verdict in (WAITING, NOT_ASKED)
        return _opened(db, account.tried_sealed, is_old=account.tried_old_version) if is_open else None
    return _opened(db, account.sealed, is_old=account.uses_old_version) if account.sealed else None


def _opened(db: Work, sealed: str, *, is_old: bool) -> Login:
    kept = json.loads(unseal(db.config, sealed, purpose=PURPOSE, owner=db.reseller_id))
    return Login(key=kept["key"], password=kept["password"], uses_old_version=is_old)
