"""The fuse of a registry."""

from storefront.provisioning.breaker import Breaker


def failed(times: int, *, every_s: float = 1.0) -> Breaker:
    breaker = Breaker()
    for number in range(times):
        breaker.failed(number * every_s)
    return breaker


def test_breaker_opens_at_the_fifth_failure_within_thirty_seconds() -> None:
    assert failed(4).lets_through(4)
    assert not failed(5).lets_through(5)


def test_breaker_stays_closed_when_failures_are_rare() -> None:
    assert failed(20, every_s=8).lets_through(160)


def test_breaker_forgets_failures_after_an_answer() -> None:
    breaker = failed(4)

    breaker.succeeded()
    breaker.failed(5)

    assert breaker.lets_through(6)


def test_breaker_tries_once_after_a_minute() -> None:
    breaker = failed(5)

    assert not breaker.lets_through(63.9)
    assert breaker.lets_through(64)
    assert not breaker.lets_through(64.1)


def test_breaker_opens_again_when_the_trial_fails_and_closes_when_it_succeeds() -> None:
    again, well = failed(5), failed(5)
    assert again.lets_through(64)
    assert well.lets_through(64)

    again.failed(65)
    well.succeeded()

    assert not again.lets_through(120)
    assert again.lets_through(125)
    assert well.lets_through(66)
