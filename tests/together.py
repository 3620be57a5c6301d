"""Which tests stay together on one worker, and which begin first."""

import pytest
from xdist.scheduler.loadscope import LoadScopeScheduling  # type: ignore[import-untyped]  # it ships no types

# Where tests lie that share something slow to set up or wait much, and what it is. They begin first, the longest before
# the others, so that at the end nobody waits for them alone.
COMPANIES = (
    ("tests/journeys/", "the running house"),
    ("tests/storefront/leaks/", "the demo on hosts of its own"),
    ("tests/contracts/test_edge.py", "the edge"),
    ("tests/contracts/test_dns_questions.py", "the name servers"),
    ("tests/tenants/test_name_index.py", "an index that is read once a second"),
    ("tests/storefront/web/test_tls_ask.py", "the edge's desk"),
    ("tests/storefront/web/test_ready_isolation.py", "ready pages that listen"),
    ("tests/architecture/", "the sources as they were parsed"),
)


def company_of(nodeid: str) -> str:
    """Name the company that a test keeps: for most that of its own file."""
    return next((name for path, name in COMPANIES if nodeid.startswith(path)), nodeid.partition("::")[0])


def put_companies_first(items: list[pytest.Item]) -> None:
    """Bring the tests into the order in which they are handed out."""
    places = [path for path, _ in COMPANIES]
    items.sort(
        key=lambda item: next((at for at, path in enumerate(places) if item.nodeid.startswith(path)), len(places))
    )


class Together(LoadScopeScheduling):  # type: ignore[misc]  # its base ships no types
    """Hands each company to one worker as a whole; marks for it do not reach the workers with this pytest."""

    def _split_scope(self, nodeid: str) -> str:
        return company_of(nodeid)
