"""Which Chromium the tests look at pages with."""

from pathlib import Path

import pytest

from storefront.machine import browser


def program(path: Path, told: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{told}'\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the shell is unpacked; there is none elsewhere."""
    unpacked = tmp_path / "cache" / "browser"
    monkeypatch.setattr(browser, "UNPACKED", unpacked)
    monkeypatch.setattr(browser, "PLACE", unpacked / "usr" / "lib" / "chromium")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("VITRINE_CHROMIUM", raising=False)
    return browser.PLACE


def test_shell_that_is_there_is_taken(place: Path) -> None:
    shell = program(place / browser.SHELL, "")

    assert browser.lighter("/usr/bin/chromium") == str(shell)


def test_whole_chromium_is_taken_where_somebody_names_it(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(place / browser.SHELL, "")
    monkeypatch.setenv("VITRINE_CHROMIUM", "/opt/chromium")

    assert browser.lighter("/opt/chromium") == "/opt/chromium"


@pytest.mark.usefixtures("place")
def test_where_none_can_be_unpacked_it_stays_chromium() -> None:
    assert browser.lighter("/usr/bin/chromium") == "/usr/bin/chromium"
    assert browser.lighter(None) is None


@pytest.mark.parametrize(("told", "expected"), [("<html></html>", True), ("", False)])
def test_shell_that_does_not_run_is_not_taken(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: str, *, expected: bool
) -> None:
    for name in ("apt-get", "dpkg-deb"):
        program(tmp_path / name, "")
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr(
        browser, "unpack", lambda _packages, base: program(base / "usr" / "lib" / "chromium" / browser.SHELL, told)
    )

    taken = browser.lighter("/usr/bin/chromium")

    assert (taken == str(place / browser.SHELL)) is expected
    assert browser.lighter("/usr/bin/chromium") == taken
    assert [each.name for each in browser.UNPACKED.parent.iterdir()] == ["browser"]
