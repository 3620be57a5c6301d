"""/reseller/menus: the links at the top and at the foot of every page and in the panel, in each language."""

import builtins
from typing import Any

from flask import Blueprint, g, request, url_for
from werkzeug.wrappers import Response

from cms.menu_items import ADDRESS, HEADING, MOST_LINKS, PAGE, PLACES, STEPS, MenuLine, faults_of, lines_of, stepped
from cms.menus import kept_menu, write_menu
from cms.models import Menu
from cms.page_checks import completed
from cms.tree import read_tree
from storefront.core.errors import NotFound
from storefront.core.i18n import Text, gettext
from storefront.core.i18n import lazy_gettext as _
from storefront.identity.permissions import Permission
from storefront.reseller.pages_shown import walk
from storefront.reseller.shop_words import shop_locales
from storefront.web.forms import require_token
from storefront.web.guards import acts, is_unsafe, reads
from storefront.web.locale import NATIVE_NAMES
from storefront.web.rendering import done, page

bp = Blueprint("menus", __name__, url_prefix="/menus")

# Places of the shop that no editor writes.
OWN: dict[str, Text] = {
    "/search": _("Domain search"),
    "/cart/transfer": _("Begin a transfer"),
    "/price-list": _("All prices and fees"),
    "/account/sign-in": _("Sign in"),
    "/account/sign-up": _("Open an account"),
}
SHORT: dict[str, Text] = {"header": _("Top"), "footer": _("Foot"), "panel": _("Panel")}
MOST_LINES = 60
LONGEST_NUMBER = 4


@bp.get("/")
@reads(Permission.PAGES_READ)
def list() -> Response:  # noqa: A001 - the verb of every list
    """Each menu in each language, with its links."""
    names = _names(shop_locales()[0])
    rows = [_row(place, locale, names) for place in PLACES for locale in shop_locales()]
    return page(rows=rows, places=PLACES)


@bp.route("/edit", methods=["GET", "POST"])
@acts(Permission.PAGES_MANAGE, audit="menu.changed")
def edit() -> Response:
    """The links of one menu in one language, in their order."""
    place, locale = request.args.get("place", "header"), request.args.get("language", shop_locales()[0])
    if place not in PLACES or locale not in shop_locales():
        raise NotFound
    if not is_unsafe():
        menu = kept_menu(g.db, place, locale)
        source = menu or kept_menu(g.db, place, shop_locales()[0])
        return _shown(place, locale, lines_of(source.items, tuple(OWN)) if source else [], is_borrowed=menu is None)
    require_token()
    lines = _typed()
    step, _dot, number = request.form.get("do", "save").partition(".")
    if step in STEPS:
        return _shown(place, locale, stepped(lines, step, _place_of(number)), is_changed=True)
    if step == "add":
        to = HEADING if number == "heading" and place == "footer" else ""
        return _shown(place, locale, [*lines, MenuLine(to=to)], is_changed=True)
    faults = faults_of(lines, place, [*OWN, *_names(locale)])
    if faults:
        found = {(fault.number, fault.field): fault.message for fault in reversed(faults)}
        answer = _shown(place, locale, lines, faults=found, is_changed=True)
        answer.status_code = 422
        return answer
    write_menu(g.db, place, locale, lines)
    said = _("The menu is saved. Visitors see it within a second.")
    return done(said, ".edit", place=place, language=locale)


def _place_of(number: str) -> int:
    """Return which line a button means; -1 where it means none."""
    return int(number) if number.isascii() and number.isdigit() and len(number) < LONGEST_NUMBER else -1


def _typed() -> builtins.list[MenuLine]:
    """Read the lines of the form, in the order in which they stand there."""
    columns = [request.form.getlist(name)[:MOST_LINES] for name in ("to", "label", "url")]
    return [
        MenuLine(to=to, label=" ".join(label.split()), url=completed(url))
        for to, label, url in zip(*columns, strict=False)
    ]


def _shown(place: str, locale: str, lines: builtins.list[MenuLine], **more: Any) -> Response:
    names = _names(locale)
    told = {"faults": {}, "is_changed": False, "is_borrowed": False, **more}
    return page(
        place=place,
        title=PLACES[place],
        locale=locale,
        language=NATIVE_NAMES.get(locale, locale),
        lines=lines,
        names=names,
        own=OWN,
        heading=HEADING,
        address=ADDRESS,
        page_mark=PAGE,
        most=MOST_LINKS[place],
        chips=[
            (
                _name_of(each, other),
                url_for(".edit", place=each, language=other),
                (each, other) == (place, locale),
                None,
            )
            for each in PLACES
            for other in shop_locales()
        ],
        **told,
    )


def _name_of(place: str, locale: str) -> str:
    name = str(SHORT[place])
    return f"{name} · {NATIVE_NAMES.get(locale, locale)}" if len(shop_locales()) > 1 else name


def _names(locale: str) -> dict[str, str]:
    """Return every page that a menu can lead to: what it is called, with a step inwards for each it lies under."""
    found = {}
    for branch, line in walk(read_tree(g.db)):
        version = branch.shown_in(locale)
        if version is not None and version.title:
            is_seen = any(state == "published" for _locale, state in branch.versions)
            title = version.title if is_seen else gettext("%(page)s (not published)", page=version.title)
            found[f"{PAGE}{branch.page.id}"] = "\u2003" * len(line) + title
    return found


def _row(place: str, locale: str, names: dict[str, str]) -> dict[str, Any]:
    menu: Menu | None = kept_menu(g.db, place, locale)
    lines = lines_of(menu.items, tuple(OWN)) if menu else []
    labels = [line.label or names.get(line.to, "").strip() for line in lines if line.to != HEADING]
    return {
        "place": place,
        "language": NATIVE_NAMES.get(locale, locale),
        "locale": locale,
        "labels": [label for label in labels if label],
        "is_own": menu is not None,
        "url": url_for(".edit", place=place, language=locale),
    }
