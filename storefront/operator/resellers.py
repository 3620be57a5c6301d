"""/operator/resellers: who they are, how they stand; suspend and reopen, add credit."""

from typing import Any
from uuid import UUID

from flask import Blueprint, g
from sqlalchemy import select
from werkzeug.wrappers import Response

from cms.openings import open_new_reseller
from storefront.core.audit import record
from storefront.core.errors import NotFound, Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.core.i18n import lazy_words
from storefront.identity.models import LoginUser
from storefront.identity.permissions import Permission
from storefront.operator.opening_form import OpeningForm
from storefront.operator.rows import find_reseller_row, reseller_page
from storefront.web.amount_field import Amount
from storefront.web.credit_words import entry_rows
from storefront.web.forms import Form, Line, require_token
from storefront.web.further import open_work_of
from storefront.web.guards import acts, reads
from storefront.web.lists import after_of, paged, state_of, wanted_of
from storefront.web.rendering import done, page
from storefront.web.trail import platform_trail
from tenants import maintenance
from tenants import resellers as actions
from tenants.credits import LONGEST_REFERENCE, book_top_up, charged_among
from tenants.models import CreditEntry, Host

bp = Blueprint("resellers", __name__, url_prefix="/resellers")

FILTERS = {"": _("All"), "open": _("Open"), "preparing": _("In preparation"), "suspended": _("Suspended")}
ENTRIES = 10


class SuspendForm(Form):
    """Why a shop is closed, and its name typed, so that it is never the wrong one."""

    reason = Line(lazy_words("Reason"), longest=300)
    name = Line(lazy_words("Short name of the shop"), longest=63)


class TopUpForm(Form):
    """Money that has come from a reseller."""

    amount = Amount(lazy_words("Amount"))
    reference = Line(lazy_words("Reference of the payment"), longest=LONGEST_REFERENCE)


@bp.get("/")
@reads(Permission.RESELLERS_READ)
def list() -> Response:  # noqa: A001 - the verb of every list
    """All resellers, the newest first; by state, or by the beginning of a short name or host."""
    wanted, state = wanted_of(), state_of(FILTERS)
    found = reseller_page(g.office, state=state, wanted=wanted, after=after_of())
    return page(rows=found.rows, pager=paged(found), wanted=wanted, state=state, filters=FILTERS)


@bp.route("/new", methods=["GET", "POST"])
@acts(Permission.RESELLERS_MANAGE, audit="reseller.made")
def new() -> Response:
    """Open a reseller in preparation: its owner gets a letter and fills in the rest."""
    form = OpeningForm(data={"locale": g.locale, "currency": "EUR", "zone": ""})
    if form.submitted():
        with form.blames_refusals():
            made = open_new_reseller(g.office, form.terms())
            record(g.db, "reseller.made", after={"shop": made.slug})
            message = _("%(name)s is there. The letter to %(email)s is on its way.", name=made.name, email=made.email)
            return done(message, ".show", reseller_id=made.id)
    return page(form=form)


@bp.get("/<uuid:reseller_id>")
@reads(Permission.RESELLERS_READ)
def show(reseller_id: UUID) -> Response:
    """One reseller: hosts, credit and what moved it, who works there, what the platform did."""
    row = _row(reseller_id)
    moved = select(CreditEntry).where(CreditEntry.reseller_id == reseller_id, CreditEntry.ledger == "available")
    staff = select(LoginUser).where(
        LoginUser.reseller_id == reseller_id, LoginUser.kind != "customer", LoginUser.closed_at.is_(None)
    )
    entries = g.office.scalars(moved.order_by(CreditEntry.id.desc()).limit(ENTRIES))
    return page(
        row=row,
        closed=maintenance.current_maintenance(row["reseller"], g.office.now),
        hosts=g.office.scalars(select(Host).where(Host.reseller_id == reseller_id).order_by(Host.name)),
        entries=entry_rows(entries, charged_among(g.office, entries)),
        staff=g.office.scalars(staff.order_by(LoginUser.created_at)),
        trail=platform_trail(g.office, reseller_id),
    )


