"""Prepaid money: top up, hold, charge, release; a ledger of double entries beside a balance nobody can overdraw.

The balance is changed by a conditional update in the transaction that writes the entries (security 5.3, ADR 0017);
a constraint trigger makes every movement sum to zero, a check keeps the balance from going below it, and one entry
a movement, operation and side makes every step safe to repeat.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select, update

from storefront.core.audit import record
from storefront.core.db import Work
from storefront.core.errors import NotFound, Refused
from storefront.core.i18n import format_money
from storefront.core.i18n import lazy_gettext as _
from storefront.core.ids import uuid7
from storefront.core.money import Money
from storefront.core.outbox import publish
from tenants.events import CreditToppedUp
from tenants.models import CreditAccount, CreditEntry

LARGEST_WISH_MINOR = 100_000_000
LONGEST_REFERENCE = 140
# Free and held together; the next one more would not fit the columns that keep them.
MOST_CREDIT_MINOR = 2_000_000_000


class NotCovered(Exception):  # an answer: the caller puts the operation on hold
    """The credit does not cover an amount; ``available`` says what there is."""

    def __init__(self, available: Money) -> None:
        super().__init__(str(available))
        self.available = available


def credit_account(db: Work, currency: str) -> CreditAccount:
    """Return the reseller's account in a currency; ``NotFound`` if there is none."""
    row = db.scalar(select(CreditAccount).where(CreditAccount.currency == currency))
    if row is None:
        raise NotFound
    return row


def credit_accounts(db: Work) -> list[CreditAccount]:
    """List the reseller's accounts."""
    return list(db.scalars(select(CreditAccount).order_by(CreditAccount.currency)))


def top_up(db: Work, amount: Money, *, reference: str) -> UUID:
    """Add credit and let waiting operations go on; returns the movement."""
    if amount.minor <= 0:
        raise Refused(_("Please give an amount above zero."), field="amount")
    account = db.lock(credit_account(db, amount.currency))
    if account.available_minor + account.held_minor + amount.minor > MOST_CREDIT_MINOR:
        most = format_money(Money(MOST_CREDIT_MINOR, amount.currency))
        raise Refused(
            _("With this amount the credit would be above %(most)s, the most that is kept.", most=most), field="amount"
        )
    _move(db, account, available=amount.minor, held=0)
    account.asked_minor, account.asked_at = 0, None
    movement = _enter(db, account, "top_up", {"funding": -amount.minor, "available": amount.minor}, note=reference)
    record(db, "credit.topped_up", account, after={"amount": str(amount), "reference": reference})
    publish(db, CreditToppedUp(movement_id=movement, amount_minor=amount.minor, currency=amount.currency))
    return movement


def book_top_up(db: Work, amount: Money, *, reference: str) -> UUID:
    """Add credit for a payment that has come, once: the same reference again is refused."""
    words = reference.strip()[:LONGEST_REFERENCE]
    if not words:
        raise Refused(_("Please name the payment, such as its number at the bank."), field="reference")
    account = db.lock(credit_account(db, amount.currency))
    booked = select(func.count()).where(
        CreditEntry.reseller_id == account.reseller_id,
        CreditEntry.operation_id.is_(None),
        CreditEntry.kind == "top_up",
        CreditEntry.note["text"].astext == words,
    )
    if db.scalar(booked):
        raise Refused(_("A payment of this reference is booked already."), field="reference")
    return top_up(db, amount, reference=words)


def ask_for_top_up(db: Work, amount: Money) -> CreditAccount:
    """Tell the platform how much credit a reseller wishes; it stands until credit comes, a later wish replaces it."""
    if not 0 < amount.minor <= LARGEST_WISH_MINOR:
        raise Refused(_("Please give an amount above zero and below a million."), field="amount")
    account = credit_account(db, amount.currency)
    account.asked_minor, account.asked_at = amount.minor, db.now
    record(db, "credit.top_up_asked", account, after={"amount": str(amount)})
    return account


