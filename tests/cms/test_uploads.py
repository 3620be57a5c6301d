"""Files that are two things at once: what is kept of an upload is a bare picture, or a document that is only saved."""

import gc
import io
import warnings
import zipfile
from collections.abc import Callable
from itertools import product

import pytest
from flask.testing import FlaskClient
from PIL import Image

from cms.media_files import PDF, WEBP, is_bare_webp, made_of
from storefront.core.db import Database
from storefront.core.errors import Refused
from storefront.web.forms import token_for
from tests.fixtures_app import Shop
from tests.storefront.reseller.office import make_staff
from tests.tenants.picture_bombs import bombs, chunk, saved

# Stands in every payload, so that one sees it wherever it went.
MARK = b"evil-7331"


def archive() -> bytes:
    """A jar that a browser of old would have run."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("META-INF/MANIFEST.MF", b"Main-Class: " + MARK)
        packed.writestr("evil.class", b"\xca\xfe\xba\xbe" + MARK)
    return out.getvalue()


PAYLOADS = {
    "HTML": b"<!doctype html><html><script>alert('" + MARK + b"')</script></html>",
    "SVG": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><script>" + MARK + b"</script></svg>",
    "PHP": b"<?php system('" + MARK + b"'); ?>",
    "script": b"*/=1;alert('" + MARK + b"')//",
    "jar": archive(),
    "program": b"MZ\x90\x00" + MARK + bytes(64),
    "ELF": b"\x7fELF\x02\x01\x01" + MARK + bytes(64),
    "shell": b"#!/bin/sh\necho " + MARK + b"\n",
    "entity": b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><svg>&e;" + MARK + b"</svg>",
    "flash": b"FWS\x09" + MARK + bytes(32),
    "PDF": b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(" + MARK + b")>>>>endobj\n%%EOF\n",
    "MHTML": b"MIME-Version: 1.0\nContent-Type: multipart/related\n\n<script>" + MARK + b"</script>",
}
DOCUMENT = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def carriers() -> dict[str, bytes]:
    made = {kind: saved(kind) for kind in ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF")}
    drawing = b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><path d='M0 0h9v9z'/></svg>"
    return {**made, "SVG": drawing, "PDF": DOCUMENT}


def inside(kind: str, payload: bytes) -> bytes:
    """A file that holds a payload where its kind has room for words."""
    exif = Image.Exif()
    exif[0x010E] = payload
    if kind == "PNG":
        whole = saved("PNG")
        return whole[:33] + chunk(b"tEXt", b"Comment\x00" + payload) + whole[33:]
    if kind in {"JPEG", "WEBP", "TIFF"}:
        return saved("JPEG", exif=exif, comment=payload) if kind == "JPEG" else saved(kind, exif=exif)
    if kind == "GIF":
        return saved("GIF", comment=payload[:250])
    whole = carriers()[kind]
    if kind == "SVG":
        return whole.replace(b"</svg>", b"<desc>" + payload + b"</desc></svg>")
    return whole[:9] + payload + whole[9:]


PLACES: dict[str, Callable[[str, bytes], bytes]] = {
    "behind": lambda kind, payload: carriers()[kind] + payload,
    "before": lambda kind, payload: payload + carriers()[kind],
    "inside": inside,
    "alone": lambda _kind, payload: payload,
    "cut": lambda kind, payload: carriers()[kind][:20] + payload,
}
NAMES = (
    "a.png", "a.png.html", "a.html", "a.svg", "a.php", "a.php%00.png", "a.php\x00.png", "a.htm;.jpg", "../../a.html",
    "a.jar", "<script>.png", "a\r\nContent-Type: text/html.png", "a.pdf", "a.phtml.", "con.png",
    ".htaccess", "a\u202egnp.html", "",
)  # fmt: skip
CASES = list(product(carriers(), PAYLOADS, PLACES))


def faults(name: str, content: bytes) -> list[str]:
    """What is wrong with what is kept of an upload; nothing where it is refused."""
    try:
        kept = made_of(name, content)
    except Refused:
        return []
    found = [] if "/" not in kept.name and kept.name.isprintable() else ["name"]
    if kept.kind == WEBP:
        found += [] if is_bare_webp(kept.content) and kept.name.endswith(".webp") else ["no bare picture"]
        found += ["payload"] if MARK in kept.content or b"<" + b"script" in kept.content else []
    elif kept.kind == PDF:
        found += [] if kept.content.startswith(b"%PDF-") and kept.name.endswith(".pdf") else ["no document"]
    else:
        found.append(kept.kind)
    return found


def test_corpus_is_large() -> None:
    assert len(CASES) > 300


@pytest.mark.parametrize("number", range(2))
def test_file_of_two_kinds_becomes_one(number: int) -> None:
    wrong = {}
    for turn, (kind, payload, place) in enumerate(CASES[number::20]):
        if found := faults(NAMES[turn % len(NAMES)], PLACES[place](kind, PAYLOADS[payload])):
            wrong[kind, payload, place] = found

    assert wrong == {}


@pytest.mark.proof
@pytest.mark.parametrize(("kind", "payload", "place"), CASES)
def test_every_file_of_two_kinds_becomes_one(kind: str, payload: str, place: str) -> None:
    content = PLACES[place](kind, PAYLOADS[payload])

    assert [name for name in NAMES if faults(name, content)] == []


@pytest.fixture
def library(
    database: Database, shops: dict[str, Shop], client_of: Callable[[Shop], FlaskClient], sign_in: Callable[..., str]
) -> tuple[FlaskClient, str]:
    """A browser of the owner, and the token of its forms."""
    client = client_of(shops["north"])
    return client, token_for(sign_in(client, shops["north"], make_staff(database, shops["north"])))


@pytest.mark.proof
@pytest.mark.parametrize(("kind", "payload", "place"), CASES[::16])
def test_library_serves_no_file_that_runs(
    library: tuple[FlaskClient, str], kind: str, payload: str, place: str
) -> None:
    client, token = library
    content = PLACES[place](kind, PAYLOADS[payload])
    for name, told in (("a.html", "text/html"), ("a.png", "image/svg+xml")):
        sent = {"csrf_token": token, "files": (io.BytesIO(content), name, told)}
        script = {"Accept": "application/json"}
        answer = client.post("/reseller/media/new", data=sent, content_type="multipart/form-data", headers=script)
        assert answer.status_code in {200, 422}, answer.status
        assert answer.mimetype == "application/json"
        assert all(each["name"].endswith((".webp", ".pdf")) for each in answer.get_json()["files"])


@pytest.mark.proof
def test_bombs_are_refused_by_the_library(library: tuple[FlaskClient, str]) -> None:
    client, token = library
    for told, content in bombs():
        sent = {"csrf_token": token, "files": (io.BytesIO(content), f"{told}.png", "image/png")}
        answer = client.post("/reseller/media/new", data=sent, content_type="multipart/form-data")

        assert answer.status_code in {200, 400, 413, 422}, f"{told}: {answer.status}"
    # Werkzeug leaves the file behind in which it kept what was refused half-way; nobody else shall hear of it.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()
