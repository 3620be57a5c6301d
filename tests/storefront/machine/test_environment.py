"""The virtual environment is made again exactly when its lock or its Python has changed."""

import sys
from pathlib import Path

import pytest

from storefront.machine.environment import installing, is_stamped, python_to_stand_on, wanted_stamp


@pytest.fixture
def made(tmp_path: Path) -> Path:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").write_text("")
    (tmp_path / "pyvenv.cfg").write_text("version = 3.11.7\n")
    (tmp_path / "base.txt").write_text("flask==3.1.3\n")
    (tmp_path / ".base.stamp").write_text(wanted_stamp(tmp_path / "base.txt", tmp_path))
    return tmp_path


def test_true_stamp_saves_the_work(made: Path) -> None:
    assert is_stamped(made, ["base"], made)


def test_changed_lock_asks_for_work(made: Path) -> None:
    (made / "base.txt").write_text("flask==3.1.4\n")

    assert not is_stamped(made, ["base"], made)


def test_other_python_asks_for_work(made: Path) -> None:
    (made / "pyvenv.cfg").write_text("version = 3.13.1\n")

    assert not is_stamped(made, ["base"], made)


def test_upgraded_system_python_asks_for_work(made: Path) -> None:
    (made / "bin" / "python").rename(made / "bin" / "python3.13")
    (made / "bin" / "python").symlink_to("python3.13")

    assert not is_stamped(made, ["base"], made)


def test_group_without_a_stamp_asks_for_work(made: Path) -> None:
    (made / "dev.txt").write_text("pytest==9.2.0\n")

    assert not is_stamped(made, ["base", "dev"], made)


def test_python_that_is_gone_asks_for_work(made: Path) -> None:
    (made / "bin" / "python").unlink()

    assert not is_stamped(made, ["base"], made)


def test_debian_installs_without_recommendations(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "apt-get").write_text("#!/bin/sh\n")
    (tmp_path / "apt-get").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("sys.platform", "linux")

    assert installing(["libpangoft2-1.0-0"]) == [
        "apt-get",
        "install",
        "-y",
        "--no-install-recommends",
        "libpangoft2-1.0-0",
    ]


def test_system_without_known_installer_has_no_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    assert installing(["libpangoft2-1.0-0"]) == []


def answering(python: Path, answer: str, *, status: int = 0) -> str:
    """A Python that says which one it is."""
    python.write_text(f"#!/bin/sh\necho '{answer}'\nexit {status}\n")
    python.chmod(0o755)
    return str(python)


OURS = f"{sys.version_info[0]} {sys.version_info[1]}"


def test_slow_build_gives_way_to_the_system_s_of_the_same_version(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    system = answering(tmp_path / "python3", OURS)
    monkeypatch.setattr("sys.platform", "linux")

    assert python_to_stand_on(system, "--prefix=/opt") == system


def test_mac_is_not_asked_for_one_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    system = answering(tmp_path / "python3", OURS)
    monkeypatch.setattr("sys.platform", "darwin")

    assert python_to_stand_on(system, "--prefix=/opt") == sys.executable


def test_quick_build_stays(tmp_path: Path) -> None:
    system = answering(tmp_path / "python3", OURS)

    assert python_to_stand_on(system, "--prefix=/opt --enable-optimizations --with-lto") == sys.executable


def test_other_version_of_the_system_is_not_what_was_asked_for(tmp_path: Path) -> None:
    assert python_to_stand_on(answering(tmp_path / "python3", "3 9"), "") == sys.executable


def test_system_without_venv_is_no_help(tmp_path: Path) -> None:
    assert python_to_stand_on(answering(tmp_path / "python3", OURS, status=1), "") == sys.executable
    assert python_to_stand_on(str(tmp_path / "none"), "") == sys.executable
