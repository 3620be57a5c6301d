"""/healthz, /readyz, /metrics: answered by peer, whatever the Host."""

from ipaddress import ip_address

from flask import Blueprint, Response, abort, request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from redis.exceptions import RedisError
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from storefront.core import cache
from storefront.web.guards import PUBLIC, reads
from storefront.web.house import house

bp = Blueprint("probes", __name__)


@bp.before_request
def peers_only() -> None:
    """Answer loopback only: these pages are for the machine's own watchers."""
    try:
        is_near = ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        is_near = not request.remote_addr  # a unix socket has no address
    # What a proxy on this machine passes on comes from somewhere else, whatever the peer's address says.
    is_passed_on = any(name in request.headers for name in ("Forwarded", "X-Forwarded-For", "Via"))
    if not is_near or is_passed_on:
        abort(404)


@bp.get("/healthz")
@reads(PUBLIC)
def alive() -> Response:
    """Say that this process answers."""
    return Response("ok\n", mimetype="text/plain")


@bp.get("/readyz")
@reads(PUBLIC)
def ready() -> Response:
    """Say whether the database answers; Redis may be away without the shop being closed."""
    try:
        with house().database.platform() as connection:
            connection.execute(select(1))
    except SQLAlchemyError:
        return Response("database away\n", status=503, mimetype="text/plain")
    try:
        cache.connect(house().config).ping()
    except RedisError:
        return Response("ok, without redis\n", mimetype="text/plain")
    return Response("ok\n", mimetype="text/plain")


@bp.get("/metrics")
@reads(PUBLIC)
def metrics() -> Response:
    """Counters for Prometheus."""
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)
