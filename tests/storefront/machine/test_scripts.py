"""The scripts of others: exactly those of the lock, whole, and none that may not be given away."""

import json
from pathlib import Path

import pytest

from storefront.machine.places import ROOT
from storefront.machine.scripts import FILES, LOCK, is_here, keep

FREE = {"MIT", "Apache-2.0", "(MPL-2.0 OR Apache-2.0)"}


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    for name in FILES:
        (tmp_path / "from" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "from" / name).write_text(f"// {name}")
    return tmp_path / "from"


def test_files_are_kept_under_our_names(packages: Path, tmp_path: Path) -> None:
    keep(packages, tmp_path / "to")

    assert {path.name for path in (tmp_path / "to").iterdir()} == {*FILES.values(), ".stamp"}
    assert (tmp_path / "to" / "trix.js").read_text() == "// trix/dist/trix.esm.min.js"
    assert is_here(tmp_path / "to")


@pytest.mark.parametrize("name", ["trix.js", "sortable.license.txt", ".stamp"])
def test_file_that_is_gone_is_fetched_again(packages: Path, tmp_path: Path, name: str) -> None:
    keep(packages, tmp_path)

    (tmp_path / name).unlink()

    assert not is_here(tmp_path)


def test_other_lock_asks_for_work(packages: Path, tmp_path: Path) -> None:
    keep(packages, tmp_path)

    (tmp_path / ".stamp").write_text("of another lock")

    assert not is_here(tmp_path)


def test_package_without_its_file_leaves_no_stamp(packages: Path, tmp_path: Path) -> None:
    keep(packages, tmp_path / "to")
    (packages / "sortablejs" / "LICENSE").unlink()

    with pytest.raises(FileNotFoundError):
        keep(packages, tmp_path / "to")

    assert not is_here(tmp_path / "to")


def test_lock_names_sums_and_no_addresses() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text())
    fetched = {name: each for name, each in lock["packages"].items() if name}

    assert all(each["integrity"].startswith("sha512-") for each in fetched.values())
    assert [name for name, each in fetched.items() if "resolved" in each or each.get("hasInstallScript")] == []
    assert {each["license"] for each in fetched.values()} <= FREE
    assert lock["packages"][""]["dependencies"] == json.loads((ROOT / "package.json").read_text())["dependencies"]


def test_what_npm_reads_is_here() -> None:
    assert [name for name in LOCK if not (ROOT / name).exists()] == []
    assert "omit-lockfile-registry-resolved=true" in (ROOT / ".npmrc").read_text()
