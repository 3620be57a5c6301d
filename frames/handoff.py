"""What is good once: the token of a form in a window, the code that signs in at the top, the ticket of who returns."""

import re
from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from frames.models import FrameTicket, FrameToken
from storefront.core import ids
from storefront.core.db import Work
from storefront.core.ids import uuid7
from storefront.core.sealing import hash_token, is_signed, sign
from storefront.identity import secret_codes
from storefront.identity.factors import factors_of
from storefront.identity.models import LoginUser, SecretCode

FORM_LASTS: Final = timedelta(minutes=30)
TICKET_LASTS: Final = timedelta(minutes=10)
CODE_LASTS: Final = timedelta(seconds=60)
FORM, CODE = "frame-form", "hand_off"
LONGEST: Final = 300
# Until when, a random word, the key's name, the signature: written one way, since what is used is known by its letters.
_FORM_TOKEN: Final = re.compile(r"([1-9][0-9]{0,11})\.([\w-]+)\.([\w-]+\.[\w-]+)", re.ASCII)


def form_token(db: Work, *, frame: str, host: str) -> str:
    """Make the token of a sign-in form in a window: for this shop, frame and host, thirty minutes, one use (F3)."""
    until, nonce = int((db.now + FORM_LASTS).timestamp()), ids.token()
    signature = sign(db.config, _said(frame, host, until, nonce), purpose=FORM, owner=db.reseller_id)
    return f"{until}.{nonce}.{signature}"


def is_form_token(db: Work, token: str, *, frame: str, host: str) -> bool:
    """Whether a token was made for this frame on this host and has not run out; it may have been used."""
    parts = _FORM_TOKEN.fullmatch(token) if len(token) <= LONGEST else None
    if parts is None:
        return False
    until = int(parts[1])
    said = _said(frame, host, until, parts[2])
    is_ours = is_signed(db.config, said, parts[3], purpose=FORM, owner=db.reseller_id)
    return is_ours and until > db.now.timestamp()


def use_form_token(db: Work, token: str) -> bool:
    """Use a good token up; False if it was used before, also by somebody at the same moment.

    Whether it is good at all was asked before: this only remembers it, with everything else of the transaction.
    """
    spent = insert(FrameToken).values(
        reseller_id=db.reseller_id, id=uuid7(), token_hash=hash_token(token), until=db.now + FORM_LASTS
    )
    first = spent.on_conflict_do_nothing(index_elements=("reseller_id", "token_hash")).returning(FrameToken.id)
    return db.execute(first).scalar() is not None


def _said(frame: str, host: str, until: int, nonce: str) -> str:
    return f"{frame}/{host}/{until}/{nonce}"


def issue_code(db: Work, user: LoginUser, *, host: str) -> str:
    """Make the code by which a user who has just made an account in a window comes in at the top, on one host (F4)."""
    _row, code = secret_codes.issue(db, CODE, lasts=CODE_LASTS, user_id=user.id, facts={"host": host})
    return code


def find_code(db: Work, code: str, *, host: str) -> LoginUser | None:
    """Return who a code lets in on this host while it is good; looking does not use it up.

    Nobody who never came in by a password: an account that was used, closed, or has a second factor signs in.
    """
    row = secret_codes.find(db, CODE, code)
    user = db.find(LoginUser, row.user_id) if row is not None and row.facts.get("host") == host else None
    if user is None or user.signed_in_at is not None or user.closed_at is not None or user.suspended_at is not None:
        return None
    return None if factors_of(db, user).has_any else user


def use_code(db: Work, code: str, *, host: str) -> LoginUser | None:
    """Use a code up and return who it lets in; None if it is no good, also because somebody else was quicker."""
    user = find_code(db, code, host=host)
    if user is None:
        return None
    use_up = (
        update(SecretCode)
        .where(SecretCode.reseller_id == db.reseller_id, SecretCode.code_hash == hash_token(code))
        .where(SecretCode.purpose == CODE, SecretCode.used_at.is_(None), SecretCode.until > db.now)
        .values(used_at=db.now)
    )
    return user if secret_codes.rows_changed(db, use_up) == 1 else None


def issue_ticket(db: Work, *, frame: str, origin: str, event: Mapping[str, Any]) -> str:
    """Make the ticket by which the page around a window is told what happened at the top; only its hash is kept.

    ``event`` is one of frames/event_types.py, with its ``type`` and nothing of a person.
    """
    ticket = ids.token()
    db.add(
        FrameTicket(
            code_hash=hash_token(ticket),
            frame=frame,
            what=event["type"],
            origin=origin,
            facts={name: value for name, value in event.items() if name != "type"},
            made_at=db.now,
            until=db.now + TICKET_LASTS,
        )
    )
    return ticket


def is_told(db: Work, order_code: str) -> bool:
    """Whether a ticket was made of an order already: a site is told of it once."""
    made = select(FrameTicket.id).where(
        FrameTicket.reseller_id == db.reseller_id,
        FrameTicket.what == "ordered",
        FrameTicket.facts["order"].astext == order_code,
    )
    return db.scalar(made.limit(1)) is not None


def use_ticket(db: Work, ticket: str, *, origins: Collection[str]) -> dict[str, Any] | None:
    """Use a ticket up and return the event it stands for; None if it is no good or was used.

    ``origins`` are those that may hold the window which asks: it was made for one of them.
    """
    if not ticket.isascii() or not 0 < len(ticket) <= LONGEST:
        return None
    use_up = (
        update(FrameTicket)
        .where(FrameTicket.reseller_id == db.reseller_id, FrameTicket.code_hash == hash_token(ticket))
        .where(FrameTicket.told_at.is_(None), FrameTicket.until > db.now, FrameTicket.origin.in_(origins))
        .values(told_at=db.now)
        .returning(FrameTicket.what, FrameTicket.facts)
        .execution_options(synchronize_session=False)
    )
    found = db.execute(use_up).first()
    return {"type": found[0], **found[1]} if found is not None else None
