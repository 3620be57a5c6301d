"""The layouts of others: exactly those packages that the lock names."""

import base64
import hashlib
import json
import tarfile
from pathlib import Path

import pytest

from storefront.machine import layouts


def test_lock_names_sums_and_no_addresses() -> None:
    lock = json.loads(layouts.LOCK.read_text(encoding="utf-8"))

    assert len(lock) >= 5
    assert all(sum_.startswith("sha512-") for sum_ in lock.values())
    assert [name for name in lock if "//" in name or not name[1:].partition("@")[2][:1].isdigit()] == []


def test_other_bytes_are_refused(tmp_path: Path) -> None:
    (tmp_path / "style.css").write_text("a{}")
    package = tmp_path / "a-1.0.tgz"
    with tarfile.open(package, "w:gz") as packed:
        packed.add(tmp_path / "style.css", "package/style.css")
        packed.add(tmp_path / "style.css", "package/../out.css")
        packed.add(tmp_path / "style.css", "elsewhere/other.css")
        packed.add(tmp_path / "style.css", "package/install.sh")
    right = "sha512-" + base64.b64encode(hashlib.sha512(package.read_bytes()).digest()).decode()

    with pytest.raises(ValueError, match="not the one of the lock"):
        layouts.unpack(package, tmp_path / "no", right[:-4] + "AAA=")
    layouts.unpack(package, tmp_path / "a", right)

    assert [each.name for each in (tmp_path / "a").iterdir()] == ["style.css"]
    assert not (tmp_path / "no").exists()
    assert not (tmp_path / "out.css").exists()


def test_machine_without_node_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(layouts, "PLACE", tmp_path / "layouts")
    monkeypatch.setenv("PATH", str(tmp_path))

    assert layouts.need_layouts() == {
        "TEST_LAYOUTS": "",
        "TEST_LAYOUTS_MISSING": "there is no Node with npm on this machine",
    }
