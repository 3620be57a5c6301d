"""Hashing, comparing, and waiting one's turn."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from argon2 import PasswordHasher
from argon2.low_level import Type

from storefront.core.errors import TooMany
from storefront.identity import passwords
from storefront.identity.passwords import hash_password, is_password, should_hash_again
from storefront.identity.strength import LONGEST

WORD = "walrus orbit tangerine quilt"


def test_hash_says_how_it_was_made() -> None:
    assert hash_password(WORD).startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_right_password_fits_and_wrong_ones_do_not() -> None:
    stored = hash_password(WORD)

    assert is_password(WORD, stored)
    assert not is_password(WORD + " ", stored)
    assert not is_password(WORD.upper(), stored)
    assert not is_password("", stored)


def test_same_accents_from_another_keyboard_fit() -> None:
    assert is_password("cafe\u0301 cafe\u0301 cafe\u0301", hash_password("café café café"))


def test_nobody_has_a_password() -> None:
    assert not is_password(WORD, None)
    assert not is_password("\x00nobody\x00", None)


@pytest.mark.parametrize("stored", ["", "!", "$argon2id$broken", "plain text"])
def test_what_is_no_hash_fits_nothing(stored: str) -> None:
    assert not is_password(stored, stored)


def test_what_is_too_long_does_not_fit_by_its_beginning() -> None:
    stored = hash_password("a" * (LONGEST + 1))

    assert not is_password("a" * (LONGEST + 50), stored)


def test_hash_of_other_days_is_made_again() -> None:
    weaker = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1, type=Type.ID).hash(WORD)

    assert should_hash_again(weaker)
    assert not should_hash_again(hash_password(WORD))


def test_nobody_takes_as_long_as_somebody() -> None:
    stored = hash_password(WORD)
    is_password("warm", None)

    def duration(of: str | None) -> float:
        begun = time.perf_counter()
        is_password("something else", of)
        return time.perf_counter() - begun

    rounds = [(duration(stored), duration(None)) for _each in range(15)]
    somebody = sorted(known for known, _unknown in rounds)[7]
    nobody = sorted(unknown for _known, unknown in rounds)[7]

    assert 0.5 < somebody / nobody < 2


def test_storm_is_told_to_wait_and_then_forgotten() -> None:
    stored = hash_password(WORD)

    waits: list[int] = []

    def come(_number: int) -> bool | None:
        try:
            return is_password(WORD, stored)
        except TooMany as busy:
            waits.append(busy.retry_after_s)
            return None

    with ThreadPoolExecutor(40) as pool:
        answers = list(pool.map(come, range(200)))

    assert set(waits) == {passwords.RETRY_AFTER_S}
    assert True in answers
    assert False not in answers
    assert is_password(WORD, stored)
