"""The gateway's pages: what is paid, to whom, the card form, the bank's question, the end."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from sqlalchemy import Row

from storefront.core.i18n import format_money, speaking
from storefront.core.money import Money
from storefront.providers.adapters.sandbox.cards import TEST_CARDS

FIELDS = ("number", "expiry", "code")


@lru_cache(maxsize=1)
def _words() -> dict[str, dict[str, str]]:
    return tomllib.loads((resources.files(__package__) / "data" / "words.toml").read_text("utf-8"))


@lru_cache(maxsize=1)
def _templates() -> Environment:
    loader = PackageLoader(__package__, "pages")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)


@lru_cache(maxsize=1)
def style() -> bytes:
    """Return the style sheet."""
    return (resources.files(__package__) / "pages" / "style.css").read_bytes()


def locale_of(wanted: str) -> str:
    """Return a language that the gateway speaks: the wanted one, else English."""
    language = wanted.replace("_", "-").partition("-")[0].lower()
    return language if language in _words() else "en"


def sentence(locale: str, key: str) -> str:
    """Return one of the gateway's sentences."""
    return _words()[locale_of(locale)][key]


def card_page(
    row: Row[Any], nonce: str, *, problem: str = "", wrong: str = "", typed: Mapping[str, str] | None = None
) -> str:
    """Draw the card form; ``problem`` is a key of the dictionary, ``typed`` what stays in the fields."""
    say, shared = _shared(row)
    kept = dict.fromkeys(FIELDS, "") | dict(typed or {})
    return (
        _templates()
        .get_template("pay.html")
        .render(
            shared,
            title=f"{say['title']} · {shared['shop']}",
            description=row.description,
            nonce=nonce,
            problem=say[problem] if problem else "",
            wrong=wrong,
            typed=kept,
            button=say["pay"].format(amount=shared["amount"]),
            cancel=say["cancel"].format(shop=shared["shop"]),
            cards=[(_grouped(number), say[f"card_{result}"]) for number, result in TEST_CARDS.items()],
        )
    )


def bank_page(row: Row[Any], nonce: str) -> str:
    """Draw the bank's question."""
    say, shared = _shared(row)
    return (
        _templates()
        .get_template("confirm.html")
        .render(
            shared,
            title=say["confirm_title"],
            nonce=nonce,
            text=say["confirm_text"].format(amount=shared["amount"], shop=shared["shop"], means=row.means),
            approve=say["approve"].format(amount=shared["amount"]),
        )
    )


def ended_page(row: Row[Any]) -> str:
    """Say how the payment ended, with the way back."""
    say, shared = _shared(row)
    return (
        _templates()
        .get_template("ended.html")
        .render(
            shared,
            title=say["ended"],
            heading=say[f"status_{row.status}"],
            text=say["ended"],
            return_url=row.return_url,
            back=say["back"].format(shop=shared["shop"]),
        )
    )


def missing_page(locale: str) -> str:
    """Say that there is no such payment."""
    say = _words()[locale_of(locale)]
    return (
        _templates()
        .get_template("ended.html")
        .render(
            locale=locale_of(locale),
            say=say,
            title=say["missing"],
            heading=say["missing"],
            text=say["missing_text"],
            return_url="",
        )
    )


def _shared(row: Row[Any]) -> tuple[Mapping[str, str], dict[str, Any]]:
    locale = locale_of(row.locale)
    say = _words()[locale]
    with speaking(locale):
        amount = format_money(Money(row.amount_minor, row.currency))
    shop = row.shop_name or say["shop"]
    return say, {"locale": locale, "say": say, "payment_id": row.id, "amount": amount, "shop": shop}


def _grouped(number: str) -> str:
    return " ".join(number[place : place + 4] for place in range(0, len(number), 4))
