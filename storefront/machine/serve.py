"""./run serve: everything, from an empty machine to open shops, under one roof until Ctrl-C."""

import argparse
import os
import re
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from storefront.machine import data as data_directory
from storefront.machine import messages, ports, schema
from storefront.machine.children import base_environment, cli, run, tool
from storefront.machine.environment import SERVING, need_environment
from storefront.machine.places import ROOT
from storefront.machine.processes import Household, Program
from storefront.machine.scripts import need_scripts
from storefront.machine.services import Services, reap_orphans, started
from storefront.machine.speech import CannotGoOnError, say, warn

QUICK_S = 5.0  # a program that lives shorter than this did not really start
PATIENCE = 4  # how often in a row that may happen before its words are shown
LONGEST_PAUSE_S = 30.0
_ADDRESS = re.compile(r"(https?://(?:[a-z0-9-]+\.)*localhost:)\d+")
FIRST_ANSWER_S = 60.0
BLOCKING_THREADS = 8  # decision 9: with one, 200 slow streams leave nothing for anybody else
# glibc keeps a heap for each of many threads and gives little of it back; two are enough for threads that mostly wait.
THRIFT = {"MALLOC_ARENA_MAX": os.environ.get("MALLOC_ARENA_MAX", "2")}


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What the person asked for."""

    host: str
    port: int
    data: Path
    workers: int
    has_demo: bool

    @property
    def gateway_port(self) -> int:
        """Where the sandbox payment gateway listens."""
        return self.port + 1

    @property
    def dns_port(self) -> int:
        """Where the DNS for ``*.test`` listens, as one resolver; one above it is another."""
        return self.port + 2


@dataclass
class Patience:
    """How often in a row a program ended at once, and when it may be started again."""

    quick_ends: int = 0
    started_at: float = 0.0
    again_at: float = 0.0


def read_wishes(arguments: Sequence[str]) -> Wishes:
    """Read the command line; exits with a sentence when it makes no sense."""
    parser = argparse.ArgumentParser(prog="./run serve", description="Start everything and open the shops.")
    parser.add_argument(
        "--host", default="127.0.0.1", help="where to listen; the demo only on this machine (127.0.0.1)"
    )
    parser.add_argument(
        "--port", type=int, default=8000, help="the shops; the sandbox gateway listens one above (8000)"
    )
    parser.add_argument("--data", type=Path, default=ROOT / "var", help="where everything is kept (var)")
    parser.add_argument("--workers", type=int, default=min(2, os.cpu_count() or 1), help="web processes")
    parser.add_argument("--no-demo", action="store_true", help="no demo shops in an empty database")
    found = parser.parse_args(arguments)
    wishes = Wishes(
        host=found.host, port=found.port, data=found.data.absolute(), workers=found.workers, has_demo=not found.no_demo
    )
    if not 1 <= wishes.port < 2**16 - 3 or wishes.workers < 1:
        parser.error("a port lies between 1 and 65532, and at least one worker is needed")
    refuse_open_demo(wishes)
    return wishes


def refuse_open_demo(wishes: Wishes) -> None:
    """Raise when strangers could reach demo shops: their passwords are printed and their money is not real."""
    if ports.is_loopback(wishes.host):
        return
    if wishes.has_demo:
        sentence = (
            f"The demo listens only on this machine, and {wishes.host} is open to others. "
            "Use --host 127.0.0.1, or --no-demo with a data directory of its own."
        )
        raise CannotGoOnError(sentence)
    if (wishes.data / data_directory.DEMO).exists():
        sentence = f"{wishes.data} holds the demo, which listens only on this machine. Choose another with --data."
        raise CannotGoOnError(sentence)


def serve(arguments: Sequence[str]) -> int:
    """Start everything and watch over it until somebody wishes it to stop."""
    begun = time.monotonic()
    wishes = read_wishes(arguments)
    need_environment(SERVING)
    os.umask(0o077)  # whatever is written from here on is nobody else's business
    data = data_directory.make(wishes.data)
    with ExitStack() as ending, ExitStack() as waiting:
        ending.enter_context(data_directory.held(data))
        reap_orphans(data)  # they may hold the ports
        # Kept until ours listen there: the demo takes a minute, in which another program could begin on them.
        waiting.enter_context(ports.held(wishes.host, wishes.port, "the shops"))
        waiting.enter_context(ports.held("127.0.0.1", wishes.gateway_port, "the sandbox gateway"))
        services, household = ending.enter_context(started(data))
        environment = environment_of(wishes, services)
        messages.compile_stale()
        need_scripts()
        schema.bring_up(services, data, environment)
        if wishes.has_demo and schema.is_empty(services):
            _load_demo(environment)
        if not _is_dns_free(wishes):
            environment["VITRINE_DNS_PORT"] = "0"  # only the Domain Doctor misses it
        programs = programs_of(wishes, environment, data / "logs")
        waiting.close()
        household.start(programs[0])
        if not _first_answer(wishes, household, programs[0]):
            return 1
        for program in programs[1:]:  # after the web server, which has the processors to itself until it answers
            household.start(program)
        _greet(wishes, data, environment, time.monotonic() - begun)
        return _watch(household)


def environment_of(wishes: Wishes, services: Services) -> dict[str, str]:
    """What every program of ours is told."""
    return base_environment(
        **services.environment(),
        VITRINE_DATA=str(wishes.data),
        VITRINE_MODE=os.environ.get("VITRINE_MODE", "development"),
        VITRINE_HOST=wishes.host,
        VITRINE_PORT=str(wishes.port),
        VITRINE_GATEWAY_PORT=str(wishes.gateway_port),
        VITRINE_DNS_PORT=str(wishes.dns_port),
        VITRINE_DEMO="1" if wishes.has_demo else "0",
        **THRIFT,
    )


def programs_of(wishes: Wishes, environment: dict[str, str], logs: Path) -> list[Program]:
    """The web server, the worker of the jobs, the relay of the outbox, the look-ups; the sandbox gateway and DNS."""
    granian = [
        "--interface",
        "wsgi",
        "--host",
        wishes.host,
        "--port",
        str(wishes.port),
        "--workers",
        str(wishes.workers),
    ]
    granian += ["--blocking-threads", str(BLOCKING_THREADS), "--workers-kill-timeout", "10s", "--no-ws"]
    granian += ["--respawn-failed-workers", "--log-level", "warning"]
    commands = {"web": tool("granian", *granian, "wsgi:app")}
    commands |= {name: cli(name) for name in ("worker", "relay", "lookups")}
    if environment.get("VITRINE_MODE") == "development":
        commands["gateway"] = cli("gateway")
        if environment.get("VITRINE_DNS_PORT", "0") != "0":
            commands["dns"] = cli("dns")
    return [
        Program(name=name, command=command, log=logs / f"{name}.log", environment=environment, cwd=ROOT)
        for name, command in commands.items()
    ]


def _is_dns_free(wishes: Wishes) -> bool:
    return all(ports.is_free("127.0.0.1", port) for port in (wishes.dns_port, wishes.dns_port + 1))


def _load_demo(environment: dict[str, str]) -> None:
    say("· loading the demo …")
    if run(cli("demo"), environment):
        sentence = "The demo could not be loaded: see the lines above."
        raise CannotGoOnError(sentence)


def _first_answer(wishes: Wishes, household: Household, web: Program) -> bool:
    host = "127.0.0.1" if wishes.host in {"0.0.0.0", "::"} else wishes.host  # noqa: S104 - compared, not bound
    deadline = time.monotonic() + FIRST_ANSWER_S
    while time.monotonic() < deadline:
        if ports.await_answer(host, wishes.port, 0.3):
            return True
        for program, code in household.ended():
            warn(f"{program.name} ended with code {code}. The end of {program.log}:\n{_tail(program.log)}")
            return False
    warn(f"The web server does not answer. The end of {web.log}:\n{_tail(web.log)}")
    return False


def _greet(wishes: Wishes, data: Path, environment: Mapping[str, str], seconds: float) -> None:
    logins = data / data_directory.DEMO
    demo = addresses_now(logins.read_text().rstrip(), wishes.port) if wishes.has_demo and logins.exists() else ""
    say(f"\nVitrine is open after {seconds:.1f} s: {front_door(demo, wishes.port)}")
    if demo:
        say(demo)
    if environment.get("VITRINE_MODE") == "development":
        port, own = environment["VITRINE_DNS_PORT"], data / "dns" / "zones.toml"
        taken = f"Ports {wishes.dns_port} and {wishes.dns_port + 1} are taken: no DNS for *.test this time."
        say(f"DNS for *.test on 127.0.0.1, port {port}; your own zones in {own}" if port != "0" else taken)
    say(f"\nData in {data}, what the programs say in {data / 'logs'}. Ctrl-C stops everything.")


def front_door(demo: str, port: int) -> str:
    """Return what to open first: the first shop that the demo names, else the operator's office, where shops begin."""
    shop = _ADDRESS.search(demo)
    return f"{shop[0]}/" if shop else f"http://localhost:{port}/operator/"


