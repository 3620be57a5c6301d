"""Who PostgreSQL runs as: it refuses root, so root lends it an unprivileged account."""

import os
import pwd
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from storefront.machine.speech import CannotGoOnError


class Identity(TypedDict, total=False):
    """The arguments of subprocess that change who runs a program."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True, kw_only=True)
class Account:
    """An unprivileged account of this machine."""

    name: str
    user_id: int
    group_id: int


def nearest_owner(path: Path) -> int:
    """The user id that owns a path, or the nearest directory above it that exists."""
    for candidate in (path, *path.parents):
        if candidate.exists():
            return candidate.stat().st_uid
    return 0


def lent_account(data: Path) -> Account | None:
    """The account PostgreSQL runs as: None when we are not root, else the owner of the place, else nobody."""
    if os.geteuid() != 0:
        return None
    for wanted in (nearest_owner(data), "nobody"):
        try:
            found = pwd.getpwuid(wanted) if isinstance(wanted, int) else pwd.getpwnam(wanted)
        except KeyError:
            continue
        if found.pw_uid:
            return Account(name=found.pw_name, user_id=found.pw_uid, group_id=found.pw_gid)
    sentence = "PostgreSQL refuses to run as root and there is no account `nobody`. Start ./run as another user."
    raise CannotGoOnError(sentence)


def identity(account: Account | None) -> Identity:
    """What to give to subprocess so that a program runs as this account; nothing for None."""
    if account is None:
        return {}
    return {"user": account.user_id, "group": account.group_id, "extra_groups": []}


def can_enter(account: Account | None, path: Path) -> bool:
    """Whether the account may pass through a directory, or start a program, at this path."""
    asked = subprocess.run(["test", "-x", path], check=False, cwd="/", **identity(account))
    return asked.returncode == 0


def first_open(candidates: Iterable[Path], can_enter_there: Callable[[Path], bool]) -> Path | None:
    """The first place whose nearest existing directory lets the account in."""
    for candidate in candidates:
        existing = next(place for place in (candidate, *candidate.parents) if place.exists())
        if can_enter_there(existing):
            return candidate
    return None


def hand_over(directory: Path, account: Account | None) -> None:
    """Make a directory that only the account may enter."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    directory.chmod(0o700)
    if account is not None:
        os.chown(directory, account.user_id, account.group_id)
