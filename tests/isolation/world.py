"""Two shops full of rows whose every word carries a mark, and the people who look at them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import String, Table, func, literal, select, union_all, update
from sqlalchemy.dialects.postgresql import aggregate_order_by
from werkzeug.test import TestResponse

from cms.models import Menu, Page, PageVersion
from storefront.app import create_app
from storefront.billing.issue import LineTerms, ProformaTerms, issue_proforma
from storefront.billing.models import Document, Payment, PaymentNotice
from storefront.core import ids
from storefront.core.audit import AuditEntry
from storefront.core.config import Config
from storefront.core.db import Base, Database, Work
from storefront.core.jobs import Job
from storefront.core.money import Money
from storefront.core.outbox import OutboxEvent
from storefront.core.scope import Owned
from storefront.core.text import LocalizedText
from storefront.customers.models import Consent, Customer
from storefront.identity.models import LoginUser, SecretCode
from storefront.identity.sessions import begin_session
from storefront.notifications.models import Message
from storefront.orders.models import Cart, CartItem, OrderItem, PurchaseOrder
from storefront.portfolio.models import Domain
from storefront.provisioning.models import Operation
from storefront.web.forms import token_for
from storefront.web.sessions import SESSION_COOKIE
from tenants.models import Reseller
from tests import factories
from tests.fixtures_app import Shop, open_shops

# What a search for a mark must find, and nothing else may contain.
PREFIX = "zq"

# Words that are not free: states, kinds, languages, keys of a list. Every other text column carries a mark.
NOT_FREE: Mapping[str, frozenset[str]] = {
    "audit_entry": frozenset({"actor_kind", "subject_kind"}),
    "cart": frozenset({"token_hash"}),
    "cart_item": frozenset({"action", "ending", "auth_code_sealed", "currency", "amounts"}),
    "consent": frozenset({"kind", "locale"}),
    "contact": frozenset({"kind", "country", "phone"}),
    "credit_account": frozenset({"currency"}),
    "credit_entry": frozenset({"ledger", "kind", "currency"}),
    "customer": frozenset({"kind", "country", "phone", "locale", "vat_check", "vat_number"}),
    "document": frozenset({"kind", "state", "currency", "locale", "pdf_digest"}),
    "document_number": frozenset({"kind", "period"}),
    "domain": frozenset({"ending", "connection"}),
    "host": frozenset({"name", "state"}),
    "job": frozenset({"name", "queue", "state"}),
    "login_session": frozenset({"token_hash", "csrf_seed", "host"}),
    "login_user": frozenset({"kind", "role", "locale", "password_hash", "totp_sealed"}),
    "menu": frozenset({"place", "locale"}),
    "message": frozenset({"letter", "channel", "locale", "sealed", "state"}),
    "offer": frozenset({"ending"}),
    "operation": frozenset({"kind", "connection", "state", "cost_currency", "error_code"}),
    "order_item": frozenset({"action", "ending", "state", "failure", "auth_code_sealed", "currency"}),
    "outbox_event": frozenset({"name"}),
    "page": frozenset(),
    "page_version": frozenset({"locale", "state"}),
    "payment": frozenset({"connection", "state", "currency"}),
    "payment_notice": frozenset({"connection", "outcome"}),
    "price": frozenset({"ending", "action"}),
    "price_list": frozenset({"currency", "amounts"}),
    "purchase_order": frozenset({"state", "currency", "locale", "pays_by"}),
    "secret_code": frozenset({"purpose", "code_hash"}),
    "tld_group": frozenset(),
}


def owned_tables() -> list[Table]:
    """Every table whose rows belong to a reseller and are mapped as such."""
    names = {row.class_.__tablename__ for row in Base.registry.mappers if Owned in row.class_.__mro__}
    return [Base.metadata.tables[name] for name in sorted(names)]


@dataclass(frozen=True, kw_only=True)
class Person:
    """A customer with everything that can be theirs; ``ids`` by the name a route's parameter has."""

    mark: str
    customer_id: UUID
    user_id: UUID
    ids: dict[str, UUID] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Estate:
    """A shop with two customers and staff. ``ids`` are those of the shop itself."""

    shop: Shop
    first: Person
    second: Person
    staff: dict[str, UUID]
    ids: dict[str, UUID]

    def id_of(self, parameter: str) -> UUID:
        """The id that a route's parameter has for the first customer, else for the shop."""
        return self.first.ids.get(parameter) or self.ids[parameter]


