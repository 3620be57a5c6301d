"""/operator/operations: every command to a supplier, and what people do with those that cannot settle themselves."""

from uuid import UUID

from flask import Blueprint, g
from werkzeug.wrappers import Response

from storefront.core.audit import record
from storefront.core.i18n import lazy_gettext as _
from storefront.core.i18n import lazy_words
from storefront.identity.permissions import Permission
from storefront.operator.rows import operation_row, operation_rows
from storefront.provisioning import people
from storefront.provisioning.models import Operation
from storefront.provisioning.queries import operations
from storefront.provisioning.transfers import expected_at
from storefront.web.forms import Form, Line
from storefront.web.further import open_work_of
from storefront.web.guards import acts, reads
from storefront.web.lists import after_of, paged, state_of
from storefront.web.rendering import done, page
from storefront.web.trail import platform_trail
from tenants.models import Reseller

bp = Blueprint("operations", __name__, url_prefix="/operations")

STATES: dict[str, tuple[str, ...]] = {
    "attention": ("manual", "on_hold", "unknown"),
    "under_way": ("pending", "sending", "awaiting_code"),
    "failed": ("failed",),
    "done": ("done",),
    "all": (),
}
FILTERS = {
    "attention": _("Need attention"),
    "under_way": _("Under way"),
    "failed": _("Failed"),
    "done": _("Done"),
    "all": _("All"),
}


class GiveUpForm(Form):
    """What people found out."""

    reason = Line(lazy_words("What you found out"), longest=people.LONGEST_REASON)


@bp.get("/")
@reads(Permission.OPERATIONS_READ)
def list() -> Response:  # noqa: A001 - the verb of every list
    """Operations of all resellers, the newest first; those that need attention unless asked otherwise."""
    state = state_of(STATES, "attention")
    found = operations(g.office, states=STATES[state], after=after_of())
    return page(rows=operation_rows(g.office, found.rows), pager=paged(found), state=state, filters=FILTERS)


@bp.get("/<uuid:operation_id>")
@reads(Permission.OPERATIONS_READ)
def show(operation_id: UUID) -> Response:
    """One operation: what was asked, what came of it, what may be done."""
    operation = _operation(operation_id)
    reseller = g.office.session.get(Reseller, operation.reseller_id)
    return page(
        row=operation_row(operation, reseller.name),
        operation=operation,
        reseller=reseller,
        trail=platform_trail(g.office, operation.reseller_id, operation.id),
        expected_at=expected_at(operation) if operation.kind == "transfer" else None,
        may_try_again=people.may_try_again(operation.state),
        may_give_up=people.may_give_up(operation.state),
    )


@bp.post("/<uuid:operation_id>/again")
@acts(Permission.OPERATIONS_MANAGE, audit="operation.tried_again")
def again(operation_id: UUID) -> Response:
    """Try it now instead of when its turn comes; what was ever sent is asked about first."""
    theirs = open_work_of(_operation(operation_id).reseller_id)
    people.try_again(theirs, theirs.require(Operation, operation_id))
    record(g.db, "operation.tried_again", after={"operation": operation_id})
    return done(_("It is tried now."), ".show", operation_id=operation_id)


@bp.route("/<uuid:operation_id>/give-up", methods=["GET", "POST"])
@acts(Permission.OPERATIONS_MANAGE, audit="operation.given_up")
def give_up(operation_id: UUID) -> Response:
    """End it as failed: the line fails and the credit held for it comes back."""
    operation = _operation(operation_id)
    reseller = g.office.session.get(Reseller, operation.reseller_id)
    form = GiveUpForm()
    if form.submitted():
        theirs = open_work_of(operation.reseller_id)
        with form.blames_refusals():
            people.give_up(theirs, theirs.require(Operation, operation_id), reason=form.reason.data or "")
            record(g.db, "operation.given_up", after={"operation": operation_id})
            return done(_("It is marked as failed."), ".show", operation_id=operation_id)
    may_give_up = people.may_give_up(operation.state)
    return page(form=form, row=operation_row(operation, reseller.name), operation=operation, may_give_up=may_give_up)


def _operation(operation_id: UUID) -> Operation:
    found: Operation = g.office.require(Operation, operation_id)
    return found
