"""Debian's packages, unpacked beside the project and not installed."""

import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path


def unpack(packages: Sequence[str], place: Path) -> None:
    """Unpack packages, and whatever libraries of theirs are not installed here; where none are to be had, nothing."""
    place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "partial").mkdir()
        if not _download(packages, folder):
            subprocess.run(["apt-get", "update", "-qq"], capture_output=True, check=False)
            _download(packages, folder)
        for file in Path(folder).glob("*.deb"):
            subprocess.run(["dpkg-deb", "-x", str(file), str(place)], check=False)


def _download(packages: Sequence[str], folder: str) -> bool:
    command = ["apt-get", "-y", "-qq", "--no-install-recommends", "--download-only"]
    command += ["-o", f"Dir::Cache::archives={folder}", "install", *packages]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0
