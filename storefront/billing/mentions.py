"""rule: what a seller's country wants on papers beside VAT."""

from collections.abc import Mapping
from typing import Final

from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _

# France: code de commerce, articles L441-9 (what an invoice says of payment), L441-10 (interest at the rate of the
# European Central Bank and ten points where nothing else is agreed) and D441-5 (40 EUR for the costs of recovery).
_TO_TRADERS: Final[Mapping[str, tuple[Text, ...]]] = {
    "FR": (
        _(
            "Payable in advance, without discount for early payment. Late payment: interest at the rate of the "
            "European Central Bank plus 10 percentage points, and a fixed sum of €40 for the costs of recovery "
            "(articles L441-10 and D441-5 of the French Commercial Code)."
        ),
    ),
}


def mentions_to_traders(seller_country: str, *, is_consumer: bool) -> tuple[Text, ...]:
    """Return the sentences that papers between traders need; a consumer's have none of them."""
    return () if is_consumer else _TO_TRADERS.get(seller_country, ())
