"""Why a supplier refused: said by what was asked for, to customers and to staff."""

import pytest

from storefront.core.i18n import speaking
from storefront.provisioning.refusals import refusal
from storefront.web.operation_words import reason_words

CASES = [("register", "this registration."), ("transfer", "this transfer.")]


@pytest.mark.parametrize(("kind", "words"), CASES)
def test_same_answer_is_said_by_what_was_asked_for(kind: str, words: str) -> None:
    with speaking("en"):
        assert str(refusal("policy", kind)).endswith(words)
        assert str(reason_words("policy", kind)).endswith(words)


def test_staff_read_a_code_without_words_as_it_is_and_customers_a_sentence() -> None:
    with speaking("en"):
        assert reason_words("never_heard_of") == "never_heard_of"
        assert refusal("never_heard_of") == "The registry refused the registration."
