"""/healthz, /readyz, /metrics: answered by peer, whatever the Host."""

import os

from flask import Blueprint, Response, abort, request
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from redis.exceptions import RedisError
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from storefront.core import cache
from storefront.web.guards import PUBLIC, reads
from storefront.web.house import house
from storefront.web.nearness import is_near, networks_of

bp = Blueprint("probes", __name__)


@bp.before_request
def peers_only() -> None:
    """Answer this machine and ``PROBE_PEERS``: these pages are for our own watchers."""
    if not is_near(request.environ, networks_of(house().config.probe_peers)):
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
    """Counters for Prometheus: of all processes together where ``PROMETHEUS_MULTIPROC_DIR`` names their place."""
    registry = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # its own hints end here
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