@dataclass(frozen=True, kw_only=True)
class World:
    """Both estates, the platform with its operators, and the application."""

    app: Flask
    database: Database
    north: Estate
    south: Estate
    platform: Shop
    operator_id: UUID
    known: dict[str, "Browser"] = field(default_factory=dict)

    def browser(self, role: str) -> "Browser":
        """Open a browser for one of ROLES at the shop in the north, or at the platform for operators.

        Browsers of one role share a session; whoever ends it on purpose takes one from ``signed_in``.
        """
        if role not in self.known:
            self.known[role] = ROLES[role](self)
        known = self.known[role]
        fresh = Browser(client=self.app.test_client(), shop=known.shop, token=known.token, secret=known.secret)
        if known.secret:
            fresh.client.set_cookie(SESSION_COOKIE, known.secret, domain=known.shop.host, secure=True)
        return fresh


def mark_of(shop: str, person: str = "") -> str:
    """What every word of somebody carries: ``zqsouthpera``, and of a shop: ``zqsouthshop``."""
    return f"{PREFIX}{shop}{f'per{person}' if person else 'shop'}"


def furnish(db: Work, shop: Shop) -> Estate:
    """Fill a shop that factories have opened and stocked; every free text carries the mark."""
    slug = shop.host.partition(".")[0]
    mark = mark_of(slug)
    staff = {
        role: factories.make_user(
            db, kind="staff", role=role, login=f"{mark}{role}", name=f"{mark} {role}", email=f"{mark}{role}@x.test"
        ).id
        for role in ("owner", "read_only")
    }
    of_shop = _shop_rows(db, mark)
    first, second = _person(db, slug, "a"), _person(db, slug, "b")
    of_shop["staff_id"] = staff["read_only"]
    of_shop["reseller_id"] = shop.id
    db.flush()
    _mark_rows(db, mark)
    return Estate(shop=shop, first=first, second=second, staff=staff, ids=of_shop)


def _shop_rows(db: Work, mark: str) -> dict[str, UUID]:
    page = db.add(Page(key=mark, created_at=db.now))
    db.flush()
    db.add(
        PageVersion(
            page_id=page.id,
            locale="en",
            path=f"/{mark}",
            title=mark,
            description=mark,
            blocks=[],
            state="published",
            edited_at=db.now,
            published_at=db.now,
        )
    )
    db.add(Menu(place="footer", locale="en", items=[]))
    job = db.add(
        Job(name="render_document", argument=mark, queue="soon", state="stuck", next_at=db.now, error=f"{mark} error")
    )
    db.add(
        PaymentNotice(connection="card", event_id=mark, payload={"mark": mark}, received_at=db.now, outcome="captured")
    )
    db.add(
        AuditEntry(
            at=db.now,
            action=f"{mark}.done",
            actor_kind="staff",
            actor_id=None,
            actor_name=mark,
            address=mark,
            subject_kind="",
            subject_id=None,
            difference={"mark": [mark, mark]},
        )
    )
    db.add(
        OutboxEvent(
            name="nobody.listens",
            version=1,
            payload={"mark": mark},
            actor={"name": mark},
            occurred_at=db.now,
            handed_at=db.now,
        )
    )
    db.flush()
    return {"page_id": page.id, "job_id": job.id}


def _person(db: Work, slug: str, letter: str) -> Person:
    mark = mark_of(slug, letter)
    customer = factories.make_customer(
        db,
        given=f"{mark}given",
        family=f"{mark}family",
        street=f"{mark}street 1",
        street2=f"{mark}street2",
        city=f"{mark}city",
        postcode="00500",
        region=f"{mark}region",
        orgname=f"{mark}org",
        company_number=f"{mark}number",
        email=f"{mark}@example.test",
        email_key=f"{mark}@example.test",
        sort_key=f"{mark}family",
        kind="company",
    )
    user = factories.make_user(db, customer=customer, login=mark, name=f"{mark} name")
    contact = factories.make_contact(db, customer, is_default=False, region=f"{mark}region", street2=f"{mark}street2")
    factories.make_contact(db, customer)
    found = {"customer_id": customer.id, "user_id": user.id, "contact_id": contact.id}
    found |= _order(db, mark, customer, contact.id)
    found |= _cart(db, mark, user.id)
    found |= _traces(db, mark, customer, user)
    return Person(mark=mark, customer_id=customer.id, user_id=user.id, ids=found)


