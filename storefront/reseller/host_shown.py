"""Hosts as the pages show them: lights with their words, records with what to do, what was seen, what would be lost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

from storefront.core.db import Work
from storefront.core.i18n import Text, format_moment, gettext
from storefront.core.i18n import lazy_gettext as _
from tenants.dns_answers import Found
from tenants.findings import Finding, Light, RecordState, State, Verdict
from tenants.judgements import judgement_of
from tenants.models import Host
from tenants.sightings import LIGHTS, read_found
from tenants.verification import record_states, wanted_records, warnings_before
from tenants.wanted_records import Wanted, WantedRecord, wanted_for

TITLES: Final[Mapping[str, Text]] = {"dns": _("DNS"), "ownership": _("Ownership"), "certificate": _("Certificate")}
# Word, tone and icon of a light; wrong and could-not-ask never look alike.
LAMPS: Final[Mapping[str, tuple[Text, str, str]]] = {
    Light.WAITING: (_("Waiting"), "neutral", "clock"),
    Light.RIGHT: (_("Right"), "success", "check"),
    Light.WRONG: (_("Wrong"), "danger", "cross"),
    Light.COULD_NOT_ASK: (_("Could not ask"), "warning", "question"),
}
RECORDS: Final[Mapping[str, tuple[Text, str, str]]] = {
    State.RIGHT: (_("Right"), "success", "ok"),
    State.ADD: (_("Add"), "warning", "plus"),
    State.CHANGE: (_("Change"), "danger", "no"),
    State.DELETE: (_("Delete"), "danger", "trash"),
    State.COULD_NOT_ASK: (_("Could not ask"), "warning", "question"),
}
STATES: Final[Mapping[str, tuple[Text, str, str]]] = {
    "pending": (_("Being connected"), "info", "clock"),
    "active": (_("In use"), "success", "ok"),
    "failing": (_("In danger"), "danger", "alert"),
    "detached": (_("Removed"), "neutral", "minus"),
}
CHANGES: Final[Mapping[tuple[str, str], Text]] = {
    ("dns", "right"): _("The name leads here."),
    ("dns", "wrong"): _("The name leads elsewhere, or nowhere."),
    ("dns", "could_not_ask"): _("Nobody could be asked where the name leads. That counts neither for nor against."),
    ("ownership", "right"): _("The code was found."),
    ("ownership", "wrong"): _("The code is missing, or another one is there."),
    ("ownership", "could_not_ask"): _("Nobody could be asked for the code. That counts neither for nor against."),
    ("certificate", "right"): _("The certificate is there."),
    ("certificate", "wrong"): _("The certificate was refused."),
    ("certificate", "could_not_ask"): _("The certificate could not be looked at."),
}


@dataclass(frozen=True, kw_only=True)
class Lamp:
    """One light as it is drawn."""

    title: Text
    word: Text
    tone: str
    icon: str
    cause: Text = ""
    cure: Text = ""
    seen_at: datetime | None = None
    resolvers: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Sight:
    """Everything the Doctor says of one host."""

    wanted: Wanted
    found: Found | None
    verdict: Verdict | None
    lamps: list[Lamp]
    records: list[dict[str, Any]]
    warnings: list[Text]

    @property
    def diagnosis(self) -> Finding | None:
        """The first thing to put right; ``None`` when all is right or nothing is known yet."""
        if self.verdict is None:
            return None
        lights: list[Finding] = [getattr(self.verdict, name) for name in LIGHTS]
        for kind in (Light.WRONG, Light.COULD_NOT_ASK, Light.WAITING):
            for finding in lights:
                if finding.light == kind:
                    return finding
        return None

    @property
    def besides(self) -> Sequence[Finding]:
        """What else is worth saying."""
        return self.verdict.also if self.verdict else ()

    @property
    def zone_file(self) -> str:
        """All records as lines of a zone file."""
        return "\n".join(record.line for record in wanted_records(self.wanted, zone=self.zone)) + "\n"

    @property
    def zone(self) -> str:
        """Where the records are entered."""
        return self.found.zone if self.found is not None and self.found.zone else self.wanted.zone


def sight_of(db: Work, host: Host) -> Sight:
    """Judge afresh what the last look found: in the reader's language, with the minutes that are left now."""
    wanted = wanted_for(db.config, host.name, host.code)
    found = read_found(host.found)
    verdict = judgement_of(db, host, found) if found is not None else None
    lamps = [_lamp(name, getattr(verdict, name) if verdict else None) for name in LIGHTS]
    if found is not None:
        records = [_seen_record(each) for each in record_states(wanted, found)]
    else:
        records = [_wanted_record(each) for each in wanted_records(wanted)]
    return Sight(
        wanted=wanted,
        found=found,
        verdict=verdict,
        lamps=lamps,
        records=records,
        warnings=warnings_before(wanted, found) if found is not None and host.state == "pending" else [],
    )


def _lamp(name: str, finding: Finding | None) -> Lamp:
    word, tone, icon = LAMPS[finding.light if finding else Light.WAITING]
    if finding is None:
        return Lamp(title=TITLES[name], word=word, tone=tone, icon=icon)
    return Lamp(
        title=TITLES[name],
        word=word,
        tone=tone,
        icon=icon,
        cause=finding.cause,
        cure=finding.cure,
        seen_at=finding.seen_at,
        resolvers=finding.resolvers,
    )


def _seen_record(record: RecordState) -> dict[str, Any]:
    word, tone, icon = RECORDS[record.state]
    return {"record": record, "word": word, "tone": tone, "icon": icon}


def _wanted_record(record: WantedRecord) -> dict[str, Any]:
    word, tone, icon = RECORDS[State.ADD]
    shown = RecordState(
        state=State.ADD, type=record.type, name=record.name, relative=record.relative, should=record.value
    )
    return {"record": shown, "word": word, "tone": tone, "icon": icon}


def history_of(host: Host) -> list[dict[str, Any]]:
    """Return what changed, the newest first, in words."""
    shown = []
    for line in host.history:
        words = CHANGES.get((line["about"], line["light"]))
        if words is None:
            continue
        _word, tone, icon = LAMPS[line["light"]]
        at = datetime.fromisoformat(line["at"])
        shown.append({**line, "at": at, "words": words, "tone": tone, "icon": icon, "title": TITLES[line["about"]]})
    return shown


def letter_to_zone_keeper(host: Host, sight: Sight) -> str:
    """Return a mailto address whose letter holds all records, for whoever keeps the zone."""
    subject = gettext("DNS records for %(host)s", host=host.name)
    ask = gettext("Please enter these records in the zone of %(zone)s:", zone=sight.zone)
    gone = [each["record"] for each in sight.records if each["record"].state == State.DELETE]
    lines = [ask, "", sight.zone_file]
    if gone:
        lines += [
            gettext("Please delete:"),
            "",
            *(f"{record.name}. {record.type} {', '.join(record.seen)}" for record in gone),
        ]
    return f"mailto:?subject={quote(subject)}&body={quote(chr(10).join(map(str, lines)))}"


def looked_words(host: Host) -> str:
    """Say when the host was looked at last."""
    if host.checked_at is None:
        return gettext("Looking for the first time …")
    return gettext("Last looked at %(moment)s", moment=format_moment(host.checked_at, "medium"))
