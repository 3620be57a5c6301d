"""What is known of the shop for the list of what it still needs: one question to the database."""

from functools import cache
from typing import Any

from flask import g
from sqlalchemy import DateTime, ScalarSelect, Select, String, and_, bindparam, exists, func, select

from cms.legal_models import LegalEdition
from cms.models import Page, PageVersion
from storefront.catalog.models import Offer
from storefront.core.db import Work
from storefront.identity.models import LoginUser, Passkey
from storefront.identity.permissions import Role
from storefront.orders.lifecycle import ItemState
from storefront.orders.models import OrderItem
from storefront.pricing.models import Price, PriceList
from storefront.providers.connections import SANDBOX_REGISTRAR
from tenants.models import Host
from tenants.office_models import SupplierAccount
from tenants.readiness import Readiness, ShopFacts, SupplierState, readiness
from tenants.resellers import current_reseller
from tenants.supplier_words import NOT_ASKED, WAITING

COMPANY = ("legal_name", "street", "postcode", "city", "country", "email")


def shop_readiness(db: Work) -> Readiness:
    """Return what the shop of this request still needs; asked once a request."""
    if "readiness" not in g:
        g.readiness = readiness(read_shop_facts(db))
    found: Readiness = g.readiness
    return found


@cache
def _question() -> Select[Any]:
    """Every part is a look into an index that begins with the reseller; put together once, asked by many pages."""
    account = select(SupplierAccount).where(SupplierAccount.connection == SANDBOX_REGISTRAR).subquery()
    return select(
        _first_host(served=True).label("own_host"),
        _first_host(served=False).label("waiting_host"),
        _is_published("terms").label("has_terms"),
        _edition_of("terms").label("terms_edition"),
        _is_published("privacy").label("has_privacy"),
        _is_priced().label("is_priced"),
        exists(select(OrderItem.id).where(OrderItem.state == ItemState.ACTIVE)).label("is_tried"),
        _count(LoginUser, *_OWNERS).label("owners"),
        _count(LoginUser, *_OWNERS, *_BARE).label("bare_owners"),
        account.c.sealed,
        account.c.failing_since,
        account.c.tried_verdict,
    ).select_from(select(1).subquery().outerjoin(account, account.c.id.is_not(None)))


def read_shop_facts(db: Work) -> ShopFacts:
    """Read what is known of the shop."""
    reseller = current_reseller(db)
    row = db.execute(_question(), {"currency": reseller.currency, "now": db.now}).one()
    return ShopFacts(
        missing_company=tuple(name for name in COMPANY if not getattr(reseller, name)),
        is_vat_registered=reseller.is_vat_registered,
        vat_number=reseller.vat_number,
        iban=reseller.iban,
        takes_cards=True,  # the platform's gateway takes them for every shop
        sender_email=reseller.sender_email,
        is_sender_confirmed=reseller.sender_confirmed_at is not None,
        own_hosts=(row.own_host,) if row.own_host else (),
        waiting_host=row.waiting_host or "",
        has_terms=row.has_terms,
        terms_version=row.terms_edition or "",
        has_privacy=row.has_privacy,
        has_prices=row.is_priced,
        supplier=_supplier_state(sealed=row.sealed, failing_since=row.failing_since, tried=row.tried_verdict),
        has_logo=reseller.logo_light is not None,
        has_colours=bool(reseller.brand.get("brand")),
        has_carried_out_an_order=row.is_tried,
        owners=row.owners,
        owners_without_second_factor=row.bare_owners,
    )


_OWNERS = (LoginUser.kind == "staff", LoginUser.role == Role.OWNER.value, LoginUser.closed_at.is_(None))
_BARE = (
    LoginUser.totp_sealed == "",
    LoginUser.email_codes_at.is_(None),
    ~exists().where(and_(Passkey.reseller_id == LoginUser.reseller_id, Passkey.user_id == LoginUser.id)),
)


def _first_host(*, served: bool) -> ScalarSelect[Any]:
    is_served = (Host.state == "active") & Host.serves_at.is_not(None)
    own = select(Host.name).where(Host.is_platform_name.is_(False), Host.state != "detached")
    return own.where(is_served if served else ~is_served).order_by(Host.name).limit(1).scalar_subquery()


def _is_published(key: str) -> Any:
    live = select(PageVersion.id).join(
        Page, (Page.id == PageVersion.page_id) & (Page.reseller_id == PageVersion.reseller_id)
    )
    return exists(live.where(Page.key == key, PageVersion.state == "published"))


def _edition_of(key: str) -> ScalarSelect[Any]:
    """Name the edition of a legal document that is in view."""
    live = select(LegalEdition.label).join(
        PageVersion, (PageVersion.edition_id == LegalEdition.id) & (PageVersion.reseller_id == LegalEdition.reseller_id)
    )
    own = live.join(Page, (Page.id == PageVersion.page_id) & (Page.reseller_id == PageVersion.reseller_id))
    latest = own.where(Page.key == key, PageVersion.state == "published").order_by(LegalEdition.in_force_at.desc())
    return latest.limit(1).scalar_subquery()


def _is_priced() -> Any:
    """Whether an ending on offer has a price for its first year in the list that holds now."""
    currency, now = bindparam("currency", type_=String), bindparam("now", type_=DateTime(timezone=True))
    current = (
        select(PriceList.id)
        .where(PriceList.currency == currency, PriceList.published_at.is_not(None), PriceList.starts_at <= now)
        .order_by(PriceList.starts_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    same = and_(Price.reseller_id == Offer.reseller_id, Price.ending == Offer.ending, Price.action == "register")
    on_sale = select(Offer.id).join(Price, same).where(Offer.is_offered.is_(True), Price.price_list_id == current)
    return exists(on_sale)


def _supplier_state(*, sealed: str | None, failing_since: object, tried: str | None) -> SupplierState:
    if sealed:
        return SupplierState.FAILING if failing_since else SupplierState.ACCEPTED
    if tried in (WAITING, NOT_ASKED):
        return SupplierState.WAITING
    return SupplierState.REFUSED if tried else SupplierState.NONE


def _count(model: Any, *conditions: Any) -> ScalarSelect[int]:
    return select(func.count()).select_from(model).where(*conditions).scalar_subquery()
