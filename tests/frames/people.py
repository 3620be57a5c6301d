"""A shop with a window on a page of somebody else: what the tests of signing in from there share."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlencode

from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from frames.counts import counted
from frames.settings import make_frame
from frames.sites import add_site
from storefront.core import clock
from storefront.core.db import Database
from storefront.identity.models import LoginSession, LoginUser
from storefront.identity.passwords import hash_password
from tenants.models import Reseller
from tests import factories
from tests.fixtures_app import Shop
from tests.isolation.forms import Found, forms_in
from tests.storefront.account.people import PASSWORD

SITE, OTHER = "http://www.localhost:9001", "http://other.localhost:9002"
PAGE = f"{SITE}/customers?from=menu"
# What a browser says of a form in a window that leads to the top (security 2.2).
TO_THE_TOP = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "document", "Sec-Fetch-Mode": "navigate"}


@dataclass(frozen=True, kw_only=True)
class Windows:
    """The shop, and a frame of each kind for people that may stand on ``SITE`` alone."""

    shop: Shop
    keys: Mapping[str, str]

    def address(self, kind: str) -> str:
        """A frame's address."""
        return f"/frames/{kind}/{self.keys[kind]}"


def open_windows(database: Database, slug: str, *, wants_code: bool = True, **options: str) -> Windows:
    """Open a shop of a test's own with two proven sites."""
    with database.office_work() as office:
        reseller = factories.make_reseller(office, slug, settings={"sign_up_code": wants_code})
        office.commit()
    shop = Shop(id=reseller.id, host=f"{slug}.localhost")
    with database.work(shop.id) as db:
        site = add_site(db, SITE)
        add_site(db, OTHER)
        made = {
            kind: make_frame(db, kind=kind, name=kind, options=options, sites=[site.id]).key
            for kind in ("user-login", "user-register", "password-reset")
        }
        db.commit()
    return Windows(shop=shop, keys=made)


@cache
def hashed(password: str) -> str:
    """A print of a password, made once."""
    return hash_password(password)


def make_customer(database: Database, shop: Shop) -> LoginUser:
    """Somebody with an account."""
    with database.work(shop.id) as db:
        made = factories.make_user(db, customer=factories.make_customer(db), password_hash=hashed(PASSWORD))
        db.commit()
        return made


def form_in(answer: TestResponse, *, to: str = "") -> Found:
    """The form of a page that leads somewhere, else its first."""
    return next(form for form in forms_in(answer.text) if to in form.action)


def sign_in_form(client: FlaskClient, address: str) -> Found:
    """The sign-in form of a window, as it is made for a browser without scripts."""
    return form_in(client.get(f"{address}?step=form"), to="/account/sign-in")


def way_in(answer: TestResponse) -> str:
    """The link back to the page around, as it stands on a page."""
    found = re.search(r'href="(http[^"]*)"', answer.text)
    return html.unescape(found.group(1)) if found else ""


def way_to(frame: str, back: str) -> str:
    """The page on which a way ends."""
    return f"/account/way-back?{urlencode({'frame': frame, 'back': back})}"


def sessions_in(database: Database, shop: Shop) -> int:
    """How many are signed in."""
    with database.work(shop.id) as db:
        return db.scalar(select(func.count()).select_from(LoginSession)) or 0


def counts_of(database: Database, windows: Windows, frame: str) -> Mapping[str, int]:
    """What was counted of a frame."""
    with database.work(windows.shop.id) as db:
        return counted(db, since=clock.today()).get(frame, {})


def settings_of(database: Database, shop: Shop, **settings: object) -> None:
    """Change settings of a shop."""
    with database.office_work() as office:
        reseller = office.session.get(Reseller, shop.id)
        assert reseller is not None
        reseller.settings = {**reseller.settings, **settings}
        office.commit()
