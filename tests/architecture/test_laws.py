"""Laws of this house that no tool knows."""

import ast
import re
import tokenize
from functools import cache
from pathlib import Path

import pytest

from tests.architecture.sources import (
    ROOT,
    dotted,
    modules,
    modules_of_tests,
    name_of,
    nodes_of,
    offenders,
    text_of,
    tracked,
)

EVERYWHERE = [*modules(), *modules_of_tests(), ROOT / "run", ROOT / "wsgi.py"]


def is_in(path: Path, *packages: str) -> bool:
    return any(dotted(path) == each or dotted(path).startswith(f"{each}.") for each in packages)


@cache
def calls(path: Path) -> list[tuple[int, str]]:
    """Everything a module calls, as it is written: ``db.commit``."""
    return [(node.lineno, ast.unparse(node.func)) for node in nodes_of(path) if isinstance(node, ast.Call)]


def breaches(pattern: str, *allowed: str) -> list[str]:
    wanted = re.compile(pattern)
    return [
        f"{name_of(path)}:{line} {call}"
        for path in modules()
        if not is_in(path, *allowed, "storefront.machine")
        for line, call in calls(path)
        if wanted.fullmatch(call)
    ]


# Edges: where a transaction begins and ends. Everything else leaves the decision to them (ADR 0003).
EDGES = (
    "storefront.web.lifecycle",
    "storefront.core.jobs",
    "storefront.core.db",
    "storefront.core.relay",
    "storefront.cli",
    "storefront.worker",
    "storefront.demo",
    "storefront.schedule",
    "storefront.operator_setup",
)
# Works of their own inside a request or a job, each for a reason that stands beside the line.
OWN_WORKS = (
    "storefront.web.downloads",
    "storefront.billing.card_payments",
    "storefront.billing.files",
    "storefront.provisioning.run",
    "storefront.notifications.deliver",
    "storefront.notifications.dispatch",
    "storefront.web.tls_ask",
    "tenants.certificates",
    "tenants.host_looks",
    "tenants.supplier_accounts",
    "cms.legal_notices",
    "cms.media",
    "cms.openings",
    "cms.site_moves",
    "frames.health",
    "frames.site_looks",
)


def test_only_edges_commit() -> None:
    assert (
        breaches(
            r"(?!savepoint\.).*\.commit",
            *EDGES,
            *OWN_WORKS,
            "storefront.providers.adapters.sandbox",
            "storefront.core.store",
        )
        == []
    )


def test_only_the_clock_knows_the_time() -> None:
    assert breaches(r"(.*\.)?(datetime\.(now|utcnow|today)|date\.today|utcnow)", "storefront.core.clock") == []


# Where a number of the machine's clock is meant: the time inside a UUIDv7, and until when bytes are ready.
MEASURED = ("storefront.core.clock", "storefront.core.ids", "storefront.core.relay", "storefront.web.ready")


def test_moments_are_not_taken_from_the_machine() -> None:
    """``time.time`` is a moment and belongs to the clock; ``time.monotonic`` measures and may stand anywhere."""
    assert breaches(r"(time\.)?(time|time_ns|localtime|gmtime)", *MEASURED) == []


# The edge is our own web server: a handshake with it, at an address of the settings, is no word with the world.
SPEAK = ("storefront.core.outbound", "storefront.core.edge", "storefront.providers.adapters")


def test_only_outbound_and_adapters_speak_to_the_world() -> None:
    found = [
        f"{name_of(path)}:{node.lineno}"
        for path in modules()
        if not is_in(path, *SPEAK, "storefront.machine")
        for node in nodes_of(path)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in [getattr(node, "module", None) or "", *(alias.name for alias in node.names)]
        if re.match(r"(requests|httpx|urllib3|urllib\.request|http\.client|smtplib|socket)(\.|$)", name)
    ]

    assert found == []


# The demo empties every table of a development database, which no construct of SQLAlchemy does.
TRUNCATES = ("storefront.demo",)


def test_sql_is_written_as_text_in_core_and_migrations_only() -> None:
    assert (
        breaches(
            r"(sqlalchemy\.|sa\.)?text|.*\.exec_driver_sql",
            "storefront.core",
            "storefront.providers.adapters.sandbox",
            *TRUNCATES,
        )
        == []
    )


def test_money_is_never_a_float() -> None:
    """Rates are Decimal, amounts are whole minor units; a float appears only where seconds are measured."""
    money = (
        "storefront.billing",
        "storefront.pricing",
        "storefront.orders",
        "storefront.core.money",
        "tenants.credits",
    )
    found = [
        f"{name_of(path)}:{node.lineno}"
        for path in modules()
        if is_in(path, *money)
        for node in nodes_of(path)
        if (isinstance(node, ast.Name) and node.id == "float")
        or (isinstance(node, ast.Constant) and isinstance(node.value, float))
    ]

    assert found == []


