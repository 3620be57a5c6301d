"""What drives browsers in the tests of windows: exactly what the lock names, and only where it is wanted."""

import json
from pathlib import Path

import pytest

from storefront.machine import browser, driver
from storefront.machine.testing import places_in
from tests.storefront.machine.test_checkers import FREE


def test_lock_names_sums_and_no_addresses() -> None:
    lock = json.loads((driver.LOCK / "package-lock.json").read_text())
    fetched = {name: each for name, each in lock["packages"].items() if name}

    assert all(each["integrity"].startswith("sha512-") for each in fetched.values())
    assert [name for name, each in fetched.items() if "resolved" in each] == []
    assert {each.get("license", "MIT") for each in fetched.values()} <= FREE
    wanted = json.loads((driver.LOCK / "package.json").read_text())["devDependencies"]
    assert lock["packages"][""]["devDependencies"] == wanted


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        ([], True),
        (["-q", "-k", "x"], True),
        (["tests"], True),
        (["tests/"], True),
        (["tests/frames/test_two_browsers.py::test_x[y]"], True),
        (["tests/dns_cases.py", "tests/frames"], True),
        (["tests/storefront"], False),
        (["tests/frames_of_others"], False),
    ],
)
def test_it_is_brought_only_where_it_is_wanted(arguments: list[str], wanted: bool) -> None:
    assert driver.is_wanted(places_in(arguments)) is wanted


def test_machine_without_firefox_and_node_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(driver, "PLACE", tmp_path / "driver")
    monkeypatch.setattr(browser, "FIREFOX_ON_MACOS", ())
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("VITRINE_FIREFOX", raising=False)

    told = driver.need_driver()

    assert told["TEST_DRIVER"] == told["TEST_FIREFOX"] == ""
    assert told["TEST_DRIVER_MISSING"] == "there is no Node with npm on this machine"
    assert "VITRINE_FIREFOX" in told["TEST_FIREFOX_MISSING"]


def test_firefox_may_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "firefox"
    program.write_text("#!/bin/sh\n")
    monkeypatch.setenv("VITRINE_FIREFOX", str(program))

    assert browser.need_firefox() == (str(program), "")
