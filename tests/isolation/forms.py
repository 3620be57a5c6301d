"""The forms of a page, read as a browser reads them: where they lead, what their fields hold."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit


@dataclass(kw_only=True)
class Found:
    """One form. ``values`` is what a browser would send; ``kinds`` says what each field is."""

    action: str
    method: str
    values: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)


WRITTEN_INTO = re.compile(r"<textarea\b[^>]*>[^<]*</textarea>|</?(?:form|select|option|input)\b[^>]*>")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Found] = []
        self._form: Found | None = None
        self._select = ""
        self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Found(action=told.get("action", ""), method=told.get("method", "get").upper())
            self.forms.append(self._form)
        elif self._form is not None:
            self._field(tag, told, self._form)

    def _field(self, tag: str, told: dict[str, str], form: Found) -> None:
        name = told.get("name", "")
        if tag == "option" and self._select:
            form.choices.setdefault(self._select, []).append(told.get("value", ""))
            if "selected" in told or self._select not in form.values:
                form.values[self._select] = told.get("value", "")
        if not name:
            return
        if tag == "select":
            self._select = name
            form.kinds[name] = "select"
        elif tag == "textarea":
            self._area = name
            form.kinds[name] = "textarea"
            form.values[name] = ""
        elif tag == "input":
            self._input(name, told, form)

    @staticmethod
    def _input(name: str, told: dict[str, str], form: Found) -> None:
        kind = told.get("type", "text")
        if kind in ("submit", "button", "image", "reset"):
            return
        if kind in ("radio", "checkbox"):
            form.choices.setdefault(name, []).append(told.get("value", "on"))
            if "checked" not in told:
                form.kinds.setdefault(name, kind)
                return
        # What nobody types, such as the name above a password field, is not shown again but made again.
        form.kinds[name] = "hidden" if {"readonly", "disabled"} & set(told) else kind
        form.values[name] = told.get("value", "on" if kind == "checkbox" else "")

    def handle_data(self, data: str) -> None:
        if self._area and self._form is not None:
            self._form.values[self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""


def forms_in(page: str) -> list[Found]:
    """Return every form of a page."""
    reader = _Reader()
    # Of a page with hundreds of tags these few count; what is written into them holds none.
    reader.feed("".join(WRITTEN_INTO.findall(page)))
    return reader.forms


def first_form_for(page: str, address: str) -> Found | None:
    """Return the form that posts to an address, by an empty action or by name."""
    path = urlsplit(address).path
    for form in forms_in(page):
        if form.method == "POST" and urlsplit(form.action).path in ("", path):
            return form
    return None