def _order(db: Work, mark: str, customer: Customer, contact_id: UUID) -> dict[str, UUID]:
    price = Money(1090, "EUR")
    order = db.add(
        PurchaseOrder(
            code=mark,
            once_key=mark,
            customer_id=customer.id,
            state="processing",
            currency="EUR",
            total_minor=price.minor,
            locale="en",
            is_consumer=False,
            agreed={"mark": mark},
            pays_by="bank",
            placed_at=db.now,
        )
    )
    db.flush()
    name = f"{mark}.com"
    item = db.add(
        OrderItem(
            order_id=order.id,
            position=0,
            action="register",
            name_ascii=name,
            name_unicode=name,
            ending="com",
            years=1,
            state="failed",
            failure="name_taken",
            contact_id=contact_id,
            registrant={"given": f"{mark}given", "family": f"{mark}family"},
            price_minor=price.minor,
            net_minor=price.minor,
            currency="EUR",
        )
    )
    domain = db.add(
        Domain(
            customer_id=customer.id,
            contact_id=contact_id,
            name_ascii=name,
            name_unicode=name,
            ending="com",
            connection="sandbox",
            supplier_reference=mark,
            registered_at=db.now,
            paid_until=db.now + timedelta(days=30),
            registry_expires_at=db.now + timedelta(days=30),
            nameservers=[f"ns1.{mark}.test"],
        )
    )
    proforma = issue_proforma(
        db,
        ProformaTerms(
            customer=customer,
            lines=[LineTerms(title=f"Registration of {name}", price=price)],
            amounts="gross",
            shop_percent=Decimal("25.5"),
            locale="en",
            order_id=order.id,
            order_code=order.code,
        ),
    )
    copied = ("customer_id", "currency", "net_minor", "vat_minor", "gross_minor", "locale", "facts", "issued_on")
    invoice = db.add(
        Document(
            kind="invoice",
            number=f"{mark}invoice",
            state="paid",
            order_id=order.id,
            proforma_id=proforma.id,
            issued_at=db.now,
            **{name: getattr(proforma, name) for name in copied},
        )
    )
    payment = db.add(
        Payment(
            proforma_id=proforma.id,
            connection="card",
            supplier_reference=mark,
            leave_url=f"https://{mark}.test/",
            state="pending",
            amount_minor=price.minor,
            currency="EUR",
            started_at=db.now,
            reason=mark,
        )
    )
    db.flush()
    operation = db.add(
        Operation(
            kind="register",
            connection="sandbox",
            subject=name,
            natural_key=f"create:{name}",
            order_item_id=item.id,
            wish={"mark": mark},
            state="manual",
            supplier_reference=mark,
            cost_minor=820,
            cost_currency="EUR",
            error=f"{mark} error",
            requested_at=db.now,
        )
    )
    db.flush()
    return {
        "order_id": order.id,
        "domain_id": domain.id,
        "document_id": proforma.id,
        "proforma_id": proforma.id,
        "invoice_id": invoice.id,
        "order_item_id": item.id,
        "payment_id": payment.id,
        "operation_id": operation.id,
    }


def _cart(db: Work, mark: str, user_id: UUID) -> dict[str, UUID]:
    cart = db.add(Cart(token_hash=f"{mark}token", user_id=user_id, created_at=db.now, changed_at=db.now))
    db.flush()
    item = db.add(
        CartItem(
            cart_id=cart.id,
            action="register",
            name_ascii=f"{mark}cart.com",
            name_unicode=f"{mark}cart.com",
            ending="com",
            years=1,
            price_minor=1090,
            currency="EUR",
            amounts="gross",
            promised_until=db.now + timedelta(minutes=30),
            added_at=db.now,
        )
    )
    db.flush()
    return {"item_id": item.id}


