"""Which authorities may issue: RFC 8659 and RFC 8657, case by case."""

import pytest

from tenants.caa import Caa, climb, may_issue, parse_caa, relevant

OURS = "letsencrypt.org"


def caa(*texts: str) -> list[Caa]:
    return [found for text in texts if (found := parse_caa(text))]


@pytest.mark.parametrize(
    ("records", "may"),
    [
        ((), True),
        (("0 issue letsencrypt.org",), True),
        (("0 issue LetsEncrypt.org.",), True),
        (("0 issue sectigo.com",), False),
        (("0 issue sectigo.com", "0 issue letsencrypt.org"), True),
        (("0 issue ;",), False),
        (("0 issue ",), False),
        (("0 iodef mailto:security@example.com",), True),
        (("0 issuewild ;",), True),
        (("0 issuewild sectigo.com",), True),
        (("0 issuewild letsencrypt.org", "0 issue ;"), False),
        (("128 issue letsencrypt.org",), True),
        (("128 something-new yes",), False),
        (("0 something-new yes",), True),
        (("128 iodef mailto:a@example.com",), True),
        (("0 issue letsencrypt.org; validationmethods=http-01,dns-01",), True),
        (("0 issue letsencrypt.org; validationmethods=dns-01",), False),
        (("0 issue letsencrypt.org; accounturi=https://acme.example/1",), True),
        (("0 issuemail ;",), True),
    ],
)
def test_who_may_issue(records: tuple[str, ...], *, may: bool) -> None:
    assert may_issue(caa(*records), OURS) is may


def test_nearest_name_with_records_decides() -> None:
    records = {"shop.example.com": (), "example.com": ("0 issue sectigo.com",), "com": ("0 issue letsencrypt.org",)}

    place, found = relevant("shop.example.com", lambda name: records[name])

    assert place == "example.com"
    assert [record.issuer for record in found] == ["sectigo.com"]


def test_records_of_a_host_hide_those_above() -> None:
    records = {"shop.example.com": ("0 iodef mailto:a@example.com",), "example.com": ("0 issue ;",), "com": ()}

    _place, found = relevant("shop.example.com", lambda name: records[name])

    assert may_issue(found, OURS)


def test_climb_ends_below_the_root() -> None:
    assert climb("a.shop.example.com") == ["a.shop.example.com", "shop.example.com", "example.com", "com"]


@pytest.mark.parametrize("text", ["", "issue", "x issue y"])
def test_what_is_no_record_is_left_out(text: str) -> None:
    assert parse_caa(text) is None
