"""Ten codes for the day the telephone is lost: shown once, each good once, kept only as signatures."""

import unicodedata
from datetime import timedelta

from sqlalchemy import delete, func, select, update

from storefront.core import ids
from storefront.core.db import Work
from storefront.core.outbox import publish
from storefront.core.sealing import is_signed, sign
from storefront.identity import secret_codes
from storefront.identity.events import RecoveryCodesLow
from storefront.identity.models import LoginUser, SecretCode

PURPOSE = "recovery_code"
HOW_MANY = 10
LETTERS = 12  # of 30: some 58 bits, behind five tries in five minutes
LONGEST_TYPED = 40
LOW = 3
FOR_EVER = timedelta(days=365 * 100)


def new_recovery_codes(db: Work, user: LoginUser) -> tuple[str, ...]:
    """Make ten codes, to be shown now and never again; those before are void."""
    forget_recovery_codes(db, user)
    codes = tuple(_code() for _number in range(HOW_MANY))
    for code in codes:
        db.add(
            SecretCode(
                purpose=PURPOSE,
                user_id=user.id,
                email_key="",
                code_hash=sign(db.config, _said(user, code), purpose=PURPOSE, owner=db.reseller_id),
                facts={},
                created_at=db.now,
                until=db.now + FOR_EVER,
            )
        )
    db.flush()
    return codes


def _code() -> str:
    letters = ids.public_code(LETTERS).replace("-", "")
    return "-".join(letters[start : start + 4] for start in range(0, LETTERS, 4))


def _said(user: LoginUser, code: str) -> str:
    return f"{user.id}/{normalise(code)}"


def normalise(typed: str) -> str:
    """Return a code as it counts: capital letters and digits, however it was typed."""
    folded = unicodedata.normalize("NFKC", typed[:LONGEST_TYPED]).upper()
    return "".join(letter for letter in folded if letter in ids.CODE_LETTERS)


def forget_recovery_codes(db: Work, user: LoginUser) -> None:
    """Take all codes of a user away."""
    own = delete(SecretCode).where(SecretCode.reseller_id == user.reseller_id, SecretCode.purpose == PURPOSE)
    db.execute(own.where(SecretCode.user_id == user.id).execution_options(synchronize_session=False))


def recovery_codes_left(db: Work, user: LoginUser) -> int:
    """Count the codes that are still good."""
    return (
        db.scalar(
            select(func.count())
            .select_from(SecretCode)
            .where(SecretCode.reseller_id == user.reseller_id, SecretCode.purpose == PURPOSE)
            .where(SecretCode.user_id == user.id, SecretCode.used_at.is_(None))
        )
        or 0
    )


def take_recovery_code(db: Work, user: LoginUser, typed: str) -> bool:
    """Use a code up; False if it is wrong or was used. Of many who type the same one at once, one gets in."""
    if len(normalise(typed)) != LETTERS:
        return False
    own = select(SecretCode).where(SecretCode.reseller_id == user.reseller_id, SecretCode.purpose == PURPOSE)
    rows = db.scalars(own.where(SecretCode.user_id == user.id, SecretCode.used_at.is_(None)))
    # No early end: the time taken must not tell which one matched.
    fitting = [
        row.id
        for row in rows
        if is_signed(db.config, _said(user, typed), row.code_hash, purpose=PURPOSE, owner=user.reseller_id)
    ]
    use_up = (
        update(SecretCode)
        .where(SecretCode.reseller_id == user.reseller_id, SecretCode.id.in_(fitting), SecretCode.used_at.is_(None))
        .values(used_at=db.now)
    )
    if not fitting or secret_codes.rows_changed(db, use_up) != 1:
        return False
    left = recovery_codes_left(db, user)
    if left <= LOW:
        publish(db, RecoveryCodesLow(user_id=user.id, left=left))
    return True
