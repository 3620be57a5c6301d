"""The programs that judge pages: exactly those of the lock, and none that may not be used by everybody."""

import json
from pathlib import Path

import pytest

from storefront.machine import checkers

FREE = {
    "MIT", "(MIT OR CC0-1.0)", "ISC", "0BSD", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "BlueOak-1.0.0", "MPL-2.0",
}  # fmt: skip


def test_lock_names_sums_and_no_addresses() -> None:
    lock = json.loads((checkers.LOCK / "package-lock.json").read_text())
    fetched = {name: each for name, each in lock["packages"].items() if name}

    assert all(each["integrity"].startswith("sha512-") for each in fetched.values())
    assert [name for name, each in fetched.items() if "resolved" in each] == []
    assert {each.get("license", "MIT") for each in fetched.values()} <= FREE
    wanted = json.loads((checkers.LOCK / "package.json").read_text())["devDependencies"]
    assert lock["packages"][""]["devDependencies"] == wanted


def test_machine_without_node_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(checkers, "PLACE", tmp_path / "checkers")
    monkeypatch.setattr(checkers, "LIGHTHOUSE", tmp_path / "none.js")
    monkeypatch.setenv("PATH", str(tmp_path))

    told = checkers.need_checkers()

    assert told["TEST_LIGHTHOUSE"] == told["TEST_NU"] == ""
    assert told["TEST_LIGHTHOUSE_MISSING"] == "there is no Node with npm on this machine"
    assert told["TEST_NU_MISSING"] == "there is no Java on this machine"
