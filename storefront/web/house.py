"""What one web process holds: settings, engines, the resolver, themes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flask import current_app

from storefront.core.config import Config
from storefront.core.db import Database, Work

if TYPE_CHECKING:
    from tenants.resolve import Resolver

# What a shop says itself in a language on pages without an address, by the keys of those that are asked for.
OwnPages = Callable[[Work, str, Sequence[str]], Mapping[str, Any]]

# Links of a menu as the layout wants them: (label, address) in a language.
Menus = Callable[[Work, str], dict[str, Any]]


def _no_menus(_db: Work, _locale: str) -> dict[str, Any]:
    return {"header": [], "footer": []}


def _no_pages(_db: Work, _locale: str, _keys: Sequence[str]) -> Mapping[str, Any]:
    return {}


@dataclass(kw_only=True)
class House:
    """One per process; what pages need but no request owns."""

    config: Config
    database: Database
    resolver: "Resolver"
    menus: Menus = field(default=_no_menus)
    own_pages: OwnPages = field(default=_no_pages)


def house() -> House:
    """Return this process's house."""
    found: House = current_app.extensions["vitrine"]
    return found
