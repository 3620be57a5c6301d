"""Who may do what: every route says it, unsafe ones also their rate and their line in the log."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from ipaddress import ip_address, ip_network
from typing import Any, TypeVar, cast

from flask import Flask, abort, g, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from storefront.core.errors import Forbidden, NotFound, TooMany
from storefront.core.i18n import lazy_gettext as _
from storefront.core.limits import spend
from storefront.identity.permissions import can
from storefront.web.embedders import WINDOWS
from storefront.web.house import house
from storefront.web.too_many import show_again

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC = "public"  # anybody may
SIGNED_IN = "signed_in"  # any user of this shop, for their own things

# What consumes a secret or sends one is counted for the whole neighbourhood too, over all shops.
NETWORK_RATED = frozenset({"sign_in_rate", "mail_rate"})
IPV4 = 4


@dataclass(frozen=True, kw_only=True)
class Guard:
    """What a view declares: a test walks the URL map and reads it."""

    permission: str
    rate: str = ""
    audit: str = ""
    from_windows: bool = False


def reads(permission: str) -> Callable[[View], View]:
    """Declare who may look: a view that changes nothing."""
    return _guarded(Guard(permission=permission))


def acts(permission: str, *, audit: str, rate: str = "form_rate", from_windows: bool = False) -> Callable[[View], View]:
    """Declare who may act, the line that is logged, and the setting in ``Config`` that limits how often.

    The same view may show the form on GET; rate and log apply to unsafe methods only. ``from_windows``: a window leads
    here from whichever host of the shop it stands on, so the form may come from any of them (decision 18).
    """
    return _guarded(Guard(permission=permission, rate=rate, audit=audit, from_windows=from_windows))


def _guarded(guard: Guard) -> Callable[[View], View]:
    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            try:
                check(guard)
                return view(*args, **kwargs)
            except TooMany as refusal:
                return show_again(view, refusal, *args, **kwargs)

        guarded.guard = guard  # type: ignore[attr-defined]  # read by the lifecycle and by the walk of the URL map
        return cast("View", guarded)

    return wrap


def guard_of(app: Flask, endpoint: str | None) -> Guard | None:
    """Return what the view behind an endpoint declared."""
    found: Guard | None = getattr(app.view_functions.get(endpoint or ""), "guard", None)
    return found


def check(guard: Guard) -> None:
    """Let the request through or say no."""
    if guard.permission == SIGNED_IN and not is_signed_in():
        raise NotSignedIn
    if guard.permission not in (PUBLIC, SIGNED_IN):
        if not is_signed_in():
            raise NotSignedIn
        if not can(current_user.role, guard.permission):
            raise Forbidden(_("Your account may not do this. Ask the owner of the shop's account."))
    if is_unsafe() and guard.rate:
        config = house().config
        spend(config, getattr(config, guard.rate), str(g.place.reseller_id), request.endpoint or "", who())
        if guard.rate in NETWORK_RATED:
            spend(config, config.sign_in_network_rate, "network", network_of(request.remote_addr or ""))


class NotSignedIn(Exception):
    """Somebody must sign in first."""


def is_unsafe() -> bool:
    """Whether this request may change something."""
    return request.method not in ("GET", "HEAD", "OPTIONS")


def is_window() -> bool:
    """Whether this is asked for below /frames/: a piece of the shop inside a page of somebody else."""
    return request.path.startswith(WINDOWS)


def is_signed_in() -> bool:
    """Whether somebody is signed in; asks the database only if there is a cookie."""
    return bool(g.get("has_session") and current_user.is_authenticated)


def who() -> str:
    """Name the caller for a counter: the user, else the address (an IPv6 network of one household counts as one)."""
    if is_signed_in():
        return str(current_user.user_id)
    return _network(request.remote_addr or "", 32, 64)


def network_of(address: str) -> str:
    """Name the neighbourhood of an address, /24 or /48: who tries passwords often has many addresses side by side."""
    return _network(address, 24, 48)


def _network(address: str, bits: int, bits_of_ipv6: int) -> str:
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    mapped = getattr(parsed, "ipv4_mapped", None) or parsed
    return str(ip_network((mapped, bits if mapped.version == IPV4 else bits_of_ipv6), strict=False))


def to_sign_in(status: int = 302) -> Response:
    """Lead to the sign-in page and back; nothing was done, so nothing is kept and nothing is logged."""
    g.refusal = g.get("refusal") or True
    return redirect(url_for("account.sign_in.form", next=request.full_path.rstrip("?")), status)


def customers_only() -> Any:
    """Guard of ``/panel``: a signed-in user of a customer."""
    if not is_signed_in():
        return to_sign_in()
    if current_user.customer_id is None:
        raise NotFound
    return None


def staff_only() -> Any:
    """Guard of ``/reseller``: staff, and only on the shop's name at the platform."""
    if g.host != f"{g.place.slug}.{house().config.platform_host}":
        abort(404)
    if not is_signed_in():
        if request.headers.get("X-Requested-With") == "script":
            raise NotSignedIn
        return to_sign_in()
    if current_user.kind != "staff":
        raise NotFound
    return None


def operators_only() -> Any:
    """Guard of ``/operator``: operators with a second factor, only on the platform's own host."""
    if g.host != house().config.platform_host or not g.place.is_platform:
        abort(404)
    if not is_signed_in():
        return to_sign_in()
    if current_user.kind != "operator" or not current_user.has_second_factor:
        raise NotFound
    return None
