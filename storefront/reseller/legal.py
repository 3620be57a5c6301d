"""/reseller/legal: terms of service with their version, and the privacy page, in plain words."""

from typing import Any

from flask import Blueprint, g
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import TextAreaField

from cms.blocks import block_from
from cms.models import Menu, PageVersion
from cms.pages import PageTerms, publish_page, set_menu
from cms.queries import find_published
from storefront.core.errors import Refused
from storefront.core.i18n import gettext, lazy_words, speaking
from storefront.core.i18n import lazy_gettext as _
from storefront.identity.permissions import Permission
from storefront.reseller.company import change_terms_version
from storefront.reseller.plain_pages import html_of, words_of
from storefront.web.forms import Form, Line, at_most, required
from storefront.web.guards import acts, reads
from storefront.web.rendering import done, page
from tenants.models import Reseller
from tenants.resellers import current_reseller

bp = Blueprint("legal", __name__, url_prefix="/legal")
LONGEST = 60_000


class TermsForm(Form):
    """Which version, and what it says."""

    version = Line(_("Version"), longest=40)
    words = TextAreaField(lazy_words("Terms of service"), [required(), at_most(LONGEST)])


class PrivacyForm(Form):
    """What the privacy page says."""

    words = TextAreaField(lazy_words("Privacy"), [required(), at_most(LONGEST)])


@bp.get("/")
@reads(Permission.PAGES_MANAGE)
def show() -> Response:
    """Both pages, as visitors read them now."""
    return _answer(_terms_form(), _privacy_form())


@bp.route("/terms", methods=["GET", "POST"])
@acts(Permission.PAGES_MANAGE, audit="settings.terms_changed")
def terms() -> Response:
    """Publish the terms of service under a version."""
    form = _terms_form()
    if form.submitted():
        with form.blames_refusals():
            version = form.version.data or ""
            _publish("terms", "/terms", _title("terms"), form.words.data or "")
            change_terms_version(g.db, version)
            return done(_("The terms are published. New orders keep version %(version)s.", version=version), ".show")
    return _answer(form, None)


@bp.route("/privacy", methods=["GET", "POST"])
@acts(Permission.PAGES_MANAGE, audit="settings.privacy_changed")
def privacy() -> Response:
    """Publish the privacy page."""
    form = _privacy_form()
    if form.submitted():
        with form.blames_refusals():
            _publish("privacy", "/privacy", _title("privacy"), form.words.data or "")
            return done(_("The privacy page is published."), ".show")
    return _answer(None, form)


def _terms_form() -> TermsForm:
    version = str(current_reseller(g.db).settings.get("terms_version", ""))
    return TermsForm(data={"version": version or f"{g.db.today:%Y-%m}", "words": _words("terms") or ""})


def _privacy_form() -> PrivacyForm:
    return PrivacyForm(data={"words": _words("privacy") or ""})


def _answer(terms_form: TermsForm | None, privacy_form: PrivacyForm | None) -> Response:
    reseller = current_reseller(g.db)
    return page(
        "reseller/legal/show.html",
        form=terms_form or privacy_form,
        terms=terms_form,
        privacy=privacy_form,
        locale=reseller.default_locale,
        version=reseller.settings.get("terms_version", ""),
        own={key: _found(key) for key in ("terms", "privacy")},
        is_plain={key: _words(key) is not None for key in ("terms", "privacy")},
    )


def _title(key: str) -> str:
    reseller = current_reseller(g.db)
    with speaking(reseller.default_locale, reseller.zone):
        return {"terms": gettext("Terms of service"), "privacy": gettext("Privacy")}[key]


def _found(key: str) -> PageVersion | None:
    return find_published(g.db, key, [current_reseller(g.db).default_locale])


def _words(key: str) -> str | None:
    """Return a page's plain words: none yet is empty, one that is more than plain words is ``None``."""
    found = _found(key)
    if found is None:
        return ""
    blocks = [block for block in found.blocks if block.get("kind") == "rich_text"]
    return words_of(blocks[0].get("html", "")) if len(found.blocks) == len(blocks) == 1 else None


def _publish(key: str, path: str, title: str, words: str) -> None:
    reseller = current_reseller(g.db)
    if _words(key) is None:
        raise Refused(_("This page has more in it than plain words. Please change it where pages are edited."))
    found = _found(key)
    blocks = [block_from({"kind": "rich_text", "html": html_of(words)})]
    place = {"path": found.path, "title": found.title} if found else {"path": path, "title": title}
    publish_page(g.db, PageTerms(key=key, locale=reseller.default_locale, description=title, blocks=blocks, **place))
    if found is None:
        _link_from_footer(reseller, place["path"], place["title"])


def _link_from_footer(reseller: Reseller, path: str, title: str) -> None:
    """Let visitors find a new page at the foot of every page."""
    locale = reseller.default_locale
    menu = g.db.scalar(select(Menu).where(Menu.place == "footer", Menu.locale == locale))
    columns: list[dict[str, Any]] = [dict(column) for column in menu.items] if menu else []
    if any(link.get("url") == path for column in columns for link in column.get("items", ())):
        return
    link = {"label": title, "url": path}
    if columns:
        columns[0] = {**columns[0], "items": [*columns[0].get("items", ()), link]}
    else:
        columns = [{"title": reseller.name, "items": [link]}]
    set_menu(g.db, "footer", locale, columns)
