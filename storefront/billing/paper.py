"""rule: everything that stands on a document, frozen as text and numbers, and its JSON form."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from storefront.billing.totals import Amounts, Category
from storefront.core.money import Money

Kind = Literal["proforma", "invoice"]
Font = Literal["plain", "serif", "strong", "round"]

# The form of the JSON. What was stored in an older form must stay readable for ever: an invoice is never changed.
FORM = 2
# What form 1 did not say yet: (part, field) and what it meant.
_SINCE_FORM_1 = {("brand", "theme"): "default"}

_HEX = re.compile(r"#[0-9a-f]{6}")
_RADIUS = re.compile(r"(?:[0-9]|1[0-9]|2[0-4])px")


@dataclass(frozen=True, kw_only=True)
class Party:
    """A seller, buyer or payer as printed. ``registrations`` are whole lines such as ``SIRET 842 117 930 00021``."""

    name: str
    lines: tuple[str, ...] = ()
    vat_number: str = ""
    registrations: tuple[str, ...] = ()
    email: str = ""


@dataclass(frozen=True, kw_only=True)
class PaperLine:
    """One line: what, for which time, how many, and what it comes to.

    ``unit`` is net or gross as the whole document is. ``term`` stands in for the period where its first day is not yet
    known, such as "1 year from registration".
    """

    title: str
    detail: str = ""
    period_from: date | None = None
    period_until: date | None = None
    term: str = ""
    quantity: int = 1
    unit: Money
    category: Category
    vat_percent: Decimal
    net: Money
    vat: Money
    gross: Money


@dataclass(frozen=True, kw_only=True)
class PaperRate:
    """The sum of one VAT rate."""

    category: Category
    vat_percent: Decimal
    net: Money
    vat: Money
    gross: Money


@dataclass(frozen=True, kw_only=True)
class PaymentBlock:
    """How to pay: the account, the reference to quote, the code's text (payment_qr.py), and where to pay online."""

    iban: str = ""
    bic: str = ""
    bank: str = ""
    account_name: str = ""
    reference: str = ""
    qr_payload: str = ""
    online: str = ""


@dataclass(frozen=True, kw_only=True)
class PaidBlock:
    """That it has been paid: when, how much, and by what ("card", "bank transfer") in the document's language."""

    on: date
    amount: Money
    means: str = ""


@dataclass(frozen=True, kw_only=True)
class PaperBrand:
    """The reseller's look on paper. Colours are ``#rrggbb``, computed and checked for contrast by the server.

    ``logo`` is the id of an asset handed to the renderer; without it the name is set as text. ``theme`` is the look the
    paper was issued in, so that it is printed again as it was.
    """

    name: str
    fill: str
    edge: str
    soft: str
    ink: str
    ink_soft: str
    line: str
    font: Font = "plain"
    radius: str = "8px"
    logo: str = ""
    theme: str = "default"

    def __post_init__(self) -> None:
        colours = (self.fill, self.edge, self.soft, self.ink, self.ink_soft, self.line)
        if not all(_HEX.fullmatch(colour) for colour in colours):
            raise ValueError("a colour on paper is written #rrggbb")
        if self.font not in get_args(Font) or not _RADIUS.fullmatch(self.radius):
            raise ValueError("fonts and radii on paper come from a list")
        if not self.theme.isidentifier():
            raise ValueError("a theme is named by its folder")


