"""The gateway's payments: open one, try a card, confirm, cancel, expire, and queue the notice of each ending."""

import json
import re
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, Row, select, update
from sqlalchemy.dialects.postgresql import insert

from storefront.providers.adapters.sandbox import cards, tables

LIVES = timedelta(minutes=60)
MAX_MINOR = 10**9
HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,252}[a-z0-9])?")
LIMITS = {"reference": 100, "description": 300, "shop_name": 100, "locale": 10, "return_url": 2000, "notify_url": 2000}


class BadPaymentError(ValueError):
    """The shop asked for a payment that makes no sense; the message says what is wrong."""


def read_wish(wish: Any) -> dict[str, Any]:
    """Check what a shop asks for; raises ``BadPaymentError``."""
    amount = wish.get("amount") if isinstance(wish, dict) else None
    if not isinstance(amount, dict):
        raise BadPaymentError("amount is missing")
    minor, currency = amount.get("minor"), amount.get("currency")
    if type(minor) is not int or not 0 < minor <= MAX_MINOR:
        raise BadPaymentError("amount.minor must be a whole number above 0")
    if not isinstance(currency, str) or not re.fullmatch(r"[A-Z]{3}", currency):
        raise BadPaymentError("amount.currency must be three letters")
    read: dict[str, Any] = {"amount_minor": minor, "currency": currency}
    for name, longest in LIMITS.items():
        value = wish.get(name, "")
        if not isinstance(value, str) or len(value) > longest or not value.isprintable():
            raise BadPaymentError(f"{name} is not a short line of text")
        read[name] = value
    if not read["reference"]:
        raise BadPaymentError("reference is missing")
    for name in ("return_url", "notify_url"):
        origin(read[name])
    return read


def origin(url: str) -> str:
    """Return scheme, host and port of an address; raises ``BadPaymentError`` for anything but plain http(s)."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise BadPaymentError("an address is not valid") from None
    is_plain = parts.scheme in {"http", "https"} and HOST.fullmatch(parts.hostname or "") and "@" not in parts.netloc
    if not is_plain or not url.isascii() or any(letter in url for letter in "\\ \"'<>"):
        raise BadPaymentError("an address is not valid")
    return f"{parts.scheme}://{parts.hostname}" + (f":{port}" if port else "")


def open_payment(connection: Connection, wish: Mapping[str, Any], now: datetime) -> Row[Any]:
    """Open a payment, or find the one this reference has opened; raises ``BadPaymentError`` when they differ."""
    fresh = insert(tables.payment).values(
        id="pay_" + secrets.token_urlsafe(24), status="open", created_at=now, expires_at=now + LIVES, **wish
    )
    connection.execute(fresh.on_conflict_do_nothing(index_elements=["reference"]))
    row = connection.execute(select(tables.payment).where(tables.payment.c.reference == wish["reference"])).one()
    if any(getattr(row, name) != wish[name] for name in ("amount_minor", "currency", "return_url", "notify_url")):
        raise BadPaymentError("this reference was used for another payment")
    return row


def find(connection: Connection, payment_id: str, now: datetime, *, for_update: bool = False) -> Row[Any] | None:
    """Return a payment by its id; one that was left open too long has expired."""
    chosen = select(tables.payment).where(tables.payment.c.id == payment_id)
    row = connection.execute(chosen.with_for_update() if for_update else chosen).first()
    if row is not None and row.status == "open" and row.expires_at <= now:
        held = connection.execute(chosen.with_for_update()).one()
        return end(connection, held, "expired", now) if held.status == "open" else held
    return row


def expire_old(connection: Connection, now: datetime) -> None:
    """End the payments that nobody finished."""
    old = (
        select(tables.payment)
        .where(tables.payment.c.status == "open", tables.payment.c.expires_at <= now)
        .with_for_update(skip_locked=True)
        .limit(100)
    )
    for row in connection.execute(old).all():
        end(connection, row, "expired", now)


def try_card(connection: Connection, row: Row[Any], verdict: cards.Verdict, now: datetime) -> Row[Any]:
    """Take a card, ask the bank, or count a failed attempt; the fifth one ends the payment."""
    if verdict.result == "paid":
        return end(connection, row, "paid", now, means=verdict.means)
    if verdict.result == "confirm":
        return _change(connection, row, is_confirming=True, means=verdict.means)
    if verdict.field and verdict.result.startswith(("bad_", "real_")):
        return row  # a slip of the pen is no attempt
    if row.attempts + 1 >= cards.MAX_ATTEMPTS:
        return end(connection, row, "failed", now, attempts=row.attempts + 1, failure=verdict.result)
    return _change(connection, row, attempts=row.attempts + 1, failure=verdict.result)


def confirm(connection: Connection, row: Row[Any], now: datetime, *, approves: bool) -> Row[Any]:
    """Record what the payer told the bank; a refusal leads back to the card form."""
    if approves:
        return end(connection, row, "paid", now, is_confirming=False)
    row = _change(connection, row, is_confirming=False, means="")
    return try_card(connection, row, cards.Verdict(result="refused"), now)


def end(connection: Connection, row: Row[Any], status: str, now: datetime, **values: object) -> Row[Any]:
    """Bring a payment to its end and queue the notice about it, in one breath."""
    row = _change(connection, row, status=status, ended_at=now, **values)
    body = {
        "type": f"payment.{status}",
        "timestamp": now.isoformat(),
        "data": as_json(row),
    }
    connection.execute(
        insert(tables.notice).values(
            id="evt_" + secrets.token_urlsafe(18),
            payment_id=row.id,
            notify_url=row.notify_url,
            body=json.dumps(body, separators=(",", ":")),
            created_at=now,
            next_at=now,
        ),
    )
    return row


def as_json(row: Row[Any]) -> dict[str, Any]:
    """Describe a payment to the shop."""
    return {
        "id": row.id,
        "reference": row.reference,
        "status": row.status,
        "amount": {"minor": row.amount_minor, "currency": row.currency},
        "means": row.means if row.status == "paid" else "",
        "failure": row.failure if row.status == "failed" else "",
        "ended_at": row.ended_at.isoformat() if row.ended_at else None,
    }


def _change(connection: Connection, row: Row[Any], **values: object) -> Row[Any]:
    changed = update(tables.payment).where(tables.payment.c.id == row.id).values(**values).returning(tables.payment)
    return connection.execute(changed).one()