def test_nothing_is_pickled_or_evaluated() -> None:
    assert breaches(r"pickle\..*|marshal\..*|eval|exec|os\.system|yaml\.load") == []


def test_exceptions_to_the_tools_carry_a_code_and_a_reason() -> None:
    assert offenders(EVERYWHERE, _exceptions_to_the_tools_carry_a_code_and_a_reason) == {}


EXCEPTION = re.compile(r"#\s*(noqa|type:\s*ignore).*")
WITH_A_REASON = re.compile(
    r"#.*(noqa: [A-Z]+[0-9]+(, [A-Z]+[0-9]+)*|type: ignore\[[a-z-]+(, ?[a-z-]+)*\])\s+(- |# ?)\S.*|# fmt: skip"
)


def _exceptions_to_the_tools_carry_a_code_and_a_reason(path: Path) -> list[str]:
    if all(WITH_A_REASON.fullmatch(found.group()) for found in EXCEPTION.finditer(text_of(path))):
        return []
    # Something may be wrong: tell the comments from what only looks like one.
    with tokenize.open(path) as source:
        comments = [token for token in tokenize.generate_tokens(source.readline) if token.type == tokenize.COMMENT]
    return [
        f"{token.start[0]} {token.string}"
        for token in comments
        if EXCEPTION.search(token.string) and not WITH_A_REASON.fullmatch(token.string)
    ]


VAGUE = {"utils", "util", "helpers", "helper", "manager", "managers", "service", "services", "common", "misc", "base"}


def test_names_say_what_a_thing_is() -> None:
    assert offenders([path for path in modules() if not is_in(path, "storefront.machine")], _vague) == {}


def _vague(path: Path) -> list[str]:
    defined = [
        node.name
        for node in nodes_of(path)
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name.startswith("get_")
    ]
    return [
        *(VAGUE & set(path.relative_to(ROOT).with_suffix("").parts)),
        *(name for name in defined if name not in NAMED_BY_OTHERS),
    ]


# Methods that a library calls by this name.
NAMED_BY_OTHERS = {"get_extra_info", "get_id", "get_source", "get_template", "get_translations"}


def test_imports_stand_at_the_top() -> None:
    """Each import inside a function says why (WeasyPrint, the command line, Flask's proxies)."""
    wrong = [
        f"{name_of(path)}:{inner.lineno}"
        for path in modules()
        if not is_in(path, "storefront.machine", "storefront.cli")
        for node in nodes_of(path)
        if isinstance(node, ast.FunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
        and "noqa: PLC0415 - " not in text_of(path).splitlines()[inner.lineno - 1]
    ]

    assert wrong == []


# ------------------------------------------------------------------------------------------------------------ the files

TOP = {
    "pyproject.toml", "storefront", "tenants", "frames", "cms", "themes", "translations", "tests", "wsgi.py",
    "run", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "LICENSE", "docs", "migrations",
    "package.json", "package-lock.json", "requirements", "deploy",
}  # fmt: skip


def test_top_level_is_exactly_what_it_should_be() -> None:
    found = {path.relative_to(ROOT).parts[0] for path in tracked()}

    assert {name for name in found if not name.startswith(".")} - TOP == set()
    assert TOP - found == set()
    assert ".ci" in found


# Folders of somebody's machine, and the addresses of package registries: locks carry hashes, not addresses.
PLACES = re.compile(
    r"/(?:home|Users|root|work|mnt)/[a-z]|https?://[^/\s]+/(?:simple|packages)/|resolved\W+https?:|index-url\s*=|extra-index"
)
TEXT = {
    ".py",
    ".md",
    ".toml",
    ".html",
    ".txt",
    ".css",
    ".js",
    ".json",
    ".in",
    ".yaml",
    ".yml",
    ".po",
    ".pot",
    ".mako",
    ".svg",
    "",
}


@pytest.mark.parametrize("suffix", sorted(TEXT), ids=lambda suffix: suffix or "none")
def test_files_name_no_machine_and_no_registry(suffix: str) -> None:
    found = [
        f"{name_of(path)}: {match.group()}"
        for path in tracked()
        if path.suffix == suffix and path != Path(__file__).resolve() and b"\0" not in path.read_bytes()[:4_000]
        for match in [PLACES.search(text_of(path))]
        if match
    ]

    assert found == []


def test_files_are_not_large() -> None:
    large = {name_of(path): size for path in tracked() if (size := path.stat().st_size) > 1_000_000}

    assert large == {}


def test_no_work_is_left_lying_about() -> None:
    """A thing to do names its issue; code that is commented out is gone."""
    assert offenders(modules(), _no_work_is_left_lying_about) == {}


def _no_work_is_left_lying_about(path: Path) -> list[str]:
    return re.findall(r"#\s*(?:TODO|FIXME|XXX|HACK)\b(?!.*#\d+).*", text_of(path))
