"""Each reason why an address cannot be has a sentence of its own."""

import pytest

from cms.address_faults import address_fault


@pytest.mark.parametrize("path", ["/", "/about", "/a/b-c/d/e4"])
def test_address_that_can_be_has_no_fault(path: str) -> None:
    assert address_fault(path) is None


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("", "fill this in"),
        ("about", "begins with a slash"),
        ("/reseller", "uses this address itself"),
        ("/robots.txt", "uses this address itself"),
        ("/\u0105\u0107 \u0119", "without accents"),
        ("/a_b", "without accents"),
        ("/a/b/c/d/e", "at most 4 steps"),
        ("/" + "a" * 120, "at most 120"),
    ],
)
def test_every_cause_has_its_sentence(path: str, said: str) -> None:
    assert said in str(address_fault(path))
