"""Announcements as the office shows them, in the reader's language."""

from collections.abc import Iterable
from typing import Any

from flask import g

from storefront.web.announcement_words import SEVERITY_ICONS, SEVERITY_WORDS, announcement_state
from tenants.announcements import in_language
from tenants.office_models import Announcement


def announcement_rows(found: Iterable[Announcement]) -> list[dict[str, Any]]:
    """Describe announcements."""
    return [
        {
            "id": row.id,
            "title": in_language(row.title, g.locale),
            "body": in_language(row.body, g.locale),
            "tone": row.severity,
            "icon": SEVERITY_ICONS[row.severity],
            "severity": SEVERITY_WORDS[row.severity],
            "shown_from": row.shown_from,
            "shown_until": row.shown_until,
            "state": announcement_state(row, g.db.now),
        }
        for row in found
    ]
