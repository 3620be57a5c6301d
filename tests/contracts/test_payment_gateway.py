"""What every payment gateway must do, whoever it is; run against each adapter that stands under GATEWAYS."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storefront.core import clock
from storefront.core.money import Money
from storefront.providers import registry
from storefront.providers.adapters.sandbox import notices
from storefront.providers.adapters.sandbox.gateway_app import GatewaySettings
from storefront.providers.outcomes import Misconfigured, NotSent
from storefront.providers.ports.payment_gateway import BadNotice, PaymentGateway, PaymentStart, PaymentStatus
from tests.fixtures_gateway import Ear, Payer, free_port

AMOUNT = Money.of("124.64", "EUR")


@dataclass(frozen=True, kw_only=True)
class Case:
    """A gateway, and a payer who does as told."""

    gateway: PaymentGateway
    pay: Callable[[str], Any]
    cancel: Callable[[str], Any]
    fail: Callable[[str], Any]


def open_sandbox(given: GatewaySettings, **changed: object) -> PaymentGateway:
    values = {"url": given.public_url, "key": given.key, "notice_secret": given.notice_secret, "allowed": given.allowed}
    return registry.open_adapter("payment_gateway", "sandbox", {**values, **changed})


@pytest.fixture(params=["sandbox"])
def case(running_gateway: GatewaySettings, payer: Payer) -> Case:
    def fail(url: str) -> None:
        for _ in range(5):
            payer.pay(url, "4000000000000002")

    return Case(
        gateway=open_sandbox(running_gateway),
        pay=payer.pay,
        cancel=lambda url: payer.submit(url, action="cancel"),
        fail=fail,
    )


@pytest.fixture
def wish(ear: Ear) -> PaymentStart:
    return PaymentStart(
        reference=uuid4().hex,
        amount=AMOUNT,
        description="Proforma PF/2026/17",
        return_url=f"http://shop.localhost:{ear.port}/pay/back/x",
        notify_url=ear.url,
        locale="pl",
        shop_name="Rejestrator",
    )


def test_start_leads_to_the_gateways_own_host(case: Case, wish: PaymentStart) -> None:
    leave = case.gateway.start(wish)

    assert leave.url.startswith(f"{case.gateway.form_action}/")
    assert leave.supplier_reference
    facts = case.gateway.fetch(leave.supplier_reference)
    assert facts is not None
    assert (facts.status, facts.amount, facts.reference) == (PaymentStatus.OPEN, AMOUNT, wish.reference)
    assert facts.paid_at is None


def test_start_twice_is_one_payment(case: Case, wish: PaymentStart) -> None:
    first = case.gateway.start(wish)

    second = case.gateway.start(wish)

    assert second == first


def test_start_twice_with_another_amount(case: Case, wish: PaymentStart) -> None:
    case.gateway.start(wish)

    with pytest.raises(Misconfigured):
        case.gateway.start(replace(wish, amount=Money(1, "EUR")))


def test_paid_payment_is_fetched_with_what_was_paid(case: Case, wish: PaymentStart) -> None:
    leave = case.gateway.start(wish)

    case.pay(leave.url)

    facts = case.gateway.fetch(leave.supplier_reference)
    assert facts is not None
    assert (facts.status, facts.amount, facts.reference) == (PaymentStatus.PAID, AMOUNT, wish.reference)
    assert facts.means.endswith("4242")
    assert facts.paid_at is not None
    assert abs(facts.paid_at - clock.now()) < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("deed", "status"),
    [("pay", PaymentStatus.PAID), ("cancel", PaymentStatus.CANCELLED), ("fail", PaymentStatus.FAILED)],
)
def test_every_ending_is_noticed_once(
    case: Case, wish: PaymentStart, ear: Ear, deed: str, status: PaymentStatus
) -> None:
    leave = case.gateway.start(wish)

    getattr(case, deed)(leave.url)

    [(headers, body)] = ear.wait()
    notice = case.gateway.read_notice(headers, body)
    assert (notice.status, notice.reference) == (status, wish.reference)
    assert notice.supplier_reference == leave.supplier_reference
    assert notice.event_id
    facts = case.gateway.fetch(leave.supplier_reference)
    assert facts is not None
    assert facts.status is status


def test_fetch_of_unknown_payment(case: Case) -> None:
    assert case.gateway.fetch("pay_" + "x" * 32) is None
    assert case.gateway.fetch("../../etc/passwd") is None


def test_wrong_key_is_for_people_to_mend(wish: PaymentStart, running_gateway: GatewaySettings) -> None:
    stranger = open_sandbox(running_gateway, key="another key")

    with pytest.raises(Misconfigured):
        stranger.start(wish)
    with pytest.raises(Misconfigured):
        stranger.fetch("pay_" + "x" * 32)


def test_gateway_that_is_down_was_not_sent_to(wish: PaymentStart, gateway_settings: GatewaySettings) -> None:
    nobody = open_sandbox(gateway_settings, url=f"http://pay.localhost:{free_port()}")

    with pytest.raises(NotSent):
        nobody.start(wish)
    with pytest.raises(NotSent):
        nobody.fetch("pay_" + "x" * 32)


# ----------------------------------------------------------------------------- notices need no gateway to run

SECRET = "one of our secrets"
BODY = (
    b'{"type":"payment.paid","timestamp":"2026-11-21T19:00:00+00:00","data":{"id":"pay_1","reference":"r",'
    b'"status":"paid","amount":{"minor":12464,"currency":"EUR"}}}'
)


def reader(**changed: object) -> PaymentGateway:
    values = {"url": "http://pay.localhost:1", "key": "k", "notice_secret": SECRET}
    return registry.open_adapter("payment_gateway", "sandbox", {**values, **changed})


def signed(body: bytes = BODY, *, secret: str = SECRET, age_s: float = 0) -> dict[str, str]:
    return notices.sign(secret, "evt_1", int(time.time() - age_s), body)


def test_notice_well_signed() -> None:
    notice = reader().read_notice(signed(), BODY)

    assert (notice.event_id, notice.status, notice.reference) == ("evt_1", PaymentStatus.PAID, "r")


def test_notice_signed_with_the_secret_before() -> None:
    both = reader(notice_secret="new", previous_notice_secret=SECRET)

    assert both.read_notice(signed(), BODY).event_id == "evt_1"


def test_notice_among_several_signatures() -> None:
    headers = signed()
    headers["webhook-signature"] = "v1,b3RoZXI= v2,x " + headers["webhook-signature"]

    assert reader().read_notice(headers, BODY).event_id == "evt_1"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        signed(secret="another"),
        signed(secret=""),
        signed(age_s=301),
        signed(age_s=-86_400),
        {**signed(), "webhook-id": "evt_2"},
        {**signed(), "webhook-timestamp": "now"},
        {**signed(), "webhook-timestamp": "²"},
        {**signed(), "webhook-timestamp": "9" * 400},
        {**signed(), "webhook-signature": ""},
        {**signed(), "webhook-signature": "v1,"},
        {**signed(), "webhook-signature": signed()["webhook-signature"].replace("v1,", "v2,")},
        {**signed(), "webhook-signature": "v1,é"},
    ],
)
def test_notice_badly_signed(headers: dict[str, str]) -> None:
    with pytest.raises(BadNotice):
        reader().read_notice(headers, BODY)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"null", b"{}", b"\xff", b'{"timestamp":"x"}', BODY.replace(b'"paid"', b'"won"'), b"[" * 9000]
)
def test_notice_well_signed_but_senseless(body: bytes) -> None:
    with pytest.raises(BadNotice):
        reader().read_notice(signed(body), body)


@given(place=st.integers(0, len(BODY) - 1), byte=st.integers(0, 255))
@settings(max_examples=50)
def test_notice_with_any_byte_altered(place: int, byte: int) -> None:
    altered = bytearray(BODY)
    altered[place] = byte if altered[place] != byte else byte ^ 1

    with pytest.raises(BadNotice):
        reader().read_notice(signed(), bytes(altered))
