"""/reseller/tld-groups: which endings the shop proposes together, under which tab, in which order."""

from typing import Any
from uuid import UUID

from flask import Blueprint, g
from werkzeug.wrappers import Response
from wtforms import TextAreaField

from storefront.catalog import shelves
from storefront.catalog.ending_lists import LONGEST_SLUG, read_endings, slug_of, write_endings
from storefront.catalog.models import TldGroup
from storefront.catalog.offers import offered, rules_on
from storefront.core.errors import Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.core.i18n import lazy_words
from storefront.identity.permissions import Permission
from storefront.reseller.shop_words import shop_locales, words_field, words_of
from storefront.web.fields import Choice, Tick, options
from storefront.web.forms import Form, Line, at_most, required
from storefront.web.guards import acts, is_unsafe, reads
from storefront.web.rendering import done, page

bp = Blueprint("tld_groups", __name__, url_prefix="/tld-groups")


class GroupForm(Form):
    """One tab of the search page; its titles, one for each language of the shop, are added by ``form_for``."""

    slug = Line(lazy_words("Address"), longest=LONGEST_SLUG, optional=True)
    endings = TextAreaField(lazy_words("Endings"), [required(), at_most(10_000)])
    is_default = Tick(lazy_words("A word without an ending is searched here"))
    is_for_others = Tick(lazy_words("Other names are proposed below these endings, also when a name is taken"))


class MoveForm(Form):
    """One place up or down."""

    to = Choice(lazy_words("Where to"))


@bp.get("/")
@reads(Permission.PRICING_READ)
def list() -> Response:  # noqa: A001 - the verb of every list
    """All groups in the order of the tabs."""
    sold = offered(g.db)
    rows = [
        {
            "group": group,
            "title": group.title.in_(g.locale),
            "shown": [sold[ending].shown for ending in group.endings if ending in sold],
            "hidden": len([ending for ending in group.endings if ending not in sold]),
        }
        for group in shelves.tld_groups(g.db)
    ]
    return page(rows=rows)


@bp.route("/new", methods=["GET", "POST"])
@acts(Permission.PRICING_MANAGE, audit="tld_group.written")
def new() -> Response:
    """A new group."""
    form = _form_for(None)
    if form.submitted():
        with form.blames_refusals():
            shelves.write_group(g.db, _terms(form))
            return done(_("Kept. The search shows the new tab now."), ".list")
    return page(form=form, group=None, titles=_titles(form))


@bp.route("/<uuid:group_id>", methods=["GET", "POST"])
@acts(Permission.PRICING_MANAGE, audit="tld_group.written")
def edit(group_id: UUID) -> Response:
    """Change a group."""
    group = g.db.require(TldGroup, group_id)
    form = _form_for(group)
    if form.submitted():
        with form.blames_refusals():
            shelves.write_group(g.db, _terms(form), group)
            return done(_("Kept. The search shows the tab like this now."), ".list")
    return page(form=form, group=group, titles=_titles(form))


@bp.post("/<uuid:group_id>/move")
@acts(Permission.PRICING_MANAGE, audit="tld_group.moved")
def move(group_id: UUID) -> Response:
    """Move a tab one place."""
    form = MoveForm()
    form.to.choices = options([("up", _("Up")), ("down", _("Down"))])
    if not form.submitted():
        raise Refused(_("Please choose one of these."))
    shelves.move_group(g.db, group_id, by=-1 if form.to.data == "up" else 1)
    return done(_("Moved."), ".list")


@bp.route("/<uuid:group_id>/remove", methods=["GET", "POST"])
@acts(Permission.PRICING_MANAGE, audit="tld_group.removed")
def remove(group_id: UUID) -> Response:
    """Say what comes of it, then delete a group."""
    group = g.db.require(TldGroup, group_id)
    form = Form()
    if form.submitted():
        shelves.remove_group(g.db, group_id)
        return done(_("The group is gone. Its endings are still for sale."), ".list")
    is_needed = group.is_default and len(shelves.tld_groups(g.db)) > 1
    return page(form=form, group=group, title=group.title.in_(g.locale), is_needed=is_needed)


def _form_for(group: TldGroup | None) -> Any:
    """Return the form with a title in each language of the shop, filled in unless something was sent."""
    fields = {f"title_{locale}": words_field(_("Name of the tab"), locale, longest=40) for locale in shop_locales()}
    kind = type("GroupFormHere", (GroupForm,), fields)
    if group is None or is_unsafe():
        return kind()
    titles = {f"title_{locale}": group.title.get(locale, "") for locale in shop_locales()}
    kept = {
        "slug": group.slug,
        "endings": write_endings(group.endings),
        "is_default": group.is_default,
        "is_for_others": group.is_for_others,
    }
    return kind(data={**kept, **titles})


def _titles(form: Any) -> Any:
    return [form[f"title_{locale}"] for locale in shop_locales()]


def _terms(form: Any) -> shelves.GroupTerms:
    """Return what was typed; raises ``Refused`` for endings that nobody knows."""
    read = read_endings(form.endings.data or "", rules_on(g.db, g.db.today))
    if read.unknown:
        raise Refused(_("These are no endings that we know: %(endings)s", endings=read.unknown_words), field="endings")
    titles = words_of(form, "title")
    if not titles:
        raise Refused(_("Please fill this in."), field=f"title_{shop_locales()[0]}")
    first = next(iter(titles.values()))
    return shelves.GroupTerms(
        slug=form.slug.data or slug_of(first),
        title=titles,
        endings=read.endings,
        is_default=bool(form.is_default.data),
        is_for_others=bool(form.is_for_others.data),
    )