def _traces(db: Work, mark: str, customer: Customer, user: LoginUser) -> dict[str, UUID]:
    """What was written to somebody, promised by them, and where they are signed in."""
    message = db.add(
        Message(
            cause_id=ids.uuid7(),
            letter="payment_received",
            recipient=customer.email,
            recipient_name=mark,
            customer_id=customer.id,
            locale="en",
            sender=f"{mark}@shop.test",
            sender_name=mark,
            subject=mark,
            text=mark,
            html=f"<p>{mark}</p>",
            state="sent",
            queued_at=db.now,
            sent_at=db.now,
            error=mark,
            answer=mark,
        )
    )
    session, _ = begin_session(db, user, host=f"{mark}.test", address=mark, browser=mark)
    db.add(
        Consent(
            customer_id=customer.id,
            kind="terms",
            version=mark,
            wording=mark,
            locale="en",
            at=db.now,
            address=mark,
        )
    )
    db.add(
        SecretCode(
            purpose="reset",
            user_id=user.id,
            email_key=mark,
            code_hash=f"{mark}hash",
            created_at=db.now,
            until=db.now + timedelta(hours=1),
        )
    )
    db.flush()
    return {"message_id": message.id, "session_id": session.id}


def _mark_rows(db: Work, mark: str) -> None:
    """Put the mark into every free text that has none yet."""
    for table in owned_tables():
        if table.name in APPENDED:
            continue
        for column in free_columns(table):
            has_none = func.coalesce(func.strpos(column, PREFIX), 0) == 0
            unique = func.concat(mark, func.cast(table.c.id, String)) if column.name in UNIQUE else mark + column.name
            db.execute(update(table).where(has_none, table.c.reseller_id == db.reseller_id).values({column: unique}))
    db.execute(
        update(Base.metadata.tables["reseller"])
        .where(Reseller.id == db.reseller_id)
        .values(bank_name=f"{mark}bank", legal_lines=[f"{mark}register"], settings={"about": {"en": f"{mark}about"}}),
    )
    db.execute(
        update(Base.metadata.tables["tld_group"])
        .where(Base.metadata.tables["tld_group"].c.reseller_id == db.reseller_id)
        .values(title=LocalizedText(en=f"{mark}group")),
    )


# Logs and ledgers cannot be changed: their rows are written with the mark, or carry none.
APPENDED = frozenset({"audit_entry", "credit_entry", "consent"})
UNIQUE = frozenset({"code", "number", "event_id", "login_key", "key", "slug"})


def free_columns(table: Table) -> list[Any]:
    """The text columns of a table that carry a mark."""
    return [
        column
        for column in table.columns
        if isinstance(column.type, String) and column.name not in NOT_FREE[table.name]
    ]


# ------------------------------------------------------------------------------------------------------------- people


@dataclass(kw_only=True)
class Browser:
    """Somebody who looks: knows its cookie and its CSRF token, sends the Origin a browser sends."""

    client: FlaskClient
    shop: Shop
    token: str = ""
    secret: str = ""

    def send(
        self,
        method: str,
        path: str,
        data: Mapping[str, Any] | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        has_token: bool = True,
    ) -> TestResponse:
        """Ask for a page of the shop; unsafe requests carry Origin and token."""
        told = {"Accept-Language": "en", **(headers or {})}
        if method not in ("GET", "HEAD", "OPTIONS"):
            told.setdefault("Origin", self.shop.url)
            if has_token and self.token:
                data = {"csrf_token": self.token, **(data or {})}
        return self.client.open(path, method=method, base_url=self.shop.url, data=data, headers=told)


def visitor(world: World) -> Browser:
    """Somebody without any cookie."""
    return Browser(client=world.app.test_client(), shop=world.north.shop)


