"""The URL map, read without starting the application, and a row for every parameter in it.

A new route with a parameter that is not in FIXTURES fails ``test_routes.py``, which says what to add here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from flask import Flask
from werkzeug.routing import Rule

from storefront.app import AREAS
from storefront.web.guards import Guard
from tests.isolation.world import Estate

# What a parameter is called → the id of a row of a shop that it may name.
# ``Estate.id_of`` knows the rows that ``world.furnish`` makes; a parameter that names no row says so below.
FIXTURES: dict[str, Callable[[Estate], UUID]] = {
    name: (lambda estate, name=name: estate.id_of(name))  # type: ignore[misc]  # a default binds the name early
    for name in (
        "contact_id",
        "customer_id",
        "document_id",
        "domain_id",
        "item_id",
        "job_id",
        "message_id",
        "operation_id",
        "order_id",
        "page_id",
        "payment_id",
        "proforma_id",
        "reseller_id",
        "session_id",
        "staff_id",
        "user_id",
    )
}
# Parameters that name no row of a shop: (endpoint, parameter) or parameter → a text that could stand there.
TEXTS: dict[str, str] = {
    "path": "about",
    "token": "nothing",
    "key": "default",
    "stamp": "0",
    "name": "css/shop.css",
    "file_digest": "0" * 64,
    "kind": "png",
    "search_id": "nothing",
    "connection": "card",
}
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True, kw_only=True)
class Route:
    """One rule with one method."""

    rule: Rule
    method: str
    guard: Guard | None

    @property
    def endpoint(self) -> str:
        """Its name."""
        return str(self.rule.endpoint)

    @property
    def parameters(self) -> list[str]:
        """The names of what stands in its address."""
        return sorted(self.rule.arguments)

    @property
    def row_parameters(self) -> list[str]:
        """Those of them that name a row of a shop."""
        return [name for name in self.parameters if name in FIXTURES]

    @property
    def area(self) -> str:
        """The first part of its endpoint."""
        return self.endpoint.partition(".")[0]

    def address(self, values: dict[str, str]) -> str:
        """Fill the address in."""
        built = self.rule.build({name: values.get(name, TEXTS.get(name, "")) for name in self.parameters})
        assert built is not None, f"{self.rule} cannot be built from {values}"
        return str(built[1])

    def __str__(self) -> str:
        return f"{self.method} {self.rule}"


@cache
def bare_app() -> Flask:
    """The blueprints on a Flask that does nothing."""
    app = Flask("walk", static_folder=None, template_folder=None)
    app.url_map.strict_slashes = False
    for area in AREAS:
        app.register_blueprint(area)
    return app


@cache
def routes() -> list[Route]:
    """Every rule with every method it answers, apart from what Flask adds by itself (HEAD, OPTIONS)."""
    app = bare_app()
    return [
        Route(rule=rule, method=method, guard=getattr(app.view_functions[rule.endpoint], "guard", None))
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def unsafe_routes() -> list[Route]:
    """Those that may change something."""
    return [route for route in routes() if route.method in UNSAFE]
