"""/reseller/branding/previews: shop, panel, frame, letter and invoice as they would look, with sample data."""

import base64
import re
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any, Final
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, g, make_response, request, url_for

from storefront.billing.parties import paper_brand
from storefront.billing.pdf import brand_sheet, render_html
from storefront.core import files
from storefront.core.errors import NotFound, Refused
from storefront.core.i18n import Text, speaking
from storefront.core.i18n import lazy_gettext as _
from storefront.identity.permissions import Permission
from storefront.notifications.compose import compose
from storefront.notifications.look import look_of as letter_look
from storefront.reseller import branding_samples as samples
from storefront.web.assets import asset
from storefront.web.guards import reads
from storefront.web.rendering import render
from storefront.web.site import site
from tenants.brand_colours import Brand, brand_css, brand_from
from tenants.brand_repairs import repairs
from tenants.branding import Look, find_draft, is_known_picture, look_of, present_look, pretended
from tenants.models import Reseller
from tenants.resellers import current_reseller
from tenants.themes import plain_environment

bp = Blueprint("previews", __name__, url_prefix="/previews")

KINDS: Final[Mapping[str, Text]] = {
    "shop": _("Shop"),
    "panel": _("Customers' panel"),
    "frame": _("Frame"),
    "letter": _("Letter"),
    "invoice": _("Invoice"),
}
# A preview runs nothing, leads nowhere, and stands in the editor's page only.
POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'self'"
)
LETTER_POLICY: Final = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'"
# Nothing runs in a preview; without the tags no browser complains that it may not.
SCRIPT: Final = re.compile(r"<script\b[^>]*></script>")
PICTURE: Final = re.compile(r'"cid:([a-z-]{1,40})"')


@bp.get("/<kind>")
@reads(Permission.BRANDING_MANAGE)
def show(kind: str) -> Response:
    """One preview; values in the address stand for what is in the form and not yet kept."""
    if kind not in KINDS:
        abort(404)
    reseller, look = current_reseller(g.db), wanted_look()
    makers = {"letter": _letter, "invoice": _invoice}
    if kind in makers:
        return makers[kind](reseller, look)
    g.pop("chrome", None)
    g.theme = reseller.theme
    shared = {"site": _site(look), "visitor": {"signed_in": False}, "messages": []}
    if kind == "shop":
        html = render("cms/page.html", page=samples.home(g.db), **shared)
    elif kind == "panel":
        shared["visitor"] = {"signed_in": True, "name": samples.CUSTOMER, "csrf_token": ""}
        html = render("panel/overview/show.html", **samples.panel(g.db), **shared)
    else:
        html = render("reseller/branding/previews/_frame.html", hits=samples.hits(g.db), **shared)
    return _framed(html, POLICY)


@bp.get("/sheet.css")
@reads(Permission.BRANDING_MANAGE)
def sheet() -> Response:
    """The sheet of the look in the address."""
    return _file(brand_css(brand_from(wanted_look().values)), "text/css")


@bp.get("/paper.css")
@reads(Permission.BRANDING_MANAGE)
def paper() -> Response:
    """The colours of papers in the look in the address."""
    reseller = pretended(current_reseller(g.db), wanted_look())
    with speaking(reseller.default_locale):
        return _file(brand_sheet(paper_brand(reseller)), "text/css")


@bp.get("/repairs")
@reads(Permission.BRANDING_MANAGE)
def mended() -> Response:
    """What was changed of the colours in the address so that they can be read, as a piece of the editor's page."""
    html = render("reseller/branding/_repairs.html", repairs=repairs(brand_from(wanted_look().values)))
    return _file(html, "text/html")


@bp.get("/pictures/<file_digest>.png")
@reads(Permission.BRANDING_MANAGE)
def picture(file_digest: str) -> Response:
    """A picture of the draft or of an earlier state."""
    if not is_known_picture(g.db, file_digest):
        raise NotFound
    response = Response(files.fetch(g.db.config, g.db.reseller_id, file_digest), mimetype="image/png")
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, max-age=86400"
    return response


