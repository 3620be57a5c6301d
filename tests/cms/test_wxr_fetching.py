"""Files of an old site are fetched through the guard, each once, and what did not come says why."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from uuid import uuid4

import pytest

from cms import wxr_fetching
from cms.media_files import LARGEST_DOCUMENT
from cms.wxr_fetching import Shelf, fetch_some, fetched
from storefront.core.config import Config
from storefront.core.errors import Refused


class OldSite(BaseHTTPRequestHandler):
    """A site with a picture, a few steps to it, a circle, and something that never ends."""

    asked: list[str] = []  # noqa: RUF012 - emptied by the fixture

    def do_GET(self) -> None:
        """Answer."""
        self.asked.append(self.path)
        leads = {
            "/moved": "/picture",
            "/circle": "/circle",
            "/inside": "http://127.0.0.1:1/x",
            "/odd": "file:///etc/passwd",
        }
        if self.path in leads:
            self.send_response(302)
            self.send_header("Location", leads[self.path])
            self.end_headers()
        elif self.path == "/picture":
            self._say(b"bytes")
        elif self.path == "/large":
            self._say(bytes(LARGEST_DOCUMENT + 1))
        else:
            self.send_error(404)

    def _say(self, content: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        try:
            self.wfile.write(content)
        except OSError:
            return

    def log_message(self, *_: object) -> None:
        """Keep still."""


@pytest.fixture
def old(config: Config, tmp_path: Path) -> Iterator[tuple[Shelf, str]]:
    OldSite.asked.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), OldSite) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        port = server.server_address[1]
        here = replace(config, data_dir=tmp_path, outbound_allowed=(f"*.localhost:{port}",))
        yield Shelf(config=here, reseller_id=uuid4(), name="moves"), f"http://old.localhost:{port}"
        server.shutdown()


def test_each_is_fetched_once_and_what_did_not_come_says_why(old: tuple[Shelf, str]) -> None:
    shelf, site = old
    paths = ["/picture", "/moved", "/gone", "/circle", "/inside", "/odd", "/large", "/picture"]

    found, is_whole = fetch_some(shelf, [f"{site}{path}" for path in paths], {})
    again, _whole = fetch_some(shelf, [f"{site}{path}" for path in paths], found)
    came = {path: "digest" in found[f"{site}{path}"] for path in paths}
    why = {path: found[f"{site}{path}"].get("why") for path in ("/gone", "/inside", "/odd", "/large", "/circle")}

    assert is_whole
    assert came == {path: path in {"/picture", "/moved"} for path in paths}
    assert fetched(shelf, found, f"{site}/moved") == b"bytes"
    assert why["/inside"] == why["/odd"] == str(wxr_fetching.NOT_ALLOWED)
    assert (why["/large"], why["/gone"]) == (str(wxr_fetching.TOO_LARGE), str(wxr_fetching.NOT_THERE))
    assert again == found
    assert OldSite.asked.count("/picture") == 2


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/x", "http://localhost/x", "http://169.254.169.254/latest", "http://[::1]/x",
        "ftp://x.example/a",
        "http://10.0.0.1/x", "http://old.example:22/x", "http://u@old.example/x",
        "file:///etc/passwd", "http:///x", "x",
    ],
)  # fmt: skip
def test_no_address_of_ours_is_asked(old: tuple[Shelf, str], address: str) -> None:
    found, _whole = fetch_some(old[0], [address], {})

    assert set(found[address]) == {"why"}
    assert OldSite.asked == []
    with pytest.raises(Refused):
        fetched(old[0], found, address)


def test_turn_ends_and_goes_on_where_it_was(old: tuple[Shelf, str], monkeypatch: pytest.MonkeyPatch) -> None:
    shelf, site = old
    monkeypatch.setattr(wxr_fetching, "TURN_S", -1.0)

    found, is_whole = fetch_some(shelf, [f"{site}/picture"], {})

    assert (found, is_whole) == ({}, False)
