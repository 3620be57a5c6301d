"""Lead somebody in: a new session, the visitor's cart, the right door."""

from contextlib import suppress

from flask import current_app, g, redirect, request, url_for
from flask_login import current_user
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response

from frames.way_back import arrive
from storefront.account.from_windows import carried_cart, is_from_window, way_asked
from storefront.core import ids
from storefront.core.errors import TooMany
from storefront.core.i18n import LOCALES
from storefront.identity.factors import EMAIL
from storefront.identity.known_browsers import is_met
from storefront.identity.models import LoginUser
from storefront.identity.own_codes import send_own_code
from storefront.identity.proving import ways
from storefront.identity.sessions import end_session
from storefront.identity.sign_in import Browser, Step, enter
from storefront.orders.carts import adopt, find_cart, items_in
from storefront.web.guards import is_signed_in
from storefront.web.house import house
from storefront.web.next_path import own_path
from storefront.web.sessions import (
    BROWSER_COOKIE,
    CART_COOKIE,
    CART_COUNT_COOKIE,
    SESSION_COOKIE,
    leave_cookies_later,
)

# Between two steps: holds a token that is good for minutes and for nothing else.
STEP_COOKIE = "__Host-step"
OFFICES = {"staff": ("/reseller", "reseller.overview.show"), "operator": ("/operator", "operator.overview.show")}


def kinds_here() -> tuple[str, ...]:
    """Say who may sign in on this host: staff and operators only where their offices are (decision 17)."""
    platform = house().config.platform_host
    if g.host == platform and g.place.is_platform:
        return ("customer", "operator", "staff")
    return ("customer", "staff") if g.host == f"{g.place.slug}.{platform}" else ("customer",)


def asked_next() -> str:
    """Return where this visitor wanted to go, if that is a page of this host; from a window, the end of its way."""
    return way_asked() if is_from_window() else own_path(request.values.get("next"))


def step_token() -> str:
    """Return the token of the step this browser stands at."""
    return request.cookies.get(STEP_COOKIE, "")


def browser_token() -> str:
    """Return what this browser is known again by, nothing for one that never came in."""
    return request.cookies.get(BROWSER_COOKIE, "")


def go_on(step: Step) -> Response:
    """Let the user in, or lead to the next step."""
    if step.kind == "in" and step.user is not None:
        return _let_in(step, step.user)
    leave_cookies_later()[STEP_COOKIE] = step.token
    if step.user is not None and step.factors is not None and ways(step.factors, g.host)[0] == EMAIL:
        # One who was sent a code a moment ago can still use it.
        with suppress(TooMany):
            send_own_code(g.db, step.user)
    endpoint = "account.sign_in.choose" if step.kind == "choose" else "account.sign_in.second_step"
    return redirect(url_for(endpoint, next=asked_next() or None), 303)


def _let_in(step: Step, user: LoginUser) -> Response:
    # A cookie may have been planted: only a secret that this user was given before is kept, and none that is to be
    # worth more from now on.
    came_with = browser_token() if is_met(g.db, user, browser_token()) else ""
    token = ids.token() if step.trusts_browser or not came_with else came_with
    browser = Browser(
        host=g.host,
        address=request.remote_addr or "",
        name=request.user_agent.string,
        token=token,
        came_with=came_with,
    )
    if is_signed_in():
        end_session(g.db, current_user.session_id)
    cookies = leave_cookies_later()
    if user.kind != "customer" or step.trusts_browser:
        cookies[BROWSER_COOKIE] = token
    cookies[SESSION_COOKIE] = enter(g.db, step, browser)
    cookies[STEP_COOKIE] = None
    if user.kind == "customer":
        _bring_cart(user)
        arrive(g.db, asked_next())
    return redirect(landing(user.kind, asked_next()), 303)


def _bring_cart(user: LoginUser) -> None:
    """Keep what the visitor chose, here or in a window, together with what the user had put aside before (M20)."""
    cart = adopt(g.db, find_cart(g.db, request.cookies.get(CART_COOKIE, "")), user)
    carried = carried_cart()
    cart = adopt(g.db, carried, user) if carried is not None else cart
    cookies = leave_cookies_later()
    cookies[CART_COOKIE] = None  # from now on the cart is found by its user
    cookies[CART_COUNT_COOKIE] = str(len(items_in(g.db, cart))) if cart is not None else None


def landing(kind: str, wanted: str) -> str:
    """Return where somebody lands: where they wanted to go, else their own first page."""
    wanted = page_at(wanted)
    if kind in OFFICES:
        office, endpoint = OFFICES[kind]
        fits = wanted == office or wanted.startswith((f"{office}/", f"{office}?"))
        return in_language(wanted) if fits else _address(endpoint)
    return in_language(wanted) if wanted else _address("panel.overview.show")


def page_at(wanted: str) -> str:
    """Return a page that can be looked at: of an address that only takes a POST, the nearest page above it.

    Somebody whose session ended while they pressed a button lands where the button was.
    """
    path, mark, query = _without_language(wanted).partition("?")
    prefix = wanted[: len(wanted) - len(path) - len(mark) - len(query)]
    if not path or _shows_page(path):
        return wanted
    while path := path.rpartition("/")[0]:
        for found in (path, f"{path}/"):
            if _shows_page(found, is_own=False):
                return prefix + found
    return ""


def _without_language(path: str) -> str:
    first, slash, rest = path[1:].partition("/")
    return f"/{rest}" if slash and first in LOCALES else path


def _shows_page(path: str, *, is_own: bool = True) -> bool:
    """Whether a view shows something at a path; ``is_own`` counts pages of the shop's making, which may be anywhere."""
    urls = current_app.url_map.bind("")
    try:
        endpoint, _values = urls.match(path, method="GET")
    except RequestRedirect:
        return True
    except HTTPException:
        return False
    only_looks = not set(urls.allowed_methods(path)) - {"GET", "HEAD", "OPTIONS"}
    return endpoint != "cms.page" or (is_own and only_looks)


def in_language(path: str) -> str:
    """Keep the language of the address: a path may come with its prefix or, from a guard, without."""
    first = path[1:].partition("/")[0].partition("?")[0]
    return path if first in LOCALES else request.script_root + path


def _address(endpoint: str) -> str:
    return url_for(endpoint) if endpoint in current_app.view_functions else url_for("cms.page", path="")
