"""Demo people: staff, customers with domains near their end, and orders in every state."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from storefront.core import ids
from storefront.core.db import Work
from storefront.customers.models import Contact, Customer
from storefront.demo.domains import add_domain
from storefront.demo.orders import DemoOrder, make_order
from storefront.identity.models import LoginUser
from storefront.identity.passwords import hash_password
from storefront.identity.staff import create_staff

PEOPLE: dict[str, list[dict[str, str]]] = {
    "nordhost": [
        {
            "given": "Aino",
            "family": "Virtanen",
            "street": "Kalevankatu 18 B 12",
            "postcode": "00100",
            "city": "Helsinki",
            "country": "FI",
            "phone": "+358401234567",
        },
        {
            "given": "Bastian",
            "family": "Holm",
            "orgname": "Saaristo Veneet Oy",
            "street": "Satamakatu 4",
            "postcode": "20100",
            "city": "Turku",
            "country": "FI",
            "phone": "+358401234568",
            "vat_number": "FI20774740",
        },
        {
            "given": "Lena",
            "family": "Brandt",
            "street": "Hafenstraße 9",
            "postcode": "20457",
            "city": "Hamburg",
            "country": "DE",
            "phone": "+4940123456",
        },
    ],
    "domaineo": [
        {
            "given": "Camille",
            "family": "Roux",
            "street": "8 montée de la Grande Côte",
            "postcode": "69001",
            "city": "Lyon",
            "country": "FR",
            "phone": "+33612345678",
        },
        {
            "given": "Yanis",
            "family": "Bellamy",
            "orgname": "Librairie du Pont SARL",
            "street": "3 quai Saint-Antoine",
            "postcode": "69002",
            "city": "Lyon",
            "country": "FR",
            "phone": "+33472000001",
            "vat_number": "FR40303265045",
        },
        {
            "given": "Anouk",
            "family": "Janssens",
            "street": "Rue Haute 12",
            "postcode": "1000",
            "city": "Bruxelles",
            "country": "BE",
            "phone": "+3222345678",
        },
    ],
    "rejestrator": [
        {
            "given": "Zofia",
            "family": "Wójcik",
            "street": "ul. Ogrodowa 12/4",
            "postcode": "61-821",
            "city": "Poznań",
            "country": "PL",
            "phone": "+48601234567",
        },
        {
            "given": "Łukasz",
            "family": "Żak",
            "orgname": "Zielony Ogród sp. z o.o.",
            "street": "ul. Piękna 7",
            "postcode": "00-539",
            "city": "Warszawa",
            "country": "PL",
            "phone": "+48221234567",
            "vat_number": "PL5260250274",
        },
        {
            "given": "Ewa",
            "family": "Kowalska",
            "street": "ul. Długa 3",
            "postcode": "80-831",
            "city": "Gdańsk",
            "country": "PL",
            "phone": "+48581234567",
        },
    ],
}
STAFF = {
    "nordhost": ("Mika Korhonen", "mika"),
    "domaineo": ("Mathilde Perrin", "mathilde"),
    "rejestrator": ("Marek Nowak", "marek"),
}
# Names and in how many days they end.
DOMAINS: dict[str, list[tuple[str, str, int]]] = {
    "nordhost": [
        ("karttapaja.com", "com", 5),
        ("virtanen-keramiikka.fi", "fi", 13),
        ("pohjoinen.eu", "eu", 42),
        ("aino.dev", "dev", 200),
        ("merituuli.net", "net", 311),
    ],
    "domaineo": [
        ("atelier-roux.fr", "fr", 6),
        ("terre-et-feu.com", "com", 21),
        ("montee.paris", "paris", 55),
        ("camille-roux.eu", "eu", 250),
    ],
    "rejestrator": [
        ("wojcik-foto.pl", "pl", 4),
        ("zielonyogrod.com.pl", "com.pl", 18),
        ("poznan-rower.eu", "eu", 47),
        ("kwiaty-zofii.shop", "shop", 280),
    ],
}


@dataclass(frozen=True, kw_only=True)
class DemoLogin:
    """How to sign in somewhere."""

    shop: str
    who: str
    login: str
    password: str
    second_factor: str = ""


def make_people(db: Work, shop: dict[str, Any]) -> list[DemoLogin]:
    """Make a shop's staff, customers, domains and orders."""
    slug, locale = shop["slug"], shop["shop"]["locales"][0]
    name, login = STAFF[slug]
    password = ids.token()[:16]
    create_staff(
        db, role="owner", login=login, email=f"{login}@{slug}.example", name=name, locale=locale, password=password
    )
    logins = [DemoLogin(shop=slug, who="owner", login=login, password=password)]
    customers = []
    for number, person in enumerate(PEOPLE[slug]):
        customer, contact = _customer(db, person, locale)
        customers.append((customer, contact))
        if number == 0:
            logins.append(_login(db, slug, customer, locale))
    _owner, contact = customers[0]
    for domain, ending, days in DOMAINS[slug]:
        add_domain(db, contact, domain, ending, db.now + timedelta(days=days))
    # The oldest first: numbers of papers follow the days.
    for order in sorted(ORDERS, key=lambda each: -each.days_ago):
        customer, contact = customers[order.customer]
        make_order(db, customer, contact, order, shop)
    return logins


