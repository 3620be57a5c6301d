"""Keyset pages of a list view: where it begins, and the link to what comes next."""

from collections.abc import Container
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import request, url_for

from storefront.core.paging import Page


def after_of() -> UUID | None:
    """Read where the list begins; nonsense begins at the top."""
    try:
        return UUID(request.args["after"])
    except (KeyError, ValueError):
        return None


@dataclass(frozen=True, kw_only=True)
class Links:
    """What macros/pager.html needs of a keyset list: it knows neither totals nor page numbers."""

    earlier: str | None
    later: str | None
    first: int | None = None
    last: int | None = None
    total: int | None = None

    @property
    def is_needed(self) -> bool:
        """Whether there is more than this page."""
        return bool(self.earlier or self.later)

    @staticmethod
    def url(value: str) -> str:
        """Return the address of a page: it is its own value."""
        return value


def paged(page: Page[Any]) -> Links:
    """Return the links of a list: back to the beginning and on to what comes next, with the filters kept."""
    kept = {key: value for key, value in request.args.items() if key != "after"}
    here = request.endpoint or ""
    values: dict[str, Any] = {**(request.view_args or {}), **kept}
    first = url_for(here, **values) if after_of() else None
    following = url_for(here, **{**values, "after": str(page.next_after)}) if page.next_after else None
    return Links(earlier=first, later=following)


def wanted_of() -> str:
    """Read what the search box asks for: one line without control characters."""
    typed = request.args.get("q", "")[:200]
    return "".join(letter for letter in typed if letter.isprintable()).strip()


def state_of(allowed: Container[str], default: str = "") -> str:
    """Read the filter by state; one that does not exist is the default."""
    state = request.args.get("state", default)
    return state if state in allowed else default