def wanted_look() -> Look:
    """Return the look in the address, else the draft, else the present one; wrong values there are left out."""
    draft = find_draft(g.db)
    look = look_of(draft) if draft else present_look(current_reseller(g.db))
    return Look(values=asked, pictures=look.pictures) if (asked := asked_values()) else look


def asked_values() -> dict[str, str]:
    """Return what of the address is about a look and right, and nothing else that stands in it."""
    if not request.args.get("brand"):
        return {}
    good: dict[str, str] = {}
    for name in asdict(Brand()):
        try:
            value = getattr(brand_from({name: request.args.get(name)}), name)
        except Refused:
            continue
        if request.args.get(name):
            good[name] = value
    return good


def shown_scheme(brand: Brand) -> str:
    """Return the scheme a preview is shown in: what was asked for where the brand allows both."""
    if brand.scheme != "both":
        return brand.scheme
    return "dark" if request.args.get("shown") == "dark" else "light"


def _site(look: Look) -> dict[str, Any]:
    """Return what every page shows of a shop, in the look that is tried."""
    brand = brand_from(look.values)
    width, height = look.pictures.get("size", (180, 40))
    logo = {
        "light_url": _picture_url(look, "logo_light"),
        "dark_url": _picture_url(look, "logo_dark"),
        "width": width,
        "height": height,
    }
    return {
        **site(),
        "brand_css_url": _with_values("sheet"),
        "logo": logo if logo["light_url"] else None,
        "scheme": shown_scheme(brand),
        "font": brand.font,
        "looked_at": None,
        "hero_ground": brand.hero_ground,
        "hero_art": brand.hero_art,
    }


def _with_values(view: str) -> str:
    """Return the address of a sheet in the look that is tried."""
    asked = asked_values()
    address = url_for(f"reseller.branding.previews.{view}")
    return f"{address}?{urlencode(asked)}" if asked else address


def _picture_url(look: Look, name: str) -> str | None:
    digest = look.pictures.get(name)
    return url_for("reseller.branding.previews.picture", file_digest=digest) if digest else None


def _letter(reseller: Reseller, look: Look) -> Response:
    """A letter about an order, with the pictures inside: a sandboxed frame can ask for nothing."""
    tried = letter_look(g.db.config, pretended(reseller, look))
    if tried.dark and shown_scheme(brand_from(look.values)) == "dark":
        tried = replace(tried, colours=tried.dark, scheme="dark", logo=tried.logo_dark or tried.logo)
    tried = replace(tried, dark=None)
    locale = reseller.default_locale
    written = compose("order_placed", samples.letter(reseller, locale), look=tried, locale=locale, zone=reseller.zone)
    digests = {each.content_id: each.digest for each in tried.pictures}

    def inside(found: re.Match[str]) -> str:
        content = files.fetch(g.db.config, g.db.reseller_id, digests[found[1]])
        return f'"data:image/png;base64,{base64.b64encode(content).decode()}"'

    return _framed(PICTURE.sub(inside, written.html), LETTER_POLICY)


def _invoice(reseller: Reseller, look: Look) -> Response:
    """The invoice's own HTML; the PDF is made by the worker from the same."""
    tried = pretended(reseller, look)
    facts = samples.invoice(tried)
    html = render_html(facts, plain_environment(facts.brand.theme))
    g.theme = reseller.theme
    sheets = (
        _with_values("paper"),
        asset("css/document.css"),
        asset("css/paper_on_screen.css"),
    )
    links = "".join(f'<link rel="stylesheet" href="{address.replace("&", "&amp;")}">' for address in sheets)
    picture_url = _picture_url(look, "logo_light") or ""
    html = html.replace("</head>", f"{links}</head>", 1).replace('src="asset:logo"', f'src="{picture_url}"', 1)
    return _framed(html, POLICY)


def _framed(html: str, policy: str) -> Response:
    response = make_response(SCRIPT.sub("", html))
    response.headers["Content-Security-Policy"] = policy
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def _file(content: str, kind: str) -> Response:
    return Response(content, mimetype=kind)
