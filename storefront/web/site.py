"""What every page of a shop shows and no page owns: name, logo, menus, languages."""

from collections import OrderedDict
from threading import Lock
from typing import Any
from uuid import UUID

from flask import g, request, url_for
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

from storefront.core.i18n import gettext, speaking
from storefront.customers.addresses import address_lines, address_of
from storefront.web.assets import brand_stamp, icon_urls, media_url
from storefront.web.forms import token_for
from storefront.web.guards import is_signed_in
from storefront.web.house import house
from storefront.web.locale import each_locale
from storefront.web.own_pages import OF_SHOP
from tenants.brand_colours import brand_css, brand_from
from tenants.resellers import current_reseller

KEPT = 2_000


class SiteFacts:
    """Keeps the unchanging part of a shop's pages by language with the version it is of, for the last shops seen."""

    def __init__(self) -> None:
        self._facts: OrderedDict[tuple[UUID, str, str], tuple[int, dict[str, Any]]] = OrderedDict()
        self._lock = Lock()

    def of_request(self) -> dict[str, Any]:
        """Return the facts of this request's shop, from memory while its version stands.

        A page that says that something broke takes what is there, however old, where the database gives no new ones.
        """
        key = (g.place.reseller_id, g.locale, request.script_root)
        with self._lock:
            known = self._facts.get(key)
            if known is not None and known[0] == g.place.version:
                self._facts.move_to_end(key)
                return known[1]
        try:
            found = load_facts()
        except (SQLAlchemyError, OSError):
            old = self._of_old(key) if g.get("tells_of_a_fault") else None
            if old is None:
                raise
            return old
        with self._lock:
            self._facts[key] = (g.place.version, found)
            if len(self._facts) > KEPT:
                self._facts.popitem(last=False)
        return found

    def _of_old(self, key: tuple[UUID, str, str]) -> dict[str, Any] | None:
        """Return the shop's facts in this language as they were, if need be with addresses that name the language."""
        with self._lock:
            alike = [facts for each, (_version, facts) in self._facts.items() if each[:2] == key[:2]]
            known = self._facts.get(key)
        return known[1] if known is not None else next(reversed(alike), None)


kept = SiteFacts()


def load_facts() -> dict[str, Any]:
    """Read what a shop's pages share."""
    reseller = current_reseller(g.db)
    with speaking(g.locale, reseller.zone):
        menus = house().menus(g.db, g.locale)
        width, height = reseller.settings.get("logo_size", (180, 40))
        sheet = brand_css(brand_from(reseller.brand))
        icons = icon_urls(reseller, brand_stamp(sheet))
        logo = {
            "light_url": media_url(reseller.logo_light),
            "dark_url": media_url(reseller.logo_dark),
            "width": width,
            "height": height,
        }
        return {
            "name": reseller.name,
            "scheme": reseller.brand.get("scheme", "both"),
            "brand_css_url": f"/assets/brand/{brand_stamp(sheet)}.css",
            "favicon_url": icons["icon"] if icons else f"/assets/brand/{brand_stamp(sheet)}.svg",
            "icons": icons,
            "logo": logo if reseller.logo_light else None,
            "urls": {
                "home": url_for("cms.page", path=""),
                "search": url_for("shop.search.results"),
                "cart": url_for("shop.cart.show"),
                "prices": url_for("shop.price_list.list"),
                "legal": url_for("legal.list"),
                "sign_in": url_for("account.sign_in.form"),
                "panel": url_for("panel.overview.show"),
                "sign_out": url_for("account.sign_in.leave"),
            },
            "menus": menus,
            "own_pages": house().own_pages(g.db, g.locale, OF_SHOP),
            "about": reseller.settings.get("about", {}).get(g.locale),
            "legal": [
                part
                for part in (
                    reseller.legal_name,
                    *reseller.legal_lines,
                    ", ".join(address_lines(address_of(reseller))),
                )
                if part
            ],
            "prices_line": prices_line(reseller.currency, reseller.shows),
            "currency": reseller.currency,
            "languages": list(reseller.locales) or [reseller.default_locale],
            "font": reseller.brand.get("font", "plain"),
            "hero_ground": reseller.brand.get("hero_ground", "brand"),
            "hero_art": reseller.brand.get("hero_art", "none"),
        }


def prices_line(currency: str, shows: str) -> str:
    """Say once on every page what the prices are."""
    if shows == "gross":
        return gettext("Prices in %(currency)s, VAT included", currency=currency)
    return gettext("Prices in %(currency)s, plus VAT", currency=currency)


def site() -> dict[str, Any]:
    """Return ``site`` for a page: the kept facts and what depends on the address asked for."""
    facts = kept.of_request()
    path = request.path

    def mark(links: list[dict[str, str]]) -> list[dict[str, Any]]:
        return [{**link, "current": link["url"].removeprefix(request.script_root) == path} for link in links]

    return {
        **facts,
        "language": g.locale,
        "looked_at": g.get("looked_at"),
        "seen_as": g.get("seen_as"),
        "header": {"menu": mark(facts["menus"]["header"])},
        "footer": [{"title": column["title"], "items": mark(column["items"])} for column in facts["menus"]["footer"]],
        "locales": each_locale(facts["languages"], lambda tag: f"/{tag}{path}"),
    }


def visitor() -> dict[str, Any]:
    """Return ``visitor`` for a page."""
    if not is_signed_in():
        return {"signed_in": False}
    return {"signed_in": True, "name": current_user.name, "csrf_token": token_for(current_user.csrf_seed)}
