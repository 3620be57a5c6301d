"""The data directory: private keys, one holder, and a sentence where it cannot be used."""

import json
import stat
from pathlib import Path

import pytest

from storefront.machine import data
from storefront.machine.speech import CannotGoOnError


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_first_keys_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    made = data.make(tmp_path / "var")

    assert mode(made / "keys") == 0o700
    assert mode(made / "keys" / "ring.json") == 0o600


def test_first_ring_is_one_key_of_256_bits(tmp_path: Path) -> None:
    data.make(tmp_path / "var")

    ring = json.loads((tmp_path / "var" / "keys" / "ring.json").read_text())

    assert ring["current"] == "k1"
    assert [len(key) for key in ring["keys"].values()] == [44]


def test_keys_survive_the_next_start(tmp_path: Path) -> None:
    ring = data.make(tmp_path / "var") / "keys" / "ring.json"
    before = ring.read_text()

    data.make(tmp_path / "var")

    assert ring.read_text() == before


def test_wide_open_ring_is_narrowed(tmp_path: Path) -> None:
    ring = data.make(tmp_path / "var") / "keys" / "ring.json"
    ring.chmod(0o644)

    data.make(tmp_path / "var")

    assert mode(ring) == 0o600


def test_two_installations_have_different_keys(tmp_path: Path) -> None:
    rings = [(data.make(tmp_path / name) / "keys" / "ring.json").read_text() for name in ("one", "two")]

    assert rings[0] != rings[1]


def test_second_holder_is_refused_with_a_sentence(tmp_path: Path) -> None:
    place = data.make(tmp_path / "var")

    with data.held(place), pytest.raises(CannotGoOnError, match="Another instance is using"), data.held(place):
        pass


def test_directory_is_free_after_its_holder(tmp_path: Path) -> None:
    place = data.make(tmp_path / "var")
    with data.held(place):
        held_meanwhile = data.is_held(place)

    held_after = data.is_held(place)

    assert (held_meanwhile, held_after) == (True, False)


def test_file_in_the_way_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("not a directory")

    with pytest.raises(CannotGoOnError, match="cannot be used as the data directory"):
        data.make(tmp_path / "var")


def test_private_file_replaces_the_old_one_whole(tmp_path: Path) -> None:
    (tmp_path / "told").write_text("old")

    data.write_private(tmp_path / "told", b"new")

    assert (tmp_path / "told").read_text() == "new"
    assert mode(tmp_path / "told") == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["told"]


def test_directory_is_fresh_until_something_lies_in_it(tmp_path: Path) -> None:
    before = (data.is_fresh(tmp_path / "var"), data.is_fresh(tmp_path))
    data.make(tmp_path / "var")

    assert before == (True, True)
    assert not data.is_fresh(tmp_path / "var")
