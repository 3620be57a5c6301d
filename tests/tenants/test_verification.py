"""Every diagnosis of the Domain Doctor: what was found, and what is said of it."""

import re
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storefront.core.i18n import speaking
from tenants.verification import CertificateFacts, Light, Verdict, judge, record_states, warnings_before
from tests.dns_cases import ALIAS, APEX, CASES, RIGHT_CODE, UNKNOWN, WAIT, Case, R, W
from tests.dns_found import EDGE, FOREIGN, NOW, OURS, see, shuffled, want


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.about}-{case.key}-{case.name}")
def test_diagnosis(case: Case) -> None:
    finding = getattr(case.judge(), case.about)

    said = f"{finding.cause} {finding.cure}"
    assert (finding.key, finding.light) == (case.key, case.light), said
    assert [word for word in case.says if word not in said] == [], said
    assert finding.light is R or finding.cure or finding.key.startswith(("certificate", "code_spreading"))


def test_there_are_many_diagnoses() -> None:
    assert len({(case.about, case.key) for case in CASES}) >= 45
    assert len({case.key for case in CASES if case.about == "dns" and case.light is not R}) >= 20


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.about}-{case.key}-{case.name}")
@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_order_of_answers_and_records_never_matters(case: Case, seed: int) -> None:
    wanted = want(**case.want)
    found = see(wanted, *case.lines, **case.see)
    mixed = shuffled(found, Random(seed))

    first, second = judge(wanted, found, NOW), judge(wanted, mixed, NOW)

    assert _spoken(first) == _spoken(second)
    assert record_states(wanted, found) == record_states(wanted, mixed)


def _spoken(verdict: Verdict) -> list[tuple[object, ...]]:
    findings = (verdict.dns, verdict.ownership, verdict.certificate, *verdict.also)
    return [(each.light, each.key, str(each.cause), str(each.cure), each.facts, each.resolvers) for each in findings]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.about}-{case.key}-{case.name}")
@pytest.mark.parametrize("locale", ["fr", "pl", "de"])
def test_sentences_can_be_said_in_every_language(case: Case, locale: str) -> None:
    finding = getattr(case.judge(), case.about)

    with speaking(locale):
        said = f"{finding.cause} {finding.cure}"

    assert "%(" not in said


# ------------------------------------------------------------------------------------------------- the whole verdict


def test_wrong_and_could_not_ask_are_never_merged() -> None:
    lights = {case.key: case.light for case in CASES}

    assert lights["no_answer"] is lights["servers_fail"] is UNKNOWN
    assert lights["points_elsewhere"] is lights["lame_delegation"] is W


def test_verdict_is_right_when_name_and_code_are() -> None:
    verdict = Case(key="", light=R, lines=(*ALIAS, RIGHT_CODE)).judge()

    assert verdict.is_right
    assert not verdict.is_missed


@pytest.mark.parametrize(
    ("lines", "is_missed"),
    [
        ((*ALIAS, RIGHT_CODE), False),
        (ALIAS, True),
        ((RIGHT_CODE,), True),
        ((f"shop A {FOREIGN}", RIGHT_CODE), True),
        (("shop A !failed timeout", "shop AAAA !failed timeout", RIGHT_CODE), False),
        ((f"[9.9.9.9] shop A {FOREIGN}", f"[1.1.1.1] shop A {EDGE} > {OURS}", RIGHT_CODE), False),
    ],
    ids=["right", "code-gone", "name-gone", "elsewhere", "silence", "spreading"],
)
def test_host_in_use_is_missed_when_its_records_are_gone(lines: tuple[str, ...], *, is_missed: bool) -> None:
    assert Case(key="", light=R, lines=lines).judge().is_missed is is_missed


def test_one_silent_resolver_is_named_and_counts_for_nothing() -> None:
    verdict = Case(
        key="", light=R, lines=(f"[9.9.9.9] shop A {EDGE} > {OURS}", "[1.1.1.1] shop A !failed timeout")
    ).judge()

    assert verdict.dns.light is R
    assert [finding.key for finding in verdict.also] == ["one_did_not_answer"]
    assert "1.1.1.1" in str(verdict.also[0].cause)


def test_one_lame_server_is_said_besides() -> None:
    verdict = Case(key="", light=R, lines=(*ALIAS, "[ns1] @ SOA serial", "[ns2] @ SOA !failed refused")).judge()

    assert verdict.dns.light is R
    assert [finding.key for finding in verdict.also] == ["lame_server"]


def test_wildcard_that_leads_here_is_said_besides() -> None:
    verdict = Case(key="", light=R, lines=(f"*shop A {EDGE} > {OURS}",)).judge()

    assert (verdict.dns.key, [each.key for each in verdict.also]) == ("right", ["wildcard_leads_here"])


def test_missing_ipv6_is_said_besides() -> None:
    verdict = Case(key="", light=R, want=APEX, lines=(f"@ A {OURS}",)).judge()

    assert (verdict.dns.light, [each.key for each in verdict.also]) == (R, ["ipv6_missing"])


