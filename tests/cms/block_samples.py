"""One filled block of every kind, for tests, for the proof of hostile input and for the contact sheet."""

from collections.abc import Mapping
from typing import Any

RICH = (
    "<p>We look after names from Helsinki, <strong>since 2009</strong>. See <a href='/prices'>what they cost</a>.</p>"
    "<h2>What we do</h2><ul><li>We answer letters within a day.</li><li>We never sell what you search for.</li></ul>"
    "<blockquote>A name is a promise.</blockquote>"
)
LEGAL = (
    "<p>These terms hold between you and us.</p>"
    "<h2>What we owe</h2><p>We pass your order on to the registry and tell you what became of it.</p>"
    "<h2>What you owe</h2><p>The price that stood in the cart, once.</p><ul><li>By card</li><li>By transfer</li></ul>"
    "<h2>How it ends</h2><p>By the end of a term, or by a letter of yours.</p>"
)
ROWS = """Plan | Space | Mailboxes | A month
Harbour | 20 GB | 5 | 3.90 €
Boathouse | 60 GB | 25 | 9.80 €
Shipyard | 200 GB | - | 24.00 €"""

SAMPLES: Mapping[str, Mapping[str, Any]] = {
    "hero": {
        "title": "The name first. Then everything behind it.",
        "text": "Search all our endings in one go.",
        "placeholder": "Try fjordlight",
        "links": [{"label": "Search several names", "url": "/search?several=1", "icon": "list"}],
    },
    "rich_text": {"title": "Who we are", "html": RICH},
    "columns": {
        "title": "Three ways to begin",
        "columns": [{"title": f"Way {num}", "html": "<p>Some words about this way.</p>"} for num in (1, 2, 3)],
    },
    "features": {
        "title": "What you get with every name",
        "text": "No bundles to untick.",
        "items": [
            {
                "icon": icon,
                "title": title,
                "text": "Some words on it.",
                "points": ["First", "Second"],
                "url": "/prices",
                "button": "More",
            }
            for icon, title in (
                ("shield", "It stays yours"),
                ("clock", "It ends when you say so"),
                ("key", "You may leave"),
            )
        ],
    },
    "call_to_action": {
        "title": "Already have a name elsewhere?",
        "text": "Transfers take a week.",
        "url": "/transfer",
        "button": "Transfer a domain",
        "icon": "transfer",
    },
    "faq": {
        "title": "Asked often",
        "questions": [
            {"question": "How soon does a domain work?", "answer": "<p>Most within a minute of payment.</p>"},
            {"question": "Can I leave?", "answer": "<p>Whenever you like.</p>"},
        ],
    },
    "testimonials": {
        "title": "What others say",
        "voices": [
            {"text": "Nobody ever tried to sell me a second thing.", "name": "Aino Karppinen", "role": "Karttapaja"},
            {"text": "The renewal price stood there on day one.", "name": "Jan Kowalski", "role": ""},
        ],
    },
    "image": {"picture": "{picture}", "caption": "The harbour in November", "size": "m"},
    "gallery": {
        "title": "Our place",
        "pictures": [
            {"picture": "{picture}", "caption": "The harbour"},
            {"picture": "{second}", "caption": ""},
            {"picture": "{picture}", "caption": "The office"},
        ],
    },
    "downloads": {
        "title": "To take along",
        "text": "Papers that are asked for often.",
        "files": [
            {"file": "{file}", "label": "Form for a change of owner", "about": "Sign it and send it back"},
            {"file": "{file}", "label": "Our terms on paper", "about": ""},
        ],
    },
    "raw_table": {"title": "Plans side by side", "text": ROWS, "note": "Prices with VAT."},
    "legal_text": {"title": "Terms of service", "since": "In force since 1 March 2026", "html": LEGAL},
    "contact_form": {
        "title": "Write to us",
        "text": "A person reads it and answers within a working day.",
        "topics": ["A domain", "An invoice", "Something else"],
        "asks_phone": True,
        "consent": "We use what you write to answer you, and delete it after a year.",
        "button": "",
        "thanks": "Somebody reads it today.",
    },
    "contact_card": {
        "title": "Reach us",
        "text": "We answer within a working day.",
        "email": "hello@north.example",
        "phone": "+358 (9) 4245 0010",
        "hours": ["Monday to Friday 9 to 17", "Saturday 10 to 14"],
        "ways": ["Tram 6, stop Hämeentie", "Ring at Nordhost"],
    },
    "frame": {
        "title": "We move house",
        "html": "<p>On 1 March our office is closed. <a href='/contact'>Write to us</a> all the same.</p>",
        "tone": "info",
    },
    "embed": {
        "title": "How it works",
        "address": "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
        "about_it": "A film of two minutes about names",
        "caption": "With subtitles",
    },
    "news_list": {"title": "News", "page": "{news}", "url": "/news", "button": "All of it"},
    "products": {
        "title": "Mailboxes",
        "text": "On servers in Helsinki.",
        "service": "email",
        "url": "/help",
        "button": "Ask about it",
    },
    "promotion_countdown": {
        "promotion": "{promotion}",
        "title": "",
        "text": "For every name that you register this week.",
        "url": "/search",
        "button": "Find a name",
    },
    "divider": {"look": "sign"},
    "domain_search": {"title": "Find a name", "text": "In all endings at once.", "placeholder": "Your idea"},
    "price_strip": {"endings": ["com", "eu"]},
    "price_table": {
        "title": "No small print",
        "text": "Four prices of every ending.",
        "points": ["Reminders before the end"],
        "endings": ["com", "eu"],
    },
}


def sample(kind: str, **ids: str) -> dict[str, Any]:
    """Return a block of a kind with its pictures and files named: ``picture``, ``second``, ``file``."""
    found: dict[str, Any] = _filled(dict(SAMPLES[kind]), ids)
    return {"kind": kind, **found}


def _filled(value: Any, ids: Mapping[str, str]) -> Any:
    if isinstance(value, Mapping):
        return {name: _filled(each, ids) for name, each in value.items()}
    if isinstance(value, list):
        return [_filled(each, ids) for each in value]
    if isinstance(value, str) and value.startswith("{") and value.endswith("}"):
        return ids.get(value[1:-1], "")
    return value
