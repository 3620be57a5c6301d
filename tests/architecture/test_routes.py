"""routes.txt: every address that was ever given out. One that disappears needs a redirect.

A new address is added to the file by hand: ``./run test tests/architecture/test_routes.py`` prints the line to add.
"""

from pathlib import Path

from tests.isolation.routes import routes

FILE = Path(__file__).with_name("routes.txt")


def line_of(method: str, rule: str, endpoint: str) -> str:
    return f"{method:<6} {rule:<60} {endpoint}".rstrip()


def now() -> set[str]:
    return {line_of(route.method, str(route.rule), route.endpoint) for route in routes()}


def written() -> list[str]:
    return [line for line in FILE.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]


def test_no_address_has_disappeared() -> None:
    gone = sorted(set(written()) - now())

    assert gone == [], "lead visitors of these addresses on, then take the lines out of routes.txt"


def test_every_address_is_written_down() -> None:
    fresh = sorted(now() - set(written()))

    assert fresh == [], "add these lines to tests/architecture/routes.txt"


def test_file_is_sorted() -> None:
    assert written() == sorted(written(), key=lambda line: (line.split()[1], line))
