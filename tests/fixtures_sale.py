"""A buyer in a browser, on the way from a wish to a paid order."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from storefront.core import cache, clock
from storefront.core.config import Config
from storefront.core.db import Database, Work
from storefront.core.money import Money
from storefront.identity.models import LoginUser
from storefront.providers.ports.registrar import Action, Availability, CheckResult
from storefront.provisioning.answers import write_answer
from storefront.provisioning.availability import answer_key
from storefront.web.forms import token_for
from tests import factories
from tests.fixtures_app import Shop

HIDDEN = re.compile(r'<input[^>]*name="(once_key|shown|terms_shown)"[^>]*value="([^"]*)"')


def believe(
    config: Config,
    shop: Shop,
    name: str,
    availability: Availability = Availability.AVAILABLE,
    *,
    cost: int = 0,
    renewal: int = 0,
) -> None:
    """Let the shop believe an answer of a registry; ``cost`` and ``renewal`` are euro cents of a premium name."""
    costs = {Action.REGISTER: {1: Money(cost, "EUR")}, Action.RENEW: {1: Money(renewal, "EUR")}} if cost else {}
    result = CheckResult(name=name, availability=availability, checked_at=clock.now(), costs=costs)
    cache.connect(config).set(answer_key(shop.id, name), write_answer(result), ex=600)


@dataclass
class BuyerInBrowser:
    """Somebody with an account who is signed in on one browser."""

    client: FlaskClient
    shop: Shop
    user_id: UUID
    customer_id: UUID
    seed: str

    @property
    def token(self) -> str:
        """The CSRF token of the session."""
        return token_for(self.seed)

    def get(self, path: str) -> TestResponse:
        """Open a page."""
        return self.client.get(path)

    def post(self, path: str, **typed: Any) -> TestResponse:
        """Send a form."""
        return self.client.post(path, data={"csrf_token": self.token, **typed})

    def add(self, name: str, **more: Any) -> TestResponse:
        """Put a name into the cart."""
        return self.post("/cart/add", name=name, **more)

    def checkout_form(self, **changes: Any) -> dict[str, Any]:
        """Open the checkout and fill it in."""
        hidden = dict(HIDDEN.findall(self.get("/checkout").text))
        boxes = {"terms": "y", "box_immediate_performance": "y", "box_right_lost_when_done": "y"}
        return {**hidden, "pays_by": "bank", **boxes, **changes}

    def order(self, **changes: Any) -> TestResponse:
        """Check and order."""
        return self.post("/checkout", **self.checkout_form(**changes))


@pytest.fixture
def buyer_in(
    client_of: Callable[[Shop], FlaskClient], sign_in: Callable[..., str], database: Database
) -> Callable[..., BuyerInBrowser]:
    """Make a buyer with an account and a contact, signed in on a browser of a shop."""

    def make(shop: Shop, *, kind: str = "individual", **more: Any) -> BuyerInBrowser:
        with database.work(shop.id) as db:
            customer = factories.make_customer(db, kind=kind, **more)
            factories.make_contact(db, customer)
            user = factories.make_user(db, customer=customer)
            db.commit()
        client = client_of(shop)
        seed = sign_in(client, shop, user)
        return BuyerInBrowser(client=client, shop=shop, user_id=user.id, customer_id=customer.id, seed=seed)

    return make


@pytest.fixture
def buyer(buyer_in: Callable[..., BuyerInBrowser], shops: dict[str, Shop]) -> BuyerInBrowser:
    """A private buyer of the shop in the north."""
    return buyer_in(shops["north"])


@pytest.fixture
def known(config: Config, shops: dict[str, Shop]) -> Iterator[Callable[..., None]]:
    """Say what registries of the shop in the north answered; forgotten after the test."""
    names: list[str] = []

    def say(name: str, *args: Any, **more: Any) -> None:
        names.append(name)
        believe(config, shops["north"], name, *args, **more)

    yield say
    if names:
        cache.connect(config).delete(*(answer_key(shops["north"].id, name) for name in names))


def user_of(db: Work, user_id: UUID) -> LoginUser:
    """Return a user."""
    return db.require(LoginUser, user_id)
