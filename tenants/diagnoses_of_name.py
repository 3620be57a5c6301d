"""rule: what is wrong with the name itself: not there, there twice, or an alias that leads nowhere good."""

from difflib import SequenceMatcher

from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _
from tenants.dns_answers import Answer, Kind
from tenants.findings import Facts, Finding, Light
from tenants.networks import is_under
from tenants.scene import Scene

ALIKE = 0.8  # edge.vitrine.exmaple is a typing mistake, www.nordhost.eu is another place


def address_unset(scene: Scene) -> Finding | None:
    """The platform has no address that a domain itself could point to: only a subdomain can be an alias."""
    if not scene.is_apex or scene.wanted.addresses:
        return None
    return Finding(
        light=Light.WRONG,
        key="apex_not_offered",
        cause=_("%(host)s needs an address to point to, and this platform has none to give.", host=scene.host),
        cure=_("Use a subdomain such as %(www)s instead.", www=f"www.{scene.host}"),
    )


def alias_at_apex(scene: Scene) -> Finding | None:
    """A CNAME beside the SOA and NS of a zone breaks the zone (RFC 1034, 3.6.2; RFC 2181, 10.1)."""
    targets = scene.found.records(scene.host, "CNAME")
    if not scene.is_apex or not targets:
        return None
    return Finding(
        light=Light.WRONG,
        key="cname_at_apex",
        cause=_(
            "%(host)s has a CNAME record, which cannot stand at the domain itself and makes mail unreliable.",
            host=scene.host,
        ),
        cure=_(
            "Delete the CNAME record and enter the A records below; ALIAS or ANAME records to %(edge)s are fine too.",
            edge=scene.wanted.edge_name,
        ),
        facts=Facts(points_at=targets, delete=tuple(("CNAME", each) for each in targets), kept_at=scene.kept_at),
    )


def missing_dot(scene: Scene) -> Finding | None:
    """The zone's editor took the target for a name inside the zone, because its last dot is missing."""
    edge = scene.wanted.edge_name
    wrong = next((each for each in scene.targets if each.startswith(f"{edge}.") and is_under(each, [scene.zone])), "")
    if not wrong:
        return None
    return Finding(
        light=Light.WRONG,
        key="missing_dot",
        cause=_(
            "The CNAME record leads to %(wrong)s: the zone's own name was put behind the target.",
            wrong=wrong,
        ),
        cure=_("Write the target with a dot at its end: %(right)s", right=f"{edge}."),
        facts=Facts(points_at=(wrong,), kept_at=scene.kept_at),
    )


def doubled_label(scene: Scene) -> Finding | None:
    """The whole name was typed where the editor asks for the part before the domain only."""
    if has_anything(scene):
        return None
    doubled = f"{scene.host}.{scene.zone}"
    seen = [answer for kind in ("A", "AAAA", "CNAME") for answer in scene.found.of(doubled, kind)]
    if not any(answer.kind is Kind.RECORDS and not answer.is_wildcard for answer in seen):
        return None
    relative = scene.host.removesuffix(f".{scene.zone}") if scene.host != scene.zone else "@"
    return Finding(
        light=Light.WRONG,
        key="doubled_label",
        cause=_("The record stands at %(doubled)s: the domain was added a second time.", doubled=doubled),
        cure=_("In the field for the name, write only: %(relative)s", relative=relative),
        facts=Facts(points_at=(doubled,), kept_at=scene.kept_at),
    )


def has_anything(scene: Scene) -> bool:
    """Whether the host has a record that leads anywhere."""
    return bool(scene.targets) or any(answer.kind is Kind.RECORDS for answer in scene.ways)


def no_such_name(scene: Scene) -> Finding | None:
    """NXDOMAIN: the record was not entered yet, and resolvers remember that there was none (RFC 2308)."""
    absent = _absent(scene)
    if has_anything(scene) or not any(answer.kind is Kind.NO_NAME for answer in absent):
        return None
    minutes = scene.minutes_left(absent)
    return Finding(
        light=Light.WAITING,
        key="no_such_name",
        cause=_("%(host)s does not exist yet.", host=scene.host),
        cure=_(
            "Enter the records below in the zone of %(zone)s. Who has asked already may remember for %(minutes)s more "
            "min that there was nothing.",
            zone=scene.zone,
            minutes=minutes,
        ),
        facts=Facts(minutes_left=minutes, kept_at=scene.kept_at),
    )


def no_address(scene: Scene) -> Finding | None:
    """NODATA: the name carries something else, such as a TXT record, but leads nowhere."""
    if has_anything(scene):
        return None
    minutes = scene.minutes_left(_absent(scene))
    return Finding(
        light=Light.WAITING,
        key="no_address",
        cause=_("%(host)s exists, but leads nowhere yet: it has no address and no alias.", host=scene.host),
        cure=_("Enter the records below in the zone of %(zone)s.", zone=scene.zone),
        facts=Facts(minutes_left=minutes, kept_at=scene.kept_at),
    )


def _absent(scene: Scene) -> list[Answer]:
    return [answer for answer in scene.ways if answer.kind in {Kind.NO_NAME, Kind.NO_RECORDS}]


def alias_of_platform(scene: Scene) -> Finding | None:
    """The alias names the platform or one of its shops instead of the neutral name: every customer could see it."""
    first = scene.targets[:1]
    if not first or not scene.wanted.platform_host or first[0] == scene.wanted.edge_name:
        return None
    if not is_under(first[0], [scene.wanted.platform_host]):
        return None
    return _other_target(
        scene,
        "cname_to_platform",
        _("The CNAME record leads to %(target)s, a name of the platform that may change.", target=first[0]),
    )


def misspelt_target(scene: Scene) -> Finding | None:
    """The target is nearly the right one."""
    first = scene.targets[:1]
    edge = scene.wanted.edge_name
    if not first or edge in scene.targets or SequenceMatcher(None, first[0], edge).ratio() < ALIKE:
        return None
    return _other_target(
        scene,
        "cname_misspelt",
        _("The CNAME record leads to %(target)s, which is nearly right.", target=first[0]),
    )


def alias_to_nothing(scene: Scene) -> Finding | None:
    """The chain of aliases ends in a name that is not there; somebody else could take that name (dangling CNAME)."""
    targets = scene.targets
    if not targets or scene.wanted.edge_name in targets or any(answer.records for answer in scene.ways):
        return None
    return _other_target(
        scene,
        "cname_to_nothing",
        _("%(host)s is an alias of %(target)s, and there is nothing.", host=scene.host, target=targets[-1]),
    )


def _other_target(scene: Scene, key: str, cause: Text) -> Finding:
    return Finding(
        light=Light.WRONG,
        key=key,
        cause=cause,
        cure=_(
            "In the zone of %(zone)s, let the CNAME record of %(host)s lead to %(edge)s",
            zone=scene.zone,
            host=scene.host,
            edge=f"{scene.wanted.edge_name}.",
        ),
        facts=Facts(points_at=scene.targets, kept_at=scene.kept_at),
    )