def _customer(db: Work, person: dict[str, str], locale: str) -> tuple[Customer, Contact]:
    kind = "company" if "orgname" in person else "individual"
    email = f"{person['given']}.{person['family']}@example.org".lower().translate(_PLAIN)
    postal = {
        "kind": kind,
        "given": person["given"],
        "family": person["family"],
        "orgname": person.get("orgname", ""),
        "street": person["street"],
        "postcode": person["postcode"],
        "city": person["city"],
        "country": person["country"],
        "phone": person["phone"],
        "email": email,
    }
    customer = db.add(
        Customer(
            **postal,
            code=ids.public_code(8),
            email_key=email,
            sort_key=f"{person['family']} {person['given']}".lower(),
            vat_number=person.get("vat_number", ""),
            vat_check="valid" if "vat_number" in person else "not_asked",
            locale=locale,
            created_at=db.now - timedelta(days=300),
        ),
    )
    db.flush()
    contact = db.add(Contact(**postal, customer_id=customer.id, is_default=True, created_at=customer.created_at))
    db.flush()
    return customer, contact


_PLAIN = str.maketrans("łżóź", "lzoz")


def _login(db: Work, slug: str, customer: Customer, locale: str) -> DemoLogin:
    login, password = customer.given.lower(), ids.token()[:16]
    db.add(
        LoginUser(
            kind="customer",
            role="customer",
            customer_id=customer.id,
            login=login,
            login_key=login,
            email=customer.email,
            email_key=customer.email_key,
            email_confirmed_at=db.now,
            name=customer.full_name,
            locale=locale,
            password_hash=hash_password(password),
            created_at=customer.created_at,
        ),
    )
    return DemoLogin(shop=slug, who="customer", login=login, password=password)


ORDERS = (
    DemoOrder(customer=0, state="completed", days_ago=200, name="demo-first"),
    DemoOrder(customer=1, state="completed", days_ago=120, name="demo-boats"),
    DemoOrder(customer=0, state="awaiting_payment", days_ago=1, name="demo-waits"),
    DemoOrder(customer=2, state="awaiting_payment", days_ago=9, name="demo-late"),
    DemoOrder(customer=1, state="processing", days_ago=0, name="demo-at-work"),
    DemoOrder(customer=0, state="processing", days_ago=0, name="elsewhere", action="transfer"),
    DemoOrder(customer=1, state="on_hold", days_ago=0, name="demo-held"),
    DemoOrder(customer=2, state="failed", days_ago=30, name="demo-taken"),
    DemoOrder(customer=2, state="cancelled", days_ago=60, name="demo-cancelled"),
    DemoOrder(customer=1, state="expired", days_ago=90, name="demo-expired"),
    DemoOrder(customer=0, state="partially_completed", days_ago=45, name="demo-half"),
)
