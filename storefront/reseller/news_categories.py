"""/reseller/news-categories: what the shop's news are about, in each language."""

from typing import Any
from uuid import UUID

from flask import Blueprint, g
from werkzeug.wrappers import Response

from cms import news_categories
from cms.models import NewsCategory
from storefront.core.errors import Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.identity.permissions import Permission
from storefront.reseller.shop_words import shop_locales, words_field, words_of
from storefront.web.fields import Choice, options
from storefront.web.forms import Form
from storefront.web.guards import acts, is_unsafe, reads
from storefront.web.rendering import done, page

bp = Blueprint("news_categories", __name__, url_prefix="/news-categories")


class MoveForm(Form):
    """One place up or down."""

    to = Choice(_("Where to"))


@bp.get("/")
@reads(Permission.PAGES_READ)
def list() -> Response:  # noqa: A001 - the verb of every list
    """All categories in their order, with how much is told of each."""
    counts = news_categories.count_news(g.db)
    rows = [
        {"category": row, "title": row.title.in_(g.locale), "count": counts.get(row.slug, 0)}
        for row in news_categories.categories(g.db)
    ]
    return page(rows=rows)


@bp.route("/new", methods=["GET", "POST"])
@acts(Permission.PAGES_MANAGE, audit="news_category.written")
def new() -> Response:
    """A new category."""
    form = _form_for(None)
    if form.submitted():
        with form.blames_refusals():
            news_categories.make_category(g.db, _typed(form))
            return done(_("Kept. Pages below a list of news can choose it now."), ".list")
    return page(form=form, titles=_titles(form))


@bp.route("/<uuid:news_category_id>", methods=["GET", "POST"])
@acts(Permission.PAGES_MANAGE, audit="news_category.written")
def edit(news_category_id: UUID) -> Response:
    """Call a category something else."""
    category = g.db.require(NewsCategory, news_category_id)
    form = _form_for(category)
    if form.submitted():
        with form.blames_refusals():
            news_categories.name_category(g.db, category, _typed(form))
            return done(_("Kept. Visitors see it within a second."), ".list")
    return page(form=form, category=category, titles=_titles(form))


@bp.post("/<uuid:news_category_id>/move")
@acts(Permission.PAGES_MANAGE, audit="news_category.moved")
def move(news_category_id: UUID) -> Response:
    """Move a category one place."""
    form = MoveForm()
    form.to.choices = options([("up", _("Up")), ("down", _("Down"))])
    if not form.submitted():
        raise Refused(_("Please choose one of these."))
    news_categories.move_category(g.db, news_category_id, by=-1 if form.to.data == "up" else 1)
    return done(_("Moved."), ".list")


@bp.route("/<uuid:news_category_id>/remove", methods=["GET", "POST"])
@acts(Permission.PAGES_MANAGE, audit="news_category.removed")
def remove(news_category_id: UUID) -> Response:
    """Say what comes of it, then delete a category."""
    category = g.db.require(NewsCategory, news_category_id)
    form = Form()
    if form.submitted():
        news_categories.remove_category(g.db, news_category_id)
        return done(_("The category is gone. Its news are still there."), ".list")
    return page(form=form, category=category, title=category.title.in_(g.locale))


def _form_for(category: NewsCategory | None) -> Any:
    """Return the form with a name in each language of the shop, filled in unless something was sent."""
    longest = news_categories.LONGEST_TITLE
    fields = {f"title_{locale}": words_field(_("Name"), locale, longest=longest) for locale in shop_locales()}
    kind = type("CategoryFormHere", (Form,), fields)
    if category is None or is_unsafe():
        return kind()
    return kind(data={f"title_{locale}": category.title.get(locale, "") for locale in shop_locales()})


def _titles(form: Any) -> Any:
    return [form[f"title_{locale}"] for locale in shop_locales()]


def _typed(form: Any) -> dict[str, str]:
    titles = words_of(form, "title")
    if not titles:
        raise Refused(_("Please fill this in."), field=f"title_{shop_locales()[0]}")
    return titles
