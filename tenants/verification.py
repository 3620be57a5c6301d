"""rule: whether a host name leads here and is its reseller's, and what to do when not: the Domain Doctor."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _
from tenants import diagnoses_of_name as name_rules
from tenants import diagnoses_of_way as way_rules
from tenants import diagnoses_of_zone as zone_rules
from tenants.diagnoses_of_certificate import caa_forbids, judge_certificate
from tenants.diagnoses_of_code import judge_ownership
from tenants.dns_answers import Answer, Found, Kind
from tenants.findings import CertificateFacts, Facts, Finding, Light, RecordState, State, Verdict
from tenants.record_states import record_states
from tenants.scene import Scene
from tenants.wanted_records import Wanted, WantedRecord, wanted_records

__all__ = [
    "Answer", "CertificateFacts", "Facts", "Finding", "Found", "Kind", "Light", "RecordState", "State", "Verdict",
    "Wanted", "WantedRecord", "judge", "record_states", "wanted_records", "warnings_before",
]  # fmt: skip

Rule = Callable[[Scene], Finding | None]

# The first that finds something is the light: trouble with the zone before trouble with the name, and a plain
# "points elsewhere" last, when nothing tells more.
DNS_RULES: tuple[Rule, ...] = (
    zone_rules.bogus,
    zone_rules.not_registered,
    zone_rules.no_nameservers,
    zone_rules.lame_delegation,
    zone_rules.could_not_ask,
    name_rules.address_unset,
    zone_rules.servers_disagree,
    name_rules.alias_at_apex,
    way_rules.spreading,
    name_rules.missing_dot,
    name_rules.doubled_label,
    way_rules.parked,
    name_rules.no_such_name,
    name_rules.no_address,
    way_rules.proxied,
    name_rules.alias_of_platform,
    name_rules.misspelt_target,
    name_rules.alias_to_nothing,
    way_rules.ipv4_missing,
    way_rules.one_foreign,
    way_rules.left_over_ipv6,
    way_rules.old_address,
    way_rules.private_address,
    way_rules.wildcard,
    way_rules.points_elsewhere,
)
# Said besides, whatever the light.
BESIDES: tuple[Rule, ...] = (
    zone_rules.silent_resolver,
    zone_rules.lame_server,
    way_rules.wildcard_leads_here,
    way_rules.ipv6_missing,
)


def judge(wanted: Wanted, found: Found, now: datetime, certificate: CertificateFacts | None = None) -> Verdict:
    """Say of each light what colour it has, why, and what to do."""
    scene = Scene(wanted=wanted, found=found, now=now)
    dns = next((finding for rule in DNS_RULES if (finding := rule(scene))), None) or way_rules.right(scene)
    ownership = judge_ownership(scene)
    third = judge_certificate(scene, certificate or CertificateFacts(), dns, ownership)
    besides = [finding for rule in BESIDES if (finding := rule(scene))]
    if third.light is Light.RIGHT and (forbidden := caa_forbids(scene)):
        besides.append(forbidden)  # it is there, and cannot be renewed
    return Verdict(
        dns=_seen(dns, scene),
        ownership=_seen(ownership, scene),
        certificate=third,
        also=tuple(_seen(finding, scene) for finding in besides),
    )


def _seen(finding: Finding, scene: Scene) -> Finding:
    """Add when it was seen, and by whom when a rule did not say."""
    return replace(finding, seen_at=scene.found.at, resolvers=finding.resolvers or scene.found.resolvers)


def warnings_before(wanted: Wanted, found: Found) -> list[Text]:
    """Say what is lost when this name is taken over: a website that answers today, mail that is received."""
    scene = Scene(wanted=wanted, found=found, now=found.at)
    host = wanted.host
    mail = [each for each in found.records(host, "MX") if each.partition(" ")[2] not in {"", "."}]
    said: list[Text] = []
    if scene.foreign and not any(answer.is_wildcard for answer in scene.ways):
        said.append(
            _(
                "A website may answer at %(host)s today (%(places)s). After the change it can no longer be reached.",
                host=host,
                places=scene.told(scene.foreign),
            )
        )
    if mail and scene.is_apex:
        said.append(
            _(
                "%(host)s receives mail. Leave its MX records as they are, and do not replace the domain by an alias.",
                host=host,
            )
        )
    elif mail:
        said.append(
            _(
                "%(host)s receives mail. A CNAME record stands alone, so mail to this name would be lost: choose "
                "another name, or move the mail first.",
                host=host,
            )
        )
    return said
