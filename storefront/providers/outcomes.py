"""Done, Pending, Rejected; and three ways to fail: not sent, unknown, misconfigured."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

from storefront.core.money import Money

Facts = TypeVar("Facts")


class Rejection(StrEnum):
    """Why a supplier said no, in words that fit every supplier (domains.md, 10.3)."""

    NAME_TAKEN = "name_taken"
    NOT_FOUND = "not_found"
    INVALID = "invalid_param"
    NOT_AUTHORISED = "not_authorised"
    STATUS_PROHIBITS = "status_prohibits"
    NOT_ELIGIBLE_TO_RENEW = "not_eligible_renew"
    NOT_ELIGIBLE_TO_TRANSFER = "not_eligible_transfer"
    BAD_AUTH_CODE = "bad_auth_code"  # nothing happened; another code may be sent under another reference
    TRANSFER_REFUSED = "transfer_refused"  # by the registrar that has the name, or by its holder there
    PREMIUM_PRICE_CHANGED = "premium_price_changed"
    NO_FUNDS = "insufficient_upstream_funds"
    POLICY = "policy"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, kw_only=True)
class Done(Generic[Facts]):
    """It happened. ``cost`` is what the supplier took from our account with it."""

    facts: Facts
    cost: Money | None = None
    upstream_ref: str = ""


@dataclass(frozen=True, kw_only=True)
class Pending:
    """The supplier accepted it and will decide later; ask with ``upstream_ref``."""

    upstream_ref: str
    poll_after_s: float = 60
    expires_at: datetime | None = None
    waiting_for: str = "registry"


@dataclass(frozen=True, kw_only=True)
class Rejected:
    """The supplier said no, and nothing happened. ``fields`` says which of our fields it did not like."""

    code: Rejection
    message: str
    fields: Mapping[str, str] = field(default_factory=dict)
    is_worth_retrying: bool = False


# Refusals are values: "this name is taken" is an answer. Handlers match the three and let failures pass.
Outcome = Done[Facts] | Pending | Rejected


class SupplierError(Exception):
    """A supplier could not be spoken to properly. The job that called deals with the three kinds."""


class NotSent(SupplierError):
    """Nothing reached the supplier: send again later."""


class Unknown(SupplierError):
    """It may have happened: ask first, never send twice."""


class Misconfigured(SupplierError):
    """People must look: wrong password, no contract for this ending, unknown adapter."""
