"""Starts the sandbox card gateway: its server, its notifier, its end."""

import signal
import threading
from socketserver import TCPServer, ThreadingMixIn
from urllib.parse import urlsplit
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from storefront.core.config import Config
from storefront.providers.adapters.sandbox.gateway_app import Gateway, GatewaySettings
from storefront.providers.adapters.sandbox.notifier import Notifier
from storefront.providers.sandbox_keys import gateway_key, notice_secret


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def server_bind(self) -> None:
        # The standard library would ask a name server who we are; nobody needs to know.
        TCPServer.server_bind(self)
        host, port = self.server_address[:2]
        self.server_name, self.server_port = str(host), int(port)
        self.setup_environ()
        # A visitor who is gone again between the look and the welcome must not keep the others, or the end, waiting.
        self.socket.settimeout(1)


class _Handler(WSGIRequestHandler):
    timeout = 15
    server_version = "gateway"
    sys_version = ""

    def log_message(self, format: str, *_args: object) -> None:  # noqa: A002 - the standard library's name
        """Keep silent: a payment's address is a secret."""


class RunningGateway:
    """The gateway with its server and its notifier, from ``start`` to ``stop``."""

    def __init__(self, settings: GatewaySettings, host: str, port: int) -> None:
        self.notifier = Notifier(url=settings.database_url, secret=settings.notice_secret, allowed=settings.allowed)
        self.server = _Server((host, port), _Handler)
        self.server.set_app(Gateway(settings, self.notifier.wake))
        self._thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.2}, daemon=True)

    def start(self) -> None:
        """Begin to answer and to deliver."""
        self.notifier.start()
        self._thread.start()

    def stop(self) -> None:
        """End both."""
        self.server.shutdown()
        self.server.server_close()
        self.notifier.stop()


def serve(settings: GatewaySettings, host: str = "127.0.0.1", port: int = 8001) -> None:
    """Run until told to end by a signal. Listens on loopback unless told otherwise."""
    running = RunningGateway(settings, host, port)
    ends = threading.Event()
    for told in (signal.SIGINT, signal.SIGTERM):
        signal.signal(told, lambda *_: ends.set())
    running.start()
    ends.wait()
    running.stop()


def serve_for(config: Config) -> None:
    """Serve with the settings of this installation, on loopback, at the port of the gateway's address."""
    settings = GatewaySettings(
        public_url=config.gateway_url,
        database_url=config.database_url,
        key=gateway_key(config),
        notice_secret=notice_secret(config),
        allowed=config.outbound_allowed,
    )
    serve(settings, port=urlsplit(config.gateway_url).port or 8001)
