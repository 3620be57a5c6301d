"""What is shipped for running it: every file that units, containers and the manual name exists, and every command."""

import re
import shlex
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import pytest

from storefront.cli import COMMANDS
from tenants.certificate_rules import Answer
from tests.architecture.sources import ROOT, name_of

DEPLOY = ROOT / "deploy"
MANUAL = ROOT / "docs" / "operate"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
CONFIG = (ROOT / "storefront" / "core" / "config.py").read_text(encoding="utf-8")
# Where the manual puts the files of deploy/ on a server.
PLACED = {
    "/opt/vitrine": ROOT,
    "/etc/caddy/Caddyfile": DEPLOY / "Caddyfile",
    "/etc/caddy/pages": DEPLOY / "pages",
    "/etc/vitrine/vitrine.env": DEPLOY / "vitrine.env.example",
    "/etc/vitrine/owner.env": DEPLOY / "owner.env.example",
    "/etc/vitrine/edge.env": DEPLOY / "edge.env.example",
}
HARDENED = {
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "CapabilityBoundingSet": "",
    "RestrictNamespaces": "yes",
    "User": "vitrine",
}


class Unit(ConfigParser):
    """A unit file; keys keep their case, and of a key that comes twice the last counts."""

    def __init__(self, path: Path) -> None:
        super().__init__(strict=False, interpolation=None, delimiters=("=",), comment_prefixes=("#",))
        self.optionxform = str  # type: ignore[assignment, method-assign]  # the documented way
        self.read_string(path.read_text(encoding="utf-8"))


def settings_of(path: Path, *, commented: bool = False) -> dict[str, str]:
    """What an example file of settings sets; with ``commented`` also what it only shows."""
    mark = r"^(?:# )?" if commented else "^"
    return dict(re.findall(rf"{mark}([A-Z_]+)=(.*)$", path.read_text(encoding="utf-8"), re.MULTILINE))


