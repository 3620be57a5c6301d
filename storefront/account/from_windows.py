"""Who comes to /account from a window in a page of others: what their form must prove, and where their way ends."""

from flask import g, request

from frames import handoff, way_back
from frames.cart_tokens import cart_of_token, take_cart
from frames.origins import host_of
from storefront.core.errors import Refused
from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _
from storefront.orders.models import Cart
from storefront.web.forms import Form
from storefront.web.guards import is_unsafe
from storefront.web.sessions import leave_cookies_later

# Until somebody is in: which window they came from and what names the cart they filled there, good for two hours.
CARRIED_COOKIE = "__Host-carried"


def is_from_window() -> bool:
    """Whether this was sent by a form in a window."""
    return is_unsafe() and "frame" in request.form


def way_asked() -> str:
    """Return the page on which the way of somebody from a window ends; what it names is looked at there."""
    return way_back.path_of(request.form.get("frame", ""), request.form.get("back", ""))


def is_good_form(form: Form) -> bool:
    """Whether a form that was sent from a window proves it; any other form need not (security 2.3, F3).

    Nobody could have got the token who cannot read our pages, so it stands for the token of a session, too.
    """
    if not is_unsafe() or ("frame" not in request.form and _window_host() == g.host):
        return True
    # A form of another host of ours that names no window is none, and its token would never be used up.
    frame = request.form.get("frame", "") if is_from_window() and _was_sent_by_a_page_of_ours() else ""
    if frame and handoff.is_form_token(g.db, _token(), frame=frame, host=_window_host()):
        g.has_form_token = True
        return True
    form.form_errors.append(str(_once_more()))
    return False


def use_form() -> None:
    """Use up the token of a form from a window. Raises ``Refused`` where it was used before."""
    if is_from_window() and not handoff.use_form_token(g.db, _token()):
        raise Refused(_once_more())


def carry_cart() -> None:
    """Keep the cart of a window at hand until its visitor is in, also past a wrong password or a second step.

    The window's own cookie stays in the jar of the page around it, so its form names the cart.
    """
    frame, token = request.form.get("frame", "")[:40], request.form.get("cart", "")
    if is_from_window() and token and cart_of_token(g.db, token, frame=frame) is not None:
        leave_cookies_later()[CARRIED_COOKIE] = f"{frame}.{token}"
        g.keeps_cookies = True


def carried_cart() -> Cart | None:
    """Take the cart that was kept at hand; nothing where none was, or where it went with its visitor already."""
    kept = leave_cookies_later().get(CARRIED_COOKIE) or request.cookies.get(CARRIED_COOKIE, "")
    if not kept:
        return None
    leave_cookies_later()[CARRIED_COOKIE] = None
    frame, _dot, token = kept.partition(".")
    return take_cart(g.db, token, frame=frame)


def comes_directly() -> bool:
    """Whether a document of this very host led here, and here is where it is shown (security 2.3, F4)."""
    return _fetched("Site") == "same-origin" and _fetched("Dest") == "document"


def _was_sent_by_a_page_of_ours() -> bool:
    # The edge has looked at the Origin: it is this host or another one of the shop. Nothing else may contradict it.
    return _fetched("Site") in ("", "same-origin") or _window_host() != g.host


def _window_host() -> str:
    """Return the host that the window stood on."""
    origin = request.headers.get("Origin", "")
    return host_of(origin) if origin else str(g.host)


def _fetched(what: str) -> str:
    return request.headers.get(f"Sec-Fetch-{what}", "")


def _token() -> str:
    return request.form.get("token", "")


def _once_more() -> Text:
    return _("Please sign in here once more. The form on the other page was open for too long, or it was used before.")
