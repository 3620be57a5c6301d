"""Forwarded: who asked and over which scheme, as told by a proxy of ours and by nobody else."""

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING

from werkzeug.middleware.proxy_fix import ProxyFix

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

TOLD = (
    "HTTP_FORWARDED",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_PREFIX",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_REAL_IP",
)


PASSED_ON = "vitrine.passed_on"


class Forwarded:
    """Believes one hop of ``X-Forwarded-For`` and ``-Proto`` from the configured proxies (addresses or networks).

    From everybody else such headers are removed, so that nothing behind can be led astray. The host is never taken
    from them: only ``Host`` chooses a shop (security 3.3.1). A peer on a unix socket is a proxy if ``unix`` is named.
    """

    def __init__(self, app: "WSGIApplication", proxies: tuple[str, ...]) -> None:
        self._app = app
        self._behind = ProxyFix(app, x_for=1, x_proto=1, x_host=0)
        self._trusts_socket = "unix" in proxies
        self._networks = tuple(ip_network(proxy, strict=False) for proxy in proxies if proxy != "unix")

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Take the words of a proxy of ours, drop everybody else's."""
        if self._is_ours(environ.get("REMOTE_ADDR", "")):
            return self._behind(environ, start_response)
        for name in TOLD:
            if environ.pop(name, None) is not None:
                # What is for this machine's own watchers is still not for whoever a stranger speaks for.
                environ[PASSED_ON] = True
        return self._app(environ, start_response)

    def _is_ours(self, peer: str) -> bool:
        if not peer:
            return self._trusts_socket
        try:
            address = ip_address(peer.partition("%")[0])
        except ValueError:
            return False
        mapped = getattr(address, "ipv4_mapped", None) or address
        return any(_contains(network, mapped) for network in self._networks)


def _contains(network: IPv4Network | IPv6Network, address: object) -> bool:
    return getattr(address, "version", 0) == network.version and address in network
