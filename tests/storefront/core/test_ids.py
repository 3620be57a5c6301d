"""Keys: those that are made by the ten thousand are like those that are made one by one."""

from uuid import UUID

import pytest

from storefront.core.ids import uuid7, uuid7_texts


def test_many_keys_are_uuids_of_this_moment_and_all_different() -> None:
    before, texts, after = uuid7(), uuid7_texts(2_000), uuid7()

    keys = [UUID(text) for text in texts]
    assert len(set(keys)) == len(keys)
    assert {(key.version, key.variant) for key in keys} == {(before.version, before.variant)}
    assert [str(key) for key in keys] == texts
    assert all(before.int >> 80 <= key.int >> 80 <= after.int >> 80 for key in keys)


@pytest.mark.parametrize("count", [0, 1])
def test_few_keys_are_as_many_as_were_asked_for(count: int) -> None:
    assert len(uuid7_texts(count)) == count