def addresses_now(words: str, port: int) -> str:
    """Return what was written when the demo was loaded, with the addresses of this start: the port may be another."""
    return _ADDRESS.sub(rf"\g<1>{port}", words)


def _watch(household: Household) -> int:
    """Start again what ends by itself, later and later; without a web server there is nothing to watch over."""
    patience: dict[str, Patience] = {}
    waiting: list[Program] = []
    while True:
        now = time.monotonic()
        for program, code in household.ended():
            state = patience.setdefault(program.name, Patience())
            state.quick_ends = state.quick_ends + 1 if now - state.started_at < QUICK_S else 1
            state.again_at = now + min(LONGEST_PAUSE_S, 2.0 ** (state.quick_ends - 2))
            warn(f"· {program.name} ended with code {code} and is started again ({program.log})")
            if state.quick_ends == PATIENCE:
                warn(f"  It ends as soon as it starts. The end of its log:\n{_tail(program.log)}")
                if program.name == "web":
                    return 1
            waiting.append(program)
        for program in [one for one in waiting if patience[one.name].again_at <= now]:
            waiting.remove(program)
            patience[program.name].started_at = now
            household.start(program)
        time.sleep(0.25)


def _tail(log: Path, lines: int = 20) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:]) if log.exists() else "(nothing)"
