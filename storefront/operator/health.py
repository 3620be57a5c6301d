"""/operator/health: relay, queues, workers, database, Valkey, the sandbox's clock, and jobs that are stuck."""

from datetime import datetime, timedelta
from uuid import UUID

import structlog
from flask import Blueprint, g
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from storefront.core.audit import record
from storefront.core.i18n import lazy_gettext as _
from storefront.core.jobs import Job, run_again
from storefront.core.pulse import feel_pulse
from storefront.identity.permissions import Permission
from storefront.operator.standing import standing
from storefront.providers.connections import open_sandbox
from storefront.providers.outcomes import Misconfigured, SupplierError
from storefront.web.further import open_work_of
from storefront.web.guards import acts, reads
from storefront.web.house import house
from storefront.web.rendering import done, page
from tenants.models import Reseller

log = structlog.get_logger()
bp = Blueprint("health", __name__, url_prefix="/health")

STUCK = 50
# The clocks of two machines are never quite alike.
SAME = timedelta(seconds=2)


@bp.get("/")
@reads(Permission.HEALTH_READ)
def show() -> Response:
    """How everything feels just now."""
    now, database = g.office.execute(select(func.clock_timestamp(), func.current_setting("server_version"))).one()
    stuck = select(Job, Reseller.name).join(Reseller, Reseller.id == Job.reseller_id).where(Job.state == "stuck")
    pulse = feel_pulse(house().config)
    sandbox_at = _sandbox_now()
    return page(
        stands=standing(),
        pulse=pulse,
        is_relay_late=pulse.is_relay_late(g.db.now),
        database=str(database).split(" ", maxsplit=1)[0],
        drift=abs(now - g.db.now),
        stuck=g.office.execute(stuck.order_by(Job.next_at).limit(STUCK)).all(),
        sandbox_at=sandbox_at,
        sandbox_is_ahead=sandbox_at is not None and sandbox_at - g.db.now > SAME,
    )


def _sandbox_now() -> datetime | None:
    try:
        return open_sandbox(house().config).now()
    except (SupplierError, Misconfigured, SQLAlchemyError):
        log.warning("sandbox.no_clock", exc_info=True)
        return None


@bp.post("/jobs/<uuid:job_id>/again")
@acts(Permission.HEALTH_MANAGE, audit="job.run_again")
def again(job_id: UUID) -> Response:
    """Let a stuck job begin anew."""
    theirs = open_work_of(g.office.require(Job, job_id).reseller_id)
    run_again(theirs, theirs.require(Job, job_id))
    record(g.db, "job.run_again", after={"job": job_id})
    return done(_("The task begins anew."), ".show")
