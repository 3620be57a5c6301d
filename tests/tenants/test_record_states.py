"""The table beside the lights."""

from tenants.record_states import record_states
from tests.dns_found import CODE, EDGE, FOREIGN, FOREIGN6, OURS, OURS6, see, want

CODE_LINE = f"_shop-challenge.shop TXT {CODE}"


def states(*lines: str, host: str = "shop.example.com") -> list[tuple[str, str, str, tuple[str, ...]]]:
    wanted = want(host)
    return [(each.state, each.type, each.relative, each.seen) for each in record_states(wanted, see(wanted, *lines))]


def test_everything_right() -> None:
    assert states(f"shop CNAME {EDGE}", f"shop A {EDGE} > {OURS}", CODE_LINE) == [
        ("right", "CNAME", "shop", (EDGE,)),
        ("right", "TXT", "_shop-challenge.shop", (CODE,)),
        ("right", "CAA", "@", ()),
    ]


def test_address_instead_of_an_alias_is_changed_and_the_other_deleted() -> None:
    assert states(f"shop A {FOREIGN}", f"shop AAAA {FOREIGN6}", CODE_LINE)[:2] == [
        ("change", "CNAME", "shop", (FOREIGN,)),
        ("delete", "AAAA", "shop", (FOREIGN6,)),
    ]


def test_other_alias_is_changed() -> None:
    found = states("shop CNAME shops.other.com", f"shop A shops.other.com > {FOREIGN}")

    assert found[0] == ("change", "CNAME", "shop", ("shops.other.com",))
    assert [state for state, *_rest in found] == ["change", "add", "right"]


def test_nothing_there_is_added() -> None:
    assert [state for state, *_rest in states()] == ["add", "add", "right"]


def test_apex_with_a_foreign_address_beside_ours() -> None:
    assert states(f"@ A {OURS}", f"@ A {FOREIGN}", f"@ AAAA {OURS6}", host="example.com")[:3] == [
        ("right", "A", "@", (OURS,)),
        ("right", "AAAA", "@", (OURS6,)),
        ("delete", "A", "@", (FOREIGN,)),
    ]


def test_alias_at_an_apex_is_deleted() -> None:
    found = states(f"@ CNAME {EDGE}", f"@ A {EDGE} > {OURS}", host="example.com")

    assert ("delete", "CNAME", "@", (EDGE,)) in found


def test_what_a_wildcard_answers_needs_no_deleting() -> None:
    assert [state for state, *_rest in states(f"*shop A {FOREIGN}")] == ["add", "add", "right"]


def test_silence_is_not_absence() -> None:
    found = states("shop A !failed timeout", "shop AAAA !failed timeout", "_shop-challenge.shop TXT !failed timeout")

    assert [state for state, *_rest in found][:2] == ["could_not_ask", "could_not_ask"]


def test_caa_that_forbids_is_changed_where_it_stands() -> None:
    assert states("@ CAA 0 issue sectigo.com")[-1] == ("change", "CAA", "@", ("0 issue sectigo.com",))
