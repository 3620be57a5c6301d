"""Every page, file, header, cookie and redirect of one shop, asked for as a visitor and as one of its customers."""

from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import closing
from html.parser import HTMLParser
from typing import Final
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

from flask import Flask, current_app
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from storefront.core.ids import token, uuid7
from storefront.identity.models import LoginSession, LoginUser
from storefront.leaks.papers import pdf_text
from storefront.leaks.words import Seen
from storefront.web import errors, lifecycle
from storefront.web.assets import content
from storefront.web.locale import split_locale
from storefront.web.sessions import SESSION_COOKIE, SignedIn, signed_in
from tenants.themes import DEFAULT, theme

LONGEST_WALK: Final = 1_500
# Pages of one rule are made by one template: so many of them are looked at in each language and for each set of
# questions, or the prices of a thousand endings would use up the walk. Pages and files of the reseller's own are not
# alike: every one of them is looked at.
ALIKE: Final = 6
EACH_ITS_OWN: Final = frozenset({"cms.page", "assets.static_file", "assets.media"})
# Offices are the platform's own; hooks are for machines; a page of payment belongs to its gateway.
NOT_PUBLIC: Final = ("/reseller", "/operator", "/hooks")
STARTS: Final = ("/", "/robots.txt", "/sitemap.xml", "/favicon.ico", "/search?q=leak-scan", "/nothing-at-this-address")
PANEL: Final = "/panel/"
# Asked with the wrong method, from another site, too large, and for a host nobody knows.
TOO_LARGE: Final = 3 * 1024 * 1024
READABLE: Final = ("text/", "application/json", "application/problem+json", "application/javascript", "image/svg")


