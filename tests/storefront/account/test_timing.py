"""Nobody learns from the clock which accounts exist (security 3.5): 300 pairs of requests, one after the other."""

import math
import statistics
import time
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from storefront.core import ids
from storefront.core.db import Database
from storefront.identity.passwords import hash_password
from tests import factories
from tests.fixtures_app import Shop
from tests.storefront.account.people import OTHER_PASSWORD, PASSWORD

PAIRS = 300
APART_S = 0.002
CHANCE = 0.01


def chance_of(one: list[float], other: list[float]) -> float:
    """Return p of the Mann-Whitney test, by its normal approximation: how often chance alone separates so much."""
    ranks = sorted([(value, 0) for value in one] + [(value, 1) for value in other])
    sum_of_one = sum(rank for rank, (_value, group) in enumerate(ranks, 1) if group == 0)
    first, second = len(one), len(other)
    excess = sum_of_one - first * (first + second + 1) / 2
    spread = math.sqrt(first * second * (first + second + 1) / 12)
    return math.erfc(abs(excess) / spread / math.sqrt(2))


def test_chance_is_judged_rightly() -> None:
    low, high = [float(number) for number in range(100)], [float(number) for number in range(60, 160)]

    assert chance_of(low, [value + 0.5 for value in low]) > 0.5
    assert chance_of(low, high) < 1e-6


@pytest.mark.proof
@pytest.mark.parametrize(
    ("address", "more"), [("/account/sign-in", {"password": OTHER_PASSWORD}), ("/account/recovery", {})]
)
def test_known_and_unknown_names_take_as_long(
    client_of: Callable[[Shop], FlaskClient],
    database: Database,
    shops: dict[str, Shop],
    address: str,
    more: dict[str, str],
) -> None:
    stored = hash_password(PASSWORD)
    with database.work(shops["north"].id) as db:
        users = [
            factories.make_user(db, customer=factories.make_customer(db), password_hash=stored) for _n in range(PAIRS)
        ]
        db.commit()
    client = client_of(shops["north"])

    def duration(login: str) -> float:
        begun = time.perf_counter()
        client.post(address, data={"login": login, **more})
        return time.perf_counter() - begun

    for _each in range(10):
        duration(ids.token()[:15])
    known: list[float] = []
    unknown: list[float] = []
    for number, user in enumerate(users):
        pair = [(known, user.login), (unknown, f"user-{ids.public_code(10).lower()}")]
        for kept, login in pair if number % 2 else reversed(pair):
            kept.append(duration(login))

    apart = abs(statistics.median(known) - statistics.median(unknown))
    print(f"{address}: medians {apart * 1000:.2f} ms apart, p = {chance_of(known, unknown):.3f}")  # noqa: T201 - ./run proof shows it
    assert chance_of(known, unknown) > CHANCE
    assert apart < APART_S
