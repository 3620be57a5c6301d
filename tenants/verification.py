"""rule: whether a host name leads here and is its reseller's, and what to do when not: the Domain Doctor."""

from datetime import datetime

from storefront.core.i18n import Text
from tenants.dns_answers import Answer, Found, Kind
from tenants.findings import CertificateFacts, Facts, Finding, Light, RecordState, State, Verdict
from tenants.wanted_records import Wanted, WantedRecord, wanted_records

__all__ = [
    "Answer", "CertificateFacts", "Facts", "Finding", "Found", "Kind", "Light", "RecordState", "State", "Verdict",
    "Wanted", "WantedRecord", "judge", "record_states", "wanted_records", "warnings_before",
]  # fmt: skip


def judge(wanted: Wanted, found: Found, now: datetime, certificate: CertificateFacts | None = None) -> Verdict:
    """Say of each light what colour it has, why, and what to do."""
    raise NotImplementedError


def record_states(wanted: Wanted, found: Found) -> list[RecordState]:
    """Compare each wanted record with what the world sees, and name those that must go."""
    raise NotImplementedError


def warnings_before(wanted: Wanted, found: Found) -> list[Text]:
    """Say what is lost when this name is taken over: a website that answers today, mail that is received."""
    raise NotImplementedError
