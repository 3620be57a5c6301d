"""secret() and plain(): the fields of an adapter's settings, which a form can draw and a box can seal."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from storefront.core.i18n import Text
from storefront.providers.outcomes import Misconfigured

Settings = TypeVar("Settings")
REQUIRED: Any = dataclasses.MISSING


def plain(label: Text, *, default: Any = REQUIRED, max_length: int = 200) -> Any:
    """Declare a setting that everybody with access to the connection may read."""
    return dataclasses.field(default=default, metadata={"label": label, "max_length": max_length, "is_secret": False})


def secret(label: Text, *, default: Any = REQUIRED, max_length: int = 1000) -> Any:
    """Declare a setting that is stored sealed and never shown again, not even in a repr."""
    return dataclasses.field(
        default=default, repr=False, metadata={"label": label, "max_length": max_length, "is_secret": True}
    )


@dataclass(frozen=True, kw_only=True)
class SettingField:
    """One field of an adapter's settings, for a form."""

    name: str
    label: Text
    kind: type | str
    is_secret: bool
    is_required: bool
    max_length: int


def describe(settings_class: type) -> list[SettingField]:
    """Return the fields of a settings class in the order they were declared."""
    return [
        SettingField(
            name=item.name,
            label=item.metadata["label"],
            kind=item.type,
            is_secret=item.metadata["is_secret"],
            is_required=item.default is dataclasses.MISSING,
            max_length=item.metadata["max_length"],
        )
        for item in dataclasses.fields(settings_class)
        if "label" in item.metadata
    ]


def read_settings(settings_class: type[Settings], values: Mapping[str, Any]) -> Settings:
    """Build settings from stored values; unknown and missing keys raise ``Misconfigured``."""
    try:
        return settings_class(**values)
    except TypeError as error:
        raise Misconfigured(str(error).partition(".__init__() ")[2] or str(error)) from error
