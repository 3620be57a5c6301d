"""rule: whether the code that shows whose name it is has been found, and where it went instead."""

from dataclasses import replace

from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _
from tenants.diagnoses_of_zone import bogus, silence
from tenants.dns_answers import Answer, Kind
from tenants.findings import Facts, Finding, Light
from tenants.scene import Scene, in_order
from tenants.wanted_records import CHALLENGE, Wanted, relative_name


def misplaced_names(wanted: Wanted, zone: str) -> tuple[str, ...]:
    """List the names where the code lands by mistake, so that it is looked for there too."""
    doubled = f"{wanted.challenge_name}.{zone}"
    return tuple(
        dict.fromkeys((doubled, wanted.host, f"{CHALLENGE}.{zone}", f"{CHALLENGE}.{wanted.host}.{wanted.host}"))
    )


def judge_ownership(scene: Scene) -> Finding:
    """The second light."""
    name = scene.wanted.challenge_name
    answers = scene.found.of(name, "TXT")
    if any(answer.kind is Kind.BOGUS for answer in answers):
        # What cannot be checked says neither that the code is there nor that it is gone.
        found = bogus(scene)
        return replace(found, light=Light.COULD_NOT_ASK) if found else silence(scene, answers)
    if not any(answer.is_known for answer in answers):
        return silence(scene, answers)
    for rule in CODE_RULES:
        if finding := rule(scene):
            return finding
    return code_missing(scene)


def code_found(scene: Scene) -> Finding | None:
    """Everybody who said something sees exactly the code; other texts beside it do no harm."""
    known = [answer for answer in _answers(scene) if answer.is_known]
    if not known or not all(_has_code(scene, answer) for answer in known):
        return None
    return Finding(
        light=Light.RIGHT,
        key="code_found",
        cause=_("The code was found: %(host)s is yours.", host=scene.host),
        resolvers=in_order(answer.resolver for answer in known),
    )


def code_spreading(scene: Scene) -> Finding | None:
    """The zone has the code, some resolvers still remember what was there before."""
    known = [answer for answer in _answers(scene) if answer.is_known]
    late = [answer for answer in known if not _has_code(scene, answer)]
    served = [a for a in scene.found.of_servers(scene.wanted.challenge_name, "TXT") if a.is_known]
    is_there = all(_has_code(scene, answer) for answer in served) if served else len(late) < len(known)
    if not late or not is_there:
        return None
    minutes = scene.minutes_left(late)
    return Finding(
        light=Light.WAITING,
        key="code_spreading",
        cause=_(
            "The code is in the zone. %(resolvers)s will see it in %(minutes)s min at the latest.",
            resolvers=", ".join(in_order(answer.resolver for answer in late)),
            minutes=minutes,
        ),
        facts=Facts(minutes_left=minutes, kept_at=scene.kept_at),
        resolvers=in_order(answer.resolver for answer in late),
    )


def code_quoted(scene: Scene) -> Finding | None:
    """The editor of the zone adds quotes by itself, and quotes were typed as well."""
    wrong = next((text for text in _texts(scene) if text != scene.wanted.code and _bare(text) == scene.wanted.code), "")
    if not wrong:
        return None
    return _wrong(
        scene,
        "code_quoted",
        _("The code is there, but with quotation marks inside it."),
        _("Enter it without quotation marks; most editors of zones add their own."),
    )


def code_misspelt(scene: Scene) -> Finding | None:
    """There is more than the code, or it was typed in capitals."""
    code = scene.wanted.code
    wrong = next((text for text in _texts(scene) if text != code and code.lower() in text.lower()), "")
    if not wrong:
        return None
    return _wrong(
        scene,
        "code_with_more",
        _("The TXT record says “%(text)s”, which is more than the code.", text=wrong),
        _("Let it say only: %(code)s", code=code),
    )


def code_elsewhere(scene: Scene) -> Finding | None:
    """The code is in the zone, at another name."""
    for name in misplaced_names(scene.wanted, scene.zone):
        if name == scene.wanted.challenge_name:
            continue
        if any(_bare(text) == scene.wanted.code for text in scene.found.records(name, "TXT")):
            return _misplaced(scene, name)
    return None


def _misplaced(scene: Scene, name: str) -> Finding:
    relative = relative_name(scene.wanted.challenge_name, scene.zone)
    if name.startswith(scene.wanted.challenge_name):
        key = "code_at_doubled_name"
        cause = _("The code stands at %(name)s: the domain was added a second time.", name=name)
    elif name == scene.host:
        key = "code_at_host"
        cause = _("The code stands at %(name)s itself, where it cannot be used.", name=name)
    else:
        key = "code_at_other_name"
        cause = _("The code stands at %(name)s, which is meant for another name.", name=name)
    cure = _("In the field for the name of the TXT record, write only: %(relative)s", relative=relative)
    return _wrong(scene, key, cause, cure)


def code_stale(scene: Scene) -> Finding | None:
    """There is a code, of another shop or of an earlier attempt: only a fresh one proves anything."""
    prefix = scene.wanted.code.partition("-")[0]
    stale = [text for text in _texts(scene) if text.startswith(f"{prefix}-") and text != scene.wanted.code]
    if not stale:
        return None
    return _wrong(
        scene,
        "code_stale",
        _("The TXT record still has another code: %(text)s", text=stale[0]),
        _("Replace it with %(code)s. An old code, or one of another shop, proves nothing.", code=scene.wanted.code),
    )


def code_other(scene: Scene) -> Finding | None:
    """There is a text that has nothing to do with a code."""
    texts = _texts(scene)
    if not texts:
        return None
    return _wrong(
        scene,
        "code_other_text",
        _("The TXT record says “%(text)s” instead of the code.", text=texts[0]),
        _("Let it say only: %(code)s", code=scene.wanted.code),
    )


def code_missing(scene: Scene) -> Finding:
    """Not there yet."""
    absent = [answer for answer in _answers(scene) if answer.is_known]
    minutes = scene.minutes_left(absent)
    return Finding(
        light=Light.WAITING,
        key="code_missing",
        cause=_("There is no TXT record at %(name)s yet.", name=scene.wanted.challenge_name),
        cure=_("Enter it as below: it shows that the name is yours, and stays for as long as the shop uses the name."),
        facts=Facts(minutes_left=minutes, kept_at=scene.kept_at),
    )


# Near misses before the search elsewhere: what stands at the right name is what was meant.
CODE_RULES = (code_found, code_spreading, code_quoted, code_misspelt, code_elsewhere, code_stale, code_other)


def _answers(scene: Scene) -> tuple[Answer, ...]:
    return scene.found.of(scene.wanted.challenge_name, "TXT")


def _texts(scene: Scene) -> tuple[str, ...]:
    return scene.found.records(scene.wanted.challenge_name, "TXT")


def _has_code(scene: Scene, answer: Answer) -> bool:
    return scene.wanted.code in answer.records


def _bare(text: str) -> str:
    return text.replace("\\", "").strip().strip("\"'“”„").strip()


def _wrong(scene: Scene, key: str, cause: Text, cure: Text) -> Finding:
    texts = tuple(("TXT", text) for text in _texts(scene) if text != scene.wanted.code)
    return Finding(light=Light.WRONG, key=key, cause=cause, cure=cure, facts=Facts(delete=texts, kept_at=scene.kept_at))
