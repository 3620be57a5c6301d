"""Config: every setting, typed, read from the environment once, checked at start."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

# Two of different houses; both check signatures (DNSSEC).
PUBLIC_RESOLVERS = ("9.9.9.9", "1.1.1.1")


class BadSettings(RuntimeError):
    """Some settings are missing or wrong; the message lists all of them."""


@dataclass(frozen=True, kw_only=True)
class Config:
    """The settings of one process. Durations are seconds."""

    data_dir: Path
    database_url: str
    office_url: str
    owner_url: str = ""
    redis_url: str
    mode: Literal["development", "production"] = "production"
    demo: bool = False
    platform_host: str = "localhost"
    public_scheme: str = "https"
    public_port: int | None = None
    edge_host: str = "edge.invalid"
    edge_addresses: tuple[str, ...] = ()
    edge_former_addresses: tuple[str, ...] = ()
    dns_resolvers: tuple[str, ...] = PUBLIC_RESOLVERS
    nameserver_port: int = 53
    ca_name: str = "letsencrypt.org"
    edge_connect: str = ""
    smtp_url: str = ""
    mail_from: str = "noreply@mail.invalid"
    gateway_url: str = "http://pay.localhost:8001"
    trusted_proxies: tuple[str, ...] = ()
    probe_peers: tuple[str, ...] = ()
    outbound_allowed: tuple[str, ...] = ()
    lookup_deadline_s: float = 5.0
    operation_lease_s: float = 90.0
    job_lease_s: float = 60.0
    sweep_s: float = 10.0
    search_rate: str = "20/minute"
    sign_in_rate: str = "30/5 minutes"
    sign_in_network_rate: str = "300/5 minutes"
    mail_rate: str = "5/15 minutes"
    form_rate: str = "60/minute"
    hook_rate: str = "1200/minute"
    sandbox_latency: float = 1.0
    page_memory_mb: int = 8
    page_store_mb: int = 1024
    templates: str = ""
    database_pool: int = field(default=9)

    @property
    def template_dir(self) -> Path:
        """Where compiled templates are kept; what lies there can be made again."""
        return Path(self.templates).resolve() if self.templates else self.data_dir / "templates"

    @property
    def keys_dir(self) -> Path:
        """Where the secret keys lie, mode 0600."""
        return self.data_dir / "keys"

    @property
    def files_dir(self) -> Path:
        """Where documents and pictures lie."""
        return self.data_dir / "files"

    @property
    def is_development(self) -> bool:
        """Whether this is somebody's own machine: loopback suppliers are allowed."""
        return self.mode == "development"

    @property
    def edge_address(self) -> str:
        """Where our own web server takes connections, as ``address:port``: there certificates are looked at."""
        return self.edge_connect or f"{self.edge_host}:443"

    def origin(self, host: str) -> str:
        """Return scheme, host and port under which a host name is reached."""
        port = f":{self.public_port}" if self.public_port not in (None, 80, 443) else ""
        return f"{self.public_scheme}://{host}{port}"

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> "Config":
        """Read the settings; raise ``BadSettings`` naming every mistake at once."""
        reader = _Reader(environ)
        mode = reader.choice("VITRINE_MODE", ("production", "development"))
        development = mode == "development"
        port = reader.whole("VITRINE_PORT", 8000 if development else 0)
        gateway = (
            environ.get("VITRINE_GATEWAY_URL") or f"http://pay.localhost:{reader.whole('VITRINE_GATEWAY_PORT', 8001)}"
        )
        config = cls(
            data_dir=Path(environ.get("VITRINE_DATA", "var")).resolve(),
            database_url=reader.url("DATABASE_URL"),
            office_url=reader.url("OFFICE_URL"),
            owner_url=environ.get("OWNER_URL", ""),
            redis_url=reader.url("REDIS_URL"),
            mode="development" if development else "production",
            demo=environ.get("VITRINE_DEMO", "") == "1",
            platform_host=environ.get("VITRINE_PLATFORM_HOST", "localhost").lower(),
            public_scheme="http" if development else "https",
            public_port=port or None,
            **_dns_settings(environ, reader, development=development),
            edge_connect=environ.get("EDGE_CONNECT", ""),
            smtp_url=environ.get("SMTP_URL", ""),
            mail_from=environ.get("MAIL_FROM", "noreply@mail.invalid"),
            gateway_url=gateway,
            trusted_proxies=reader.words("TRUSTED_PROXIES"),
            probe_peers=reader.words("PROBE_PEERS"),
            outbound_allowed=_loopback_allowance(gateway, port) if development else (),
            search_rate=environ.get("SEARCH_RATE", cls.search_rate),
            sign_in_rate=environ.get("SIGN_IN_RATE", cls.sign_in_rate),
            sign_in_network_rate=environ.get("SIGN_IN_NETWORK_RATE", cls.sign_in_network_rate),
            mail_rate=environ.get("MAIL_RATE", cls.mail_rate),
            form_rate=environ.get("FORM_RATE", cls.form_rate),
            hook_rate=environ.get("HOOK_RATE", cls.hook_rate),
            operation_lease_s=reader.number("OPERATION_LEASE_S", cls.operation_lease_s),
            job_lease_s=reader.number("JOB_LEASE_S", cls.job_lease_s),
            sweep_s=reader.number("SWEEP_S", cls.sweep_s),
            sandbox_latency=reader.number("SANDBOX_LATENCY", cls.sandbox_latency),
            page_memory_mb=reader.whole("PAGE_MEMORY_MB", cls.page_memory_mb),
            page_store_mb=reader.whole("PAGE_STORE_MB", cls.page_store_mb),
            templates=environ.get("VITRINE_TEMPLATES", ""),
            database_pool=reader.whole("DATABASE_POOL", 9),
        )
        reader.finish()
        return config


