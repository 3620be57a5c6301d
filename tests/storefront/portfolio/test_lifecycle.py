"""One word for a domain, whatever registry, clock and open work say together."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront.portfolio.lifecycle import DomainFacts, DomainStatus, days_left, shown, status_of

NOW = datetime(2025, 11, 21, 12, tzinfo=UTC)


def domain(days: int = 200, *statuses: str, **change: object) -> DomainFacts:
    terms = {"paid_until": NOW + timedelta(days=days), "statuses": frozenset(statuses)}
    return DomainFacts(**{**terms, **change})  # type: ignore[arg-type]  # a table of terms


@pytest.mark.parametrize(
    ("facts", "status", "tone"),
    [
        (domain(), "active", "success"),
        (domain(200, "ok"), "active", "success"),
        (domain(200, "clientTransferProhibited", "addPeriod"), "active", "success"),
        (domain(31), "active", "success"),
        (domain(30), "expiring", "warning"),
        (domain(1), "expiring", "warning"),
        (domain(0), "expired", "danger"),
        (domain(-10), "expired", "danger"),
        # the registry has renewed by itself, nobody has paid
        (
            domain(-10, "autoRenewPeriod", registry_expires_at=NOW + timedelta(days=355)),
            "expired",
            "danger",
        ),
        # a renewal was paid that never reached the registry
        (domain(375, "ok", registry_expires_at=NOW + timedelta(days=10)), "expiring", "warning"),
        (domain(200, "inactive"), "inactive", "warning"),
        (domain(10, "inactive"), "expiring", "warning"),
        (domain(200, "clientHold"), "suspended", "danger"),
        (domain(-10, "serverHold"), "suspended", "danger"),
        (domain(200, "pendingTransfer"), "transferring", "info"),
        (domain(200, "pending transfer"), "transferring", "info"),
        (domain(-40, "pendingDelete", "redemptionPeriod"), "redemption", "danger"),
        (domain(-40, "pendingDelete", "pendingRestore"), "restoring", "info"),
        (domain(-80, "pendingDelete"), "pending_delete", "danger"),
        (domain(0, paid_until=None), "registering", "info"),
        (domain(365, "pendingCreate"), "registering", "info"),
        (domain(365, open_operation="register"), "registering", "info"),
        (domain(200, open_operation="transfer"), "transferring", "info"),
        (domain(-40, "redemptionPeriod", open_operation="restore"), "restoring", "info"),
        (domain(-2, open_operation="renew"), "renewing", "info"),
        (domain(200, closed="transferred_out"), "transferred_out", "neutral"),
        (domain(200, "pendingDelete", closed="deleted"), "deleted", "neutral"),
    ],
)
def test_status_of(facts: DomainFacts, status: str, tone: str) -> None:
    answer = shown(facts, NOW)

    assert (answer.status, answer.tone) == (status, tone)


@pytest.mark.parametrize(
    ("until", "days"),
    [
        (timedelta(days=30), 30),
        (timedelta(days=29, seconds=1), 30),
        (timedelta(seconds=1), 1),
        (timedelta(0), 0),
        (timedelta(seconds=-1), 0),
        (timedelta(days=-1), -1),
    ],
)
def test_days_left(until: timedelta, days: int) -> None:
    assert days_left(NOW + until, NOW) == days


def test_days_left_of_something_without_a_term_are_not_told() -> None:
    assert shown(domain(paid_until=None), NOW).days_left is None
    assert shown(domain(closed="deleted"), NOW).days_left is None
    assert shown(domain(12), NOW).days_left == 12
    assert shown(domain(12, registry_expires_at=NOW + timedelta(days=3)), NOW).days_left == 3


@given(
    days=st.integers(-400, 4000),
    statuses=st.frozensets(st.one_of(st.text(max_size=12), st.sampled_from(["ok", "pendingDelete", "inactive"]))),
    operation=st.sampled_from(["", "register", "renew", "transfer", "restore"]),
)
def test_status_always_has_a_word(days: int, statuses: frozenset[str], operation: str) -> None:
    facts = domain(days, *statuses, open_operation=operation)

    assert str(shown(facts, NOW).word)


@given(days=st.integers(-400, 0))
def test_status_of_an_unpaid_domain_is_never_active(days: int) -> None:
    facts = domain(days, "ok", registry_expires_at=NOW + timedelta(days=365))

    assert status_of(facts, NOW) is DomainStatus.EXPIRED
