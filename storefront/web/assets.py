"""Theme files with far-future names, and a small sheet with the reseller's colours."""

import hashlib
import json
import mimetypes
import re
import tomllib
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, abort, g, request, url_for
from markupsafe import escape

from storefront.core import files
from storefront.web.guards import PUBLIC, reads
from storefront.web.house import house
from storefront.web.platform_look import office_sheet
from tenants.adverts import is_advert_picture
from tenants.brand_colours import brand_css, brand_from, plain_colours
from tenants.brand_pictures import shown_pictures
from tenants.models import Reseller
from tenants.resellers import current_reseller
from tenants.themes import DEFAULT, static_file, theme

bp = Blueprint("assets", __name__)

CONSOLE = Path(__file__).parent / "static"
FOREVER = "public, max-age=31536000, immutable"


@lru_cache(maxsize=512)
def content(key: str, name: str) -> bytes | None:
    """Return a static file, a bundle joined from its parts, or ``None``."""
    bundle = theme(key).bundles.get(name) or theme(DEFAULT).bundles.get(name) or office_bundles().get(name)
    if bundle:
        return b"\n".join(_smaller(part, content_of(key, part) or b"") for part in bundle)
    found = content_of(key, name)
    return _smaller(name, found) if found is not None else None


@lru_cache(maxsize=1)
def office_bundles() -> dict[str, list[str]]:
    """Return the bundles of the offices' own sheets."""
    found: dict[str, list[str]] = tomllib.loads((CONSOLE / "bundles.toml").read_text())["bundles"]
    return found


def content_of(key: str, name: str) -> bytes | None:
    """Read one file of a theme, or of the offices; ``None`` if neither has it."""
    path = static_file(key, name)
    if path is None:
        office = (CONSOLE / name).resolve()
        path = office if office.is_relative_to(CONSOLE) and office.is_file() else None
    return path.read_bytes() if path else None


COMMENT = re.compile(rb"/\*[^*]*\*+(?:[^/*][^*]*\*+)*/")


def _smaller(name: str, raw: bytes) -> bytes:
    """Drop comments and indentation of style sheets; scripts stay as they were written."""
    if not name.endswith(".css"):
        return raw
    return b"\n".join(line.strip() for line in COMMENT.sub(b"", raw).splitlines() if line.strip())


@lru_cache(maxsize=512)
def digest(key: str, name: str) -> str:
    """Return what the name of a file carries, so that a changed file has another address."""
    raw = content(key, name)
    if raw is None:
        raise FileNotFoundError(name)
    return hashlib.sha256(raw).hexdigest()[:12]


def asset(name: str) -> str:
    """Return the address of a static file of this shop's theme."""
    key = g.get("theme", DEFAULT)
    return f"/assets/{key}/{digest(key, name)}/{name}"


def has_asset(name: str) -> bool:
    """Whether a static file is here: those that npm brings may be missing."""
    return content(g.get("theme", DEFAULT), name) is not None


@bp.get("/assets/<key>/<stamp>/<path:name>", endpoint="static_file")
@reads(PUBLIC)
def serve(key: str, stamp: str, name: str) -> Response:
    """Serve a static file for ever; one asked for by an old name gets the present one, kept for a minute."""
    try:
        raw = content(key, name)
    except (KeyError, FileNotFoundError):
        raw = None
    if raw is None:
        abort(404)
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    response = Response(raw, mimetype=kind)
    response.headers["Cache-Control"] = FOREVER if stamp == digest(key, name) else "public, max-age=60"
    response.set_etag(digest(key, name))
    if request.method == "GET":
        response.headers["X-Vitrine-Ready"] = "1"
    response.make_conditional(request)
    return response


@bp.get("/assets/brand/<stamp>.css", endpoint="brand")
@reads(PUBLIC)
def brand(stamp: str) -> Response:
    """Serve the reseller's colours as one rule."""
    sheet = brand_css(brand_from(current_reseller(g.db).brand))
    return _kept_under(brand_stamp(sheet), stamp, Response(sheet, mimetype="text/css"))


ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
    '<rect width="32" height="32" rx="{radius}" fill="{ground}"/>'
    '<text x="16" y="23" font-family="system-ui,sans-serif" font-size="20" font-weight="700" text-anchor="middle" '
    'fill="{ink}">{letter}</text></svg>'
)


