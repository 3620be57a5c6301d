"""The URL map, read without starting the application, and a row for every parameter in it.

A new route with a parameter that is not in FIXTURES fails ``test_routes.py``, which says what to add here.
"""

from dataclasses import dataclass
from functools import cache

from flask import Flask
from werkzeug.routing import Rule

from storefront.app import AREAS
from storefront.web.guards import Guard
from tests.isolation.estates import Estate, Person

# Parameters that name a row of a shop; ``world.furnish`` makes one of each and ``Estate.id_of`` finds it.
FIXTURES = frozenset(
    {
        "advert_id",
        "check_id",
        "code_id",
        "contact_id",
        "customer_id",
        "document_id",
        "domain_id",
        "edition_id",
        "frame_id",
        "group_id",
        "group_price_id",
        "host_id",
        "import_id",
        "invitation_id",
        "item_id",
        "job_id",
        "legal_id",
        "link_id",
        "list_id",
        "media_id",
        "message_id",
        "move_id",
        "news_category_id",
        "operation_id",
        "order_id",
        "page_id",
        "passkey_id",
        "payment_id",
        "product_id",
        "proforma_id",
        "promotion_id",
        "redirect_id",
        "reseller_id",
        "rule_id",
        "session_id",
        "site_id",
        "staff_id",
        "user_id",
        "version_id",
        "visitor_message_id",
    }
)
# The same word means another row there: (endpoint, parameter) → its name among the rows of an estate.
MEANT: dict[tuple[str, str], str] = {
    ("reseller.profile.security.passkey_off", "passkey_id"): "passkey_of_owner_id",
    ("reseller.profile.security.end", "session_id"): "session_of_owner_id",
    ("reseller.invoices.download", "document_id"): "invoice_id",
    ("reseller.orders.refund", "item_id"): "order_item_id",
    ("reseller.price_lists.cells.rules", "list_id"): "draft_id",
    ("reseller.price_lists.check.show", "list_id"): "draft_id",
    ("reseller.price_lists.files.send", "list_id"): "draft_id",
    ("reseller.price_lists.remove", "list_id"): "draft_id",
    ("reseller.tld_groups.edit", "group_id"): "tld_group_id",
    ("reseller.tld_groups.move", "group_id"): "tld_group_id",
    ("reseller.tld_groups.remove", "group_id"): "tld_group_id",
}
# Parameters that name no row of a shop: parameter → a text that could stand there.
TEXTS: dict[str, str] = {
    "path": "about",
    "slug": "terms",
    "label": "1",
    "special": "not-found",
    "place": "news",
    "category": "nothing",
    "locale": "en",
    "announcement_id": "01890000-0000-7000-8000-00000000000a",
    "token": "nothing",
    "key": "default",
    "block_id": "b1",
    "stamp": "0",
    "name": "css/shop.css",
    "file_digest": "0" * 64,
    "kind": "png",
    "window": "cart",
    "search_id": "nothing",
    "connection": "card",
    "colour": "14507f",
    "factor": "email",
    "plan_code": "standard",
    "digest": "0" * 64,
    "years": "1",
    "ending": "com",
}
# Parameters that name a row of the platform, which no shop owns: the wall's own tests look after them.
OF_THE_PLATFORM = frozenset({"announcement_id"})
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

    def ids_of(self, estate: Estate, person: Person | None = None) -> dict[str, str]:
        """The rows of a shop, or of one of its customers, that stand in the address."""
        meant = {name: MEANT.get((self.endpoint, name), name) for name in self.row_parameters}
        return {name: str(person.ids[row] if person else estate.id_of(row)) for name, row in meant.items()}

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
