"""rule: where a name leads instead of here, and whether it leads here at all."""

from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _
from tenants.dns_answers import Answer, Kind
from tenants.findings import Facts, Finding, Light
from tenants.networks import cdn_of, is_reachable, parking_of
from tenants.scene import Scene, in_order


def spreading(scene: Scene) -> Finding | None:
    """The zone is right and resolvers still remember what was there before: nothing to do but wait."""
    servers = scene.authoritative_ways
    right = [place for place in scene.places(scene.ways) if scene.is_right_at(scene.ways, place)]
    told = {answer.resolver for answer in scene.ways if answer.is_known and (answer.type == "A" or answer.records)}
    late = tuple(answer for answer in scene.ways if answer.is_known and answer.resolver in told.difference(right))
    is_right_at_source = scene.is_right_everywhere(servers) if scene.places(servers) else bool(right)
    if not late or not is_right_at_source:
        return None
    minutes = scene.minutes_left(late)
    places = in_order(answer.resolver for answer in late)
    if any(answer.kind is Kind.RECORDS for answer in late):
        key, cause = (
            "spreading",
            _(
                "The zone is right. %(resolvers)s still remembers the old answer for %(minutes)s more min.",
                resolvers=", ".join(places),
                minutes=minutes,
            ),
        )
    else:
        key, cause = (
            "absence_remembered",
            _(
                "The zone is right. %(resolvers)s still remembers for %(minutes)s more min that there was nothing.",
                resolvers=", ".join(places),
                minutes=minutes,
            ),
        )
    return Finding(
        light=Light.WAITING,
        key=key,
        cause=cause,
        cure=_("There is nothing left to do: the light turns by itself."),
        facts=Facts(minutes_left=minutes, kept_at=scene.kept_at),
        resolvers=places,
    )


def ipv4_missing(scene: Scene) -> Finding | None:
    """Right for IPv6 only: about half of all visitors would find nothing."""
    if scene.foreign or not _ours(scene, "AAAA") or _records(scene, "A") or scene.wanted.edge_name in scene.targets:
        return None
    return Finding(
        light=Light.WRONG,
        key="ipv4_missing",
        cause=_("%(host)s has our IPv6 address, but no IPv4 address, which many visitors need.", host=scene.host),
        cure=enter_ours(scene),
        facts=Facts(kept_at=scene.kept_at),
    )


def one_foreign(scene: Scene) -> Finding | None:
    """Several addresses, of which some are ours: visitors land here only by luck."""
    foreign = _foreign(scene, "A")
    if not foreign or not _ours(scene, "A"):
        return None
    return _astray(
        scene,
        "one_of_several_foreign",
        _(
            "%(host)s has several addresses, and %(foreign)s is not ours: some visitors land there.",
            host=scene.host,
            foreign=scene.told(foreign),
        ),
        _("In the zone of %(zone)s, delete the A record %(foreign)s.", zone=scene.zone, foreign=", ".join(foreign)),
    )


def left_over_ipv6(scene: Scene) -> Finding | None:
    """The IPv4 address is ours, an old IPv6 address was forgotten: visitors with IPv6 land elsewhere."""
    foreign = _foreign(scene, "AAAA")
    if not foreign or not _ours(scene, "A") or _foreign(scene, "A"):
        return None
    return _astray(
        scene,
        "ipv6_left_over",
        _(
            "The IPv4 address is right, but the old IPv6 address %(foreign)s is left over, and visitors with IPv6 land "
            "there.",
            foreign=scene.told(foreign),
        ),
        _("In the zone of %(zone)s, delete the AAAA record %(foreign)s.", zone=scene.zone, foreign=", ".join(foreign)),
    )


def private_address(scene: Scene) -> Finding | None:
    """An address that means something else in every house (RFC 1918, RFC 6890)."""
    inner = tuple(each for each in scene.foreign if not is_reachable(each))
    if not inner:
        return None
    return _astray(
        scene,
        "private_address",
        _(
            "%(host)s points at %(inner)s, an address of a private network that nobody outside can reach.",
            host=scene.host,
            inner=", ".join(inner),
        ),
    )


def old_address(scene: Scene) -> Finding | None:
    """It was right once: we moved."""
    old = tuple(each for each in scene.foreign if each in scene.wanted.old_addresses)
    if not old:
        return None
    return _astray(
        scene,
        "old_address",
        _("%(host)s points at %(old)s, which was our address until we moved.", host=scene.host, old=", ".join(old)),
    )


def proxied(scene: Scene) -> Finding | None:
    """A network stands before the website and answers in its place: we neither see visitors nor get a certificate."""
    network = cdn_of(scene.targets, scene.foreign)
    if not network:
        return None
    return _astray(
        scene,
        "proxied",
        _("%(network)s stands before %(host)s and answers in our place.", network=network, host=scene.host),
        _("Switch its proxy off for this name (“DNS only”), and let the records lead straight here: they stand below."),
        owner=network,
    )