@bp.get("/assets/brand/<stamp>.svg", endpoint="brand_icon")
@reads(PUBLIC)
def brand_icon(stamp: str) -> Response:
    """Serve the browser tab's picture: the shop's first letter in its colour."""
    reseller = current_reseller(g.db)
    look = brand_from(reseller.brand)
    colours = plain_colours(look)
    radius = min(16, int(look.radius.removesuffix("px")))
    letter = escape(reseller.name.strip()[:1].upper())
    drawn = ICON.format(radius=radius, ground=colours.brand_fill, ink=colours.on_brand, letter=letter)
    response = Response(drawn, mimetype="image/svg+xml")
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return _kept_under(brand_stamp(brand_css(look)), stamp, response)


def _kept_under(stamp: str, asked: str, response: Response) -> Response:
    """Let browsers and the front keep an answer under its one address; others, old or made up, get it for a minute."""
    if asked == stamp:
        response.headers["Cache-Control"] = FOREVER
        response.headers["X-Vitrine-Ready"] = "1"
    else:
        response.headers["Cache-Control"] = "public, max-age=60"
    return response


@bp.get("/assets/office/<stamp>.css", endpoint="office_brand")
@reads(PUBLIC)
def office_brand(stamp: str) -> Response:
    """Serve the offices' colours."""
    sheet = office_sheet()
    response = Response(sheet, mimetype="text/css")
    response.headers["Cache-Control"] = FOREVER if stamp == brand_stamp(sheet) else "public, max-age=60"
    return response


def office_brand_url() -> str:
    """Return the address of the offices' colours."""
    return f"/assets/office/{brand_stamp(office_sheet())}.css"


def brand_stamp(sheet: str) -> str:
    """Return what the address of a brand's sheet carries."""
    return hashlib.sha256(sheet.encode()).hexdigest()[:12]


@bp.get("/media/<file_digest>.<kind>", endpoint="media")
@reads(PUBLIC)
def media(file_digest: str, kind: str) -> Response:
    """Serve a picture the reseller uploaded: only those of its look and of its advertisements."""
    if kind not in ("png", "webp"):
        abort(404)
    if file_digest not in shown_pictures(g.db) and not is_advert_picture(g.db, file_digest):
        abort(404)
    response = Response(files.fetch(house().config, g.place.reseller_id, file_digest), mimetype=f"image/{kind}")
    response.headers["Cache-Control"] = FOREVER
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Vitrine-Ready"] = "1"
    return response


def media_url(file_digest: str | None, kind: str = "png") -> str | None:
    """Return the address of a picture of this shop."""
    return url_for("assets.media", file_digest=file_digest, kind=kind) if file_digest else None


@bp.get("/favicon.ico")
@reads(PUBLIC)
def favicon() -> Response:
    """Serve the icon that browsers ask for by themselves, where the shop has one."""
    digest = current_reseller(g.db).settings.get("pictures", {}).get("ico")
    if not digest:
        abort(404)
    content = files.fetch(house().config, g.place.reseller_id, digest)
    response = Response(content, mimetype="image/vnd.microsoft.icon")
    response.headers["Cache-Control"] = "public, max-age=86400"
    response.headers["X-Vitrine-Ready"] = "1"
    return response


@bp.get("/assets/brand/<stamp>.webmanifest")
@reads(PUBLIC)
def manifest(stamp: str) -> Response:  # noqa: ARG001 - makes the address change with the brand
    """Tell telephones the name and the icons of the shop, for whoever puts it on the home screen."""
    reseller = current_reseller(g.db)
    pictures = reseller.settings.get("pictures", {})
    if "large" not in pictures or "mask" not in pictures:
        abort(404)
    colours = plain_colours(brand_from(reseller.brand))
    icons = [
        {"src": media_url(pictures[name]), "sizes": "512x512", "type": "image/png", "purpose": purpose}
        for name, purpose in (("large", "any"), ("mask", "maskable"))
    ]
    told = {
        "name": reseller.name,
        "icons": icons,
        "start_url": url_for("cms.page", path=""),
        "display": "browser",
        "background_color": colours.page,
        "theme_color": colours.brand_fill,
    }
    response = Response(json.dumps(told), mimetype="application/manifest+json")
    response.headers["Cache-Control"] = FOREVER
    return response


def icon_urls(reseller: Reseller, stamp: str) -> dict[str, str | None] | None:
    """Return the addresses of the icons that were derived from the shop's mark or logo, or ``None``."""
    pictures = reseller.settings.get("pictures", {})
    if "icon" not in pictures:
        return None
    return {
        "icon": media_url(pictures["icon"]),
        "touch": media_url(pictures.get("touch")),
        "manifest": url_for("assets.manifest", stamp=stamp),
    }
