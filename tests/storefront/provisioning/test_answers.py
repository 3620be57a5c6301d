"""Answers as they lie in Valkey."""

from datetime import UTC, datetime, timedelta

import pytest

from storefront.core.money import Money
from storefront.providers.ports.registrar import Action, Availability, CheckResult, RegistrationData
from storefront.provisioning.answers import (
    kept_s,
    no_answer,
    read_answer,
    read_registration,
    write_answer,
    write_registration,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def result(availability: Availability, **more: object) -> CheckResult:
    return CheckResult(name="fjordlight.com", availability=availability, checked_at=NOW, **more)  # type: ignore[arg-type]  # a table of fields


@pytest.mark.parametrize(
    ("availability", "seconds"),
    [
        (Availability.AVAILABLE, 60),
        (Availability.PREMIUM, 600),
        (Availability.TAKEN, 900),
        (Availability.RESERVED, 86_400),
        (Availability.UNKNOWN, 0),
    ],
)
def test_kept_s_depends_on_the_kind(availability: Availability, seconds: int) -> None:
    assert kept_s(result(availability), NOW) == seconds


def test_kept_s_of_a_premium_name_ends_with_its_quote() -> None:
    promised = result(Availability.PREMIUM, quote_until=NOW + timedelta(seconds=90))

    assert kept_s(promised, NOW) == 90
    assert kept_s(promised, NOW + timedelta(minutes=2)) == 0


def test_answer_survives_being_written_down() -> None:
    costs = {Action.REGISTER: {1: Money(124_000, "EUR")}, Action.RENEW: {1: Money(5_400, "EUR")}}
    given = result(
        Availability.PREMIUM, premium_class="AA", costs=costs, quote_id="q1", quote_until=NOW + timedelta(minutes=10)
    )

    assert read_answer(write_answer(given)) == given


def test_answer_of_a_standard_name_leaves_costs_to_the_price_list() -> None:
    given = result(Availability.AVAILABLE, costs={Action.REGISTER: {1: Money(940, "EUR")}})

    assert read_answer(write_answer(given)).costs == {}


def test_no_answer_is_not_buyable() -> None:
    assert not no_answer("fjordlight.com", NOW).availability.is_buyable


def test_registration_survives_being_written_down() -> None:
    given = RegistrationData(
        name="fjordlight.com", registrar="Kestrel", registrar_iana_id=9994, abuse_email="a@b.example", abuse_phone="",
        registered_at=NOW, expires_at=NOW, changed_at=None, database_updated_at=NOW, statuses=("ok",),
        name_servers=("ns1.example",), is_signed=True, redacted=("registrant name",),
    )  # fmt: skip

    assert read_registration(write_registration(given)) == given
