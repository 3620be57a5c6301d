"""rule: whether a host has its certificate, and what stands in the way of one."""

from datetime import datetime

from storefront.core.i18n import Text, format_clock, format_day
from storefront.core.i18n import lazy_gettext as _
from tenants.caa import climb, may_issue, relevant
from tenants.dns_answers import Kind
from tenants.findings import CertificateFacts, Facts, Finding, Light
from tenants.scene import Scene, in_order


def judge_certificate(scene: Scene, facts: CertificateFacts, dns: Finding, ownership: Finding) -> Finding:
    """The third light. It follows the other two by itself, unless the zone or the authority says no."""
    if facts.issued_until and facts.issued_until > scene.now:
        return _issued(facts.issued_until)
    if forbidden := caa_forbids(scene):
        return forbidden
    if dns.light is not Light.RIGHT:
        return _waiting(
            "certificate_waits_for_dns", _("It is asked for by itself as soon as the first light is right.")
        )
    if ownership.light is not Light.RIGHT:
        return _waiting("certificate_waits_for_code", _("It is asked for by itself as soon as the code is found."))
    if unknown := caa_unknown(scene):
        return unknown
    return (
        _refused(scene, facts)
        or _expired(facts)
        or _waiting("certificate_asked", _("It is being asked for; that takes less than a minute as a rule."))
    )


def caa_forbids(scene: Scene) -> Finding | None:
    """The zone, or one above it, names other authorities and not ours."""
    place, records = relevant(scene.host, lambda name: scene.found.records(name, "CAA"))
    if not records or may_issue(records, scene.wanted.issuer):
        return None
    named = in_order(record.issuer for record in records if record.tag == "issue" and record.issuer)
    values = {"place": place, "title": scene.wanted.issuer_title}
    if scene.wanted.issuer in named:
        cause = _("The CAA record of %(place)s lets %(title)s validate only in ways that do not fit.", **values)
    elif named:
        cause = _(
            "The CAA record of %(place)s lets only %(named)s issue certificates, and ours come from %(title)s.",
            named=", ".join(named),
            **values,
        )
    else:
        cause = _("The CAA record of %(place)s forbids certificates from anybody.", **values)
    return Finding(
        light=Light.WRONG,
        key="caa_forbids",
        cause=cause,
        cure=_("Add a CAA record at %(place)s: %(line)s", place=place, line=f'0 issue "{scene.wanted.issuer}"'),
        facts=Facts(kept_at=scene.kept_at, points_at=named),
    )


def caa_unknown(scene: Scene) -> Finding | None:
    """A question about CAA that fails forbids issuing as much as a record would (RFC 8659, 3)."""
    for name in climb(scene.host):
        answers = scene.found.of(name, "CAA")
        if any(answer.records for answer in answers):
            return None
        if answers and all(answer.kind in {Kind.FAILED, Kind.BOGUS} for answer in answers):
            return Finding(
                light=Light.COULD_NOT_ASK,
                key="caa_could_not_ask",
                cause=_(
                    "The name servers do not answer the question which authorities may issue for %(name)s.", name=name
                ),
                cure=_("No authority issues before they do. Ask whoever keeps the zone; some old servers cannot."),
                facts=Facts(kept_at=scene.kept_at),
            )
    return None


def _issued(until: datetime) -> Finding:
    return Finding(
        light=Light.RIGHT,
        key="certificate_issued",
        cause=_("Issued, and valid until %(day)s. It is renewed by itself.", day=_Day(until)),
        facts=Facts(until=until),
    )


def _waiting(key: str, cause: Text) -> Finding:
    return Finding(light=Light.WAITING, key=key, cause=cause)


def _refused(scene: Scene, facts: CertificateFacts) -> Finding | None:
    if not facts.refusal:
        return None
    again = facts.again_at if facts.again_at and facts.again_at > scene.now else None
    causes = {
        "rate_limited": _(
            "The authority lets us ask for this domain again later only: too many were asked for lately."
        ),
        "unreachable": _("The authority could not reach %(host)s over the internet.", host=scene.host),
        "caa": _("The authority says that a CAA record forbids it; it may remember an old one."),
    }
    cure = _("If nothing changes within an hour, tell us.")
    if again:
        cure = _("We ask again by ourselves at %(time)s.", time=_Clock(again))
    return Finding(
        light=Light.WAITING if again else Light.WRONG,
        key=f"certificate_{facts.refusal}" if facts.refusal in causes else "certificate_refused",
        cause=causes.get(facts.refusal, _("The authority refused the last attempt.")),
        cure=cure,
        facts=Facts(until=again),
        seen_at=facts.refused_at,
    )


def _expired(facts: CertificateFacts) -> Finding | None:
    if not facts.issued_until:
        return None
    return Finding(
        light=Light.WRONG,
        key="certificate_expired",
        cause=_("The certificate ended on %(day)s and could not be renewed.", day=_Day(facts.issued_until)),
        cure=_("We ask for a new one by ourselves."),
        facts=Facts(until=facts.issued_until),
    )


class _Day:
    """A day that is written in the language of whoever reads the sentence."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment

    def __str__(self) -> str:
        return format_day(self._moment)


class _Clock(_Day):
    """A time of day, likewise."""

    def __str__(self) -> str:
        return format_clock(self._moment)
