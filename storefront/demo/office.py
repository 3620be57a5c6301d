"""What the demo's offices show: supplier accounts good and bad, announcements, and a fourth shop, not open yet."""

from datetime import timedelta
from uuid import UUID

from cms.openings import OpeningTerms, open_new_reseller
from storefront.core import ids
from storefront.core.config import Config
from storefront.core.db import SYSTEM, Database, Work
from storefront.demo.people import DemoLogin
from storefront.identity.staff import create_staff
from storefront.providers.connections import SANDBOX_REGISTRAR, open_sandbox
from storefront.providers.ports.login import Login, Verdict
from tenants.announcements import AnnouncementTerms, write_announcement
from tenants.resellers import current_reseller
from tenants.supplier_accounts import settle_verdict, try_login

# Domaineo typed the password one signs in with: its start page says so.
WRONG = "domaineo"
NEW_SHOP = "jezioro"


def furnish_office(db: Work, config: Config, slug: str) -> None:
    """Give a shop its account at the sandbox registrar, and the good ones a sender of their own."""
    login = Login(key=f"SBX-{slug.upper()}-{ids.token()[:8]}", password=ids.token()[:20])
    open_sandbox(config).open_client(login)
    is_good = slug != WRONG
    typed = login if is_good else Login(key=login.key, password="the-one-i-sign-in-with")  # noqa: S106 - it is wrong on purpose
    account = try_login(db, typed)
    settle_verdict(db, SANDBOX_REGISTRAR, account.tried_sealed, Verdict.ACCEPTED if is_good else Verdict.PASSWORD_WRONG)
    reseller = current_reseller(db)
    if is_good:
        reseller.sender_email, reseller.sender_confirmed_at = reseller.email, db.now - timedelta(days=40)


def announce_things(db: Work) -> None:
    """Write two announcements in an office Work: one for everybody, one for a single shop."""
    write_announcement(
        db,
        AnnouncementTerms(
            title={
                "en": ".fi registry closed on Sunday, 02:00 to 06:00",
                "fr": "Registre .fi fermé dimanche de 2 h à 6 h",
                "pl": "Rejestr .fi nieczynny w niedzielę od 2.00 do 6.00",
                "de": "Registry von .fi am Sonntag von 2 bis 6 Uhr geschlossen",
            },
            body={
                "en": "Orders wait and are sent afterwards; nothing is lost.",
                "fr": "Les commandes attendent et partent ensuite\N{NO-BREAK SPACE}; rien n’est perdu.",
                "pl": "Zamówienia poczekają i zostaną wysłane później; nic nie zginie.",
                "de": "Bestellungen warten und werden danach gesendet; nichts geht verloren.",
            },
            severity="warning",
            shown_from=db.now - timedelta(days=1),
            shown_until=db.now + timedelta(days=6),
        ),
    )
    write_announcement(
        db,
        AnnouncementTerms(
            title={
                "en": "Your supplier account waits for its password",
                "fr": "Votre compte fournisseur attend son mot de passe",
            },
            body={
                "en": "Until it is accepted your names go out under the platform's account, for two weeks at most.",
                "fr": "D’ici là, vos noms partent sous le compte de la plateforme, pendant deux semaines au plus.",
            },
            severity="info",
            shown_from=db.now - timedelta(hours=3),
            shown_until=None,
            slugs=(WRONG,),
        ),
    )


def open_fourth_shop(database: Database, prices_of: UUID) -> DemoLogin:
    """Make a reseller as an operator does; its pages and its invitation follow as soon as a worker runs."""
    with database.office_work(SYSTEM) as db:
        made = open_new_reseller(
            db,
            OpeningTerms(
                slug=NEW_SHOP,
                name="Jezioro",
                currency="PLN",
                locale="pl",
                zone="Europe/Warsaw",
                theme="default",
                country="PL",
                owner_email="wlasciciel@jezioro.example",
                prices_of=prices_of,
            ),
        )
        made.brand = {"brand": "#0b6e8f", "radius": "8px"}
        db.commit()
    password = ids.token()[:16]
    with database.work(made.id, SYSTEM) as db:
        create_staff(
            db,
            role="owner",
            login="jagoda",
            email="jagoda@jezioro.example",
            name="Jagoda Lis",
            locale="pl",
            password=password,
        )
        db.commit()
    return DemoLogin(shop=NEW_SHOP, who="owner", login="jagoda", password=password)