def commands_of(paper: Path) -> list[list[str]]:
    """Every command of a manual's shell blocks."""
    blocks = re.findall(r"^```sh\n(.*?)^```", paper.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    lines = [line for block in blocks for line in block.splitlines() if line.strip()]
    return [shlex.split(part, comments=True) for line in lines for part in line.split("&&")]


def runs_a_command_of_ours(words: list[str]) -> bool:
    at = words.index("storefront.cli")
    return words[at - 1] == "-m" and words[at + 1] in COMMANDS


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_unit_runs_what_exists_behind_walls(path: Path) -> None:
    unit = Unit(path)
    service = unit["Service"]
    words = shlex.split(service["ExecStart"])

    assert words[0].startswith("/opt/vitrine/venv/bin/")
    assert runs_a_command_of_ours(words) if "storefront.cli" in words else words[-1] == "wsgi:app"
    assert {key: service[key] for key in HARDENED} == HARDENED
    assert service["EnvironmentFile"] in PLACED
    assert (ROOT / unit["Unit"]["Documentation"].removeprefix("file:/opt/vitrine/")).is_file()


def test_owner_is_known_to_the_migration_only() -> None:
    told = {path.stem for path in UNITS if "owner.env" in path.read_text(encoding="utf-8")}

    assert told == {"vitrine-migrate"}
    assert "OWNER_URL" not in settings_of(DEPLOY / "vitrine.env.example")


def test_target_starts_every_unit() -> None:
    target = Unit(DEPLOY / "systemd" / "vitrine.target")["Unit"]

    assert {*target["Wants"].split(), *target["Requires"].split()} == {path.name for path in UNITS}


def test_every_process_of_the_house_has_a_unit_and_a_container() -> None:
    """The gateway is the sandbox's and stays at home."""
    long_lived = {"worker", "relay", "lookups"}
    containers = compose()["services"]

    assert {path.stem.removeprefix("vitrine-") for path in UNITS} == long_lived | {"web", "migrate"}
    assert long_lived | {"web", "migrate", "edge"} <= set(containers)


def test_web_runs_as_the_house_runs_it() -> None:
    """Eight threads and a limit for slow ends, as measured (decision 9); reachable from this machine only."""
    words = shlex.split(Unit(DEPLOY / "systemd" / "vitrine-web.service")["Service"]["ExecStart"])
    image = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")

    assert words[words.index("--host") + 1] == "127.0.0.1"
    for option, value in (("--blocking-threads", "8"), ("--workers-kill-timeout", "10s"), ("--interface", "wsgi")):
        assert words[words.index(option) + 1] == value
        assert f'"{option}", "{value}"' in image.replace("\\\n     ", "")


@pytest.mark.parametrize("name", ["vitrine.env.example", "owner.env.example"])
def test_settings_of_the_examples_are_read(name: str) -> None:
    assert {key for key in settings_of(DEPLOY / name) if f'"{key}"' not in CONFIG} == set()


def test_settings_of_the_edge_are_those_of_the_caddyfile() -> None:
    text = (DEPLOY / "Caddyfile").read_text(encoding="utf-8")
    read = set(re.findall(r"\{\$(EDGE_[A-Z_]+)", text))

    assert settings_of(DEPLOY / "edge.env.example", commented=True).keys() <= read
    assert {key for key in compose()["services"]["edge"]["environment"] if key not in read} == set()
    # Every one has a usual value, so that the file is whole without any.
    assert re.findall(r"\{\$EDGE_[A-Z_]+\}", text) == []


def test_caddyfile_keeps_its_promises() -> None:
    """Each line stands for something measured; tests/contracts/test_edge.py shows what they do."""
    text = (DEPLOY / "Caddyfile").read_text(encoding="utf-8")
    promises = ["strict_sni_host on", "on_demand", "ask ", "max_size 2MiB", "read_header 10s", "handle_errors"]

    assert [promise for promise in promises if promise not in text] == []
    assert "127.0.0.1:8000/hooks/tls" in text


def test_page_of_the_edge_names_nobody_and_loads_nothing() -> None:
    page = (DEPLOY / "pages" / "away.html").read_text(encoding="utf-8")

    assert re.findall(r"vitrine|caddy|https?://|<script|<link|url\(", page, re.IGNORECASE) == []
    assert re.findall(r' lang="(\w+)"', page) == ["en", "de", "fr", "pl"]


def compose() -> dict[str, Any]:
    yaml = pytest.importorskip("yaml")
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    return found


def test_containers_name_files_that_exist() -> None:
    services = compose()["services"]
    mounted = [volume.split(":")[0] for each in services.values() for volume in each.get("volumes", [])]
    built = [each["build"] for each in services.values() if "build" in each]

    assert [path for path in mounted if path.startswith("./") and not (DEPLOY / path).exists()] == []
    assert {path for path in mounted if not path.startswith("./")} == set(compose()["volumes"])
    assert {(DEPLOY / each["context"] / each["dockerfile"]).resolve() for each in built} == {DEPLOY / "Dockerfile"}


def test_containers_run_commands_of_ours_behind_walls() -> None:
    services = compose()["services"]
    ours = {name: each for name, each in services.items() if each.get("image") == "vitrine"}

    assert set(ours) == {"migrate", "web", "worker", "relay", "lookups"}
    for name, each in ours.items():
        assert name == "web" or runs_a_command_of_ours(each["command"])
        assert each["read_only"] is True
        assert each["cap_drop"] == ["ALL"]
        assert {key for key in each["environment"] if f'"{key}"' not in CONFIG} <= {"PROMETHEUS_MULTIPROC_DIR"}
    assert [name for name, each in services.items() if "OWNER_URL" in each.get("environment", {})] == ["migrate"]
    assert [name for name, each in services.items() if "ports" in each] == ["edge"]


def test_containers_believe_the_edge_and_nobody_else() -> None:
    services = compose()["services"]
    address = services["edge"]["networks"]["inside"]["ipv4_address"]

    for setting in ("TRUSTED_PROXIES", "PROBE_PEERS"):
        assert services["web"]["environment"][setting] == address
    assert services["web"]["environment"]["EDGE_CONNECT"] == f"{address}:443"


def test_settings_of_the_containers_stand_in_their_example() -> None:
    used = set(re.findall(r"\$\{([A-Z_]+)", (DEPLOY / "compose.yaml").read_text(encoding="utf-8")))

    assert used == settings_of(DEPLOY / "compose.env.example", commented=True).keys()


def test_image_copies_what_exists_and_the_context_lets_it_in() -> None:
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    copied = [word for line in re.findall(r"^COPY (.*)$", text, re.MULTILINE) for word in line.split()[:-1]]
    let_in = re.findall(r"^!(.*)$", (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8"), re.MULTILINE)

    assert [name for name in copied if not (ROOT / name).exists()] == []
    assert sorted(copied) == sorted(let_in)
    assert {"storefront", "tenants", "cms", "frames", "themes", "migrations", "translations"} <= set(copied)


def test_roles_are_made_alike_on_a_server_and_in_a_container() -> None:
    asked = set(re.findall(r":'(\w+)'", (DEPLOY / "postgres" / "roles.sql").read_text(encoding="utf-8")))
    given = set(re.findall(r"-v (\w+_password)=", (DEPLOY / "postgres" / "roles.sh").read_text(encoding="utf-8")))
    manual = set(re.findall(r"-v (\w+_password)=", (MANUAL / "https.md").read_text(encoding="utf-8")))

    assert asked == given == manual == {"owner_password", "app_password", "office_password"}


# ----------------------------------------------------------------------------------------------------------- the manual

PROGRAMS = {
    "apt-get", "useradd", "git", "cd", "python3", "sudo", "mkdir", "cp", "chmod", "chgrp", "systemctl", "systemd-run",
    "curl", "docker", "venv/bin/pip", "venv/bin/pybabel", "venv/bin/python",
}  # fmt: skip


def test_commands_of_the_manual_are_known() -> None:
    named = {words[0] for words in commands_of(MANUAL / "https.md")}

    assert named - PROGRAMS == set()


def test_files_that_the_manual_copies_exist() -> None:
    words = [word for command in commands_of(MANUAL / "https.md") for word in command]
    ours = [word for word in words if re.match(r"(deploy|requirements|translations)/?", word)]

    missing = [word for word in ours if not list(ROOT.glob(word)) and word != "deploy/compose.env"]

    assert len(ours) > 10
    assert missing == []


def test_places_that_the_manual_fills_are_those_that_units_read() -> None:
    commands = [words for words in commands_of(MANUAL / "https.md") if words[0] == "cp"]
    filled = {words[-1] for words in commands}
    read = {
        line.partition("=")[2]
        for path in [*UNITS, *(DEPLOY / "systemd").glob("*/*.conf")]
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith("EnvironmentFile=")
    }

    assert read <= filled
    assert {"/etc/caddy/Caddyfile", "/etc/caddy/pages"} <= filled
    assert {words[-2] for words in commands if words[-1] in PLACED} == {
        name_of(path) for place, path in PLACED.items() if place != "/opt/vitrine"
    }


def test_units_that_the_manual_names_exist() -> None:
    text = (MANUAL / "https.md").read_text(encoding="utf-8")
    named = set(re.findall(r"\bvitrine[\w-]*\.(?:service|target)", text)) - {"vitrine.service"}

    assert named <= {path.name for path in (DEPLOY / "systemd").iterdir()}
    assert {path.name for path in UNITS} <= named


def test_manual_runs_commands_of_ours() -> None:
    named = [words for words in commands_of(MANUAL / "https.md") if "storefront.cli" in words]

    assert named
    assert all(runs_a_command_of_ours(words) for words in named)


def test_answers_of_the_manual_are_those_that_are_counted() -> None:
    table = (MANUAL / "https.md").read_text(encoding="utf-8").partition("| answer |")[2].partition("\n\n")[0]

    assert set(re.findall(r"`(\w+)`", table.replace("|---|", ""))) >= {answer.value for answer in Answer}
