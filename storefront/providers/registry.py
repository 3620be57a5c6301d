"""Adapter key -> class; built-ins listed by hand, extras by entry point."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.metadata import entry_points
from pkgutil import resolve_name
from typing import Any, Literal, Protocol, overload

from storefront.core.config import Config
from storefront.core.i18n import Text
from storefront.providers.outcomes import Misconfigured
from storefront.providers.ports.mailer import Mailer
from storefront.providers.ports.payment_gateway import PaymentGateway
from storefront.providers.ports.registrar import Registrar
from storefront.providers.settings import read_settings

GROUP = "storefront.providers"
PORTS: Mapping[str, type] = {"registrar": Registrar, "payment_gateway": PaymentGateway, "mailer": Mailer}
PortName = Literal["registrar", "payment_gateway", "mailer"]

# Written as entry points are: a worker that only shows pages never loads them and what they lean on.
BUILT_IN = (
    "storefront.providers.adapters.sandbox.registrar:SandboxRegistrar",
    "storefront.providers.adapters.sandbox.payment_gateway:SandboxGateway",
    "storefront.providers.adapters.smtp:Smtp",
    "storefront.providers.adapters.mail_files:MailFiles",
)


class AdapterClass(Protocol):
    """What an adapter says of itself before anybody has opened it."""

    port: str
    key: str
    title: Text
    settings_class: type

    def __call__(self, settings: Any) -> Any:
        """Open it with its settings."""


class DuplicateAdapterError(RuntimeError):
    """Two adapters of one port carry the same key: the start stops, or chance would choose."""


def collect(classes: Iterable[Any]) -> Mapping[tuple[str, str], AdapterClass]:
    """Order adapter classes by port and key; raises ``DuplicateAdapterError``, ``Misconfigured`` for a strange port."""
    found: dict[tuple[str, str], AdapterClass] = {}
    for adapter in classes:
        place = (adapter.port, adapter.key)
        if adapter.port not in PORTS:
            raise Misconfigured(f"{adapter.__qualname__} is for {adapter.port}, and there is no such port")
        if place in found:
            raise DuplicateAdapterError(f"two adapters for {adapter.port} are called {adapter.key}")
        found[place] = adapter
    return found


@lru_cache(maxsize=1)
def adapters() -> Mapping[tuple[str, str], AdapterClass]:
    """Return every adapter there is: ours, and those that installed packages add."""
    return collect((*map(resolve_name, BUILT_IN), *(point.load() for point in entry_points(group=GROUP))))


def serve_sandbox_gateway(config: Config) -> None:
    """Serve the sandbox card gateway until a signal ends it."""
    from storefront.providers.adapters.sandbox.gateway_server import serve_for  # noqa: PLC0415 - a process of its own

    serve_for(config)


def adapter_class(port: PortName, key: str) -> AdapterClass:
    """Return the adapter of a port by its key; raises ``Misconfigured`` when there is none."""
    try:
        return adapters()[port, key]
    except KeyError:
        raise Misconfigured(f"there is no {port} called {key}") from None


@overload
def open_adapter(port: Literal["registrar"], key: str, values: Mapping[str, Any]) -> Registrar: ...
@overload
def open_adapter(port: Literal["payment_gateway"], key: str, values: Mapping[str, Any]) -> PaymentGateway: ...
@overload
def open_adapter(port: Literal["mailer"], key: str, values: Mapping[str, Any]) -> Mailer: ...
def open_adapter(port: PortName, key: str, values: Mapping[str, Any]) -> Any:
    """Open an adapter with its settings; raises ``Misconfigured``. Nothing is sent yet."""
    adapter = adapter_class(port, key)
    return adapter(read_settings(adapter.settings_class, values))
