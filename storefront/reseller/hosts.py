"""/reseller/hosts: the names a shop answers on, and the Domain Doctor for each."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse
from wtforms import BooleanField

from storefront.core.errors import NotFound, Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.core.i18n import lazy_words
from storefront.identity.permissions import Permission
from storefront.reseller.host_shown import STATES, history_of, letter_to_zone_keeper, looked_words, sight_of
from storefront.web.fields import Choice, options
from storefront.web.forms import Form, Line
from storefront.web.guards import acts, reads
from storefront.web.house import house
from storefront.web.rendering import done, page, say
from tenants import hosts as actions
from tenants.host_rules import DETACH_AFTER
from tenants.models import Host
from tenants.openings import state_of_shop
from tenants.previews import invite
from tenants.resellers import current_reseller

bp = Blueprint("hosts", __name__, url_prefix="/hosts")

PURPOSES = {"shop": _("The whole shop"), "frames": _("Frames only, inside pages of your own site")}


class HostForm(Form):
    """A name to connect and what it is for."""

    name = Line(lazy_words("Host name"), longest=253)
    purpose = Choice(lazy_words("What it shows"), default="shop")
    becomes_canonical = BooleanField(lazy_words("Make it the main address as soon as it works"))


@bp.get("/")
@reads(Permission.SETTINGS_READ)
def list() -> Response:  # noqa: A001 - the verb of every list
    """All hosts with their three lights."""
    rows = [
        {"host": host, "sight": None if host.is_platform_name else sight_of(g.db, host), "state": STATES[host.state]}
        for host in actions.hosts(g.db)
    ]
    return page(
        rows=rows,
        canonical=current_reseller(g.db).canonical_host,
        origin=house().config.origin,
        is_preparing=state_of_shop(g.db) == "preparing",
        most=actions.most_hosts(g.db),
    )


@bp.route("/new", methods=["GET", "POST"])
@acts(Permission.SETTINGS_MANAGE, audit="host.connected")
def new() -> AnyResponse:
    """Begin to connect a name; the first look at it is asked for at once."""
    # No browser finds a name that only a developer's machine knows, so letters keep the links that work.
    form = HostForm(data={"purpose": "shop", "becomes_canonical": not house().config.is_development})
    form.purpose.choices = options(PURPOSES.items())
    if form.submitted():
        with form.blames_refusals():
            host = actions.connect(
                g.db,
                name=form.name.data or "",
                purpose=form.purpose.data,
                becomes_canonical=form.becomes_canonical.data,
            )
            return done(_("We look what this name does today."), ".show", host_id=host.id)
    return page(form=form, most=actions.most_hosts(g.db))


@bp.get("/<uuid:host_id>")
@reads(Permission.SETTINGS_READ)
def show(host_id: UUID) -> Response:
    """The Doctor: records, lights, one sentence, what was seen; and what can be done with the host."""
    host = g.db.require(Host, host_id)
    return page(**_shown(host), origin=house().config.origin)


@bp.get("/<uuid:host_id>/state")
@reads(Permission.SETTINGS_READ)
def state(host_id: UUID) -> AnyResponse:
    """The part of the page that changes, for the script that asks; nothing if it did not."""
    host = g.db.require(Host, host_id)
    if request.args.get("since") == stamp_of(host):
        return Response(status=204)
    return page(**_shown(host))


def _shown(host: Host) -> dict[str, Any]:
    sight = sight_of(g.db, host)
    return {
        "host": host,
        "sight": sight,
        "shown": STATES[host.state],
        "stamp": stamp_of(host),
        "looked": looked_words(host),
        "history": history_of(host),
        "canonical": current_reseller(g.db).canonical_host,
        "is_waiting": is_waiting(host),
        "is_taken": host.state == "pending" and actions.is_taken(g.db, host.name),
        "letter": letter_to_zone_keeper(host, sight),
        "title_today": host.impact.get("title", ""),
        "loses_on": host.first_missed_at + DETACH_AFTER if host.first_missed_at else None,
    }


def stamp_of(host: Host) -> str:
    """Name what a page shows, so that a script need not fetch the same twice."""
    moment = host.checked_at.isoformat() if host.checked_at else ""
    return f"{moment} {host.state} {host.confirmed_at is not None} {host.serves_at is not None}"


def is_waiting(host: Host) -> bool:
    """Whether something is going on that the reader waits for."""
    if host.state == "detached" or host.is_platform_name:
        return False
    lights = {each.get("light") for each in host.lights.values()}
    return host.state != "active" or lights != {"right"} or host.serves_at is None


@bp.post("/<uuid:host_id>/look")
@acts(Permission.SETTINGS_MANAGE, audit="host.look_asked")
def look(host_id: UUID) -> AnyResponse:
    """Have the host looked at now."""
    host = g.db.require(Host, host_id)
    actions.ask_for_look(g.db, host)
    if request.headers.get("X-Requested-With") == "script":
        # The page asks by itself as long as it is open; that is nobody's deed.
        g.db.logged = True
        return Response(status=204)
    return done(_("We look again. This takes a few seconds."), ".show", host_id=host.id)


@bp.post("/<uuid:host_id>/confirm")
@acts(Permission.SETTINGS_MANAGE, audit="host.confirmed")
def confirm(host_id: UUID) -> AnyResponse:
    """Go on although the name serves something today."""
    host = g.db.require(Host, host_id)
    actions.confirm(g.db, host)
    return done(_("Here are the records. The shop answers as soon as they are in place."), ".show", host_id=host.id)


@bp.post("/<uuid:host_id>/prefer")
@acts(Permission.SETTINGS_MANAGE, audit="host.preferred")
def prefer(host_id: UUID) -> AnyResponse:
    """Make it the main address, now or as soon as it works."""
    host = g.db.require(Host, host_id)
    try:
        is_so = actions.prefer(g.db, host)
    except Refused as no:
        return _no(no, host)
    if is_so:
        return done(_("This is the main address now. The others lead to it."), ".show", host_id=host.id)
    return done(_("It becomes the main address as soon as it works."), ".show", host_id=host.id)


@bp.post("/<uuid:host_id>/purpose")
@acts(Permission.SETTINGS_MANAGE, audit="host.purpose_changed")
def purpose(host_id: UUID) -> AnyResponse:
    """Let it show the whole shop, or frames only."""
    host = g.db.require(Host, host_id)
    try:
        actions.change_purpose(g.db, host, request.form.get("purpose", ""))
    except Refused as no:
        return _no(no, host)
    return done(_("Saved."), ".show", host_id=host.id)


@bp.route("/<uuid:host_id>/remove", methods=["GET", "POST"])
@acts(Permission.SETTINGS_MANAGE, audit="host.detached")
def remove(host_id: UUID) -> AnyResponse:
    """Say what comes of it, then let the shop answer on this name no longer."""
    host = g.db.require(Host, host_id)
    if host.is_platform_name or host.state == "detached":
        raise NotFound
    form = Form()
    if form.submitted():
        actions.detach(g.db, host)
        return done(_("%(host)s was removed.", host=host.name), ".list")
    return page(form=form, host=host, canonical=current_reseller(g.db).canonical_host)


@bp.post("/<uuid:host_id>/again")
@acts(Permission.SETTINGS_MANAGE, audit="host.connected")
def again(host_id: UUID) -> AnyResponse:
    """Connect a removed name once more, with a new code."""
    host = g.db.require(Host, host_id)
    try:
        actions.connect(g.db, name=host.name, purpose=host.purpose)
    except Refused as no:
        return _no(no, host)
    return done(_("The name has a new code. Enter it in the zone."), ".show", host_id=host.id)


@bp.post("/<uuid:host_id>/release")
@acts(Permission.SETTINGS_MANAGE, audit="host.released")
def release(host_id: UUID) -> AnyResponse:
    """Give a removed name back before its time."""
    host = g.db.require(Host, host_id)
    try:
        actions.release(g.db, host)
    except Refused as no:
        return _no(no, host)
    return done(_("%(host)s is free again.", host=host.name), ".list")


@bp.post("/<uuid:host_id>/preview")
@acts(Permission.SETTINGS_MANAGE, audit="host.preview_opened")
def preview(host_id: UUID) -> AnyResponse:
    """Make a link that shows the shop on this host once, and show it."""
    host = g.db.require(Host, host_id)
    try:
        secret = invite(g.db, host)
    except Refused as no:
        return _no(no, host)
    path = url_for("shop.preview.show", token=secret)
    response = page(host=host, link=house().config.origin(host.name) + path)
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/<uuid:host_id>/zone-file")
@reads(Permission.SETTINGS_READ)
def zone_file(host_id: UUID) -> Response:
    """All records as a piece of a zone file."""
    host = g.db.require(Host, host_id)
    response = make_response(sight_of(g.db, host).zone_file)
    response.mimetype = "text/plain"
    response.headers["Content-Disposition"] = f'attachment; filename="{host.name}.zone"'
    return response


def _no(refusal: Refused, host: Host) -> AnyResponse:
    """Say no above the page it was asked on; what was begun is undone."""
    g.refusal = refusal
    say(refusal.message, "danger")
    return redirect(url_for(".show", host_id=host.id), 303)
