"""Connection: which adapter, whose account, which settings; opens it."""

from collections.abc import Mapping, Sequence
from typing import Any

from storefront.core.config import Config
from storefront.providers import registry
from storefront.providers.outcomes import Misconfigured
from storefront.providers.ports.login import HasLogins, Login, Verdict
from storefront.providers.ports.mailer import Mailer
from storefront.providers.ports.payment_gateway import PaymentGateway
from storefront.providers.ports.price_list import HasPriceList, RegistrarPrice
from storefront.providers.ports.registrar import Registrar
from storefront.providers.ports.sandbox import SandboxControls
from storefront.providers.sandbox_keys import gateway_key, notice_secret

# What rows of the shop keep as their ``connection_key``.
SANDBOX_REGISTRAR = "sandbox"
CARD = "card"


def open_registrar(config: Config, connection_key: str = SANDBOX_REGISTRAR, *, login: Login | None = None) -> Registrar:
    """Open the registrar account of a row's ``connection_key``; raises ``Misconfigured`` when there is none.

    With ``login`` it is the reseller's own account there, else the platform's.
    """
    if connection_key != SANDBOX_REGISTRAR:
        raise Misconfigured(f"there is no registrar account called {connection_key}")
    who = {"key": login.key, "password": login.password, "uses_old_version": login.uses_old_version} if login else {}
    return registry.open_adapter("registrar", "sandbox", {**_sandbox_registry(config), **who})


def examine_login(config: Config, login: Login, connection_key: str = SANDBOX_REGISTRAR) -> Verdict:
    """Ask a registrar whether it takes a login; raises ``NotSent`` and ``Misconfigured``."""
    registrar = open_registrar(config, connection_key, login=login)
    return registrar.examine() if isinstance(registrar, HasLogins) else Verdict.ACCEPTED


def read_price_list(config: Config, connection_key: str = SANDBOX_REGISTRAR) -> Sequence[RegistrarPrice] | None:
    """Ask the platform's account at a registrar for all its prices; ``None`` when it tells them name by name only.

    Raises ``NotSent`` and ``Misconfigured``.
    """
    registrar = open_registrar(config, connection_key)
    return registrar.price_list() if isinstance(registrar, HasPriceList) else None


def open_sandbox(config: Config) -> SandboxControls:
    """Open the strings behind the sandbox registry: for the demo, for tests, for operators."""
    registrar = open_registrar(config)
    if not isinstance(registrar, SandboxControls):
        raise Misconfigured("the registrar is a real one")
    return registrar


def open_gateway(config: Config, connection_key: str = CARD) -> PaymentGateway:
    """Open the payment gateway of a row's ``connection_key``; raises ``Misconfigured`` when there is none."""
    if connection_key != CARD:
        raise Misconfigured(f"there is no payment gateway called {connection_key}")
    settings = {
        "url": config.gateway_url,
        "key": gateway_key(config),
        "notice_secret": notice_secret(config),
        "allowed": config.outbound_allowed,
    }
    return registry.open_adapter("payment_gateway", "sandbox", settings)


def run_sandbox_gateway(config: Config) -> None:
    """Run the sandbox card gateway until a signal ends it: another company, on a host and port of its own."""
    registry.serve_sandbox_gateway(config)


def open_mailer(config: Config) -> Mailer:
    """Open the mail server, or the folder for letters where there is none. Keep it: it reuses its line."""
    if config.smtp_url:
        return registry.open_adapter(
            "mailer", "smtp", {"url": config.smtp_url, "hello": config.mail_from.rpartition("@")[2]}
        )
    return registry.open_adapter("mailer", "files", {"folder": str(config.data_dir / "mail")})


def _sandbox_registry(config: Config) -> Mapping[str, Any]:
    return {"url": config.database_url, "latency": config.sandbox_latency}
