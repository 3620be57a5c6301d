"""./run backup and ./run restore: database, keys and files in one archive."""

import argparse
import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from storefront.machine import data as data_directory
from storefront.machine import postgres
from storefront.machine.environment import SERVING, need_environment
from storefront.machine.errands import shop
from storefront.machine.places import ROOT
from storefront.machine.services import Services, started
from storefront.machine.speech import CannotGoOnError, say, step

FORMAT = 1
CARRIED = ("keys", "files")
DUMP = "database.dump"
MANIFEST = "manifest.json"


def backup(arguments: Sequence[str]) -> int:
    """Write the archive, readable by its owner only; the shops may stay open meanwhile."""
    found = _read("backup", arguments)
    archive: Path = found.file.absolute()
    if archive.exists():
        sentence = f"{archive} exists already. Choose another name."
        raise CannotGoOnError(sentence)
    with shop(found.data) as (services, _), tempfile.TemporaryDirectory() as place:
        dump = Path(place) / DUMP
        with step("copying the database"):
            _client("pg_dump", "--format=custom", "--file", str(dump), "-d", postgres.libpq_url(services.owner_url))
        with step("packing keys and files"):
            _pack(archive, found.data.absolute(), dump)
    say(f"· {archive} holds everything. It contains the keys: keep it like a password.")
    return 0


def restore(arguments: Sequence[str]) -> int:
    """Fill an empty data directory from an archive; with --force the present content is moved aside first."""
    found = _read("restore", arguments)
    archive, data = found.file.absolute(), found.data.absolute()
    need_environment(SERVING)
    _check(archive)
    if not data_directory.is_fresh(data):
        if not found.force:
            sentence = f"{data} is not empty. Choose another with --data, or move its content aside with --force."
            raise CannotGoOnError(sentence)
        _move_aside(data)
    data = data_directory.make(data)
    with tempfile.TemporaryDirectory() as place:
        with step("unpacking keys and files"):
            unpack(archive, data, Path(place))
        data_directory.make_keys(data / "keys")
        with data_directory.held(data), started(data) as (services, _), step("filling the database"):
            _refuse_filled(services)
            url = postgres.libpq_url(services.owner_url)
            _client("pg_restore", "--no-owner", "--exit-on-error", "-d", url, str(Path(place) / DUMP))
    say(f"· {data} is as it was. ./run serve --data {data} opens the shops.")
    return 0


def _read(name: str, arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog=f"./run {name}")
    parser.add_argument("file", type=Path, help="the archive")
    parser.add_argument("--data", type=Path, default=ROOT / "var", help="the data directory (var)")
    if name == "restore":
        parser.add_argument("--force", action="store_true", help="move what is there aside")
    return parser.parse_args(arguments)


def _client(program: str, *arguments: str) -> None:
    command = [str(postgres.wheel_binaries() / program), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sentence = f"{program} refused: {done.stderr.strip()}"
        raise CannotGoOnError(sentence)


def _pack(archive: Path, data: Path, dump: Path) -> None:
    unfinished = archive.with_name(f".{archive.name}.new")
    unfinished.unlink(missing_ok=True)
    manifest = json.dumps({"format": FORMAT, "made_at": int(time.time()), "postgres": 18}).encode()
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        with tarfile.open(fileobj=file, mode="w:gz", compresslevel=6) as pack:
            told = tarfile.TarInfo(MANIFEST)
            told.size = len(manifest)
            pack.addfile(told, io.BytesIO(manifest))
            pack.add(dump, DUMP)
            for part in CARRIED:
                if (data / part).exists():
                    pack.add(data / part, part)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(archive)


def _check(archive: Path) -> None:
    """Raise unless this is an archive of ours."""
    try:
        with tarfile.open(archive) as pack:
            found = pack.extractfile(MANIFEST)
            manifest = json.loads(found.read()) if found else {}
    except (OSError, tarfile.TarError, KeyError, ValueError) as error:
        sentence = f"{archive} is not a backup of Vitrine."
        raise CannotGoOnError(sentence) from error
    if manifest.get("format") != FORMAT:
        sentence = f"{archive} has format {manifest.get('format')}; this version reads {FORMAT}."
        raise CannotGoOnError(sentence)


def unpack(archive: Path, data: Path, dump_to: Path) -> None:
    """Take out what we put in and nothing else: no links, no devices, no way out of the data directory."""
    with tarfile.open(archive) as pack:
        for member in pack:
            path = PurePosixPath(member.name)
            if path.is_absolute() or ".." in path.parts or not (member.isfile() or member.isdir()):
                sentence = f"{archive} holds {member.name!r}, which no backup of ours does."
                raise CannotGoOnError(sentence)
            if member.name != DUMP and path.parts[0] not in CARRIED:
                continue
            target = (dump_to if member.name == DUMP else data).joinpath(*path.parts)
            if member.isdir():
                target.mkdir(mode=0o700, parents=True, exist_ok=True)
                continue
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            source = pack.extractfile(member)
            with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                if source:
                    shutil.copyfileobj(source, file)


def _move_aside(data: Path) -> None:
    if data_directory.is_held(data):
        sentence = f"An instance is using {data}. Stop it first."
        raise CannotGoOnError(sentence)
    aside = data.with_name(f"{data.name}.before-{time.strftime('%Y%m%d-%H%M%S')}")
    outside = postgres.outside_home(data)
    data.rename(aside)
    if outside.exists():
        shutil.move(outside, aside / "postgres")
        (aside / postgres.ELSEWHERE).unlink(missing_ok=True)
    say(f"· what was in {data} is now in {aside}")


def _refuse_filled(services: Services) -> None:
    url = postgres.libpq_url(services.owner_url)
    command = [str(postgres.wheel_binaries() / "psql"), "-X", "-A", "-t", "-d", url]
    command += ["-c", "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"]
    asked = subprocess.run(command, capture_output=True, text=True, check=False)
    if asked.stdout.strip() != "0":
        sentence = f"The database of OWNER_URL is not empty. {asked.stderr.strip()}".rstrip()
        raise CannotGoOnError(sentence)