def hold(db: Work, amount: Money, *, operation_id: UUID) -> None:
    """Promise an amount to an operation; asking twice holds once. Raises ``NotCovered``."""
    account = credit_account(db, amount.currency)
    if _is_entered(db, operation_id, "hold"):
        return
    if not _move(db, account, available=-amount.minor, held=amount.minor):
        db.session.refresh(account)
        raise NotCovered(Money(account.available_minor, amount.currency))
    _enter(db, account, "hold", {"available": -amount.minor, "held": amount.minor}, operation_id=operation_id)


def charge(db: Work, *, operation_id: UUID) -> None:
    """Take what was held for an operation that is done; twice is once."""
    held = _held(db, operation_id)
    if held is None or _is_entered(db, operation_id, "charge"):
        return
    account = db.require(CreditAccount, held.account_id)
    _move(db, account, available=0, held=-held.amount_minor)
    sides = {"held": -held.amount_minor, "charged": held.amount_minor}
    _enter(db, account, "charge", sides, operation_id=operation_id)


def release(db: Work, *, operation_id: UUID) -> None:
    """Give back what was held for an operation that failed; twice is once, and never after a charge."""
    held = _held(db, operation_id)
    if held is None or _is_entered(db, operation_id, "release") or _is_entered(db, operation_id, "charge"):
        return
    account = db.require(CreditAccount, held.account_id)
    _move(db, account, available=held.amount_minor, held=-held.amount_minor)
    sides = {"held": -held.amount_minor, "available": held.amount_minor}
    _enter(db, account, "release", sides, operation_id=operation_id)


def entries(db: Work, limit: int = 50) -> list[CreditEntry]:
    """List what moved the free credit, the latest first."""
    statement = select(CreditEntry).where(CreditEntry.ledger == "available").order_by(CreditEntry.id.desc())
    return list(db.scalars(statement.limit(limit)))


def charged_among(db: Work, entries: Sequence[CreditEntry]) -> set[UUID]:
    """Return the operations of some entries whose cost was taken for good."""
    asked = {entry.operation_id for entry in entries if entry.operation_id}
    done = (CreditEntry.kind == "charge", CreditEntry.ledger == "charged", CreditEntry.operation_id.in_(asked))
    return {found for found in db.scalars(select(CreditEntry.operation_id).where(*done)) if found} if asked else set()


def _move(db: Work, account: CreditAccount, *, available: int, held: int) -> bool:
    """Change the balance only if neither side falls below zero."""
    columns = CreditAccount
    changed = db.execute(
        update(columns)
        .where(
            columns.reseller_id == account.reseller_id,
            columns.id == account.id,
            columns.available_minor + available >= 0,
            columns.held_minor + held >= 0,
        )
        .values(available_minor=columns.available_minor + available, held_minor=columns.held_minor + held)
        .returning(columns.id)
        .execution_options(synchronize_session=False),
    ).first()
    if changed is not None:
        db.session.expire(account)
    return changed is not None


def _enter(
    db: Work,
    account: CreditAccount,
    kind: str,
    sides: dict[str, int],
    *,
    operation_id: UUID | None = None,
    note: str = "",
) -> UUID:
    movement = uuid7()
    for ledger, amount in sides.items():
        db.add(
            CreditEntry(
                account_id=account.id,
                movement_id=movement,
                ledger=ledger,
                kind=kind,
                amount_minor=amount,
                currency=account.currency,
                operation_id=operation_id,
                note={"text": note} if note else {},
                at=db.now,
            ),
        )
    db.flush()
    return movement


def _held(db: Work, operation_id: UUID) -> CreditEntry | None:
    return db.scalar(
        select(CreditEntry).where(
            CreditEntry.operation_id == operation_id,
            CreditEntry.kind == "hold",
            CreditEntry.ledger == "held",
        ),
    )


def _is_entered(db: Work, operation_id: UUID, kind: str) -> bool:
    found = db.scalar(
        select(func.count())
        .select_from(CreditEntry)
        .where(
            CreditEntry.operation_id == operation_id,
            CreditEntry.kind == kind,
        ),
    )
    return bool(found)
