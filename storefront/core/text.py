"""LocalizedText: words a reseller wrote in several languages."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Dialect
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator


class LocalizedText(dict[str, str]):
    """Words by language, such as ``{"en": "Well known", "fr": "Incontournables"}``."""

    def in_(self, locale: str, default: str = "en") -> str:
        """Return the words in a language, else in the default one, else in any."""
        return self.get(locale) or self.get(default) or next((words for words in self.values() if words), "")


class LocalizedTextType(TypeDecorator[LocalizedText]):
    """A JSONB column that gives back ``LocalizedText``."""

    impl = JSONB
    cache_ok = True

    def process_bind_param(self, value: Mapping[str, str] | None, dialect: Dialect) -> dict[str, str] | None:
        """Store a plain object."""
        return None if value is None else dict(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> LocalizedText | None:
        """Give back the words."""
        return None if value is None else LocalizedText(value)
