"""Adapter key -> class; built-ins listed by hand, extras by entry point."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.metadata import entry_points
from typing import Any, Literal, Protocol, overload

from storefront.core.i18n import Text
from storefront.providers.adapters.mail_files import MailFiles
from storefront.providers.adapters.sandbox.gateway_server import serve_for as serve_sandbox_gateway
from storefront.providers.adapters.sandbox.payment_gateway import SandboxGateway
from storefront.providers.adapters.sandbox.registrar import SandboxRegistrar
from storefront.providers.adapters.smtp import Smtp
from storefront.providers.outcomes import Misconfigured
from storefront.providers.ports.mailer import Mailer
from storefront.providers.ports.payment_gateway import PaymentGateway
from storefront.providers.ports.registrar import Registrar
from storefront.providers.settings import read_settings

__all__ = ["adapter_class", "adapters", "collect", "open_adapter", "serve_sandbox_gateway"]

GROUP = "storefront.providers"
PORTS: Mapping[str, type] = {"registrar": Registrar, "payment_gateway": PaymentGateway, "mailer": Mailer}
PortName = Literal["registrar", "payment_gateway", "mailer"]


class AdapterClass(Protocol):
    """What an adapter says of itself before anybody has opened it."""

    port: str
    key: str
    title: Text
    settings_class: type

    def __call__(self, settings: Any) -> Any:
        """Open it with its settings."""


BUILT_IN: tuple[Any, ...] = (SandboxRegistrar, SandboxGateway, Smtp, MailFiles)


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
    return collect((*BUILT_IN, *(point.load() for point in entry_points(group=GROUP))))


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
