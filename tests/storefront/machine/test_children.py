"""Programs of ours as ./run starts them."""

import pytest

from storefront.machine.children import base_environment
from storefront.machine.places import VENV


def test_who_wants_no_compiled_files_among_the_sources_gets_them_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without them every start takes seconds longer and every worker holds ten MiB more."""
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.delenv("PYTHONPYCACHEPREFIX", raising=False)

    environment = base_environment()

    assert "PYTHONDONTWRITEBYTECODE" not in environment
    assert environment["PYTHONPYCACHEPREFIX"] == str(VENV / "compiled")


def test_compiled_files_stay_where_somebody_wants_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", "/tmp/elsewhere")

    assert base_environment()["PYTHONPYCACHEPREFIX"] == "/tmp/elsewhere"


def test_compiled_files_lie_beside_the_sources_where_nobody_minds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    monkeypatch.delenv("PYTHONPYCACHEPREFIX", raising=False)

    assert "PYTHONPYCACHEPREFIX" not in base_environment()
