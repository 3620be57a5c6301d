"""A browser inside somebody else's page, for tests: with the cookies of that page's jar, or with none at all."""

import re
from html import unescape
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from flask import Flask
from werkzeug.test import TestResponse

from tests.fixtures_app import Shop

INSIDE = {"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Site": "same-origin"}
AT_TOP = {"Sec-Fetch-Dest": "document", "Sec-Fetch-Site": "same-origin"}


def new_name(ending: str = "com") -> str:
    """Make a name that nobody has."""
    return f"frame-{uuid4().hex[:12]}.{ending}"


def events(page: str, kind: str) -> list[str]:
    """Return what a page tells of one kind."""
    return [each for each in re.findall(r'data-event="([^"]*)"', page) if f"&#34;{kind}&#34;" in each]


def lines(page: str) -> list[str]:
    """Return the names in the cart that is shown."""
    return re.findall(r'<p class="line-name">([^<]+)</p>', page)


class Inside:
    """One window as its visitor uses it: follows forms and links, carries what the page carries."""

    def __init__(self, app: Flask, shop: Shop, path: str, *, cookies: bool = True) -> None:
        self.shop = shop
        self.path = path
        self.client = app.test_client(use_cookies=cookies)
        self._base = {
            "HTTP_ORIGIN": shop.url,
            "HTTP_HOST": shop.host,
            "wsgi.url_scheme": "https",
            "HTTP_ACCEPT_LANGUAGE": "en",
        }
        self.answer: TestResponse = self.look(path)

    @property
    def page(self) -> str:
        """What is shown now."""
        return self.answer.text

    def look(self, address: str, **headers: str) -> TestResponse:
        """Open an address of this shop."""
        parts = urlsplit(address)
        where = f"{parts.path}?{parts.query}" if parts.query else parts.path
        self.answer = self.client.get(
            where, base_url=self.shop.url, headers={**INSIDE, **headers}, environ_overrides=self._base
        )
        return self.answer

    def press(self, action: str, headers: dict[str, str] | None = None, /, **fields: Any) -> TestResponse:
        """Send a form and follow where it leads inside the window."""
        self.answer = self.client.post(
            action, data=fields, base_url=self.shop.url, headers=headers or INSIDE, environ_overrides=self._base
        )
        if self.answer.status_code == 303 and headers is None:
            self.look(self.answer.headers["Location"])
        return self.answer

    def add(self, name: str, **more: Any) -> TestResponse:
        """Put a name into the cart as the rows of a search do."""
        return self.press(f"{self.path}?step=add", None, name=name, **self.carried(), **more)

    def carried(self) -> dict[str, str]:
        """Return the token that the page carries, if it does."""
        found = re.search(r'name="cart" value="([^"]+)"', self.page)
        return {"cart": found[1]} if found and f'action="{self.path}' in self.page else {}

    def button(self, step: str) -> str:
        """Return where the first button of a step leads."""
        found = re.search(rf'action="([^"]*step={step}[^"]*)"', self.page)
        assert found, f"no {step} on {self.page}"
        return unescape(found[1])

    def leaving(self) -> dict[str, str]:
        """Return the fields of the form that leaves the window."""
        form = re.search(
            r'<form method="post" action="[^"]*/frames/leave" target="_top">(.*?)</form>', self.page, re.DOTALL
        )
        assert form, self.page
        return {name: unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', form[1])}

    def leave(self, *, into: Any = None, **changed: str) -> TestResponse:
        """Press the button that leaves, at the top: with the cookies of the shop's own jar."""
        client = into or self.client.application.test_client()
        answer: TestResponse = client.post(
            "/frames/leave",
            data={**self.leaving(), **changed},
            base_url=self.shop.url,
            headers=AT_TOP,
            environ_overrides=self._base,
        )
        return answer
