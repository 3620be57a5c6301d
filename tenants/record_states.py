"""rule: the table beside the lights: each record as it should be, and as the world sees it."""

from storefront.core.i18n import lazy_gettext as _
from tenants.diagnoses_of_certificate import caa_forbids
from tenants.dns_answers import Found, Kind
from tenants.findings import RecordState, State
from tenants.scene import Scene, in_order
from tenants.wanted_records import Purpose, Wanted, WantedRecord, relative_name, wanted_records


def record_states(wanted: Wanted, found: Found) -> list[RecordState]:
    """Compare each wanted record with what the world sees, and name those that must go."""
    scene = Scene(wanted=wanted, found=found, now=found.at)
    records = wanted_records(wanted, zone=scene.zone)
    lines = [_way(scene, record) for record in records if record.purpose is Purpose.WAY]
    lines += _strays(scene, lines)
    lines += [_code(scene, record) for record in records if record.purpose is Purpose.OWNERSHIP]
    return [*lines, _caa(scene)]


def _way(scene: Scene, record: WantedRecord) -> RecordState:
    if record.type == "CNAME":
        seen, is_right = scene.targets[:1], scene.wanted.edge_name in scene.targets
        # An address instead of the alias: that line has to become this one.
        instead = next((found for kind in ("A", "AAAA") if (found := _foreign(scene, kind))), ())
    else:
        present = scene.found.records(scene.host, record.type)
        seen, is_right = (record.value,) if record.value in present else (), record.value in present
        instead = () if scene.targets else _foreign(scene, record.type)
    if is_right:
        state = State.RIGHT
    elif not any(answer.is_known for answer in scene.ways):
        state = State.COULD_NOT_ASK
    else:
        state = State.CHANGE if seen or instead else State.ADD
    return _line(record, state, seen or instead, _ttl(scene, ("A", "AAAA")))


def _strays(scene: Scene, lines: list[RecordState]) -> list[RecordState]:
    """Records that must go: foreign addresses at the name itself, and an alias at an apex."""
    told = {each for line in lines if line.state is State.CHANGE for each in line.seen}
    if scene.targets:
        is_fine = any(line.type == "CNAME" for line in lines)
        pairs = [] if is_fine else [("CNAME", each) for each in scene.found.records(scene.host, "CNAME")]
    else:
        pairs = [(kind, each) for kind in ("A", "AAAA") for each in _foreign(scene, kind) if each not in told]
    return [
        RecordState(
            state=State.DELETE,
            type=kind,
            name=scene.host,
            relative=relative_name(scene.host, scene.zone),
            should="",
            seen=(each,),
            ttl_s=_ttl(scene, (kind,)),
            note=_("visitors would land elsewhere"),
        )
        for kind, each in pairs
    ]


def _foreign(scene: Scene, kind: str) -> tuple[str, ...]:
    """Addresses that stand at the name itself and are not ours; what a wildcard answers is not its own record."""
    own = [answer for answer in scene.ways if answer.type == kind and not answer.chain and not answer.is_wildcard]
    return in_order(each for answer in own for each in scene.foreign_in(answer))


def _code(scene: Scene, record: WantedRecord) -> RecordState:
    answers = scene.found.of(record.name, "TXT")
    seen = scene.found.records(record.name, "TXT")
    if record.value in seen:
        state = State.RIGHT
    elif not any(answer.is_known for answer in answers):
        state = State.COULD_NOT_ASK
    else:
        state = State.CHANGE if seen else State.ADD
    return _line(record, state, seen, min((each.ttl_s for each in answers if each.ttl_s is not None), default=None))


def _caa(scene: Scene) -> RecordState:
    names = [name for name in (scene.host, scene.zone) if scene.found.records(name, "CAA")]
    name = names[0] if names else scene.zone
    answers = scene.found.of(name, "CAA")
    state = State.RIGHT
    if answers and all(answer.kind in {Kind.FAILED, Kind.BOGUS} for answer in answers):
        state = State.COULD_NOT_ASK
    elif caa_forbids(scene):
        state = State.CHANGE
    return RecordState(
        state=state,
        type="CAA",
        name=name,
        relative=relative_name(name, scene.zone),
        should=f'0 issue "{scene.wanted.issuer}"' if state is State.CHANGE else "",
        seen=scene.found.records(name, "CAA"),
        note=_("none, or one naming %(issuer)s", issuer=scene.wanted.issuer),
    )


def _line(record: WantedRecord, state: State, seen: tuple[str, ...], ttl_s: int | None) -> RecordState:
    return RecordState(
        state=state,
        type=record.type,
        name=record.name,
        relative=record.relative,
        should=record.value,
        seen=tuple(seen),
        ttl_s=ttl_s,
    )


def _ttl(scene: Scene, kinds: tuple[str, ...]) -> int | None:
    known = [answer.ttl_s for answer in scene.ways if answer.type in kinds and answer.ttl_s is not None]
    return min(known, default=None)
