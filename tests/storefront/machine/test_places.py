"""Where a database lies, who runs it, and where its socket goes."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from storefront.machine import postgres
from storefront.machine.accounts import first_open, identity, lent_account, nearest_owner
from storefront.machine.places import LONGEST_SOCKET_PATH, make_private, runtime_directory
from storefront.machine.speech import CannotGoOnError


@pytest.fixture
def open_home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        Path(name).chmod(0o755)
        yield Path(name)


AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root lends an account")


def test_data_stays_inside_where_the_account_can_enter(tmp_path: Path) -> None:
    inside, outside = tmp_path / "var" / "postgres", tmp_path / "lib"

    assert first_open((inside, outside), lambda _: True) == inside


def test_data_goes_outside_where_the_account_cannot_enter(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    inside, outside = tmp_path / "var" / "postgres", tmp_path / "lib"

    assert first_open((inside, outside), lambda existing: existing != tmp_path / "var") == outside


def test_no_place_is_no_place(tmp_path: Path) -> None:
    assert first_open((tmp_path / "one", tmp_path / "two"), lambda _: False) is None


def test_owner_of_what_is_not_there_yet_is_the_owner_above(tmp_path: Path) -> None:
    assert nearest_owner(tmp_path / "not" / "there") == os.geteuid()


def test_nobody_to_lend_changes_nothing() -> None:
    assert identity(None) == {}


@AS_ROOT
def test_root_lends_an_account_that_is_not_root(tmp_path: Path) -> None:
    account = lent_account(tmp_path)

    assert account is not None
    assert account.user_id != 0
    assert identity(account)["extra_groups"] == []


@AS_ROOT
def test_root_lends_the_owner_of_the_place(tmp_path: Path) -> None:
    nobody = lent_account(tmp_path)
    assert nobody is not None
    os.chown(tmp_path, nobody.user_id, nobody.group_id)

    assert lent_account(tmp_path / "var") == nobody


@AS_ROOT
def test_database_of_a_closed_home_lies_outside_and_a_pointer_says_so(
    tmp_path: Path, open_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "SHARED_HOME", open_home)
    tmp_path.chmod(0o700)
    data = tmp_path / "var"
    data.mkdir()

    server = postgres.place(data, tmp_path / "run")

    assert server.data == postgres.outside_home(data)
    assert server.data.parent == open_home
    assert (data / postgres.ELSEWHERE).read_text().strip() == str(server.data)


@AS_ROOT
def test_database_left_by_an_earlier_directory_is_not_used_again(
    tmp_path: Path, open_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "SHARED_HOME", open_home)
    data = tmp_path / "var"
    data.mkdir()
    postgres.outside_home(data).mkdir()

    postgres.place(data, tmp_path / "run")

    assert not postgres.outside_home(data).exists()
    assert [path.name.partition(".")[2][:4] for path in open_home.iterdir() if "left" in path.name] == ["left"]


def test_runtime_directory_leaves_room_for_sockets(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["a-rather-long-name"] * 12)

    directory = runtime_directory(deep)

    assert len(str(directory / "postgres" / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH
    directory.rmdir()


def test_link_in_the_way_of_sockets_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "run").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(CannotGoOnError, match="belongs to somebody else"):
        make_private(tmp_path / "run")
