"""What an ending asks for, in sentences: every shipped ending has them, in every language without a gap."""

from dataclasses import replace
from datetime import date

import pytest

from storefront.catalog.ending_facts import ending_sections, needs_something
from storefront.catalog.tld_records import shipped_rules
from storefront.catalog.tlds import TldRules
from storefront.core.i18n import LOCALES, speaking

DAY = date(2026, 11, 22)
SECTIONS = ["terms", "holders", "transfer", "owner", "end", "technical"]
RULES = shipped_rules(DAY)


def told(rules: TldRules, *, for_office: bool = False) -> str:
    with speaking("en"):
        return " ".join(
            str(each) for section in ending_sections(rules, for_office=for_office) for each in section.sentences
        )


@pytest.mark.parametrize("locale", LOCALES)
def test_every_ending_is_told_in_every_language(locale: str) -> None:
    with speaking(locale):
        for rules in RULES.values():
            sections = ending_sections(rules, for_office=True)
            assert [section.key for section in sections] == [
                "terms",
                "holders",
                "transfer",
                "owner",
                "end",
                "technical",
            ]
            assert all(str(each).strip() and "%(" not in str(each) for one in sections for each in one.sentences)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"register_years": (1,), "renew_years": (1,)}, "Registered for one year. Renewed for one year at a time."),
        ({"register_years": (2,)}, "Registered for 2 years."),
        ({"max_years_ahead": 10}, "Never paid further than 10 years ahead."),
        ({"registrant_kinds": ("company",)}, "Only for: companies."),
        ({"eligible_countries": frozenset({"FI"}), "citizens_eligible": True}, "live in or are citizens"),
        ({"eligible_countries": frozenset({"FI"})}, "organisations in certain countries"),
        ({"phone_required": True}, "A phone number is required."),
        ({"renew_grace_days": 0}, "It must be renewed before the last day is over."),
        ({"renew_grace_days": 1}, "at the normal price for one more day"),
        ({"may_restore": False}, "After that it cannot be got back."),
        ({"transfer_blocked_days_after_create": 60}, "Not possible within 60 days"),
        ({"nameservers_checked": True}, "They are checked"),
    ],
)
def test_each_rule_has_its_sentence(change: dict[str, object], sentence: str) -> None:
    assert sentence in told(replace(RULES["com"], **change))  # type: ignore[arg-type]  # any field of the rules


def test_office_reads_more_than_customers() -> None:
    rules = replace(RULES["com"], renew_lead_days=3)

    assert "Our command must be out 3 days before the end." in told(rules, for_office=True)
    assert "Our command" not in told(rules)
    assert "gives the price back" not in told(rules)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, False),
        ({"notes": ("https_only",)}, False),
        ({"notes": ("local_link",)}, True),
        ({"extra_fields": ("fi_business_id",)}, True),
        ({"eligible_countries": frozenset({"FI"})}, True),
        ({"registrant_kinds": ("individual",)}, True),
    ],
)
def test_what_asks_for_more_is_marked(change: dict[str, object], *, expected: bool) -> None:
    assert needs_something(replace(RULES["com"], **change)) is expected  # type: ignore[arg-type]  # any field
