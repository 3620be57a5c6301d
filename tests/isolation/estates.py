"""A shop full of rows whose every word carries a mark, so that a leak shows itself."""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import String, func, update

from cms.models import Menu, Page, PageVersion
from storefront.billing.issue import LineTerms, ProformaTerms, issue_proforma
from storefront.billing.models import Document, Payment, PaymentNotice
from storefront.core import ids
from storefront.core.audit import AuditEntry
from storefront.core.db import Base, Work
from storefront.core.jobs import Job
from storefront.core.money import Money
from storefront.core.outbox import OutboxEvent
from storefront.core.text import LocalizedText
from storefront.customers.models import Consent, Customer
from storefront.identity.models import LoginUser, Passkey, SecretCode, StaffInvitation
from storefront.identity.permissions import STAFF_ROLES
from storefront.identity.sessions import begin_session
from storefront.notifications.models import Message
from storefront.orders.models import Cart, CartItem, OrderItem, PurchaseOrder
from storefront.portfolio.models import Domain
from storefront.provisioning.models import Operation
from tenants.brand_models import Advert, BrandVersion
from tenants.models import Host, Reseller
from tenants.office_models import AnnouncementRead, SupplierAccount
from tests import factories
from tests.fixtures_app import Shop
from tests.isolation import frame_rows, page_rows, price_rows
from tests.isolation.marks import APPENDED, PREFIX, UNIQUE, free_columns, mark_of, owned_tables


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


def furnish(db: Work, shop: Shop) -> Estate:
    """Fill a shop that factories have opened and stocked; every free text carries the mark."""
    slug = shop.host.partition(".")[0]
    mark = mark_of(slug)
    staff = {
        str(role): factories.make_user(
            db, kind="staff", role=role, login=f"{mark}{role}", name=f"{mark} {role}", email=f"{mark}{role}@x.test"
        ).id
        for role in STAFF_ROLES
    }
    of_shop = _shop_rows(db, mark)
    first, second = _person(db, slug, "a"), _person(db, slug, "b")
    of_shop["staff_id"] = staff["read_only"]
    of_shop |= _rows_of_staff(db, mark, staff["owner"])
    of_shop |= price_rows.of_shop(db, mark)
    of_shop |= page_rows.of_shop(db, mark)
    of_shop |= frame_rows.of_shop(db, mark)
    for person in (first, second):
        price_rows.of_person(db, person.customer_id, person.ids["order_id"])
        page_rows.of_person(db, person.customer_id, of_shop["edition_id"])
        person.ids["edition_id"] = of_shop["edition_id"]
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
            blocks=[{"kind": "contact_form", "id": "b1", "title": mark, "consent": mark, "topics": []}],
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
    host = db.add(Host(name=f"{mark}.example", state="pending", code=f"vt-{mark}", connected_at=db.now))
    db.flush()
    version = db.add(
        BrandVersion(number=1, state="published", values={}, changed_at=db.now, changed_by=mark, published_at=db.now)
    )
    advert = db.add(Advert(title=mark, text=mark, link="/", link_words=mark, changed_at=db.now))
    db.flush()
    return {
        "page_id": page.id,
        "job_id": job.id,
        "host_id": host.id,
        "version_id": version.id,
        "advert_id": advert.id,
    }


def _rows_of_staff(db: Work, mark: str, owner_id: UUID) -> dict[str, UUID]:
    """Somebody who is invited, and how the owner signs in."""
    owner = db.require(LoginUser, owner_id)
    invitation = db.add(
        StaffInvitation(
            email=f"{mark}@invited.test",
            email_key=f"{mark}@invited.test",
            role="content",
            locale="en",
            token_hash=mark,
            invited_by=mark,
            created_at=db.now,
            sent_at=db.now,
            until=db.now + timedelta(days=7),
        )
    )
    db.add(AnnouncementRead(user_id=owner_id, announcement_id=ids.uuid7(), read_at=db.now))
    db.add(SupplierAccount(connection="other", key_hint=mark, tried_hint=mark))
    session, _ = begin_session(db, owner, host=f"{mark}.test", address=mark, browser=mark)
    passkey = _passkey(db, mark, owner_id)
    db.flush()
    return {
        "invitation_id": invitation.id,
        "session_of_owner_id": session.id,
        "passkey_of_owner_id": passkey,
    }


def _passkey(db: Work, mark: str, user_id: UUID) -> UUID:
    made = db.add(
        Passkey(
            user_id=user_id,
            credential=f"{mark}{user_id}",
            public_key="AA",
            host="elsewhere.test",
            name=mark,
            created_at=db.now,
        )
    )
    db.flush()
    return made.id


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
    found["passkey_id"] = _passkey(db, mark, user.id)
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
    db.flush()
    return {"order_id": order.id, "order_item_id": item.id, "domain_id": domain.id} | _papers(
        db, mark, customer, order, item
    )


def _papers(db: Work, mark: str, customer: Customer, order: PurchaseOrder, item: OrderItem) -> dict[str, UUID]:
    """What is paid with, and the command to the supplier."""
    price, name = Money(1090, "EUR"), f"{mark}.com"
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
        "document_id": proforma.id,
        "proforma_id": proforma.id,
        "invoice_id": invoice.id,
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
