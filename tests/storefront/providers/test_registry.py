"""Which adapters there are, and how their settings are read."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar
from uuid import uuid4

import pytest

from storefront.core import sealing
from storefront.core.config import Config
from storefront.core.money import Money
from storefront.providers import connections, registry
from storefront.providers.adapters.mail_files import MailFiles
from storefront.providers.adapters.sandbox import payment_gateway
from storefront.providers.adapters.sandbox.payment_gateway import SandboxGateway
from storefront.providers.adapters.sandbox.registrar import SandboxRegistrar
from storefront.providers.adapters.smtp import Settings as SmtpSettings
from storefront.providers.adapters.smtp import Smtp
from storefront.providers.outcomes import Misconfigured, NotSent
from storefront.providers.ports.payment_gateway import PaymentStart
from storefront.providers.settings import describe, plain, read_settings, secret
from tests.conftest import Addresses
from tests.fixtures_gateway import free_port


@dataclass(frozen=True, kw_only=True)
class Sample:
    token: str = secret("Token")
    sender: str = plain("Sender", default="shop", max_length=11)


class Stranger:
    port: ClassVar = "fax"
    key: ClassVar = "x"


@pytest.fixture
def config(tmp_path: Path) -> Config:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / sealing.RING).write_text(sealing.new_ring())
    return Config(
        data_dir=tmp_path,
        database_url="postgresql://nowhere/x",
        office_url="postgresql://nowhere/x",
        redis_url="unix:x",
    )


def test_every_adapter_says_who_it_is() -> None:
    found = {place: adapter.settings_class for place, adapter in registry.adapters().items()}

    assert set(found) >= {
        ("registrar", "sandbox"),
        ("payment_gateway", "sandbox"),
        ("mailer", "smtp"),
        ("mailer", "files"),
    }
    assert all(field.label for settings_class in found.values() for field in describe(settings_class))
    assert all(str(adapter.title) for adapter in registry.adapters().values())


def test_two_adapters_with_one_key_stop_the_start() -> None:
    with pytest.raises(registry.DuplicateAdapterError):
        registry.collect([MailFiles, MailFiles])


def test_adapter_for_a_port_that_is_none() -> None:
    with pytest.raises(Misconfigured):
        registry.collect([Stranger])


def test_adapter_that_is_not_installed() -> None:
    with pytest.raises(Misconfigured):
        registry.open_adapter("registrar", "nobody", {})


def test_settings_are_described_for_a_form() -> None:
    token, sender = describe(Sample)

    assert (token.name, token.is_secret, token.is_required) == ("token", True, True)
    assert (sender.name, sender.is_secret, sender.is_required, sender.max_length) == ("sender", False, False, 11)


def test_settings_are_read() -> None:
    assert read_settings(Sample, {"token": "t"}) == Sample(token="t", sender="shop")


@pytest.mark.parametrize("values", [{}, {"token": "t", "unknown": 1}])
def test_settings_that_do_not_fit(values: dict[str, object]) -> None:
    with pytest.raises(Misconfigured):
        read_settings(Sample, values)


def test_secrets_do_not_stand_in_a_repr() -> None:
    gateway = payment_gateway.Settings(url="http://x", key="hidden-1", notice_secret="hidden-2")
    shown = repr(Sample(token="hidden-3")) + repr(gateway) + repr(SmtpSettings(url="smtp://u:hidden-4@host"))

    assert "hidden" not in shown


def test_connections_of_a_new_installation(config: Config) -> None:
    assert isinstance(connections.open_registrar(config), SandboxRegistrar)
    assert isinstance(connections.open_sandbox(config), SandboxRegistrar)
    gateway = connections.open_gateway(config)
    assert isinstance(gateway, SandboxGateway)
    assert gateway.form_action == "http://pay.localhost:8001"
    assert isinstance(connections.open_mailer(config), MailFiles)


def test_mail_server_of_the_settings(config: Config) -> None:
    assert isinstance(connections.open_mailer(replace(config, smtp_url="smtps://mail.example")), Smtp)


def test_connection_that_does_not_exist(config: Config) -> None:
    with pytest.raises(Misconfigured):
        connections.open_registrar(config, "gandi")
    with pytest.raises(Misconfigured):
        connections.open_gateway(config, "stripe")


def test_gateway_runs_for_an_installation_and_ends_at_a_signal(config: Config, addresses: Addresses) -> None:
    port = free_port()
    program = f"""if True:
        from pathlib import Path
        from storefront.core.config import Config
        from storefront.providers.connections import run_sandbox_gateway
        run_sandbox_gateway(Config(
            data_dir=Path("{config.data_dir}"), database_url="{addresses.app}", office_url="x", redis_url="x",
            gateway_url="http://pay.localhost:{port}", outbound_allowed=("*.localhost",),
        ))
    """
    ours = replace(config, gateway_url=f"http://pay.localhost:{port}", outbound_allowed=("*.localhost",))
    wish = PaymentStart(
        reference=uuid4().hex,
        amount=Money(100, "EUR"),
        description="",
        return_url="http://shop.localhost:1/back",
        notify_url="http://shop.localhost:1/hook",
    )
    gateway = connections.open_gateway(ours)

    running = subprocess.Popen([sys.executable, "-c", program], env={**os.environ, "PYTHONPATH": "."})
    leave = None
    for _ in range(100):
        try:
            leave = gateway.start(wish)
            break
        except NotSent:
            time.sleep(0.1)
    running.send_signal(signal.SIGTERM)

    assert running.wait(timeout=15) == 0
    assert leave is not None
    assert leave.url.startswith(f"http://pay.localhost:{port}/pay/")
