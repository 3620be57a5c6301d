"""Themes are data: what they say of themselves, what falls back to the default, whose template is whose."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from jinja2 import TemplateNotFound
from sqlalchemy import select

from storefront.core.audit import AuditEntry
from storefront.core.db import Work
from storefront.core.errors import Refused
from tenants.models import Site
from tenants.resellers import current_reseller
from tenants.themes import DEFAULT, THEMES, choose_theme, known_theme, plain_environment, static_file, theme, themes

KEYS = [each.key for each in themes()]
LOCALES = ("en", "fr", "pl", "de")


def test_default_comes_first_and_aurora_is_there() -> None:
    assert KEYS[0] == DEFAULT
    assert "aurora" in KEYS


@pytest.mark.parametrize("key", KEYS)
def test_theme_says_what_it_is_in_every_language_of_the_offices(key: str) -> None:
    found = theme(key)

    assert found.name
    assert len({found.about[locale] for locale in LOCALES}) == len(LOCALES)


@pytest.mark.parametrize("key", KEYS)
def test_theme_holds_data_only(key: str) -> None:
    kinds = {path.suffix for path in (THEMES / key).rglob("*") if path.is_file()}

    assert kinds <= {".toml", ".html", ".txt", ".xml", ".css", ".js", ".svg", ".png", ".webp", ".woff2"}


@pytest.mark.parametrize("key", [key for key in KEYS if key != DEFAULT])
def test_theme_only_overrides_what_the_default_has(key: str) -> None:
    own = THEMES / key / "templates"

    strange = [
        path.relative_to(own).as_posix()
        for path in own.rglob("*")
        if path.is_file() and not (THEMES / DEFAULT / "templates" / path.relative_to(own)).is_file()
    ]

    assert strange == []


@pytest.mark.parametrize("key", ["", "nothing", "../default", "default/../aurora", "Default ", "__init__"])
def test_theme_that_is_not_here_is_unknown(key: str) -> None:
    with pytest.raises(KeyError):
        theme(key)
    assert known_theme(key) == DEFAULT


def test_file_that_a_theme_lacks_comes_from_the_default() -> None:
    assert static_file("aurora", "icons.svg") == THEMES / DEFAULT / "static" / "icons.svg"
    assert static_file("aurora", "css/document.css") == THEMES / "aurora" / "static" / "css" / "document.css"
    assert static_file("aurora", "../theme.toml") is None


def test_letter_takes_its_frame_from_its_own_theme() -> None:
    aurora, default = plain_environment("aurora"), plain_environment()

    assert source_of(aurora.get_template("letters/_letter.html").filename) == "aurora"
    assert source_of(default.get_template("letters/_letter.html").filename) == DEFAULT
    # What a theme does not have is the default's, and still finds the theme's parts.
    assert source_of(aurora.get_template("letters/welcome.html").filename) == DEFAULT


def source_of(filename: str | None) -> str:
    return Path(filename or "").relative_to(THEMES).parts[0]


def test_theme_may_stand_on_a_file_of_the_default_by_name() -> None:
    found = plain_environment("aurora").get_template("default!letters/_letter.html")

    assert source_of(found.filename) == DEFAULT


def test_template_that_nobody_has_is_an_error() -> None:
    with pytest.raises(TemplateNotFound):
        plain_environment("aurora").get_template("letters/love.html")


def log_of(db: Work) -> Sequence[AuditEntry]:
    """The lines of the log about themes, the latest first; those of other tests are among them."""
    return db.scalars(select(AuditEntry).where(AuditEntry.action == "theme.chosen").order_by(AuditEntry.id.desc()))


def test_choice_is_logged_and_announced(db: Work) -> None:
    version = db.scalar(select(Site.version).where(Site.reseller_id == db.reseller_id)) or 0

    chosen = choose_theme(db, "aurora")
    db.flush()

    assert chosen.name == "Aurora"
    assert current_reseller(db).theme == "aurora"
    assert log_of(db)[0].difference == {"theme": ["default", "aurora"]}
    assert db.scalar(select(Site.version).where(Site.reseller_id == db.reseller_id)) == version + 1


def test_same_choice_again_changes_nothing(db: Work) -> None:
    before = len(log_of(db))

    choose_theme(db, DEFAULT)
    db.flush()

    assert len(log_of(db)) == before


def test_choice_of_what_is_not_here_is_refused(db: Work) -> None:
    with pytest.raises(Refused, match="no such theme"):
        choose_theme(db, "../default")
