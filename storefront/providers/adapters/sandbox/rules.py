"""rule: how the sandbox registry decides about a name: ending, price, taken, premium, reserved, script, age."""

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from importlib import resources
from statistics import NormalDist
from typing import Any

from storefront.core.money import Money
from storefront.providers.ports.registrar import Action, Availability

CURRENCY = "EUR"
SCRIPTS = (
    *("taken", "premium", "reserved", "slow", "pending", "rejected", "lost", "available"),
    *("locked", "young", "denied", "quick"),
)
# Labels of names that other registrars have, whatever else their first word asks for.
HELD = frozenset({"taken", "locked", "young", "denied", "quick"})
ELSEWHERE = "-elsewhere"
SHORT = 2
P95_SIGMAS = NormalDist().inv_cdf(0.95)


@dataclass(frozen=True, kw_only=True)
class EndingRules:
    """How one ending behaves at the registry. Costs are euro cents a year."""

    ending: str
    register: int
    renew: int
    restore: int
    transfer: int
    register_years: tuple[int, ...]
    renew_years: tuple[int, ...]
    max_years_ahead: int
    min_length: int
    max_length: int
    short_names: bool
    idn: bool
    taken_percent: int
    premium: bool
    grace_days: int
    redemption_days: int
    pending_delete_days: int
    name_servers: tuple[int, int]
    transfer_years: int  # that come with a transfer
    transfer_begins_anew: bool  # whether they begin with the transfer instead of at the old end
    transfer_days: int  # that the registrar which has the name may take
    transfer_blocked_days: int  # after a registration
    transfer_needs_code: bool
    owner_in: frozenset[str]
    latency: Mapping[str, int]


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    return tomllib.loads((resources.files(__package__) / "data" / "registry.toml").read_text("utf-8"))


@lru_cache(maxsize=1)
def endings() -> Mapping[str, EndingRules]:
    """Return every ending that the sandbox sells."""
    return {ending: _rules(ending, own) for ending, own in _data()["endings"].items()}


def _profile(name: str) -> dict[str, Any]:
    own = _data()["profiles"][name]
    return {**(_profile(own["like"]) if "like" in own else {}), **own}


def _rules(ending: str, own: Mapping[str, Any]) -> EndingRules:
    found = {**_profile(own["profile"]), **_data()["transfers"].get(ending, {}), **own}
    for spent in ("profile", "like"):
        found.pop(spent, None)
    found.setdefault("renew", found["register"])
    found.setdefault("transfer", found["renew"])
    found["owner_in"] = frozenset(_data()["owner_in"][found["owner_in"]] if "owner_in" in found else ())
    found["latency"] = _data()["latencies"][found["latency"]]
    for listed in ("register_years", "renew_years", "name_servers"):
        found[listed] = tuple(found[listed])
    return EndingRules(ending=ending, **found)


def split(name: str) -> tuple[str, EndingRules | None]:
    """Return the label of a name and its ending's rules, the longest ending that fits."""
    parts = name.split(".")
    for start in range(1, len(parts)):
        rules = endings().get(".".join(parts[start:]))
        if rules:
            return ".".join(parts[:start]), rules
    return parts[0], None


def script(label: str) -> str:
    """Return what a scripted label such as ``lost-and-found`` asks for: ``lost``, else nothing."""
    word, dash, _ = label.partition("-")
    return word if dash and word in SCRIPTS else ""


