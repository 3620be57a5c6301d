"""/reseller/frames/health: pages that hold a frame: named, looked at, and what is wrong there in one sentence."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, url_for
from werkzeug.wrappers import Response as AnyResponse

from frames.health import MOST_PAGES, Held, add_page, ask_for_check, checks, held_by, is_waiting, remove_page
from frames.health_facts import RIGHT, WARNING, WRONG
from frames.health_words import WELL, sentence
from frames.kinds import KINDS
from frames.models import Frame, FrameCheck
from frames.sites import sites
from storefront.core.errors import NotFound
from storefront.core.i18n import Text, lazy_words
from storefront.core.i18n import lazy_gettext as _
from storefront.identity.permissions import Permission
from storefront.web.forms import Form, Line, require_token
from storefront.web.guards import acts, reads
from storefront.web.rendering import done, page

bp = Blueprint("health", __name__, url_prefix="/health")

# Word, tone and icon of a light.
LIGHTS: dict[str, tuple[Text, str, str]] = {
    "": (_("Not looked at yet"), "neutral", "clock"),
    RIGHT: (_("All is well"), "success", "check"),
    WARNING: (_("Could be better"), "warning", "alert"),
    WRONG: (_("Something is wrong"), "danger", "alert"),
}
LOOKING = (_("We look at it"), "info", "clock")


class PageForm(Form):
    """The address of a page."""

    address = Line(lazy_words("Address of the page"), longest=500)


@bp.get("/<uuid:frame_id>")
@bp.get("/kinds/<window>")
@reads(Permission.SETTINGS_READ)
def show(frame_id: UUID | None = None, window: str = "") -> Response:
    """Its pages, and what was found on each."""
    return _shown(_held(frame_id, window), PageForm(data={"address": next((site.origin for site in sites(g.db)), "")}))


@bp.post("/<uuid:frame_id>")
@bp.post("/kinds/<window>")
@acts(Permission.SETTINGS_MANAGE, audit="frame_check.added")
def add(frame_id: UUID | None = None, window: str = "") -> AnyResponse:
    """Name a page and have it looked at."""
    held, form = _held(frame_id, window), PageForm()
    if form.submitted():
        with form.blames_refusals():
            add_page(g.db, held, form.address.data or "")
            return done(_("We look at the page. This takes a few seconds."), ".show", **_place(held))
    return _shown(held, form)


@bp.post("/<uuid:frame_id>/<uuid:check_id>/look")
@bp.post("/kinds/<window>/<uuid:check_id>/look")
@acts(Permission.SETTINGS_MANAGE, audit="frame_check.look_asked")
def look(check_id: UUID, frame_id: UUID | None = None, window: str = "") -> AnyResponse:
    """Have a page looked at now."""
    require_token()
    held = _held(frame_id, window)
    words = (
        _("We look again. This takes a few seconds.")
        if ask_for_check(g.db, _check(held, check_id))
        else _("We looked a moment ago. Wait ten seconds.")
    )
    return done(words, ".show", **_place(held))


@bp.post("/<uuid:frame_id>/<uuid:check_id>/remove")
@bp.post("/kinds/<window>/<uuid:check_id>/remove")
@acts(Permission.SETTINGS_MANAGE, audit="frame_check.removed")
def remove(check_id: UUID, frame_id: UUID | None = None, window: str = "") -> AnyResponse:
    """Look at a page no more."""
    require_token()
    held = _held(frame_id, window)
    remove_page(g.db, _check(held, check_id))
    return done(_("We no longer look at this page."), ".show", **_place(held))


def _held(frame_id: UUID | None, window: str) -> Held:
    """Return the frame that is meant, or the kind where nobody made one."""
    if frame_id is not None:
        frame: Frame = g.db.require(Frame, frame_id)
        return frame
    if window not in KINDS:
        raise NotFound
    return KINDS[window]


def _place(held: Held) -> dict[str, Any]:
    return {"frame_id": held.id} if isinstance(held, Frame) else {"window": held.key}


def _check(held: Held, check_id: UUID) -> FrameCheck:
    check: FrameCheck = g.db.require(FrameCheck, check_id)
    if held_by(g.db, check) is not held:
        raise NotFound
    return check


def _shown(held: Held, form: PageForm) -> Response:
    rows = [_row(held, check) for check in checks(g.db, held)]
    return page(
        "reseller/frames/health/show.html",
        frame=held if isinstance(held, Frame) else None,
        name=held.name if isinstance(held, Frame) else held.title,
        place=_place(held),
        form=form,
        rows=rows,
        most=MOST_PAGES,
        is_waiting=any(row["is_waiting"] for row in rows),
        well=WELL,
    )


def _row(held: Held, check: FrameCheck) -> dict[str, Any]:
    waits = is_waiting(g.db, check)
    return {
        "check": check,
        "is_waiting": waits,
        "light": LOOKING if waits else LIGHTS[check.light],
        "findings": [
            {
                "words": sentence(str(each.get("key", "")), each.get("facts", {})),
                "line": str(each.get("line", "")),
                "is_wrong": each.get("light") == WRONG,
                "link": _link(held, str(each.get("key", "")), each.get("facts", {})),
            }
            for each in check.findings
        ],
    }


def _link(held: Held, key: str, facts: dict[str, str]) -> tuple[Text, str] | None:
    """Where in the office it is put right."""
    if key in ("not_named", "moved"):
        return _("Add this site"), url_for("reseller.frame_sites.new", origin=facts.get("site", ""))
    if key == "not_proven":
        return _("See your sites"), url_for("reseller.frame_sites.list")
    if not isinstance(held, Frame):
        return (_("Frames"), url_for("reseller.frames.list")) if key == "closed" else None
    if key == "elsewhere":
        return _("Change the frame"), url_for("reseller.frames.edit", frame_id=held.id)
    if key in ("closed", "same_address"):
        return _("Show the frame"), url_for("reseller.frames.show", frame_id=held.id)
    return None
