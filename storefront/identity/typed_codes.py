"""Six digits by e-mail that belong to a row of SecretCode: made, checked, a wrong try counted."""

from sqlalchemy import update

from storefront.core import ids
from storefront.core.db import Work
from storefront.core.errors import Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.core.outbox import keeps
from storefront.core.sealing import is_signed, sign
from storefront.identity.events import CodeMissed
from storefront.identity.models import SecretCode

TRIES = 5
LONGEST_TYPED = 20


def make_code(db: Work, row: SecretCode) -> str:
    """Give a row new digits; those before are void. Only a signature over them is kept."""
    db.flush()
    code = ids.digits()
    row.facts = {**row.facts, "proof": sign(db.config, _said(row, code), purpose=row.purpose, owner=db.reseller_id)}
    row.tries = 0
    return code


def is_code(db: Work, row: SecretCode, typed: str) -> bool:
    """Tell whether somebody typed the digits of a row; spaces and hyphens do not matter."""
    code = "".join(typed.split()).replace("-", "")[:LONGEST_TYPED]
    proof = str(row.facts.get("proof", ""))
    return is_signed(db.config, _said(row, code), proof, purpose=row.purpose, owner=db.reseller_id)


def take_code(db: Work, row: SecretCode, typed: str) -> None:
    """Use a row up with its digits. Raises ``Refused``; a wrong try is counted all the same, the fifth is the last."""
    row = db.lock(row)
    if row.used_at is not None or row.until <= db.now:
        raise Refused(_("This code is no longer good. Please ask for a new one."), field="code")
    if row.tries >= TRIES:
        raise Refused(_("That was the fifth wrong code. Please ask for a new one."), field="code")
    if not is_code(db, row, typed):
        message = _("This is not the code we sent last. Please look at the newest letter.")
        raise Refused(message, field="code", remember=CodeMissed(code_id=row.id))
    row.used_at = db.now


def _said(row: SecretCode, code: str) -> str:
    return f"{row.id}/{code}"


@keeps(CodeMissed)
def count_miss(db: Work, event: CodeMissed) -> None:
    """Count a wrong try."""
    db.execute(
        update(SecretCode)
        .where(SecretCode.reseller_id == db.reseller_id, SecretCode.id == event.code_id)
        .values(tries=SecretCode.tries + 1)
        .execution_options(synchronize_session=False),
    )