def _dns_settings(environ: Mapping[str, str], reader: "_Reader", *, development: bool) -> dict[str, Any]:
    """Where names should lead and whom to ask about them; ``./run serve`` plays the world's DNS on a loopback port."""
    port = reader.whole("VITRINE_DNS_PORT", 0) if development else 0
    played = (f"127.0.0.1@{port}", f"127.0.0.1@{port + 1}")
    return {
        "edge_host": environ.get("EDGE_HOST", "edge.test" if port else "edge.invalid").lower().rstrip("."),
        "edge_addresses": reader.addresses("EDGE_ADDRESSES") or (("127.0.0.1", "::1") if port else ()),
        "edge_former_addresses": reader.addresses("EDGE_FORMER_ADDRESSES"),
        "dns_resolvers": reader.addresses("DNS_RESOLVERS") or (played if port else PUBLIC_RESOLVERS),
        "nameserver_port": port or 53,
        "ca_name": environ.get("CA_NAME", Config.ca_name).lower(),
    }


def _loopback_allowance(gateway: str, port: int) -> tuple[str, ...]:
    """Which loopback addresses development lets suppliers be reached at."""
    return (urlsplit(gateway).netloc, f"*.localhost:{port}")


class _Reader:
    """Reads settings and collects what is wrong with them."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._wrong: list[str] = []

    def url(self, name: str) -> str:
        value = self._environ.get(name, "")
        if not value:
            self._wrong.append(f"{name} is missing")
        return value

    def words(self, name: str) -> tuple[str, ...]:
        return tuple(word.strip() for word in self._environ.get(name, "").split(",") if word.strip())

    def addresses(self, name: str) -> tuple[str, ...]:
        """Addresses, each with ``@port`` behind it if need be."""
        found = self.words(name)
        for word in found:
            address, _, port = word.partition("@")
            try:
                ip_address(address)
                int(port or 53)
            except ValueError:
                self._wrong.append(f"{name} holds {word!r}, which is no address")
        return found

    def choice(self, name: str, allowed: tuple[str, ...]) -> str:
        value = self._environ.get(name, allowed[0])
        if value not in allowed:
            self._wrong.append(f"{name} is {value!r}; it may be {', '.join(allowed)}")
        return value

    def whole(self, name: str, default: int) -> int:
        return int(self.number(name, default))

    def number(self, name: str, default: float) -> float:
        value = self._environ.get(name, "")
        try:
            return float(value) if value else default
        except ValueError:
            self._wrong.append(f"{name} is {value!r}; it must be a number")
            return default

    def finish(self) -> None:
        if self._wrong:
            raise BadSettings("Settings: " + "; ".join(self._wrong))
