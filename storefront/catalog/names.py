"""rule: domain names: normalise, IDNA, label and TLD."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from storefront.catalog import labels as rules_of_labels
from storefront.catalog.endings import public_ending, sold_ending
from storefront.catalog.labels import (
    FIELD,
    LONGEST_NAME,
    BadLabel,
    LabelRules,
    decode,
    decode_name,
    encode,
    ending_problem,
    map_unicode,
    script_problem,
)
from storefront.catalog.scripts import looks_latin
from storefront.catalog.search_text import host_of, is_ip_address
from storefront.core.errors import Refused
from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _
from storefront.core.problems import Problem

_SHOWN_MOST = 80


@dataclass(frozen=True, slots=True, order=True)
class DomainName:
    """A name that can be registered: label and ending as lower-case A-labels, without a final dot."""

    label: str
    ending: str

    @property
    def ascii(self) -> str:
        """The name as registries and DNS know it; the unique key."""
        return f"{self.label}.{self.ending}"

    @property
    def unicode(self) -> str:
        """The name as people read it."""
        return f"{decode(self.label)}.{decode_name(self.ending)}"

    def __str__(self) -> str:
        return self.ascii


@dataclass(frozen=True, slots=True)
class Note:
    """Something worth knowing about a name that is no obstacle."""

    code: str
    message: Text


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """One name found in what somebody typed.

    ``label`` and ``ending`` are A-labels; ``ending`` is ``None`` when none was given. With a ``problem`` the name
    cannot be searched; if its label is fine the other endings still can, so label and ending stay filled in.
    """

    given: str
    label: str = ""
    ending: str | None = None
    problem: Problem | None = None
    notes: tuple[Note, ...] = ()
    words: tuple[str, ...] = ()

    @property
    def name(self) -> DomainName | None:
        """The name to look up, if there is one and nothing stands against it."""
        return DomainName(self.label, self.ending) if self.label and self.ending and not self.problem else None

    @property
    def name_ascii(self) -> str:
        """Label and, if given, ending in ASCII; empty if nothing could be read."""
        return f"{self.label}.{self.ending}" if self.label and self.ending else self.label

    @property
    def name_unicode(self) -> str:
        """Label and, if given, ending as people read them; what was typed if nothing could be read."""
        return decode_name(self.name_ascii) if self.label else self.given

    @property
    def label_unicode(self) -> str:
        """The label as people read it."""
        return decode(self.label)

    @property
    def twin(self) -> str | None:
        """The label written with ss instead of ß: another name, which the same buyer often wants too."""
        shown = self.label_unicode
        return shown.replace("ß", "ss") if "ß" in shown and shown.replace("ß", "ss").isascii() else None


def shorten(text: str, most: int = _SHOWN_MOST) -> str:
    """Cut what somebody typed to a length that can be shown back."""
    return text if len(text) <= most else text[: most - 1] + "…"


def read_token(
    token: str, *, endings: Collection[str], label_rules: Mapping[str, LabelRules] | None = None
) -> list[Candidate]:
    """Read one pasted thing: a name, an address, or a phrase, which gives two names (joined, and with hyphens)."""
    host = host_of(token)
    given = shorten(token)
    if is_ip_address(host):
        message = _("This is the address of a computer, not a domain name.")
        return [Candidate(given=given, problem=Problem(FIELD, message, "ip_address"))]
    if not host.strip("."):
        message = _("No domain name could be read here. Please type a name such as example.com.")
        return [Candidate(given=given, problem=Problem(FIELD, message, "unreadable"))]
    words = tuple(host.split())
    if len(words) == 1:
        return [_read_host(host, given, endings, label_rules or {})]
    return _read_phrase(words, given, endings, label_rules or {})


def _read_phrase(
    words: tuple[str, ...], given: str, endings: Collection[str], label_rules: Mapping[str, LabelRules]
) -> list[Candidate]:
    found = [_read_host(glue.join(words), given, endings, label_rules) for glue in ("", "-")]
    # "exemple .fr" has a hyphenated form that nobody meant: one fault is enough.
    kept = [found[0], *(one for one in found[1:] if not one.problem)]
    return [replace(one, words=words) for one in kept]


def _read_host(host: str, given: str, endings: Collection[str], label_rules: Mapping[str, LabelRules]) -> Candidate:
    try:
        a_labels = _a_labels(host)
    except BadLabel as bad:
        return Candidate(given=given, problem=bad.problem)
    ending = sold_ending(a_labels, endings)
    public = public_ending(a_labels) if len(a_labels) > 1 else None
    if len(a_labels) == 1:
        return _judge(Candidate(given=given, label=a_labels[0]), label_rules)
    if ".".join(a_labels) in endings:
        return Candidate(given=given, problem=_ending_only(".".join(a_labels)))
    if ending is None or (public and public.count(".") > ending.count(".")):
        return _not_sold(a_labels, public, given)
    before = a_labels[: len(a_labels) - ending.count(".") - 1]
    notes = () if before[:-1] in ([], ["www"]) else (_dropped(f"{before[-1]}.{ending}"),)
    return _judge(Candidate(given=given, label=before[-1], ending=ending, notes=notes), label_rules)


def _a_labels(host: str) -> list[str]:
    mapped = map_unicode(host).removesuffix(".")
    found = [encode(part) for part in mapped.split(".")]
    if len(".".join(found)) > LONGEST_NAME:
        raise rules_of_labels.too_long()
    return found


def _ending_only(ending: str) -> Problem:
    message = _("“%(ending)s” is only an ending. Please type a name before it.", ending="." + decode_name(ending))
    return Problem(FIELD, message, "ending_only")


def _dropped(name: str) -> Note:
    return Note(
        "subdomain", _("Only whole domain names can be registered, so we search %(name)s.", name=decode_name(name))
    )


def _not_sold(a_labels: Sequence[str], public: str | None, given: str) -> Candidate:
    ending = public or a_labels[-1]
    shown = "." + decode_name(ending)
    if public:
        problem = Problem(FIELD, _("We do not sell names under %(ending)s.", ending=shown), "unsupported_ending")
    else:
        message = _("There is no ending %(ending)s. Please check the spelling.", ending=shown)
        problem = Problem(FIELD, message, "unknown_ending")
    before = a_labels[: len(a_labels) - ending.count(".") - 1]
    return Candidate(given=given, label=before[-1] if before else "", ending=ending, problem=problem)


def _judge(candidate: Candidate, label_rules: Mapping[str, LabelRules]) -> Candidate:
    """Apply the rules of scripts and of the ending, and add what is worth knowing."""
    shown, ending = candidate.label_unicode, candidate.ending
    problem = script_problem(shown)
    if not problem and ending and ending in label_rules:
        problem = ending_problem(shown, ending, label_rules[ending])
    return replace(candidate, problem=problem, notes=candidate.notes + tuple(_remarks(candidate, shown)))


def _remarks(candidate: Candidate, shown: str) -> Iterable[Note]:
    if shown != candidate.label:
        yield Note(
            "both_forms",
            _(
                "%(shown)s is written %(coded)s at the registry; both are the same name.",
                shown=candidate.name_unicode,
                coded=candidate.name_ascii,
            ),
        )
    if candidate.twin:
        yield Note(
            "sharp_s",
            _("%(shown)s and %(twin)s are two different names; you may want both.", shown=shown, twin=candidate.twin),
        )
    if looks_latin(shown):
        yield Note("looks_latin", _("This name is not written in Latin letters, although it may look so."))


def with_endings(
    label: str, endings: Iterable[str], label_rules: Mapping[str, LabelRules] | None = None
) -> list[Candidate]:
    """Put one label (an A-label) before each ending, each with what that registry has against it."""
    found = []
    for ending in endings:
        candidate = Candidate(given=shorten(decode(label)), label=label, ending=ending)
        if len(candidate.name_ascii) > LONGEST_NAME:
            found.append(replace(candidate, problem=rules_of_labels.too_long().problem))
        else:
            found.append(_judge(candidate, label_rules or {}))
    return found


def require_name(
    text: str, *, endings: Collection[str], label_rules: Mapping[str, LabelRules] | None = None
) -> DomainName:
    """Read exactly one whole name, for a cart line or an address; raises ``Refused`` saying what is wrong."""
    found = read_token(text[: LONGEST_NAME * 4], endings=endings, label_rules=label_rules)
    if found[0].problem:
        raise Refused(found[0].problem.message, field=FIELD)
    if found[0].name is None:
        raise Refused(_("Please type the whole name with its ending, such as example.com."), field=FIELD)
    return found[0].name
