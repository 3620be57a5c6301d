"""The form of the page editor as a browser sends it: fields of one name in their order, ticks, choices, text areas."""

import re
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

WRITTEN_INTO = re.compile(r"<textarea\b[^>]*>[^<]*</textarea>|</?(?:form|select|option|input)\b[^>]*>")


class _Fields(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.values: list[tuple[str, str]] = []
        self._inside = False
        self._area: tuple[str, str] | None = None
        self._select = self._chosen = ""
        self._is_first = True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = told.get("id") == "editor"
        if not self._inside:
            return
        if tag == "textarea":
            self._area = (told["name"], "")
        elif tag == "select":
            self._select, self._chosen, self._is_first = told.get("name", ""), "", True
        elif tag == "option" and self._select:
            if self._is_first or "selected" in told:
                self._chosen = told["value"]
            self._is_first = False
        elif tag == "input" and told.get("name") and (told.get("type") != "checkbox" or "checked" in told):
            self.values.append((told["name"], told.get("value", "")))

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area = (self._area[0], self._area[1] + data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "select":
            if self._select and not self._is_first:
                self.values.append((self._select, self._chosen))
            self._select = ""
        elif tag == "textarea" and self._area is not None:
            # A browser drops the newline that follows the tag.
            self.values.append((self._area[0], self._area[1].removeprefix("\n")))
            self._area = None


class PageForm:
    """The editor in a browser without scripts."""

    def __init__(self, client: FlaskClient, address: str) -> None:
        self._client, self.address = client, address
        self.take(client.get(address))

    def take(self, answer: TestResponse) -> TestResponse:
        """Look at an answer, following where it leads."""
        if answer.status_code == 303:
            answer = self._client.get(answer.headers["Location"])
        reader = _Fields()
        # Of a page with hundreds of tags these few count; what is written into them holds none.
        reader.feed("".join(WRITTEN_INTO.findall(answer.text)))
        self.values = MultiDict(reader.values)
        self.answer, self.text = answer, answer.text
        return answer

    def fill(self, **typed: str) -> "PageForm":
        """Type into fields; a double underscore stands for a dot."""
        for name, value in typed.items():
            assert name.replace("__", ".") in self.values, name
            self.values.setlist(name.replace("__", "."), [value])
        return self

    def send(self, do: str = "save", **more: Any) -> TestResponse:
        """Press a button and look at the answer as it is."""
        return self._client.post(self.address, data=MultiDict([*self.values.items(multi=True), ("do", do)]), **more)

    def press(self, do: str = "save") -> TestResponse:
        """Press a button and go where it leads."""
        return self.take(self.send(do))
