"""Start a payment, read its notice, fetch its facts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from storefront.core.money import Money


class PaymentStatus(StrEnum):
    """How far a payment has come at the gateway. All but ``open`` are final."""

    OPEN = "open"
    PAID = "paid"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


@dataclass(frozen=True, kw_only=True)
class PaymentStart:
    """What the gateway is told. ``reference`` is our payment's id: starting it twice gives the same payment."""

    reference: str
    amount: Money
    description: str
    return_url: str
    notify_url: str
    locale: str = "en"
    shop_name: str = ""


@dataclass(frozen=True, kw_only=True)
class Leave:
    """Where the payer goes now; ``supplier_reference`` is kept with our payment."""

    url: str
    supplier_reference: str


@dataclass(frozen=True, kw_only=True)
class PaymentNotice:
    """What a signed notice claims. Only a doorbell: ``fetch`` tells the truth.

    ``event_id`` is unique per event and stays the same when the gateway repeats itself.
    """

    event_id: str
    occurred_at: datetime
    supplier_reference: str
    reference: str
    status: PaymentStatus


@dataclass(frozen=True, kw_only=True)
class PaymentFacts:
    """What the gateway says when asked. Compare reference, amount and currency before believing it."""

    supplier_reference: str
    reference: str
    status: PaymentStatus
    amount: Money
    paid_at: datetime | None = None
    means: str = ""  # such as "Visa •••• 4242"
    failure: str = ""


class BadNotice(ValueError):
    """A notice is not signed by this gateway, too old, or makes no sense. Answer 400 and keep nothing."""


class PaymentGateway(Protocol):
    """Takes customers' money."""

    @property
    def form_action(self) -> str:
        """The origin that pages leading to the gateway list in ``form-action`` of their CSP."""

    def start(self, payment: PaymentStart) -> Leave:
        """Open a payment; the same reference gives the same one. Raises ``NotSent``, ``Unknown``, ``Misconfigured``."""

    def read_notice(self, headers: Mapping[str, str], body: bytes) -> PaymentNotice:
        """Check a notice's signature and age and read it; raises ``BadNotice``. No call leaves the process."""

    def fetch(self, supplier_reference: str) -> PaymentFacts | None:
        """Ask the gateway what became of a payment; None when it knows none. Raises ``NotSent``, ``Misconfigured``."""