@bp.route("/<uuid:reseller_id>/suspend", methods=["GET", "POST"])
@acts(Permission.RESELLERS_MANAGE, audit="reseller.suspended")
def suspend(reseller_id: UUID) -> Response:
    """Close a shop for the moment: its pages say so within a second, its domains stay as they are."""
    row = _row(reseller_id)
    form = SuspendForm()
    if form.submitted():
        with form.blames_refusals():
            if (form.name.data or "").lower() != row["reseller"].slug:
                raise Refused(_("Please type the short name exactly as it stands above."), field="name")
            actions.suspend(g.office, reseller_id, reason=form.reason.data or "")
            record(g.db, "reseller.suspended", after={"shop": row["reseller"].slug})
            return done(_("%(name)s is suspended.", name=row["reseller"].name), ".show", reseller_id=reseller_id)
    return page(form=form, row=row)


@bp.route("/<uuid:reseller_id>/reopen", methods=["GET", "POST"])
@acts(Permission.RESELLERS_MANAGE, audit="reseller.open")
def reopen(reseller_id: UUID) -> Response:
    """Give a suspended shop back the state it was in before."""
    row = _row(reseller_id)
    form = Form()
    if form.submitted():
        with form.blames_refusals():
            state, name = actions.reopen(g.office, reseller_id), row["reseller"].name
            record(g.db, "reseller.open", after={"shop": row["reseller"].slug, "state": state})
            is_open = state == actions.OPEN
            message = _("%(name)s is open again.", name=name) if is_open else _("%(name)s prepares again.", name=name)
            return done(message, ".show", reseller_id=reseller_id)
    return page(form=form, row=row, back_to=actions.state_before_suspension(row["site"]))


@bp.post("/<uuid:reseller_id>/maintenance")
@acts(Permission.RESELLERS_MANAGE, audit="reseller.maintenance_begun")
def begin_maintenance(reseller_id: UUID) -> Response:
    """Close a shop's public site for work until somebody opens it: the platform's people or its own."""
    require_token()
    row = _row(reseller_id)
    maintenance.begin_maintenance(g.office, row["reseller"])
    record(g.db, "reseller.maintenance_begun", after={"shop": row["reseller"].slug})
    words = _("The site of %(name)s is closed for work.", name=row["reseller"].name)
    return done(words, ".show", reseller_id=reseller_id)


@bp.post("/<uuid:reseller_id>/maintenance/end")
@acts(Permission.RESELLERS_MANAGE, audit="reseller.maintenance_ended")
def end_maintenance(reseller_id: UUID) -> Response:
    """Let visitors in again."""
    require_token()
    row = _row(reseller_id)
    maintenance.end_maintenance(g.office, row["reseller"])
    record(g.db, "reseller.maintenance_ended", after={"shop": row["reseller"].slug})
    return done(_("The site of %(name)s is open again.", name=row["reseller"].name), ".show", reseller_id=reseller_id)


@bp.route("/<uuid:reseller_id>/credit", methods=["GET", "POST"])
@acts(Permission.CREDITS_MANAGE, audit="credit.topped_up")
def top_up(reseller_id: UUID) -> Response:
    """Book a payment of a reseller as credit; what waited for it goes on."""
    row = _row(reseller_id)
    if row["credit"] is None:
        raise NotFound
    form = TopUpForm()
    if form.submitted():
        theirs = open_work_of(reseller_id)
        with form.blames_refusals():
            amount = form.amount.money(row["credit"].currency)
            book_top_up(theirs, amount, reference=form.reference.data or "")
            record(g.db, "credit.topped_up", after={"shop": row["reseller"].slug, "amount": str(amount)})
            return done(_("The credit is there. What waited for it goes on."), ".show", reseller_id=reseller_id)
    return page(form=form, row=row)


def _row(reseller_id: UUID) -> dict[str, Any]:
    row = find_reseller_row(g.office, reseller_id)
    if row is None:
        raise NotFound
    return row
