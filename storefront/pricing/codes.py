"""Codes of promotions: made alone or ten thousand at once, found when typed, withdrawn, written to a file."""

import csv
import io
import re
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from storefront.core import ids
from storefront.core.audit import record
from storefront.core.db import Work
from storefront.core.errors import Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.core.paging import Page, newest_first
from storefront.core.prefixes import begins_with
from storefront.customers.queries import find_customer_by_code
from storefront.pricing.offer_models import Promotion, PromotionCode

SHAPE = re.compile(r"[A-Z0-9-]{4,24}")
SERIES_MOST = 10_000
# Letters of a generated code behind its prefix: among 30 to the eighth nobody guesses one of ten thousand.
RANDOM_LETTERS = 8
PREFIX_LONGEST = 12
# So many rows go to the database in one statement.
BATCH = 2_000


@dataclass(frozen=True, kw_only=True)
class SeriesWish:
    """A series to make: how many codes, what they begin with, how often each may be used."""

    name: str
    count: int
    prefix: str = ""
    max_uses: int | None = 1


@dataclass(frozen=True, kw_only=True)
class SeriesSummary:
    """A series as the office lists it; single codes have no name of a series."""

    promotion_id: UUID
    name: str
    count: int
    uses: int
    spent: int
    withdrawn: int

    @property
    def is_withdrawn(self) -> bool:
        """Whether what was left of it was withdrawn."""
        return self.spent == self.count and self.withdrawn > 0


def read_code(typed: str) -> str:
    """Bring a typed code into its form: capital letters, no spaces. Raises ``Refused`` for what cannot be a code."""
    code = "".join(typed.split()).upper()
    if not SHAPE.fullmatch(code):
        raise Refused(_("A code has 4 to 24 letters, digits and hyphens."), field="code")
    return code


def find_code(db: Work, typed: str) -> PromotionCode | None:
    """Find a code as somebody typed it."""
    code = "".join(typed.split()).upper()
    if not SHAPE.fullmatch(code):
        return None
    return db.scalar(
        select(PromotionCode).where(PromotionCode.reseller_id == db.reseller_id, PromotionCode.code == code)
    )


def add_code(
    db: Work, promotion: Promotion, typed: str, *, max_uses: int | None = None, customer_code: str = ""
) -> PromotionCode:
    """Make one code that people can remember. Raises ``Refused`` for one that exists, or for an unknown customer."""
    code = read_code(typed)
    _require_code_promotion(promotion)
    if find_code(db, code) is not None:
        raise Refused(_("There is such a code already."), field="code")
    customer = find_customer_by_code(db, customer_code) if customer_code.strip() else None
    if customer_code.strip() and customer is None:
        raise Refused(_("There is no customer with this code."), field="customer")
    row = db.add(
        PromotionCode(
            promotion_id=promotion.id,
            code=code,
            customer_id=customer.id if customer else None,
            max_uses=max_uses,
            created_at=db.now,
        )
    )
    db.flush()
    record(db, "promotion.code_added", promotion, after={"code": code})
    return row


def make_series(db: Work, promotion: Promotion, wish: SeriesWish) -> int:
    """Make many codes at once; returns how many. Raises ``Refused`` for too many, or for a name that is used."""
    _require_code_promotion(promotion)
    prefix = _read_prefix(wish.prefix)
    if not 1 <= wish.count <= SERIES_MOST:
        raise Refused(_("A series has at least one code and at most %(num)s.", num=SERIES_MOST), field="count")
    if _has_series(db, promotion, wish.name):
        raise Refused(_("This promotion has a series of this name already."), field="name")
    made = 0
    while made < wish.count:
        made += _insert_codes(db, promotion, wish, prefix, min(BATCH, wish.count - made))
    record(db, "promotion.series_made", promotion, after={"series": wish.name, "codes": made})
    return made


def _read_prefix(typed: str) -> str:
    prefix = "".join(typed.split()).upper().rstrip("-")
    if prefix and (len(prefix) > PREFIX_LONGEST or not re.fullmatch(r"[A-Z0-9-]+", prefix)):
        raise Refused(_("The beginning has at most 12 letters, digits and hyphens."), field="prefix")
    return prefix


def _insert_codes(db: Work, promotion: Promotion, wish: SeriesWish, prefix: str, count: int) -> int:
    """Insert a batch; a code that exists by chance is left out and made up for by the next batch."""
    codes = {_random_code(prefix) for _each in range(count)}
    values = [
        {
            "reseller_id": db.reseller_id,
            "id": ids.uuid7(),
            "promotion_id": promotion.id,
            "code": code,
            "series": wish.name,
            "max_uses": wish.max_uses,
            "uses": 0,
            "created_at": db.now,
        }
        for code in codes
    ]
    statement = insert(PromotionCode).values(values).on_conflict_do_nothing().returning(PromotionCode.id)
    return len(db.execute(statement).all())


