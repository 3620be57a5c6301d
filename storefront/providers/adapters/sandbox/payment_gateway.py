"""The shop's side of the sandbox card gateway: start, read a signed notice, ask for the truth."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import quote, urlsplit

import httpx

from storefront.core import clock, outbound
from storefront.core.i18n import lazy_gettext as _
from storefront.core.money import Money
from storefront.providers.adapters.sandbox import notices
from storefront.providers.outcomes import Misconfigured, NotSent, Unknown
from storefront.providers.ports.payment_gateway import (
    BadNotice,
    Leave,
    PaymentFacts,
    PaymentNotice,
    PaymentStart,
    PaymentStatus,
)
from storefront.providers.settings import plain, secret

TIMEOUT_S = 10.0
SERVER_ERROR = 500


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Where the gateway is and how it knows us. ``allowed`` lets its loopback address through in development."""

    url: str = plain(_("Address of the gateway"))
    key: str = secret(_("Key"))
    notice_secret: str = secret(_("Secret of the notices"))
    previous_notice_secret: str = secret(_("Secret of the notices before"), default="")
    allowed: tuple[str, ...] = ()


class SandboxGateway:
    """A card gateway that takes test cards only."""

    port: ClassVar = "payment_gateway"
    key: ClassVar = "sandbox"
    title: ClassVar = _("Sandbox card gateway")
    settings_class: ClassVar = Settings

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._url = settings.url.rstrip("/")

    @property
    def form_action(self) -> str:
        """The gateway's origin, for ``form-action``."""
        parts = urlsplit(self._url)
        return f"{parts.scheme}://{parts.netloc}"

    def start(self, payment: PaymentStart) -> Leave:
        """Open a payment at the gateway."""
        wish = {
            "reference": payment.reference,
            "amount": {"minor": payment.amount.minor, "currency": payment.amount.currency},
            "description": payment.description,
            "shop_name": payment.shop_name,
            "locale": payment.locale,
            "return_url": payment.return_url,
            "notify_url": payment.notify_url,
        }
        found = self._ask("POST", "/api/payments", wish)
        if found is None:
            raise Misconfigured("the gateway does not know this address")
        leave = Leave(url=str(found["url"]), supplier_reference=str(found["id"]))
        if not leave.url.startswith(f"{self.form_action}/"):
            raise Misconfigured("the gateway sends payers to another host")
        return leave

    def fetch(self, supplier_reference: str) -> PaymentFacts | None:
        """Ask the gateway what became of a payment."""
        try:
            found = self._ask("GET", f"/api/payments/{quote(supplier_reference, safe='')}")
        except Unknown as error:  # reading twice harms nobody
            raise NotSent(str(error)) from error
        if found is None:
            return None
        amount = found["amount"]
        return PaymentFacts(
            supplier_reference=str(found["id"]),
            reference=str(found["reference"]),
            status=PaymentStatus(found["status"]),
            amount=Money(int(amount["minor"]), str(amount["currency"])),
            paid_at=datetime.fromisoformat(found["ended_at"]) if found["status"] == "paid" else None,
            means=str(found["means"]),
            failure=str(found["failure"]),
        )

    def read_notice(self, headers: Mapping[str, str], body: bytes) -> PaymentNotice:
        """Check and read a notice."""
        secrets = (self._settings.notice_secret, self._settings.previous_notice_secret)
        try:
            event_id = notices.verify(secrets, headers, body, clock.now().timestamp())
            found = json.loads(body)
            return PaymentNotice(
                event_id=event_id,
                occurred_at=datetime.fromisoformat(found["timestamp"]),
                supplier_reference=str(found["data"]["id"]),
                reference=str(found["data"]["reference"]),
                status=PaymentStatus(found["data"]["status"]),
            )
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise BadNotice(str(error)) from error

    def _ask(self, verb: str, path: str, wish: Mapping[str, Any] | None = None) -> dict[str, Any] | None:
        headers = {"authorization": f"Bearer {self._settings.key}"}
        try:
            with outbound.client(self._settings.allowed, total_s=TIMEOUT_S) as client:
                answer = client.request(verb, self._url + path, json=wish, headers=headers)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise NotSent("the gateway cannot be reached") from error
        except httpx.TransportError as error:
            raise Unknown("the gateway broke off") from error
        if answer.status_code == httpx.codes.NOT_FOUND:
            return None
        if answer.status_code >= SERVER_ERROR or answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
            raise Unknown(f"the gateway answered {answer.status_code}")
        if not answer.is_success:
            raise Misconfigured(f"the gateway refused: {answer.status_code} {answer.text[:200]}")
        try:
            return dict(answer.json())
        except ValueError as error:
            raise Unknown("the gateway's answer cannot be read") from error