@dataclass(frozen=True, kw_only=True)
class DocumentFacts:
    """A document as it was issued. Nothing on it is ever looked up again: rendering needs this and the logo only.

    Dates are local days of the seller. ``notes`` are whole sentences in the document's language: the mentions that the
    VAT decision wants, payment terms, late penalties. ``footer`` are lines such as legal form, capital and register.
    """

    kind: Kind
    number: str
    language: str
    currency: str
    amounts: Amounts
    issued_on: date
    due_on: date | None = None
    supplied_on: date | None = None
    order_code: str = ""
    proforma_number: str = ""
    seller: Party
    buyer: Party
    payer: Party | None = None
    lines: tuple[PaperLine, ...]
    rates: tuple[PaperRate, ...]
    net: Money
    vat: Money
    gross: Money
    payment: PaymentBlock | None = None
    paid: PaidBlock | None = None
    notes: tuple[str, ...] = ()
    footer: tuple[str, ...] = ()
    brand: PaperBrand

    def __post_init__(self) -> None:
        for part in ("net", "vat", "gross"):
            whole: Money = getattr(self, part)
            of_lines = sum(getattr(line, part).minor for line in self.lines)
            of_rates = sum(getattr(rate, part).minor for rate in self.rates)
            if whole.currency != self.currency or not whole.minor == of_lines == of_rates:
                raise ValueError(f"the {part} amounts of lines, rates and document disagree")
        if self.net + self.vat != self.gross:
            raise ValueError("net and VAT do not make gross")

    @property
    def is_exempt(self) -> bool:
        """Whether the seller charges no VAT at all, so that the paper is not called a VAT invoice."""
        return all(rate.category == "E" for rate in self.rates)

    def to_json(self) -> dict[str, Any]:
        """Return what the document's row keeps: plain JSON, amounts in minor units of the document's currency."""
        return {"form": FORM, **_encoded(self)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "DocumentFacts":
        """Read what ``to_json`` wrote. Anything else, older forms aside, raises ``ValueError``."""
        if data.get("form") not in {1, FORM}:
            raise ValueError(f"unknown form of a document: {data.get('form')!r}")
        rest = {name: value for name, value in data.items() if name != "form"}
        if data["form"] == 1:
            rest = _with_what_was_meant(rest)
        return _decoded_class(cls, rest, str(data.get("currency", "")))


_Facts = TypeVar("_Facts")


def _with_what_was_meant(data: Mapping[str, Any]) -> dict[str, Any]:
    """Fill in what an older form did not say."""
    found = dict(data)
    for (part, field), meant in _SINCE_FORM_1.items():
        if isinstance(found.get(part), Mapping):
            found[part] = {**found[part], field: meant}
    return found


def _encoded(value: Any) -> Any:
    """Turn facts into what JSON can say."""
    if isinstance(value, Money):
        return value.minor
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_encoded(part) for part in value]
    if is_dataclass(value):
        return {each.name: _encoded(getattr(value, each.name)) for each in fields(value)}
    return value


def _decoded_class(kind: type[_Facts], data: Any, currency: str) -> _Facts:
    hints = get_type_hints(kind)
    if not isinstance(data, Mapping) or set(data) != set(hints):
        raise ValueError(f"these are not the fields of a {kind.__name__}")
    return kind(**{name: _decoded(hint, data[name], currency) for name, hint in hints.items()})


def _decoded(hint: Any, value: Any, currency: str) -> Any:
    """Turn JSON back into what a field's type says."""
    origin = get_origin(hint)
    if origin in {UnionType, Union}:
        inner = next(choice for choice in get_args(hint) if choice is not NoneType)
        return None if value is None else _decoded(inner, value, currency)
    if origin is tuple:
        return tuple(_decoded(get_args(hint)[0], part, currency) for part in value)
    if origin is Literal:
        if value not in get_args(hint):
            raise ValueError(f"{value!r} is none of {get_args(hint)}")
        return value
    return _decoded_plain(hint, value, currency)


def _decoded_plain(hint: Any, value: Any, currency: str) -> Any:
    if hint is Money and type(value) is int:
        return Money(value, currency)
    if hint is Decimal and isinstance(value, str):
        return Decimal(value)
    if hint is date and isinstance(value, str):
        return date.fromisoformat(value)
    if is_dataclass(hint) and isinstance(hint, type) and hint is not Money:
        return _decoded_class(hint, value, currency)
    if hint in {str, int} and type(value) is hint:
        return value
    raise ValueError(f"{value!r} is not a {hint}")
