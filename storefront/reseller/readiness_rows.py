"""Lines of the list of what a shop still needs, with the address that settles each, where there is such a page."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import current_app, url_for

from storefront.core.i18n import Text
from tenants.readiness import Item, State

TONES = {State.MUST: "danger", State.OPEN: "warning", State.DONE: "success"}


@dataclass(frozen=True, kw_only=True)
class ItemRow:
    """One line as a page shows it; ``url`` is empty where no page settles it."""

    key: str
    title: Text
    text: Text
    tone: str
    icon: str
    action: Text
    url: str
    is_must: bool


def item_rows(items: Iterable[Item]) -> list[ItemRow]:
    """Describe items for a page."""
    return [
        ItemRow(
            key=item.key,
            title=item.title,
            text=item.why,
            tone=TONES[item.state],
            icon=item.icon,
            action=item.action,
            url=_address(item),
            is_must=item.state is State.MUST,
        )
        for item in items
    ]


def _address(item: Item) -> str:
    if item.endpoint not in current_app.view_functions:
        return ""
    return url_for(item.endpoint, _anchor=item.anchor or None)