def signed_in(
    world: World, user_id: UUID, home: Shop, *, at: Shop | None = None, second_factor: bool = False
) -> Browser:
    """Somebody with a session of one shop, who looks at this or at another one."""
    place = at or home
    with world.database.work(home.id) as db:
        user = db.require(LoginUser, user_id)
        before = user.signed_in_at
        row, secret = begin_session(db, user, host=home.host, address="127.0.0.1", browser=f"{PREFIX}north test")
        row.second_factor_at = db.now if second_factor else None
        user.signed_in_at = before  # coming in leaves no trace but the session itself
        seed = row.csrf_seed
        db.commit()
    client = world.app.test_client()
    client.set_cookie(SESSION_COOKIE, secret, domain=place.host, secure=True)
    return Browser(client=client, shop=place, token=token_for(seed), secret=secret)


def _of_north(person: str) -> Callable[[World], Browser]:
    def enter(world: World) -> Browser:
        estate = world.north
        user_id = {"first": estate.first.user_id, "second": estate.second.user_id, **estate.staff}[person]
        return signed_in(world, user_id, estate.shop)

    return enter


def _of_south(person: str) -> Callable[[World], Browser]:
    def enter(world: World) -> Browser:
        estate = world.south
        user_id = {"first": estate.first.user_id, **estate.staff}[person]
        return signed_in(world, user_id, estate.shop, at=world.north.shop)

    return enter


def _operator(*, second_factor: bool) -> Callable[[World], Browser]:
    def enter(world: World) -> Browser:
        return signed_in(world, world.operator_id, world.platform, second_factor=second_factor)

    return enter


ROLES: dict[str, Callable[[World], Browser]] = {
    "visitor": visitor,
    "customer": _of_north("first"),
    "other customer": _of_north("second"),
    "owner": _of_north("owner"),
    "read-only staff": _of_north("read_only"),
    "customer of the other shop": _of_south("first"),
    "owner of the other shop": _of_south("owner"),
    "operator without second factor": _operator(second_factor=False),
    "operator": _operator(second_factor=True),
}
# What a role may read besides the shop's own public words.
MAY_READ: dict[str, tuple[str, ...]] = {
    "visitor": (mark_of("north"),),
    "customer": (mark_of("north"), mark_of("north", "a")),
    "other customer": (mark_of("north"), mark_of("north", "b")),
    "owner": (mark_of("north"), mark_of("north", "a"), mark_of("north", "b")),
    "read-only staff": (mark_of("north"), mark_of("north", "a"), mark_of("north", "b")),
    "customer of the other shop": (mark_of("north"),),
    "owner of the other shop": (mark_of("north"),),
    "operator without second factor": (),
    "operator": tuple(mark_of(shop, person) for shop in ("north", "south") for person in ("", "a", "b")),
}


def make_world(config: Config, database: Database) -> World:
    """Open the shops, fill them, and put the application in front of them."""
    shops = open_shops(database)
    estates = {}
    for slug in ("north", "south"):
        with database.work(shops[slug].id) as db:
            estates[slug] = furnish(db, shops[slug])
            db.commit()
    with database.work(shops["platform"].id) as db:
        operator = factories.make_user(db, kind="operator", role="operator", name="Operator")
        db.commit()
    app = create_app(config, database=database)
    app.testing = False
    return World(
        app=app,
        database=database,
        north=estates["north"],
        south=estates["south"],
        platform=Shop(id=shops["platform"].id, host="localhost"),
        operator_id=operator.id,
    )


def fingerprint(database: Database, estate: Estate, *, but: frozenset[str] = frozenset()) -> dict[str, str]:
    """Everything a shop has, as one digest for each table: equal before and after means untouched."""
    digests = [
        select(
            literal(table.name),
            func.md5(func.string_agg(func.cast(func.row_to_json(table.table_valued()), String), _sorted_by(table))),
        )
        for table in owned_tables()
        if table.name not in but
    ]
    with database.work(estate.shop.id) as db:
        return {name: digest or "" for name, digest in db.session.execute(union_all(*digests))}


def _sorted_by(table: Table) -> Any:
    return aggregate_order_by(literal("\n"), table.c.id)


def has_marks(text: str, allowed: tuple[str, ...]) -> list[str]:
    """Return the marks in a text that its reader may not see."""
    lowered = text.lower()
    marks = [mark_of(shop, person) for shop in ("north", "south") for person in ("", "a", "b")]
    return [mark for mark in marks if mark in lowered and mark not in allowed]
