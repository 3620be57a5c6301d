"""/search: names, their state and their prices, as answers come; and who holds a name."""

from flask import Blueprint, Response, g, make_response, request, url_for

from storefront.catalog.names import require_name
from storefront.core.errors import NotFound
from storefront.core.limits import spend
from storefront.provisioning.availability import CannotAsk
from storefront.provisioning.whois import WhoisAnswer, ask_whois, find_whois
from storefront.shop.buyer import current_cart, this_shop
from storefront.shop.search_wish import Wish, is_search_id, read_wish
from storefront.shop.searching import changed_facts, changed_since, look_for, premium_facts, search_facts
from storefront.shop.ways import ways_of_pages
from storefront.shop.whois_words import whois_words
from storefront.web.guards import PUBLIC, reads, who
from storefront.web.house import house
from storefront.web.rendering import page, render

bp = Blueprint("search", __name__, url_prefix="/search")

WHOIS_RATE = "10/minute"


@bp.route("")
@reads(PUBLIC)
def results() -> Response:
    """The search box, and below it a row for each name."""
    shop = this_shop()
    wish = read_wish(request.args, shop)
    found = look_for(wish, shop, _page_again(wish))
    answer = _private(page(status=found.status, **search_facts(found, shop, current_cart(), ways_of_pages())))
    if found.refusal:
        answer.headers["Retry-After"] = str(found.refusal.retry_after_s)
    return answer


def _page_again(wish: Wish) -> str:
    return url_for(".results", **wish.address(search_id=""))  # type: ignore[arg-type]  # values of an address


@bp.route("/<search_id>/rows")
@reads(PUBLIC)
def rows(search_id: str) -> Response:
    """The rows that changed since a number, as a piece of the page; 204 when none did."""
    if not is_search_id(search_id):
        raise NotFound
    try:
        progress = changed_since(search_id)
    except CannotAsk:
        return make_response("", 503)
    if progress is None:
        return make_response("", 204)
    facts = changed_facts(progress, this_shop(), current_cart(), ways_of_pages(), request.args.get("best", ""))
    return _private(make_response(render("shop/search/rows.html", **facts)))


@bp.route("/premium")
@reads(PUBLIC)
def premium() -> Response:
    """All four prices of a name that its registry prices itself, to be agreed to before it goes into the cart."""
    given, search_id = request.args.get("name", ""), request.args.get("search", "")
    return _private(page(**premium_facts(given, search_id, this_shop(), ways_of_pages())))


@bp.route("/whois")
@reads(PUBLIC)
def whois() -> Response:
    """Who holds a name, as far as the registry tells the public."""
    shop = this_shop()
    name = require_name(request.args.get("name", ""), endings=shop.endings, label_rules=shop.label_rules)
    config, reseller_id = house().config, g.place.reseller_id
    try:
        found = find_whois(config, reseller_id, name.ascii)
        if found is None or (found.state == "silent" and request.args.get("again")):
            spend(config, WHOIS_RATE, "whois", str(reseller_id), who())
            found = ask_whois(config, reseller_id, name.ascii)
    except CannotAsk:
        found = WhoisAnswer(name=name.ascii, state="silent")
    words = whois_words(found.data.statuses) if found.data else []
    return _private(page(name=name, found=found, statuses_of=words))


def _private(response: Response) -> Response:
    """Keep what was searched for to this browser and this shop. The Origin check still needs the referrer here."""
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
