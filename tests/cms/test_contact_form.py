"""The form that tells people from machines without asking anybody else."""

from datetime import timedelta

import pytest

from cms.contact_form import LATEST, PURPOSE, SOONEST, fresh_stamp, is_good_stamp, prefix_of
from storefront.core import clock
from storefront.core.db import Work
from storefront.core.sealing import seal


def stamp(db: Work, age: timedelta) -> str:
    return seal(db.config, (clock.now() - age).isoformat(), purpose=PURPOSE, owner=db.reseller_id)


@pytest.mark.parametrize(
    ("age", "is_good"),
    [
        (timedelta(0), False),
        (SOONEST + timedelta(seconds=1), True),
        (LATEST - timedelta(minutes=1), True),
        (LATEST + timedelta(seconds=1), False),
        (-timedelta(hours=1), False),
    ],
)
def test_stamp_is_good_for_as_long_as_a_person_needs(db: Work, age: timedelta, is_good: bool) -> None:
    assert is_good_stamp(db, stamp(db, age)) is is_good


@pytest.mark.parametrize("words", ["", "x", "k1.x", "k1.AAAA", "é"])
def test_made_up_stamp_is_not_good(db: Work, words: str) -> None:
    assert not is_good_stamp(db, words)


def test_stamp_of_another_shop_is_not_good(db: Work, stranger_db: Work) -> None:
    assert not is_good_stamp(db, stamp(stranger_db, timedelta(minutes=1)))


def test_stamp_hides_when_it_was_made(db: Work) -> None:
    assert str(clock.now().year) not in fresh_stamp(db)


def test_names_of_two_forms_differ() -> None:
    assert prefix_of("b1") != prefix_of('b 2"><script>')
    assert prefix_of('b 2"><script>').replace("-", "").isalnum()
