"""An archive gives back what was put in, and nothing that somebody else put in."""

import io
import tarfile
from pathlib import Path

import pytest

from storefront.machine.backup import unpack
from storefront.machine.speech import CannotGoOnError


def archive_with(place: Path, *members: tarfile.TarInfo) -> Path:
    path = place / "archive.tar.gz"
    with tarfile.open(path, "w:gz") as pack:
        for member in members:
            member.size = 5 if member.isfile() else 0
            pack.addfile(member, io.BytesIO(b"bytes") if member.isfile() else None)
    return path


def linked(name: str, to: str) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = tarfile.SYMTYPE, to
    return member


@pytest.mark.parametrize(
    "member",
    [
        tarfile.TarInfo("../outside"),
        tarfile.TarInfo("files/../../outside"),
        tarfile.TarInfo("/etc/outside"),
        linked("files/link", "/etc"),
    ],
    ids=["above", "above by detour", "absolute", "link"],
)
def test_way_out_of_the_archive_is_refused(tmp_path: Path, member: tarfile.TarInfo) -> None:
    archive = archive_with(tmp_path, member)

    with pytest.raises(CannotGoOnError, match="which no backup of ours does"):
        unpack(archive, tmp_path / "data", tmp_path / "dump")


def test_keys_and_files_come_back_private(tmp_path: Path) -> None:
    archive = archive_with(tmp_path, tarfile.TarInfo("keys/ring.json"), tarfile.TarInfo("database.dump"))
    (tmp_path / "dump").mkdir()

    unpack(archive, tmp_path / "data", tmp_path / "dump")

    assert (tmp_path / "data" / "keys" / "ring.json").read_bytes() == b"bytes"
    assert (tmp_path / "data" / "keys" / "ring.json").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "dump" / "database.dump").read_bytes() == b"bytes"


def test_part_that_we_do_not_carry_is_left(tmp_path: Path) -> None:
    archive = archive_with(tmp_path, tarfile.TarInfo("lock"))

    unpack(archive, tmp_path / "data", tmp_path)

    assert not (tmp_path / "data").exists()
