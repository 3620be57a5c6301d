"""theme.toml, inheritance, the choice of a theme; the template loader that knows whose theme it is; plain Jinja."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import BaseLoader, Environment, FileSystemLoader, StrictUndefined, TemplateNotFound
from markupsafe import Markup

from storefront.core import i18n
from storefront.core.audit import record
from storefront.core.changes import announce
from storefront.core.db import Work
from storefront.core.errors import Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.core.text import LocalizedText
from tenants.resellers import current_reseller

THEMES = Path(__file__).resolve().parents[1] / "themes"
DEFAULT = "default"


@dataclass(frozen=True, kw_only=True)
class Theme:
    """What a theme's folder says of itself."""

    key: str
    name: str
    about: LocalizedText
    bundles: dict[str, tuple[str, ...]]
    settings: dict[str, Any]

    @property
    def folder(self) -> Path:
        """Where its templates and static files lie."""
        return THEMES / self.key


@lru_cache(maxsize=32)
def theme(key: str) -> Theme:
    """Read a theme; ``KeyError`` if there is none of that name."""
    # Looked up among those there are: a key comes from addresses too, and no path is made of it.
    path = next((path for path in THEMES.glob("*/theme.toml") if path.parent.name == key), None)
    if path is None:
        raise KeyError(key[:40])
    found = tomllib.loads(path.read_text())
    bundles = {name: tuple(parts) for name, parts in found.get("bundles", {}).items()}
    about = LocalizedText(found.get("about", {}))
    return Theme(key=key, name=found["name"], about=about, bundles=bundles, settings=found)


def themes() -> list[Theme]:
    """List every theme there is, the default first, then by name."""
    found = [theme(path.parent.name) for path in THEMES.glob("*/theme.toml")]
    return sorted(found, key=lambda each: (each.key != DEFAULT, each.name))


def known_theme(key: str) -> str:
    """Return the key, or the default's where that theme is not here any more: a shop never stands without a look."""
    try:
        return theme(key).key
    except KeyError:
        return DEFAULT


def choose_theme(db: Work, key: str) -> Theme:
    """Give the shop another look, everywhere within a second; raises ``Refused`` for one that is not here.

    Papers that were issued keep the look they were issued in.
    """
    reseller = current_reseller(db)
    if known_theme(key) != key:
        raise Refused(_("There is no such theme."))
    before, reseller.theme = reseller.theme, key
    if before != key:
        record(db, "theme.chosen", before={"theme": before}, after={"theme": key})
        announce(db)
    return theme(key)


def static_file(key: str, name: str) -> Path | None:
    """Find a static file in a theme or in the one it stands on."""
    for candidate in dict.fromkeys((key, DEFAULT)):
        base = THEMES / candidate / "static"
        path = (base / name).resolve()
        if path.is_relative_to(base) and path.is_file():
            return path
    return None


class ThemeLoader(BaseLoader):
    """Loads ``aurora!page.html`` from the theme, then from ``default``, then from the offices' own folders."""

    def __init__(self, *folders: Path) -> None:
        self._folders = [FileSystemLoader(folder) for folder in folders]

    def get_source(self, environment: Environment, template: str) -> tuple[str, str | None, Callable[[], bool] | None]:
        """Find a template; Jinja caches by the full name, which keeps themes apart."""
        key, _, name = template.rpartition("!")
        for candidate in dict.fromkeys((key or DEFAULT, DEFAULT)):
            try:
                return FileSystemLoader(THEMES / candidate / "templates").get_source(environment, name)
            except TemplateNotFound:
                continue
        for loader in self._folders:
            try:
                return loader.get_source(environment, name)
            except TemplateNotFound:
                continue
        raise TemplateNotFound(name)

    def list_templates(self) -> list[str]:
        """List every template of the default theme and the offices."""
        own = FileSystemLoader(THEMES / DEFAULT / "templates").list_templates()
        return sorted({*own, *(name for loader in self._folders for name in loader.list_templates())})


def say(message: str, **values: object) -> str:
    """Translate in a template; a sentence may carry a link, whose markup stays while everything else is escaped."""
    text = i18n.gettext(message)
    return _filled(text, values)


def say_number(singular: str, plural: str, num: int, **values: object) -> str:
    """Translate a sentence with a number in a template."""
    text = i18n.catalogue(i18n.current_locale()).ungettext(singular, plural, num)
    return _filled(text, {"num": i18n.count_words(num), **values})


def _filled(text: str, values: Mapping[str, object]) -> str:
    if not values:
        return text
    if any(isinstance(value, Markup) for value in values.values()):
        return Markup(text) % values  # noqa: S704 - the sentence is ours; Markup escapes what it is filled with
    return text % values


def teach(environment: Environment) -> Environment:
    """Give an environment our filters, translations and strictness."""
    environment.undefined = StrictUndefined
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.add_extension("jinja2.ext.i18n")
    environment.install_gettext_callables(say, say_number, newstyle=False, pgettext=i18n.pgettext)  # type: ignore[attr-defined]  # added by the extension
    environment.globals.update(_=say, ngettext=say_number, pgettext=i18n.pgettext, locale=i18n.current_locale)
    environment.filters.update(
        money=i18n.format_money,
        day=i18n.format_day,
        moment=i18n.format_moment,
        clock=i18n.format_clock,
        number=i18n.format_number,
        percent=i18n.format_percent,
        country=i18n.country_name,
    )
    return environment


class PlainEnvironment(Environment):
    """The environment of letters and documents: finds ``page.html`` as ``<theme>!page.html``, without Flask."""

    theme = DEFAULT

    def get_template(self, name: Any, parent: str | None = None, globals: Any = None) -> Any:  # noqa: A002 - Jinja's own name
        """Load a template of this environment's theme, wherever it is named: in extends, import and include too."""
        if isinstance(name, str) and "!" not in name:
            name = f"{self.theme}!{name}"
        return super().get_template(name, parent, globals)


@lru_cache(maxsize=32)
def plain_environment(key: str = DEFAULT) -> Environment:
    """Return the environment of a theme's letters and documents: the same templates and filters, without Flask."""
    made = PlainEnvironment(loader=ThemeLoader(), autoescape=_escapes, undefined=StrictUndefined)
    made.theme = known_theme(key)
    return teach(made)


def _escapes(name: str | None) -> bool:
    return name is None or not name.endswith(".txt")
