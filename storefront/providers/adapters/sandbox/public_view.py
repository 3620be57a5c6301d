"""rule: what the sandbox's RDAP server shows of a taken name: plausible, the same each time, nobody real."""

from datetime import datetime, timedelta

from storefront.providers.adapters.sandbox.rules import is_locked, roll, script, split, years_later
from storefront.providers.ports.registrar import RegisteredDomain, RegistrationData

# IANA ids from 9994 on are reserved for testing, so none of these can be mistaken for a company.
OUR_REGISTRAR = ("Sandbox Registrar", 9999)
REGISTRARS = (
    ("Kestrel Names (sandbox)", 9994, "kestrel"),
    ("Blue Quay Registry Services (sandbox)", 9995, "bluequay"),
    ("Northlight Domains (sandbox)", 9996, "northlight"),
    ("Tilia Internet (sandbox)", 9997, "tilia"),
)
COUNTRIES = ("DE", "FR", "PL", "FI", "NL", "SE", "ES", "IT")
YOUNG_DAYS = 20
REDACTED = (
    "registrant name",
    "registrant street",
    "registrant postal code",
    "registrant city",
    "registrant phone",
    "registrant email",
)


def of_stranger(name: str, now: datetime) -> RegistrationData:
    """Invent the registration of a name that was taken before the sandbox began."""
    registrar, iana_id, key = REGISTRARS[roll(f"registrar {name}", len(REGISTRARS))]
    first_year, age_days = 1996, roll(f"age {name}", 365)
    born = datetime(first_year + roll(f"year {name}", 26), 1, 1, tzinfo=now.tzinfo) + timedelta(days=age_days, hours=9)
    label, ending = split(name)
    if script(label) == "young":
        born = now.replace(hour=9, minute=0, second=0, microsecond=0) - timedelta(days=YOUNG_DAYS)
    expires_at = years_later(born, now.year - born.year)
    if expires_at <= now:
        expires_at = years_later(born, now.year - born.year + 1)
    return RegistrationData(
        name=name,
        registrar=registrar,
        registrar_iana_id=iana_id,
        abuse_email=f"abuse@{key}.example",
        abuse_phone="+44.2079460000",
        registered_at=born,
        expires_at=expires_at,
        changed_at=years_later(expires_at, -1)
        + timedelta(days=roll(f"changed {name}", 200) % max(1, (now - years_later(expires_at, -1)).days)),
        database_updated_at=now.replace(minute=0, second=0, microsecond=0),
        statuses=("clientTransferProhibited",) if ending and is_locked(label, ending) else ("ok",),
        name_servers=(f"ns1.{key}.example", f"ns2.{key}.example"),
        is_signed=roll(f"signed {name}") < 30,  # noqa: PLR2004 - three of ten
        registrant_region="",
        registrant_country=COUNTRIES[roll(f"country {name}", len(COUNTRIES))],
        redacted=REDACTED,
        contact_url=f"https://{key}.example/contact-registrant/{name}",
    )


def of_domain(domain: RegisteredDomain, now: datetime) -> RegistrationData:
    """Show a domain that was registered through us."""
    return RegistrationData(
        name=domain.name,
        registrar=OUR_REGISTRAR[0],
        registrar_iana_id=OUR_REGISTRAR[1],
        abuse_email="abuse@registrar.example",
        abuse_phone="+44.2079460001",
        registered_at=domain.registered_at,
        expires_at=domain.expires_at,
        changed_at=max(domain.registered_at, years_later(domain.expires_at, -1))
        if domain.expires_at > now
        else domain.expires_at,
        database_updated_at=now.replace(minute=0, second=0, microsecond=0),
        statuses=domain.statuses,
        name_servers=domain.name_servers,
        is_signed=False,
        redacted=REDACTED,
    )
