"""/operator/overview: what needs the platform's people, and whether the machinery runs."""

from flask import Blueprint, g
from werkzeug.wrappers import Response

from storefront.core.pulse import feel_pulse
from storefront.identity.permissions import Permission
from storefront.operator.rows import operation_rows, wishes
from storefront.operator.standing import standing
from storefront.provisioning.queries import operations
from storefront.web.guards import reads
from storefront.web.house import house
from storefront.web.rendering import page

bp = Blueprint("overview", __name__)

LATEST = 8


@bp.get("/overview")
@bp.get("/")
@reads(Permission.RESELLERS_READ)
def show() -> Response:
    """The operator's first page."""
    pulse = feel_pulse(house().config)
    troubled = operations(g.office, states=("manual", "on_hold"))
    return page(
        stands=standing(),
        pulse=pulse,
        is_relay_late=pulse.is_relay_late(g.db.now),
        wishes=wishes(g.office),
        troubled=operation_rows(g.office, troubled.rows[:LATEST]),
    )
