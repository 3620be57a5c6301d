"""Which words of which table carry a mark: every free text of every table whose rows belong to a shop."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import String, Table

from storefront.core.db import Base
from storefront.core.scope import Owned

# What a search for a mark must find, and nothing else may contain.
PREFIX = "zq"

# Words that are not free: states, kinds, languages, keys of a list. Every other text column carries a mark.
NOT_FREE: Mapping[str, frozenset[str]] = {
    "advert": frozenset({"picture", "link"}),
    "announcement_read": frozenset(),
    "audit_entry": frozenset({"actor_kind", "subject_kind"}),
    "brand_version": frozenset({"state"}),
    "cart": frozenset({"token_hash"}),
    "cart_item": frozenset({"action", "ending", "auth_code_sealed", "currency", "amounts"}),
    "consent": frozenset({"kind", "locale"}),
    "contact": frozenset({"kind", "country", "phone"}),
    "cost_warning": frozenset(),
    "credit_account": frozenset({"currency"}),
    "credit_entry": frozenset({"ledger", "kind", "currency"}),
    "customer": frozenset({"kind", "country", "phone", "locale", "vat_check", "vat_number"}),
    "document": frozenset({"kind", "state", "currency", "locale", "pdf_digest"}),
    "document_number": frozenset({"kind", "period"}),
    "draft_link": frozenset({"locale"}),
    "domain": frozenset({"ending", "connection"}),
    "foreign_try": frozenset(),
    "frame": frozenset({"kind"}),
    "frame_check": frozenset({"kind", "light"}),
    "frame_count": frozenset({"what"}),
    "frame_place": frozenset(),
    "frame_site": frozenset({"state", "proof"}),
    "frame_ticket": frozenset({"what"}),
    "frame_token": frozenset(),
    "host": frozenset({"name", "state", "purpose", "preview_hash"}),
    "edition_notice": frozenset(),
    "job": frozenset({"name", "queue", "state"}),
    "legal_document": frozenset({"kind"}),
    "legal_edition": frozenset(),
    "login_session": frozenset({"token_hash", "csrf_seed", "host"}),
    "login_user": frozenset({"kind", "role", "locale", "password_hash", "totp_sealed"}),
    "media_file": frozenset({"kind", "digest"}),
    "menu": frozenset({"place", "locale"}),
    "message": frozenset({"letter", "channel", "locale", "sealed", "state"}),
    "news_category": frozenset(),
    "offer": frozenset({"ending"}),
    "operation": frozenset({"kind", "connection", "state", "cost_currency", "error_code"}),
    "order_item": frozenset({"action", "ending", "state", "failure", "auth_code_sealed", "currency"}),
    "outbox_event": frozenset({"name"}),
    "page": frozenset(),
    "page_version": frozenset({"locale", "state"}),
    "passkey": frozenset({"credential", "public_key", "host"}),
    "payment": frozenset({"connection", "state", "currency"}),
    "payment_notice": frozenset({"connection", "outcome"}),
    "group_price": frozenset({"kind", "ending", "action"}),
    "margin_rule": frozenset(),
    "price": frozenset({"kind", "ending", "action"}),
    "price_group": frozenset({"line"}),
    "price_import": frozenset({"state"}),
    "price_list": frozenset({"line", "currency", "amounts"}),
    "price_seen": frozenset({"kind", "ending", "action", "currency", "amounts"}),
    "product": frozenset({"kind"}),
    "promotion": frozenset({"state", "currency"}),
    "promotion_code": frozenset(),
    "promotion_use": frozenset({"state"}),
    "purchase_order": frozenset({"state", "currency", "locale", "pays_by"}),
    "redirect": frozenset(),
    "secret_code": frozenset({"purpose", "code_hash"}),
    "site_move": frozenset({"kind", "state", "digest", "beside_digest"}),
    "staff_invitation": frozenset({"role", "locale", "token_hash"}),
    "supplier_account": frozenset({"connection", "sealed", "verdict", "tried_sealed", "tried_verdict"}),
    "tld_group": frozenset(),
    "visitor_message": frozenset({"block_id", "locale"}),
}


def owned_tables() -> list[Table]:
    """Every table whose rows belong to a reseller and are mapped as such."""
    names = {row.class_.__tablename__ for row in Base.registry.mappers if Owned in row.class_.__mro__}
    return [Base.metadata.tables[name] for name in sorted(names)]


def mark_of(shop: str, person: str = "") -> str:
    """What every word of somebody carries: ``zqsouthpera``, and of a shop: ``zqsouthshop``."""
    return f"{PREFIX}{shop}{f'per{person}' if person else 'shop'}"


# Logs and ledgers cannot be changed: their rows are written with the mark, or carry none.
APPENDED = frozenset({"audit_entry", "credit_entry", "consent", "price_seen"})
UNIQUE = frozenset({"code", "number", "event_id", "login_key", "key", "slug"})


def free_columns(table: Table) -> list[Any]:
    """The text columns of a table that carry a mark."""
    return [
        column
        for column in table.columns
        if isinstance(column.type, String) and column.name not in NOT_FREE[table.name]
    ]