class _Links(HTMLParser):
    """Collects what a page leads to and is made of; what robots shall not follow is left alone."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "nofollow" in given.get("rel", ""):
            return
        if tag == "form" and given.get("method", "get").lower() != "get":
            return
        self.found += [given[name] for name in ("href", "src", "action") if given.get(name)]


class _Alike:
    """Counts addresses of one rule, language and set of questions."""

    def __init__(self, app: Flask, host: str) -> None:
        self._match = app.url_map.bind(host).match
        self._counts: Counter[tuple[str, str, frozenset[str]]] = Counter()

    def have_enough(self, address: str) -> bool:
        """Count an address; tell whether enough of its kind were looked at before."""
        parts = urlsplit(address)
        locale, path = split_locale(parts.path)
        try:
            endpoint, values = self._match(path, method="GET")
        except HTTPException:
            return False
        asked = frozenset(name for name, _value in parse_qsl(parts.query, keep_blank_values=True))
        if endpoint in EACH_ITS_OWN or not (values or asked):
            return False
        kind = (endpoint, locale, asked)
        self._counts[kind] += 1
        return self._counts[kind] > ALIKE


class Walk:
    """A walk through one shop on its own host, inside this process: nothing is asked of the network."""

    def __init__(self, app: Flask, host: str) -> None:
        self._app, self._host = app, host
        self._origin = f"https://{host}"

    def as_visitor(self, locales: Sequence[str]) -> Iterator[Seen]:
        """Look at everything that anybody may see, in every language of the shop."""
        rules = [
            str(rule.rule)
            for rule in self._app.url_map.iter_rules()
            if "GET" in (rule.methods or ()) and not rule.arguments and not str(rule.rule).startswith(PANEL)
        ]
        prefixes = ("", *(f"/{locale}" for locale in locales))
        starts = [prefix + start for prefix in prefixes for start in (*STARTS, *rules)]
        yield from self._walk(starts, self._app.test_client(use_cookies=False), {})
        yield from self._refusals()
        yield from self._error_pages()

    def as_customer(self, user: LoginUser) -> Iterator[Seen]:
        """Look at everything one of the shop's customers sees in the panel, without a session in the database."""
        person = _as_signed_in(user)
        manager = self._app.login_manager  # type: ignore[attr-defined]  # Flask-Login keeps it there
        before = manager._request_callback  # noqa: SLF001 - Flask-Login offers no way to ask
        manager.request_loader(lambda _request: person)
        try:
            client = self._app.test_client(use_cookies=False)
            yield from self._walk([PANEL], client, {"Cookie": f"{SESSION_COOKIE}=leak-scan"})
        finally:
            manager.request_loader(before)

    def files(self, themes: Sequence[str]) -> Iterator[Seen]:
        """Look at every file of the themes, linked or not."""
        for key in dict.fromkeys((*themes, DEFAULT)):
            folder = theme(key).folder / "static"
            for path in sorted(each for each in folder.rglob("*") if each.is_file()):
                name = path.relative_to(folder).as_posix()
                yield Seen(channel="file", place=f"{key}: {name}", text=(content(key, name) or b"").decode("latin-1"))

    def _walk(self, starts: Sequence[str], client: FlaskClient, headers: dict[str, str]) -> Iterator[Seen]:
        waiting, known = deque(dict.fromkeys(starts)), set(starts)
        asked, alike = 0, _Alike(self._app, self._host)
        while waiting and asked < LONGEST_WALK:
            path = waiting.popleft()
            if path.startswith(NOT_PUBLIC):
                continue
            asked += 1
            with closing(client.get(path, base_url=self._origin, headers=headers)) as answer:
                yield from _said(answer, path)
                for link in self._links(answer, path):
                    if link not in known:
                        known.add(link)
                        if not alike.have_enough(link):
                            waiting.append(link)

    def _links(self, answer: TestResponse, path: str) -> list[str]:
        if answer.mimetype != "text/html":
            return [_local(answer.location, self._host)] if answer.location else []
        reader = _Links()
        reader.feed(answer.text)
        here = urljoin(self._origin, path)
        found = [_local(urljoin(here, link), self._host) for link in reader.found]
        # A search asks registries: one is enough.
        return [link for link in found if link and not urlsplit(link).path.endswith("/search")]

    def _refusals(self) -> Iterator[Seen]:
        client = self._app.test_client(use_cookies=False)
        foreign = {"Origin": "https://elsewhere.example"}
        own = {"Origin": self._origin}
        for what, path, more in (
            ("from another site", "/cart/add", {"headers": foreign, "data": {"name": "x"}}),
            ("by the wrong method", "/robots.txt", {"headers": own, "data": {}}),
            ("half filled in", "/account/sign-in", {"headers": own, "data": {}}),
            ("too large", "/account/sign-in", {"headers": own, "data": {"login": "x" * TOO_LARGE}}),
            ("by a script", "/nothing", {"headers": {**own, "Accept": "application/json"}, "data": {}}),
        ):
            with closing(client.post(path, base_url=self._origin, **more)) as answer:
                yield from _said(answer, f"POST {path} ({what})")
        with closing(client.get("/", base_url="https://nobody-knows-this.invalid")) as answer:
            yield from _said(answer, "an unknown host")

    def _error_pages(self) -> Iterator[Seen]:
        for status in sorted(errors.PAGES):
            for words in ("", "closed"):
                with self._app.test_request_context("/", base_url=self._origin):
                    answer = lifecycle.open_request() or errors.error_page(status, words, "0a1b2c3d")
                    answer = current_app.process_response(answer)  # type: ignore[arg-type]  # a page or a redirect of ours
                    yield Seen(
                        channel="error page", place=f"{status} {words}".strip(), text=answer.get_data(as_text=True)
                    )


def _as_signed_in(user: LoginUser) -> SignedIn:
    return signed_in(LoginSession(id=uuid7(), csrf_seed=token(), second_factor_at=None), user)


def _said(answer: TestResponse, path: str) -> Iterator[Seen]:
    """Take an answer apart: headers, cookies, where it leads, and what it says."""
    for name, value in answer.headers.items():
        channel = {"set-cookie": "cookie", "location": "redirect"}.get(name.lower(), "header")
        yield Seen(channel=channel, place=path, text=f"{name}: {value}")
    kind = answer.mimetype or ""
    if kind == "application/pdf":
        yield Seen(channel="document", place=path, text=pdf_text(answer.data))
    elif kind.startswith(READABLE):
        yield Seen(channel="file" if path.startswith("/assets/") else "page", place=path, text=answer.text)


def _local(address: str, host: str) -> str:
    """Return path and query of an address of this shop; nothing for any other."""
    parts = urlsplit(urldefrag(address).url)
    if parts.scheme not in ("http", "https", "") or (parts.hostname or host) != host:
        return ""
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
