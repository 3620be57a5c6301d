"""What serve refuses, what it tells its programs, and what it takes from the environment."""

import os
from pathlib import Path

import pytest

from storefront.machine.serve import THRIFT, addresses_now, environment_of, front_door, programs_of, read_wishes
from storefront.machine.services import Services, told_database
from storefront.machine.speech import CannotGoOnError

SERVICES = Services(database_url="a", office_url="b", owner_url="c", redis_url="d")


def test_demo_refuses_to_be_open_to_others(tmp_path: Path) -> None:
    with pytest.raises(CannotGoOnError, match="The demo listens only on this machine"):
        read_wishes(["--host", "0.0.0.0", "--data", str(tmp_path)])


def test_directory_with_the_demo_refuses_to_be_open_to_others(tmp_path: Path) -> None:
    (tmp_path / "demo-logins.txt").touch()

    with pytest.raises(CannotGoOnError, match="holds the demo"):
        read_wishes(["--host", "0.0.0.0", "--no-demo", "--data", str(tmp_path)])


def test_shops_without_demo_may_be_open(tmp_path: Path) -> None:
    wishes = read_wishes(["--host", "0.0.0.0", "--no-demo", "--data", str(tmp_path)])

    assert (wishes.host, wishes.has_demo) == ("0.0.0.0", False)


@pytest.mark.parametrize("arguments", [["--port", "0"], ["--port", "65535"], ["--workers", "0"], ["--port", "eighty"]])
def test_impossible_wish_is_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        read_wishes(arguments)

    assert refused.value.code == 2
    assert "error:" in capsys.readouterr().err


def test_programs_are_told_everything_they_need(tmp_path: Path) -> None:
    wishes = read_wishes(["--port", "8100", "--data", str(tmp_path)])

    told = environment_of(wishes, SERVICES)

    ours = {name: value for name, value in told.items() if os.environ.get(name) != value}
    ours.pop("PATH", None)
    assert {"PYTHONUNBUFFERED": "1", **THRIFT, **ours} == {
        **THRIFT,
        "DATABASE_URL": "a",
        "OFFICE_URL": "b",
        "OWNER_URL": "c",
        "REDIS_URL": "d",
        "VITRINE_DATA": str(tmp_path),
        "VITRINE_MODE": "development",
        "VITRINE_HOST": "127.0.0.1",
        "VITRINE_PORT": "8100",
        "VITRINE_GATEWAY_PORT": "8101",
        "VITRINE_DNS_PORT": "8102",
        "VITRINE_DEMO": "1",
        "PYTHONUNBUFFERED": "1",
    }


def test_serve_starts_web_worker_relay_lookups_gateway_and_dns(tmp_path: Path) -> None:
    wishes = read_wishes(["--data", str(tmp_path), "--workers", "3"])

    told = {"VITRINE_MODE": "development", "VITRINE_DNS_PORT": "8002"}

    programs = {program.name: program for program in programs_of(wishes, told, tmp_path)}

    assert list(programs) == ["web", "worker", "relay", "lookups", "gateway", "dns"]
    web = " ".join(str(part) for part in programs["web"].command)
    assert "--workers 3 --blocking-threads 8 --workers-kill-timeout 10s" in web


def test_serve_goes_without_dns_where_its_ports_are_taken(tmp_path: Path) -> None:
    wishes = read_wishes(["--data", str(tmp_path)])

    programs = programs_of(wishes, {"VITRINE_MODE": "development", "VITRINE_DNS_PORT": "0"}, tmp_path)

    assert "dns" not in [program.name for program in programs]


def test_shops_for_real_money_have_no_sandbox_gateway(tmp_path: Path) -> None:
    wishes = read_wishes(["--data", str(tmp_path)])

    programs = programs_of(wishes, {"VITRINE_MODE": "production"}, tmp_path)

    assert [program.name for program in programs] == ["web", "worker", "relay", "lookups"]


def test_database_of_ones_own_needs_three_addresses() -> None:
    with pytest.raises(CannotGoOnError, match="Missing: OFFICE_URL, OWNER_URL"):
        told_database({"DATABASE_URL": "postgresql://app@db/vitrine"})


def test_database_of_ones_own_is_taken_as_told() -> None:
    urls = {"DATABASE_URL": "a", "OFFICE_URL": "b", "OWNER_URL": "c"}

    assert told_database(urls) == {"database_url": "a", "office_url": "b", "owner_url": "c"}


def test_no_database_told_is_none() -> None:
    assert told_database({"REDIS_URL": "redis://queue"}) == {}


def test_second_start_names_the_port_of_now() -> None:
    written = "Shops\n  http://nordhost.localhost:8472/ (en)\n  http://localhost:8472/operator/, with 8472 names"

    assert addresses_now(written, 8490) == (
        "Shops\n  http://nordhost.localhost:8490/ (en)\n  http://localhost:8490/operator/, with 8472 names"
    )


def test_greeting_names_an_address_that_answers() -> None:
    demo = "\nShops:\n  http://nordhost.localhost:8490/\n  http://domaineo.localhost:8490/"

    assert front_door(demo, 8490) == "http://nordhost.localhost:8490/"
    assert front_door("", 8490) == "http://localhost:8490/operator/"
