"""What the Doctor says of a host: the rules over what was found, and over what is known of its certificate."""

from dataclasses import replace

from storefront.core.db import Work
from storefront.core.i18n import lazy_gettext as _
from tenants.certificates import facts_of
from tenants.dns_answers import Found
from tenants.findings import Finding, Light, Verdict
from tenants.models import Host
from tenants.verification import judge
from tenants.wanted_records import wanted_for


def judgement_of(db: Work, host: Host, found: Found) -> Verdict:
    """Judge a look at this very moment. Without TLS, and where no edge is named, no certificate is waited for."""
    wanted = wanted_for(db.config, host.name, host.code)
    verdict = judge(wanted, found, db.now, facts_of(db, host.name))
    has_edge = db.config.public_scheme == "https" or bool(db.config.edge_connect)
    if has_edge or not verdict.is_right:
        return verdict
    needless = Finding(
        light=Light.RIGHT,
        key="not_needed",
        cause=_("No certificate is needed: on this machine shops are served without encryption."),
        seen_at=found.at,
    )
    return replace(verdict, certificate=needless)
