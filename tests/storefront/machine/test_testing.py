"""How ./run test divides the work, addresses its databases and counts by tier."""

from datetime import date
from pathlib import Path

import pytest

from storefront.machine.messages import faults_in, ids_of
from storefront.machine.postgres import libpq_url
from storefront.machine.schema import fingerprint_of
from storefront.machine.testing import MOST_WORKERS, compiled_beside, for_role, matrices, with_workers
from tests import proofs
from tests.fixtures_house import HOUSES
from tests.tiers import ROOT, tier_of


@pytest.mark.parametrize(
    ("arguments", "first"),
    [
        ([], ["-n", "5"]),
        (["tests/storefront"], ["-n", "5"]),
        (["tests/storefront/core/test_money.py"], ["-n", "0"]),
        (["tests/storefront/core/test_money.py::test_x"], ["-n", "0"]),
        (["-n", "3"], ["-n", "3"]),
        (["-k", "money"], ["-n", "5"]),
        (["--pdb"], ["--pdb"]),
    ],
)
def test_workers_fit_the_question(arguments: list[str], first: list[str]) -> None:
    assert with_workers(arguments, 4)[: len(first)] == first


def test_workers_are_as_many_as_there_are_queues_for() -> None:
    # The last worker's house would take the queue of another's otherwise.
    assert with_workers([], 64)[:2] == ["-n", str(MOST_WORKERS)]
    assert MOST_WORKERS <= HOUSES


@pytest.mark.parametrize(("arguments", "before"), [([], True), (["tests/storefront"], False)])
def test_tests_are_compiled_once_and_for_the_whole_alone(arguments: list[str], before: bool, tmp_path: Path) -> None:
    if before:
        (tmp_path / "tests-compiled").touch()
    found = sorted(tmp_path.iterdir())

    with compiled_beside(arguments, tmp_path) as await_compiled:
        assert await_compiled() is None

    assert sorted(tmp_path.iterdir()) == found


@pytest.mark.parametrize(
    ("arguments", "ran", "told"),
    [
        ([], "all", []),
        (["prices"], "family", ["tests/storefront/pricing"]),
        (["prices", "forms"], "family", ["tests/storefront/pricing", "tests/isolation"]),
        (["-k", "prices"], "some", ["-k", "prices"]),
        (["prices", "-x"], "some", ["prices", "-x"]),
    ],
)
def test_family_of_matrices_is_told_by_its_name(arguments: list[str], ran: str, told: list[str]) -> None:
    assert matrices(arguments) == (ran, told)


def test_rows_of_a_family_leave_the_others_in_the_paper() -> None:
    others = [("tests/test_a.py::test_one_thing[1]", True, 1.4), ("tests/test_a.py::test_one_thing[2]", False, 1.0)]
    paper = proofs.HEAD + "".join(proofs.rows_of(others, date(2026, 1, 1)).values()) + "\nMore words.\n"
    told = [("tests/test_a.py::test_one_thing[1]", True, 3.0), ("tests/test_b.py::test_another", True, 0.2)]

    found = proofs.kept(paper, proofs.rows_of(told, date(2026, 2, 2)))

    assert found.startswith(proofs.HEAD)
    assert found.endswith("\nMore words.\n")
    assert "| `test_a` one thing | 1 | 1 | 0 | 3 | 02 February 2026 |\n" in found
    assert "| `test_b` another | 1 | 1 | 0 | 0 | 02 February 2026 |\n\nMore words" in found
    assert "01 January" not in found


def test_address_for_a_role_keeps_place_and_options() -> None:
    url = for_role("postgresql://postgres:pw@db.example:5433/postgres?sslmode=require", "app", "s/cret")

    assert url == "postgresql+psycopg://vitrine_app:s%2Fcret@db.example:5433/{database}?sslmode=require"


def test_own_programs_of_postgres_know_no_driver() -> None:
    assert libpq_url("postgresql+psycopg://vitrine_app@/x?host=/run") == "postgresql://vitrine_app@/x?host=/run"


@pytest.mark.parametrize(
    ("nodeid", "tier"),
    [
        ("tests/storefront/billing/test_totals.py::test_x", "rules"),
        ("tests/storefront/core/test_outbound.py::test_x[a::b]", "actions"),
        ("tests/storefront/panel/test_domains.py::test_x", "web"),
        ("tests/contracts/test_registrar.py::test_x", "contracts"),
        ("tests/journeys/test_sale.py::test_x", "journeys"),
        ("tests/isolation/test_routes.py::test_x", "isolation"),
        ("tests/architecture/test_size.py::test_x", "architecture"),
        ("tests/storefront/machine/test_data.py::test_x", "architecture"),
    ],
)
def test_tier_of_a_test_is_where_it_lies(nodeid: str, tier: str) -> None:
    assert tier_of(nodeid) == tier


def test_changed_migration_changes_the_stamp() -> None:
    here = ROOT / "tests" / "storefront" / "machine"

    assert fingerprint_of(here, "one") != fingerprint_of(ROOT / "migrations", "one")
    assert fingerprint_of(here, "one") != fingerprint_of(here, "two")
    assert fingerprint_of(here, "one") == fingerprint_of(here, "one")


HEAD = '# x\nmsgid ""\nmsgstr ""\n"POT-Creation-Date: 2026"\n\n'
CATALOGUE = f'{HEAD}#: a.py\nmsgid "Pay"\nmsgstr ""\n\n#: b.py\nmsgid "Buy"\nmsgstr ""\n'


def test_ids_of_catalogue_ignore_places_and_dates() -> None:
    later = CATALOGUE.replace("2026", "2027").replace("a.py", "c.py")

    assert ids_of(later) == ids_of(CATALOGUE)
    assert ids_of(CATALOGUE.replace("Pay", "Pay now")) != ids_of(CATALOGUE)


def test_faults_of_catalogue_name_language_and_number() -> None:
    told = "9 of 10 messages (90%) translated in fr.po\nerror: fr.po:7: placeholders are incompatible\n"

    catalogue = '#, fuzzy, python-format\nmsgid "%d day"\nmsgstr[0] ""\nmsgstr[1] ""\n"%d jours"\n'

    found = faults_in("fr", catalogue, told)

    assert found == [
        "fr: 1 doubtful (fuzzy)",
        "fr: 1 plural forms not translated",
        "fr: 1 of 10 not translated",
        "fr: error: fr.po:7: placeholders are incompatible",
    ]
