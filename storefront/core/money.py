"""Money in minor units, rounding, splitting without losing a grosz."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import total_ordering

# ISO 4217: how many digits stand behind the point. Anything not listed has two.
EXPONENTS = {"HUF": 2, "JPY": 0, "KRW": 0, "ISK": 0, "BHD": 3, "KWD": 3, "TND": 3}


class CurrencyMismatch(ValueError):
    """Two amounts of different currencies met in one sum."""


def exponent(currency: str) -> int:
    """Return the digits behind the point of a currency (ISO 4217)."""
    return EXPONENTS.get(currency, 2)


def round_half_up(value: Decimal) -> int:
    """Round to a whole number of minor units, halves away from zero."""
    return int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP))


@total_ordering
@dataclass(frozen=True, slots=True)
class Money:
    """An amount in one currency, counted in its smallest unit."""

    minor: int
    currency: str

    @classmethod
    def of(cls, amount: str | Decimal | int, currency: str) -> "Money":
        """Read a decimal amount such as ``"10.90"``; more digits than the currency has raise ``ValueError``."""
        scaled = Decimal(amount).scaleb(exponent(currency))
        if scaled != scaled.to_integral_value():
            message = f"{amount} has more digits than {currency} allows"
            raise ValueError(message)
        return cls(int(scaled), currency)

    @classmethod
    def zero(cls, currency: str) -> "Money":
        """Nothing, in a currency."""
        return cls(0, currency)

    @property
    def decimal(self) -> Decimal:
        """The amount as people write it."""
        return Decimal(self.minor).scaleb(-exponent(self.currency))

    def _same(self, other: "Money") -> None:
        if self.currency != other.currency:
            message = f"{self.currency} and {other.currency} do not add up"
            raise CurrencyMismatch(message)

    def __add__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.minor - other.minor, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __lt__(self, other: "Money") -> bool:
        self._same(other)
        return self.minor < other.minor

    def __bool__(self) -> bool:
        return self.minor != 0

    def __str__(self) -> str:
        return f"{self.decimal} {self.currency}"

    def times(self, rate: Decimal | int) -> "Money":
        """Multiply and round half up; this and ``over`` are the only places that round."""
        return Money(round_half_up(Decimal(self.minor) * rate), self.currency)

    def over(self, rate: Decimal | int) -> "Money":
        """Divide and round half up: one division, because the reciprocal of a rate is not exact (0.03 / 1.2)."""
        return Money(round_half_up(Decimal(self.minor) / rate), self.currency)

    def split(self, weights: Sequence[int]) -> list["Money"]:
        """Share out by weight, the remainder going to the largest remainders, so that the parts sum to the whole."""
        whole = sum(weights)
        if whole <= 0 or any(weight < 0 for weight in weights):
            message = "weights must be positive"
            raise ValueError(message)
        sign = -1 if self.minor < 0 else 1
        amount = abs(self.minor)
        parts = [amount * weight // whole for weight in weights]
        rest = sorted(range(len(weights)), key=lambda i: (-(amount * weights[i] % whole), i))
        for i in rest[: amount - sum(parts)]:
            parts[i] += 1
        return [Money(sign * part, self.currency) for part in parts]


def total(amounts: Iterable[Money], currency: str) -> Money:
    """Add up amounts of one currency; an empty sum is zero of it."""
    result = Money.zero(currency)
    for amount in amounts:
        result += amount
    return result