def roll(text: str, sides: int = 100) -> int:
    """Throw a die whose result depends on the text alone: 0 to ``sides`` - 1."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest()) % sides


def fault(label: str, rules: EndingRules) -> str:
    """Say what is wrong with a label under an ending: ``shape``, ``length``, ``idn``, or nothing."""
    is_idn = label.startswith("xn--")
    if (
        not label
        or "." in label
        or not all(letter.isascii() and (letter.isalnum() or letter == "-") for letter in label)
    ):
        return "shape"
    if label != label.lower() or label[0] == "-" or label[-1] == "-" or (label[2:4] == "--" and not is_idn):
        return "shape"
    if is_idn and not rules.idn:
        return "idn"
    return "" if rules.min_length <= len(label) <= rules.max_length else "length"


def is_reserved(label: str, rules: EndingRules) -> bool:
    """Whether the registry never sells a label."""
    is_short = len(label) <= SHORT and not rules.short_names
    return script(label) == "reserved" or label in _data()["words"]["reserved"] or is_short


def is_taken(label: str, rules: EndingRules) -> bool:
    """Whether somebody else has had the name since before the sandbox began."""
    asked = script(label)
    if asked or label.endswith(ELSEWHERE):
        return asked in HELD or label.endswith(ELSEWHERE)
    if label in _data()["words"]["taken"]:
        return True
    return roll(f"taken {label}.{rules.ending}") < rules.taken_percent


def is_locked(label: str, rules: EndingRules) -> bool:
    """Whether the registrar that has a name keeps it locked: four of five, and those that say so."""
    asked = script(label)
    if asked or label.endswith(ELSEWHERE):
        return asked == "locked"
    return roll(f"locked {label}.{rules.ending}") < 80  # noqa: PLR2004 - percent


def auth_code(label: str) -> str:
    """Return the code that the holder of a name would get from the registrar that has it."""
    return f"CODE-{label}"


def premium_tier(label: str, rules: EndingRules) -> Mapping[str, Any] | None:
    """Return the price tier of a premium name, None for a standard one."""
    settings = _data()["premium"]
    is_wanted = rules.premium and (len(label) <= settings["up_to_letters"] or label in _data()["words"]["premium"])
    if script(label) != "premium" and not is_wanted:
        return None
    tiers: list[Mapping[str, Any]] = settings["tiers"]
    return tiers[roll(f"tier {label}.{rules.ending}", len(tiers))]


def cost(label: str, rules: EndingRules, action: Action, years: int) -> Money:
    """Return what an action costs a registrar, premium included."""
    tier = premium_tier(label, rules)
    standard = {Action.REGISTER: rules.register, Action.RENEW: rules.renew, Action.TRANSFER: rules.transfer}
    if action is Action.RESTORE:
        return Money(rules.restore, CURRENCY)
    first = standard[action]
    if tier is None:
        later = rules.renew
    else:
        renews = roll(f"renews {label}.{rules.ending}") < _data()["premium"]["renews_percent"]
        first = first if action is Action.RENEW and not renews else rules.renew * tier["times"]
        later = rules.renew * tier["times"] if renews else rules.renew
    return Money(first + later * (years - 1), CURRENCY)


def costs(label: str, rules: EndingRules) -> Mapping[Action, Mapping[int, Money]]:
    """Return every price of a name by action and years."""
    return {
        Action.REGISTER: {years: cost(label, rules, Action.REGISTER, years) for years in rules.register_years},
        Action.RENEW: {years: cost(label, rules, Action.RENEW, years) for years in rules.renew_years},
        Action.TRANSFER: {1: cost(label, rules, Action.TRANSFER, 1)},
        Action.RESTORE: {1: cost(label, rules, Action.RESTORE, 1)},
    }


def standard_costs(rules: EndingRules) -> Mapping[Action, Mapping[int, Money]]:
    """Return what names without a price of their own cost, by action and years."""
    return {
        Action.REGISTER: {
            years: Money(rules.register + rules.renew * (years - 1), CURRENCY) for years in rules.register_years
        },
        Action.RENEW: {years: Money(rules.renew * years, CURRENCY) for years in rules.renew_years},
        Action.TRANSFER: {1: Money(rules.transfer, CURRENCY)},
        Action.RESTORE: {1: Money(rules.restore, CURRENCY)},
    }


def standing(label: str, rules: EndingRules) -> Availability:
    """Say what a name is when nobody has registered it in the sandbox."""
    if fault(label, rules):
        return Availability.INVALID
    if is_reserved(label, rules):
        return Availability.RESERVED
    if is_taken(label, rules):
        return Availability.TAKEN
    return Availability.PREMIUM if premium_tier(label, rules) else Availability.AVAILABLE


def latency_s(name: str, rules: EndingRules | None) -> float:
    """Return how long the registry thinks about a name, the same each time; ``slow-`` labels take three seconds."""
    if rules is None:
        return 0.0
    if script(name.split(".", maxsplit=1)[0]) == "slow":
        return 3.0
    chance = (roll(f"latency {name}", 9_999) + 1) / 10_000
    shape = rules.latency
    if "median" not in shape:
        return (shape["from"] + chance * (shape["to"] - shape["from"])) / 1000
    sigma = math.log(shape["p95"] / shape["median"]) / P95_SIGMAS
    return float(shape["median"] * math.exp(sigma * NormalDist().inv_cdf(chance))) / 1000


def expires_after_transfer(expires_at: datetime, now: datetime, rules: EndingRules) -> datetime:
    """Return the end of a name's term once it has come here."""
    if rules.transfer_begins_anew:
        return years_later(now, rules.transfer_years)
    farthest = years_later(now, rules.max_years_ahead)
    return max(expires_at, min(years_later(expires_at, rules.transfer_years), farthest))


def phase(expires_at: datetime, now: datetime, rules: EndingRules) -> tuple[str, ...]:
    """Return the statuses of a domain by its age; empty when it has been released (RFC 3915)."""
    grace_until = expires_at + timedelta(days=rules.grace_days)
    redeemable_until = grace_until + timedelta(days=rules.redemption_days)
    if now < expires_at:
        return ("ok",)
    if now < grace_until:
        return ("autoRenewPeriod",)
    if now < redeemable_until:
        return ("pendingDelete", "redemptionPeriod")
    if now < redeemable_until + timedelta(days=rules.pending_delete_days):
        return ("pendingDelete",)
    return ()


def years_later(moment: datetime, years: int) -> datetime:
    """Return the same day some years on; 29 February becomes 28 February."""
    try:
        return moment.replace(year=moment.year + years)
    except ValueError:
        return moment.replace(year=moment.year + years, day=28)