def _random_code(prefix: str) -> str:
    letters = "".join(secrets.choice(ids.CODE_LETTERS) for _letter in range(RANDOM_LETTERS))
    shown = f"{letters[:4]}-{letters[4:]}"
    return f"{prefix}-{shown}" if prefix else shown


def _require_code_promotion(promotion: Promotion) -> None:
    if not promotion.needs_code:
        raise Refused(_("This promotion counts for everybody without a code."))
    if promotion.state == "stopped":
        raise Refused(_("This promotion has been stopped. Make a copy of it first."))


def _has_series(db: Work, promotion: Promotion, name: str) -> bool:
    statement = select(PromotionCode.id).where(PromotionCode.promotion_id == promotion.id, PromotionCode.series == name)
    return db.scalar(statement.limit(1)) is not None


def series_of(db: Work, promotion_id: UUID | None = None) -> list[SeriesSummary]:
    """List the series, the newest first, each with its codes counted. One query."""
    codes = PromotionCode
    statement = (
        select(
            codes.promotion_id,
            codes.series,
            func.count(),
            func.coalesce(func.sum(codes.uses), 0),
            func.count().filter(codes.max_uses.is_not(None), codes.uses >= codes.max_uses),
            func.count(codes.withdrawn_at),
        )
        .where(codes.reseller_id == db.reseller_id, codes.series != "")
        .group_by(codes.promotion_id, codes.series)
        .order_by(func.max(codes.created_at).desc(), codes.series)
    )
    if promotion_id is not None:
        statement = statement.where(codes.promotion_id == promotion_id)
    return [
        SeriesSummary(promotion_id=promotion, name=name, count=count, uses=int(uses), spent=spent, withdrawn=withdrawn)
        for promotion, name, count, uses, spent, withdrawn in db.execute(statement)
    ]


def codes(
    db: Work, *, wanted: str = "", promotion_id: UUID | None = None, after: UUID | None = None
) -> Page[PromotionCode]:
    """List codes, the newest first: those that stand alone, or all whose beginning is ``wanted``."""
    statement = select(PromotionCode)
    if promotion_id is not None:
        statement = statement.where(PromotionCode.promotion_id == promotion_id)
    if wanted:
        statement = statement.where(begins_with(PromotionCode.code, "".join(wanted.split()).upper()))
    else:
        statement = statement.where(PromotionCode.series == "")
    return newest_first(db, statement, PromotionCode.id, after)


def withdraw_code(db: Work, code: PromotionCode) -> None:
    """Let a code count no more; what was ordered with it stays as it is."""
    db.lock(code)
    before, code.max_uses = code.max_uses, code.uses
    code.withdrawn_at = code.withdrawn_at or db.now
    record(db, "promotion.code_withdrawn", code, before={"max_uses": before}, after={"max_uses": code.uses})


def withdraw_series(db: Work, promotion: Promotion, name: str) -> int:
    """Let the codes of a series count no more; returns how many that were. One statement."""
    left = update(PromotionCode).where(
        PromotionCode.reseller_id == db.reseller_id,
        PromotionCode.promotion_id == promotion.id,
        PromotionCode.series == name,
        or_(PromotionCode.max_uses.is_(None), PromotionCode.uses < PromotionCode.max_uses),
    )
    withdrawn = left.values(max_uses=PromotionCode.uses, withdrawn_at=db.now).returning(PromotionCode.id)
    count = len(db.execute(withdrawn.execution_options(synchronize_session=False)).all())
    record(db, "promotion.series_withdrawn", promotion, after={"series": name, "codes": count})
    return count


def series_rows(db: Work, promotion_id: UUID, name: str) -> Sequence[tuple[str, int, int | None]]:
    """List the codes of a series, or of the whole promotion, by the alphabet: how often each was and may be used."""
    statement = select(PromotionCode.code, PromotionCode.uses, PromotionCode.max_uses).where(
        PromotionCode.reseller_id == db.reseller_id,
        PromotionCode.promotion_id == promotion_id,
    )
    if name:
        statement = statement.where(PromotionCode.series == name)
    return [(code, uses, most) for code, uses, most in db.execute(statement.order_by(PromotionCode.code))]


def as_csv(rows: Sequence[tuple[str, int, int | None]]) -> bytes:
    """Write codes as a file for a spreadsheet (RFC 4180); codes hold letters, digits and hyphens, never a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(("code", "used", "may_be_used"))
    writer.writerows(_lines(rows))
    return text.getvalue().encode()


def _lines(rows: Sequence[tuple[str, int, int | None]]) -> Iterator[tuple[str, int, str]]:
    for code, uses, most in rows:
        # A code that begins with a hyphen would be read as a formula.
        yield (f"'{code}" if code.startswith("-") else code), uses, "" if most is None else str(most)
