"""rule: what is wrong with a zone as a whole, before anybody can say where one of its names leads."""

from storefront.core.i18n import lazy_gettext as _
from tenants.dns_answers import Answer, Kind
from tenants.findings import Facts, Finding, Light
from tenants.scene import Scene, in_order
from tenants.wanted_records import registered_domain

# A name server that answers so knows nothing of the zone that it was given (RFC 8499: lame delegation).
LAME = frozenset({"lame", "refused", "no_address", "servfail"})


def bogus(scene: Scene) -> Finding | None:
    """Signatures do not fit: whoever checks them sees nothing at all (RFC 4035, 5)."""
    seen = [answer for answer in scene.found.answers if answer.kind is Kind.BOGUS]
    if not seen:
        return None
    return Finding(
        light=Light.WRONG,
        key="dnssec_bogus",
        cause=_(
            "The zone of %(zone)s is signed (DNSSEC) and its signatures are wrong, so most of the world cannot see it.",
            zone=scene.zone,
        ),
        cure=_(
            "Ask whoever keeps the zone to sign it anew, or remove the DS record at the registrar of %(zone)s.",
            zone=scene.zone,
        ),
        facts=Facts(kept_at=scene.kept_at),
        resolvers=in_order(answer.resolver for answer in seen),
    )


def not_registered(scene: Scene) -> Finding | None:
    """The registry has no such domain, or no longer."""
    domain = registered_domain(scene.host)
    seen = [answer for answer in scene.found.of(domain, "NS") if answer.is_known]
    if not seen or any(answer.kind is not Kind.NO_NAME for answer in seen):
        return None
    return Finding(
        light=Light.WRONG,
        key="not_registered",
        cause=_("%(domain)s is not registered, or its registration has ended.", domain=domain),
        cure=_("Look for a typing mistake, or register the domain first."),
    )


def no_nameservers(scene: Scene) -> Finding | None:
    """The domain is there and nobody answers for it."""
    domain = registered_domain(scene.host)
    seen = [answer for answer in scene.found.of(domain, "NS") if answer.is_known]
    if not seen or scene.found.nameservers or any(answer.kind is not Kind.NO_RECORDS for answer in seen):
        return None
    return Finding(
        light=Light.WRONG,
        key="no_nameservers",
        cause=_("%(domain)s has no name servers, so nothing under it can be found.", domain=domain),
        cure=_("Enter name servers for it at the company where the domain is registered."),
    )


def lame_delegation(scene: Scene) -> Finding | None:
    """Name servers are named, and none of them knows the zone."""
    asked = scene.found.of_servers(scene.zone, "SOA")
    lame = lame_servers(scene)
    if not asked or len(lame) < len(asked) or any(answer.is_known for answer in scene.ways):
        return None
    return Finding(
        light=Light.WRONG,
        key="lame_delegation",
        cause=_(
            "The name servers of %(zone)s (%(servers)s) do not know this zone.",
            zone=scene.zone,
            servers=", ".join(lame),
        ),
        cure=_("Create the zone there, or enter the right name servers at the company where the domain is registered."),
        facts=Facts(kept_at=scene.kept_at),
    )


def lame_servers(scene: Scene) -> tuple[str, ...]:
    """Name servers that were given the zone and do not know it."""
    asked = scene.found.of_servers(scene.zone, "SOA")
    return in_order(answer.resolver for answer in asked if answer.kind is Kind.FAILED and answer.reason in LAME)


def could_not_ask(scene: Scene) -> Finding | None:
    """Nobody said anything: that is not the same as a wrong answer."""
    if any(answer.is_known for answer in scene.found.of(scene.host, "A")) or any(a.records for a in scene.ways):
        return None
    return silence(scene, scene.ways)


def silence(scene: Scene, answers: tuple[Answer, ...]) -> Finding:
    """The finding for questions that nobody answered."""
    if answers and all(answer.reason == "servfail" for answer in answers):
        return Finding(
            light=Light.COULD_NOT_ASK,
            key="servers_fail",
            cause=_(
                "The name servers of %(zone)s answer with an error just now, so nothing is known.", zone=scene.zone
            ),
            cure=_("We ask again by ourselves. If it stays so, ask whoever keeps the zone."),
            facts=Facts(kept_at=scene.kept_at),
        )
    return Finding(
        light=Light.COULD_NOT_ASK,
        key="no_answer",
        cause=_("Nobody told us about %(host)s just now: the question was not answered in time.", host=scene.host),
        cure=_("This counts neither for nor against the name. We ask again by ourselves."),
        facts=Facts(kept_at=scene.kept_at),
    )


def servers_disagree(scene: Scene) -> Finding | None:
    """Some name servers of the zone have the new records, some the old: visitors land here and there."""
    answers = scene.authoritative_ways
    places = scene.places(answers)
    right = [place for place in places if scene.is_right_at(answers, place)]
    old = [place for place in places if place not in right]
    if not right or not old:
        return None
    return Finding(
        light=Light.WRONG,
        key="nameservers_disagree",
        cause=_(
            "The name servers of %(zone)s disagree: %(right)s already lead here, %(old)s do not.",
            zone=scene.zone,
            right=", ".join(right),
            old=", ".join(old),
        ),
        cure=_(
            "Often they follow within an hour. If not, ask whoever keeps the zone to update all of its name servers."
        ),
        facts=Facts(kept_at=scene.kept_at, points_at=in_order(old)),
    )


# --------------------------------------------------------------------------- what is said besides, whatever the light


def silent_resolver(scene: Scene) -> Finding | None:
    """One of those we asked did not answer; the others did."""
    silent = in_order(answer.resolver for answer in scene.ways if answer.kind is Kind.FAILED)
    if not silent or not any(answer.is_known for answer in scene.ways):
        return None
    return Finding(
        light=Light.COULD_NOT_ASK,
        key="one_did_not_answer",
        cause=_("%(resolvers)s did not answer; that counts neither for nor against.", resolvers=", ".join(silent)),
        resolvers=silent,
    )


def lame_server(scene: Scene) -> Finding | None:
    """One of several name servers does not know the zone, so some visitors wait longer or find nothing."""
    asked, lame = scene.found.of_servers(scene.zone, "SOA"), lame_servers(scene)
    if not lame or len(lame) == len(asked):
        return None
    return Finding(
        light=Light.WRONG,
        key="lame_server",
        cause=_("%(servers)s should know %(zone)s and does not.", servers=", ".join(lame), zone=scene.zone),
        cure=_("Remove it from the name servers at the company where the domain is registered, or repair it."),
        facts=Facts(kept_at=scene.kept_at),
    )
