"""What was found about a host name, written in a few lines, for tests of the Domain Doctor."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from random import Random

from tenants.dns_answers import Answer, Found, Kind
from tenants.scene import Scene
from tenants.wanted_records import Wanted

NOW = datetime(2026, 11, 21, 9, 41, tzinfo=UTC)
RESOLVERS = ("9.9.9.9", "1.1.1.1")
SERVERS = ("ns1.hostivar.cz", "ns2.hostivar.cz")
EDGE, OURS, OURS6, CODE = "edge.vitrine.example", "81.2.199.1", "2a01:430:17::1", "vt-7fq2-mk93-x0ad"
FOREIGN, FOREIGN6 = "81.2.200.20", "2a01:430:17:1::20"
ABSENT = {"no_name": Kind.NO_NAME, "no_records": Kind.NO_RECORDS, "failed": Kind.FAILED, "bogus": Kind.BOGUS}


def want(host: str = "shop.example.com", **more: object) -> Wanted:
    """A host that is to lead to us."""
    wanted = Wanted(
        host=host,
        edge_name=EDGE,
        addresses4=(OURS,),
        addresses6=(OURS6,),
        code=CODE,
        old_addresses=("81.2.198.7",),
        platform_host="vitrine.example",
    )
    return replace(wanted, **more)  # type: ignore[arg-type]  # the table of cases names fields


def see(wanted: Wanted, *lines: str, zone: str = "", nameservers: tuple[str, ...] = SERVERS) -> Found:
    """Write what was found, a line for each record: ``[9.9.9.9|ns1] NAME TYPE VALUE``.

    ``@`` is the zone, ``*shop`` an answer of a wildcard; ``!no_name 900`` stands for no such name, for 900 s,
    ``!failed timeout`` for no answer; ``edge.x > 81.2.199.1`` for an alias and what it leads to, ``edge.x >`` for one
    that leads nowhere. Without a resolver in front, both saw it. What is not said was asked and is not there.
    """
    zone = zone or wanted.zone
    answers: dict[tuple[str, str, str], Answer] = {}
    for line in lines:
        words = line.split(" ")
        place = words.pop(0)[1:-1] if words[0].startswith("[") else ""
        name, kind, value = words[0], words[1], " ".join(words[2:])
        for one in _places(place):
            answer = _answer(name, kind, value, one, zone)
            before = answers.get((answer.name, kind, one))
            if before:
                answer = replace(answer, records=(*before.records, *answer.records))
            answers[answer.name, kind, one] = answer
    _fill(wanted, answers)
    return Found(
        host=wanted.host,
        at=NOW,
        zone=zone,
        resolvers=RESOLVERS,
        answers=tuple(answer for key, answer in answers.items() if key[2] in RESOLVERS),
        authoritative=tuple(answer for key, answer in answers.items() if key[2] not in RESOLVERS),
        nameservers=nameservers,
    )


def scene(wanted: Wanted, *lines: str, **more: object) -> Scene:
    """The same as what a rule looks at."""
    return Scene(wanted=wanted, found=see(wanted, *lines, **more), now=NOW)  # type: ignore[arg-type]  # passed through


def shuffled(found: Found, random: Random) -> Found:
    """The same, in another order: answers, records, name servers."""

    def mixed(answers: Iterable[Answer]) -> tuple[Answer, ...]:
        kept = [replace(each, records=tuple(random.sample(each.records, len(each.records)))) for each in answers]
        random.shuffle(kept)
        return tuple(kept)

    return replace(
        found,
        answers=mixed(found.answers),
        authoritative=mixed(found.authoritative),
        nameservers=tuple(random.sample(found.nameservers, len(found.nameservers))),
    )


def _places(place: str) -> tuple[str, ...]:
    if not place:
        return RESOLVERS
    return (place if place in RESOLVERS else f"{place}.hostivar.cz",)


def _answer(name: str, kind: str, value: str, place: str, zone: str) -> Answer:
    is_wildcard = name.startswith("*")
    name = name.removeprefix("*")
    full = zone if name == "@" else name.removesuffix(".") if name.endswith(".") else f"{name}.{zone}"
    if value.startswith("!"):
        word, _, more = value[1:].partition(" ")
        is_time = more.isdigit()
        return Answer(
            name=full,
            type=kind,
            kind=ABSENT[word],
            resolver=place,
            at=NOW,
            negative_ttl_s=int(more) if is_time else 300,
            reason="" if is_time else more,
        )
    chain: tuple[str, ...] = ()
    if " >" in value:
        front, _, value = value.rpartition(" >")
        chain, value = tuple(front.split(" > ")), value.strip()
    ends = Kind.RECORDS if value or place not in RESOLVERS else Kind.NO_NAME
    records = (value,) if value else ()
    return Answer(
        name=full, type=kind, kind=ends, resolver=place, at=NOW, records=records, ttl_s=3600, negative_ttl_s=300,
        chain=chain, is_wildcard=is_wildcard,
    )  # fmt: skip


def _fill(wanted: Wanted, answers: dict[tuple[str, str, str], Answer]) -> None:
    """Add what was asked and is not there."""
    asked = [(wanted.host, kind) for kind in ("A", "AAAA", "CNAME", "MX", "CAA")]
    asked += [(wanted.challenge_name, "TXT")]
    for name, kind in asked:
        exists = any(key[0] == name and each.kind is not Kind.NO_NAME for key, each in answers.items())
        for place in RESOLVERS:
            missing = Answer(
                name=name,
                type=kind,
                kind=Kind.NO_RECORDS if exists else Kind.NO_NAME,
                resolver=place,
                at=NOW,
                negative_ttl_s=900,
            )
            answers.setdefault((name, kind, place), missing)
