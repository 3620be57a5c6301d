"""/reseller/why: why something costs what it costs, for any customer, moment and code."""

from dataclasses import fields

from flask import Blueprint, Response, g, request
from flask_login import current_user

from storefront.core.errors import Refused
from storefront.core.i18n import Text
from storefront.identity.permissions import Permission, can
from storefront.pricing.groups import price_groups
from storefront.reseller.why_facts import Answer, Question, answer
from storefront.web.guards import reads
from storefront.web.price_words import ACTIONS
from storefront.web.rendering import page

bp = Blueprint("why", __name__, url_prefix="/why")

LONGEST = 254


@bp.get("")
@reads(Permission.PRICING_READ)
def show() -> Response:
    """Ask about a price, and read it step by step: ``?name=&action=&years=&customer=&group=&code=&at=``."""
    asked = _asked()
    found: Answer | None = None
    refused: dict[str, Text] = {}
    if asked.name:
        try:
            found = answer(g.db, asked)
        except Refused as no:
            refused = {no.field or "name": no.message}
    return page(
        asked=asked,
        answer=found,
        refused=refused,
        actions=ACTIONS,
        groups=[(str(summary.group.id), summary.group.name) for summary in price_groups(g.db)],
        may_name_customers=_may_name_customers(),
    )


def _asked() -> Question:
    typed = {each.name: request.args.get(each.name, "")[:LONGEST].strip() for each in fields(Question)}
    kept = {name: "".join(filter(str.isprintable, value)) for name, value in typed.items() if value}
    if not _may_name_customers():
        kept.pop("customer", None)
    return Question(**kept)


def _may_name_customers() -> bool:
    return can(current_user.role, Permission.CUSTOMERS_READ, kind=current_user.kind)