def parked(scene: Scene) -> Finding | None:
    """The domain is registered and not in use: its name servers belong to a parking company."""
    company = parking_of(scene.found.nameservers, scene.foreign)
    if not company:
        return None
    return _astray(
        scene,
        "parked",
        _("%(zone)s is parked at %(company)s and shows its advertisements.", zone=scene.zone, company=company),
        _("Give the domain ordinary name servers where it is registered, then enter the records below."),
        owner=company,
    )


def wildcard(scene: Scene) -> Finding | None:
    """There is no record of this name: the star that stands for every name answers."""
    seen = [answer for answer in scene.ways if answer.kind is Kind.RECORDS]
    if not scene.foreign or not any(answer.is_wildcard for answer in seen):
        return None
    parent = scene.host.partition(".")[2]
    return _astray(
        scene,
        "wildcard_answers",
        _(
            "%(host)s has no record of its own: *.%(parent)s answers for it and leads to %(places)s.",
            host=scene.host,
            parent=parent,
            places=scene.told(scene.foreign),
        ),
        _("Enter the records below; the wildcard may stay, it no longer counts for this name then."),
    )


def points_elsewhere(scene: Scene) -> Finding | None:
    """It leads somewhere else, plainly."""
    if not scene.foreign:
        return None
    minutes = scene.minutes_left(answer for answer in scene.ways if scene.foreign_in(answer))
    if scene.targets:
        cause = _(
            "%(host)s is an alias of %(target)s and leads to %(places)s.",
            host=scene.host,
            target=scene.targets[0],
            places=scene.told(scene.foreign),
        )
    else:
        cause = _("%(host)s still points at %(places)s.", host=scene.host, places=scene.told(scene.foreign))
    return _astray(scene, "points_elsewhere", cause, minutes=minutes)


def right(scene: Scene) -> Finding:
    """It leads here and nowhere else."""
    if scene.is_apex or scene.wanted.edge_name in scene.targets or not scene.wanted.edge_name:
        return Finding(light=Light.RIGHT, key="right", cause=_("%(host)s leads here.", host=scene.host))
    return Finding(
        light=Light.RIGHT,
        key="right_by_address",
        cause=_("%(host)s leads here, by address.", host=scene.host),
        cure=_("A CNAME record to %(edge)s would follow us when we move.", edge=f"{scene.wanted.edge_name}."),
    )


# --------------------------------------------------------------------------- what is said besides, whatever the light


def wildcard_leads_here(scene: Scene) -> Finding | None:
    """A star that leads here brings every made-up name to us, where no shop answers on it."""
    seen = [answer for answer in scene.ways if answer.kind is Kind.RECORDS and answer.is_wildcard]
    if not seen or scene.foreign:
        return None
    return Finding(
        light=Light.RIGHT,
        key="wildcard_leads_here",
        cause=_("Every name under %(parent)s leads here, not only this one.", parent=scene.host.partition(".")[2]),
        cure=_("A record of its own for %(host)s would be safer than the wildcard.", host=scene.host),
    )


def ipv6_missing(scene: Scene) -> Finding | None:
    """It works; with the IPv6 address it would work for everybody in the same way."""
    has_way = bool(_ours(scene, "A")) and scene.wanted.edge_name not in scene.targets
    if not has_way or scene.foreign or not scene.wanted.addresses6 or _records(scene, "AAAA"):
        return None
    return Finding(
        light=Light.RIGHT,
        key="ipv6_missing",
        cause=_(
            "%(host)s has no IPv6 address yet. It works without; with it some visitors are faster.", host=scene.host
        ),
        cure=enter_ours(scene),
    )


# ------------------------------------------------------------------------------------------------------------ sentences


def enter_ours(scene: Scene) -> Text:
    """What is to be done nearly always."""
    return _(
        "In the zone of %(zone)s, enter the records below for %(host)s and delete its other A, AAAA and CNAME records.",
        zone=scene.zone,
        host=scene.host,
    )


def _astray(
    scene: Scene, key: str, cause: Text, cure: Text = "", *, owner: str = "", minutes: int | None = None
) -> Finding:
    delete = [(kind, each) for kind in ("A", "AAAA") for each in _foreign(scene, kind)] if not scene.targets else []
    return Finding(
        light=Light.WRONG,
        key=key,
        cause=cause,
        cure=cure or enter_ours(scene),
        facts=Facts(
            points_at=(*scene.targets, *scene.foreign),
            delete=tuple(delete),
            owner=owner or next((name for each in scene.foreign if (name := scene.found.owner_of(each))), ""),
            kept_at=scene.kept_at,
            minutes_left=minutes,
        ),
        resolvers=in_order(answer.resolver for answer in scene.ways if scene.foreign_in(answer)),
    )


def _answers(scene: Scene, kind: str) -> tuple[Answer, ...]:
    return tuple(answer for answer in scene.ways if answer.type == kind)


def _records(scene: Scene, kind: str) -> tuple[str, ...]:
    return in_order(each for answer in _answers(scene, kind) for each in answer.records)


def _foreign(scene: Scene, kind: str) -> tuple[str, ...]:
    return in_order(each for answer in _answers(scene, kind) for each in scene.foreign_in(answer))


def _ours(scene: Scene, kind: str) -> tuple[str, ...]:
    return tuple(each for each in _records(scene, kind) if each in scene.wanted.addresses)
