"""The whole search of one shop: what it looks at, which words it looks for, what it found."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit
from uuid import UUID

from cryptography import x509
from flask import Flask
from sqlalchemy import select

from storefront.core.config import Config
from storefront.core.db import Work
from storefront.core.errors import NotFound
from storefront.identity.models import LoginUser
from storefront.leaks.letters import letters
from storefront.leaks.pages import Walk
from storefront.leaks.papers import papers
from storefront.leaks.words import Leak, Seen, Words
from storefront.web.house import House
from storefront.web.platform_look import PLATFORM_NAME
from tenants.models import Host, Reseller, Site
from tenants.resellers import current_reseller

# So many customers' panels are walked through, in every language: those who signed in last.
CUSTOMERS = 1


@dataclass(frozen=True, kw_only=True)
class Report:
    """What was looked at, by kind, and what was found."""

    host: str
    looked_at: Counter[str]
    leaks: list[Leak]


def scan(app: Flask, slug: str, *, certificate: bytes = b"") -> Report:
    """Look for the platform in everything customers of a shop can see; raises ``NotFound`` for an unknown shop.

    ``app`` belongs to the scan alone: for a while it takes our word for who is signed in. ``certificate`` is the
    shop's, as PEM, where there is one to look at.
    """
    house: House = app.extensions["vitrine"]
    words, reseller_id = _words_for(house, slug)
    looked_at: Counter[str] = Counter()
    found: dict[Leak, None] = {}
    with house.database.work(reseller_id) as db:
        host = current_reseller(db).canonical_host
        for seen in _everything(db, app, host, certificate):
            looked_at[seen.channel] += 1
            found.update(dict.fromkeys(words.leaks_of(seen)))
    return Report(host=host, looked_at=looked_at, leaks=sorted(found, key=lambda leak: (leak.channel, leak.place)))


def _words_for(house: House, slug: str) -> tuple[Words, UUID]:
    with house.database.office_work() as db:
        reseller_id = db.scalar(select(Site.reseller_id).where(Site.slug == slug))
        platform = db.scalar(select(Reseller).where(Reseller.is_platform))
    if reseller_id is None:
        raise NotFound
    return platform_words(house.config, platform), reseller_id


def platform_words(config: Config, platform: Reseller | None) -> Words:
    """Say what must not be read anywhere: the platform's names and hosts."""
    names, hosts = [PLATFORM_NAME], [config.platform_host]
    if platform is not None:
        names += [platform.name, platform.legal_name]
        hosts += [platform.canonical_host, platform.email.rpartition("@")[2]]
    return Words(names=names, hosts=hosts)


def _everything(db: Work, app: Flask, host: str, certificate: bytes) -> Iterator[Seen]:
    reseller = current_reseller(db)
    walk = Walk(app, host)
    yield from settings(db.config)
    if certificate:
        yield from names_in(certificate)
    yield from walk.as_visitor(list(reseller.locales) or [reseller.default_locale])
    for user in _customers(db):
        yield from walk.as_customer(user)
    yield from walk.files([reseller.theme])
    since = _since(db, host)
    yield from letters(db, since)
    yield from papers(db, since)


def settings(config: Config) -> Iterator[Seen]:
    """Look at the neutral names that stand in a customer's DNS, mailbox and address bar (decision 17)."""
    yield Seen(channel="CNAME target", place="EDGE_HOST", text=config.edge_host)
    yield Seen(channel="letter header", place="MAIL_FROM", text=config.mail_from)
    yield Seen(channel="payment page", place="VITRINE_GATEWAY_URL", text=urlsplit(config.gateway_url).hostname or "")


def names_in(certificate: bytes) -> Iterator[Seen]:
    """Look at the names a browser shows of a certificate; raises ``ValueError`` for what is none."""
    found = x509.load_pem_x509_certificate(certificate)
    yield Seen(channel="certificate", place="subject", text=found.subject.rfc4514_string())
    try:
        names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return
    yield Seen(channel="certificate", place="names", text=" ".join(names.get_values_for_type(x509.DNSName)))


def _since(db: Work, host: str) -> datetime:
    """Tell since when the shop answers on its host; what was written before could only name the one it had."""
    row = db.scalar(select(Host).where(Host.name == host))
    if row is None or row.is_platform_name or row.activated_at is None:
        return datetime.min.replace(tzinfo=UTC)
    return row.activated_at


def _customers(db: Work) -> list[LoginUser]:
    rows = (
        select(LoginUser)
        .where(LoginUser.kind == "customer", LoginUser.closed_at.is_(None))
        .order_by(LoginUser.signed_in_at.desc().nulls_last(), LoginUser.id.desc())
    )
    return list(db.scalars(rows.limit(CUSTOMERS)))
