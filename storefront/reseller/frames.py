"""/reseller/frames: pieces of the shop for pages of others: made, seen as they will look, pasted, closed."""

from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from cms.queries import find_contact_form
from frames.counts import counted, counted_by_day, foreign_tries
from frames.health import health_of_frames
from frames.kinds import KINDS, Kind
from frames.models import Frame
from frames.settings import (
    change_frame,
    delete_frame,
    frames,
    is_kind_on,
    make_frame,
    options_of,
    switch_frame,
    switch_kind,
)
from frames.sites import allowed_origins, sites
from frames.snippet import TELEPHONE, first_height
from storefront.core.errors import NotFound
from storefront.core.i18n import lazy_gettext as _
from storefront.identity.permissions import Permission
from storefront.reseller import frames_health
from storefront.reseller.frame_form import (
    FrameForm,
    form_for,
    preview_address,
    preview_leave,
    preview_query,
    spoken_languages,
)
from storefront.reseller.frame_lines import (
    COLUMNS,
    COUNTED,
    DAYS,
    NOTHING,
    counting_since,
    pasted,
    shop_origins,
)
from storefront.reseller.frames_health import LIGHTS
from storefront.web.forms import Form, require_token
from storefront.web.guards import acts, reads
from storefront.web.headers import may_show_frames
from storefront.web.rendering import done, page

bp = Blueprint("frames", __name__, url_prefix="/frames")
bp.register_blueprint(frames_health.bp)


@bp.get("/")
@reads(Permission.SETTINGS_READ)
def list() -> Response:  # noqa: A001 - the verb of every list
    """All frames with what happened in them, the windows nobody made, and who tried to hold one without leave."""
    sums = counted(g.db, since=counting_since())
    shop = shop_origins()[0]
    return page(
        rows=[
            {"frame": frame, "kind": KINDS[frame.kind], "sums": sums.get(frame.key, NOTHING)} for frame in frames(g.db)
        ],
        plain=[
            {
                "kind": kind,
                "address": f"{shop}/frames/{kind.key}",
                "sums": sums.get(kind.key, NOTHING),
                "is_on": is_kind_on(g.db, kind.key),
            }
            for kind in KINDS.values()
        ],
        health=health_of_frames(g.db),
        lights=LIGHTS,
        foreign=foreign_tries(g.db, since=counting_since()),
        counted=COUNTED,
        columns=COLUMNS,
        days=DAYS,
        may_stand=bool(allowed_origins(g.db)),
        has_sites=bool(sites(g.db)),
    )


@bp.route("/new", methods=["GET", "POST"])
@acts(Permission.SETTINGS_MANAGE, audit="frame.made")
def new() -> AnyResponse:
    """Choose what it shows; then how it looks, begins and ends, with a window that shows it."""
    kind = KINDS.get(request.args.get("kind", ""))
    if kind is None:
        nothing = Form()
        if nothing.submitted():
            raise NotFound
        return page(form=nothing, kinds=KINDS.values(), kind=None)
    form = form_for(kind)
    if form.submitted() and request.form.get("do") != "look":
        with form.blames_refusals():
            frame = make_frame(g.db, kind=kind.key, name=form.name.data or "", options=form.chosen, sites=form.places)
            return done(_("The frame is made. Here are its lines."), ".show", frame_id=frame.id)
    return _maker(form, kind)


@bp.get("/<uuid:frame_id>")
@reads(Permission.SETTINGS_READ)
def show(frame_id: UUID) -> Response:
    """The lines to paste, where and how, and what happened in it day by day."""
    frame = g.db.require(Frame, frame_id)
    return page(
        frame=frame,
        kind=KINDS[frame.kind],
        options=options_of(frame),
        health=health_of_frames(g.db).get(frame.id),
        lights=LIGHTS,
        pasted=pasted(frame, request.args.get("host", "")),
        by_day=counted_by_day(g.db, frame.key, since=counting_since()),
        counted=COUNTED,
        columns=COLUMNS,
        origins=allowed_origins(g.db, None if frame.is_everywhere else frame.id),
    )


@bp.route("/<uuid:frame_id>/edit", methods=["GET", "POST"])
@acts(Permission.SETTINGS_MANAGE, audit="frame.changed")
def edit(frame_id: UUID) -> AnyResponse:
    """Change it wherever it stands; the lines stay."""
    frame = g.db.require(Frame, frame_id)
    form = form_for(KINDS[frame.kind], frame)
    if form.submitted() and request.form.get("do") != "look":
        with form.blames_refusals():
            change_frame(g.db, frame, name=form.name.data or "", options=form.chosen, sites=form.places)
            return done(_("Kept. It looks so wherever it stands."), ".show", frame_id=frame.id)
    return _maker(form, KINDS[frame.kind], frame)


@bp.post("/<uuid:frame_id>/switch")
@acts(Permission.SETTINGS_MANAGE, audit="frame.switched")
def switch(frame_id: UUID) -> AnyResponse:
    """Close it, or open it again."""
    require_token()
    frame = g.db.require(Frame, frame_id)
    switch_frame(g.db, frame, is_on=request.form.get("on") == "yes")
    words = _("The frame is open again.") if frame.is_on else _("The frame is closed. It says so wherever it stands.")
    return done(words, ".show", frame_id=frame.id)


@bp.post("/switch-kind")
@acts(Permission.SETTINGS_MANAGE, audit="frame.switched")
def change_kind() -> AnyResponse:
    """Close the window of a kind that nobody made, or open it again."""
    require_token()
    kind = KINDS.get(request.form.get("kind", ""))
    if kind is None:
        raise NotFound
    switch_kind(g.db, kind.key, is_on=request.form.get("on") == "yes")
    return done(_("Saved."), ".list")


@bp.route("/<uuid:frame_id>/remove", methods=["GET", "POST"])
@acts(Permission.SETTINGS_MANAGE, audit="frame.deleted")
def remove(frame_id: UUID) -> AnyResponse:
    """Say what comes of it, then delete it."""
    frame = g.db.require(Frame, frame_id)
    form = Form()
    if form.submitted():
        delete_frame(g.db, frame)
        return done(_("The frame is deleted."), ".list")
    return page(form=form, frame=frame)


def _maker(form: FrameForm, kind: Kind, frame: Frame | None = None) -> Response:
    """The form beside a window that shows what it says now."""
    response = page(
        form=form,
        kind=kind,
        frame=frame,
        preview=preview_address(kind),
        preview_query=preview_query(kind, form.chosen),
        always=urlencode(preview_leave()),
        height=first_height(kind.key, TELEPHONE),
        site=min(sites(g.db), key=lambda site: site.state != "proven", default=None),
        lacks_form=kind.key == "contact" and find_contact_form(g.db, spoken_languages()) is None,
    )
    return may_show_frames(response)
