"""What the tests of accounts type: a person, and the wicked texts every field must survive."""

import re
from collections.abc import Mapping
from typing import Any

from werkzeug.test import TestResponse

PASSWORD = "walrus orbit tangerine quilt"
OTHER_PASSWORD = "lantern granite otter parade"

PERSON = {
    "kind": "individual",
    "given": "Aino",
    "family": "Virtanen",
    "orgname": "",
    "street": "Hämeentie 31",
    "street2": "",
    "postcode": "00500",
    "city": "Helsinki",
    "region": "",
    "country": "FI",
    "phone": "+358 40 123 4567",
    "email": "aino@example.test",
    "vat_number": "",
    "password": PASSWORD,
}

WICKED = {
    "empty": "",
    "10 kB": "a" * 10_240,
    "emoji": "🦭👩‍👩‍👧‍👦🏴‍☠️",
    "right to left": "\u202eشركة\u202c עברית",
    "NUL": "a\x00b",
    "SQL": "'; DROP TABLE login_user; --",
    "HTML": '"><script>alert(1)</script><img src=x onerror=alert(1)>',
    "template": "{{ 7*7 }}{% raw %}${7*7}#{7*7}",
    "lone surrogate": "\ud800",
    "newline": "a\r\nSet-Cookie: x=y",
}


def person(**more: str) -> dict[str, str]:
    """Return what somebody types who opens an account."""
    return {**PERSON, **more}


def token_in(answer: TestResponse) -> str:
    """Return the CSRF token of the first form on a page."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]*)"', answer.text)
    return found.group(1) if found else ""


def errors_in(answer: TestResponse) -> list[str]:
    """Return the sentences of the summary of errors."""
    return re.findall(r'<li>(?:<a href="#[^"]*">)?(?:<span>[^<]*</span>)?([^<]+)(?:</a>)?</li>', answer.text)


def cookie(client: Any, name: str, host: str) -> str | None:
    """Return a cookie that a browser holds."""
    found = client.get_cookie(name, domain=host, path="/")
    return found.value if found else None


def same_shape(one: TestResponse, other: TestResponse, *, but: Mapping[str, str]) -> bool:
    """Tell whether two answers are equal apart from what was typed."""
    text = other.text
    for mine, theirs in but.items():
        text = text.replace(theirs, mine)
    names = [{name for name, _value in answer.headers} for answer in (one, other)]
    return one.status_code == other.status_code and names[0] == names[1] and one.text == text