def test_findings_say_when_and_by_whom() -> None:
    finding = Case(key="", light=R, lines=(f"shop A {FOREIGN}",)).judge().dns

    assert finding.seen_at == NOW
    assert set(finding.resolvers) == {"9.9.9.9", "1.1.1.1"}
    assert finding.facts.kept_at == "hostivar.cz"
    assert finding.facts.delete == (("A", FOREIGN),)
    assert finding.facts.minutes_left == 60


def test_minutes_left_shrink_as_time_goes() -> None:
    wanted = want()
    found = see(wanted, "shop A !no_name 1500", "shop AAAA !no_name 1500")

    left = [judge(wanted, found, NOW + timedelta(minutes=gone)).dns.facts.minutes_left for gone in (0, 5, 24, 60)]

    assert left == [25, 20, 1, 1]


# -------------------------------------------------------------------------------------------------- the certificate


READY = Case(key="", light=R, lines=(*ALIAS, RIGHT_CODE))
SOON, LATER = NOW + timedelta(hours=2), NOW + timedelta(days=60)


@pytest.mark.parametrize(
    ("facts", "key", "light"),
    [
        (CertificateFacts(issued_until=LATER), "certificate_issued", R),
        (CertificateFacts(issued_until=NOW - timedelta(days=1)), "certificate_expired", W),
        (CertificateFacts(refusal="rate_limited", refused_at=NOW, again_at=SOON), "certificate_rate_limited", WAIT),
        (CertificateFacts(refusal="unreachable", refused_at=NOW), "certificate_unreachable", W),
        (CertificateFacts(refusal="caa", refused_at=NOW, again_at=SOON), "certificate_caa", WAIT),
        (CertificateFacts(refusal="who-knows", refused_at=NOW), "certificate_refused", W),
        (CertificateFacts(), "certificate_asked", WAIT),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_certificate_light(facts: CertificateFacts, key: str, light: Light) -> None:
    finding = READY.judge(facts).certificate

    assert (finding.key, finding.light) == (key, light)


def test_certificate_tells_the_day_in_the_language_of_the_reader() -> None:
    finding = READY.judge(CertificateFacts(issued_until=LATER)).certificate

    with speaking("de"):
        assert "20. Januar 2027" in str(finding.cause)
    assert "20 January 2027" in str(finding.cause)


def test_certificate_that_cannot_be_renewed_is_said_besides() -> None:
    case = Case(key="", light=R, lines=(*ALIAS, RIGHT_CODE, "@ CAA 0 issue sectigo.com"))

    verdict = case.judge(CertificateFacts(issued_until=LATER))

    assert verdict.certificate.light is R
    assert [each.key for each in verdict.also] == ["caa_forbids"]


# -------------------------------------------------------------------------------------------------------- before


@pytest.mark.parametrize(
    ("host", "lines", "words"),
    [
        ("shop.example.com", (f"shop A {FOREIGN}",), ["website"]),
        ("shop.example.com", (f"*shop A {FOREIGN}",), []),
        ("shop.example.com", ALIAS, []),
        ("shop.example.com", ("shop MX 10 mx.example.com",), ["would be lost"]),
        ("shop.example.com", ("shop MX 0 ",), []),
        ("example.com", (f"@ A {FOREIGN}", "@ MX 10 mx.example.com"), ["website", "Leave its MX records"]),
        ("shop.example.com", (), []),
    ],
    ids=["website", "wildcard", "ours", "mail", "null-mx", "apex-with-mail", "nothing"],
)
def test_warnings_before(host: str, lines: tuple[str, ...], words: list[str]) -> None:
    wanted = want(host)

    said = [str(each) for each in warnings_before(wanted, see(wanted, *lines))]

    assert len(said) == len(words)
    assert all(word in sentence for word, sentence in zip(words, said, strict=True))


# ---------------------------------------------------------------------------------------------------------- the paper


def test_manual_names_every_diagnosis_and_no_other() -> None:
    manual = (Path(__file__).parents[2] / "docs" / "operate" / "hosts.md").read_text(encoding="utf-8")
    table = manual.partition("## What is said")[2].partition("## Try it by hand")[0]
    named = {word for line in table.splitlines() if line.startswith("| ") for word in re.findall(r"`(\w+)`", line)}
    source = "".join(path.read_text(encoding="utf-8") for path in RULES)

    made = set(re.findall(r'key="(\w+)"|_(?:astray|wrong|other_target|waiting)\(\s*(?:scene,\s*)?"(\w+)"', source))
    made_otherwise = {"spreading", "absence_remembered", "code_at_doubled_name", "code_at_host", "code_at_other_name"}
    made_otherwise |= {f"certificate_{refusal}" for refusal in ("rate_limited", "unreachable", "caa", "refused")}

    assert {one or other for one, other in made} | made_otherwise == named


RULES = sorted((Path(__file__).parents[2] / "tenants").glob("diagnoses_of_*.py"))
