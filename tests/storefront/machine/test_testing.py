"""How ./run test divides the work, addresses its databases and counts by tier."""

import pytest

from storefront.machine.messages import faults_in, ids_of
from storefront.machine.postgres import libpq_url
from storefront.machine.schema import fingerprint_of
from storefront.machine.testing import for_role, with_workers
from tests.tiers import ROOT, tier_of


@pytest.mark.parametrize(
    ("arguments", "first"),
    [
        ([], ["-n", "4"]),
        (["tests/storefront"], ["-n", "4"]),
        (["tests/storefront/core/test_money.py"], ["-n", "0"]),
        (["tests/storefront/core/test_money.py::test_x"], ["-n", "0"]),
        (["-n", "3"], ["-n", "3"]),
        (["-k", "money"], ["-n", "4"]),
        (["--pdb"], ["--pdb"]),
    ],
)
def test_workers_fit_the_question(arguments: list[str], first: list[str]) -> None:
    assert with_workers(arguments, 4)[: len(first)] == first


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
