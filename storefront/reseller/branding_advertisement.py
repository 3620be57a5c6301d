"""/reseller/branding/advertisement: what the customers' panel advertises, in which language and when."""

from datetime import date
from uuid import UUID

from flask import Blueprint, g
from werkzeug.wrappers import Response
from wtforms import FileField, SelectMultipleField, TextAreaField
from wtforms.widgets import CheckboxInput, ListWidget

from storefront.core.errors import Refused
from storefront.core.i18n import Text
from storefront.core.i18n import lazy_words as _
from storefront.identity.permissions import Permission
from storefront.web.assets import media_url
from storefront.web.fields import Tick
from storefront.web.forms import FormWithFiles, Line, at_most
from storefront.web.guards import acts, is_unsafe, reads
from storefront.web.locale import each_locale
from storefront.web.rendering import done, page
from tenants.adverts import AdvertTerms, adverts, remove_advert, state_of, write_advert
from tenants.brand_models import Advert
from tenants.resellers import current_reseller

bp = Blueprint("advertisement", __name__, url_prefix="/advertisement")

SHOWN: dict[str, tuple[Text, str]] = {
    "running": (_("Shown now"), "success"),
    "planned": (_("Planned"), "info"),
    "ended": (_("Ended"), "neutral"),
}


class AdvertForm(FormWithFiles):
    """One advertisement."""

    title = Line(_("Title"), longest=80, optional=True)
    text = TextAreaField(_("Text"), [at_most(300)])
    picture_file = FileField(_("Picture"))
    picture_gone = Tick(_("Take this picture away"))
    alt = Line(_("What the picture shows"), longest=200, optional=True)
    link = Line(_("Link"), longest=500, optional=True)
    link_words = Line(_("Words of the link"), longest=40, optional=True)
    locales = SelectMultipleField(_("Languages"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput())
    starts_on = Line(_("First day"), longest=10, optional=True)
    ends_on = Line(_("Last day"), longest=10, optional=True)

    def offer(self) -> "AdvertForm":
        """Fill in the shop's languages."""
        reseller = current_reseller(g.db)
        tags = [*reseller.locales] or [reseller.default_locale]
        self.locales.choices = [(each["tag"], each["name"]) for each in each_locale(tags, str)]
        return self

    def terms(self) -> AdvertTerms:
        """Return what was typed; raises ``Refused`` for a day that is none."""
        return AdvertTerms(
            title=self.title.data or "",
            text=_plain(self.text.data or ""),
            alt=self.alt.data or "",
            link=self.link.data or "",
            link_words=self.link_words.data or "",
            locales=tuple(self.locales.data or ()),
            starts_on=_day(self.starts_on),
            ends_on=_day(self.ends_on),
        )


def _plain(words: str) -> str:
    """Return words on one line, without what no keyboard types."""
    typed = "".join(letter for letter in " ".join(words.split()) if letter >= " ")
    return typed.encode("utf-8", "ignore").decode()


def _day(field: Line) -> date | None:
    try:
        return date.fromisoformat(field.data) if field.data else None
    except ValueError:
        raise Refused(_("Write the day as year, month, day: 2026-11-30."), field=field.name) from None


@bp.get("/")
@reads(Permission.PAGES_MANAGE)
def list() -> Response:  # noqa: A001 - the verb of every list
    """All advertisements, with whether they run."""
    names = {each["tag"]: each["name"] for each in each_locale(current_reseller(g.db).locales, str)}
    rows = [
        {
            "advert": advert,
            "shown": SHOWN[state_of(advert, g.db.today)],
            "languages": [names.get(tag, tag) for tag in advert.locales],
        }
        for advert in adverts(g.db)
    ]
    return page(rows=rows)


@bp.route("/new", methods=["GET", "POST"])
@acts(Permission.PAGES_MANAGE, audit="advert.written")
def new() -> Response:
    """A new advertisement."""
    form = AdvertForm().offer()
    if form.submitted():
        with form.blames_refusals():
            write_advert(g.db, form.terms(), picture=_uploaded(form))
            return done(_("Kept. Your customers see it on the first page of their panel on its days."), ".list")
    return page(form=form, advert=None, picture_url=None)


@bp.route("/<uuid:advert_id>", methods=["GET", "POST"])
@acts(Permission.PAGES_MANAGE, audit="advert.written")
def edit(advert_id: UUID) -> Response:
    """Change an advertisement."""
    advert = g.db.require(Advert, advert_id)
    form = AdvertForm(obj=advert).offer() if not is_unsafe() else AdvertForm().offer()
    if form.submitted():
        with form.blames_refusals():
            write_advert(
                g.db, form.terms(), advert, picture=_uploaded(form), drops_picture=bool(form.picture_gone.data)
            )
            return done(_("Kept. Your customers see it on the first page of their panel on its days."), ".list")
    return page(form=form, advert=advert, picture_url=media_url(advert.picture, "webp"))


@bp.post("/<uuid:advert_id>/remove")
@acts(Permission.PAGES_MANAGE, audit="advert.removed")
def remove(advert_id: UUID) -> Response:
    """Delete an advertisement."""
    remove_advert(g.db, advert_id)
    return done(_("The advertisement is gone."), ".list")


def _uploaded(form: AdvertForm) -> bytes:
    upload = form.picture_file.data
    return bytes(upload.read()) if upload and getattr(upload, "filename", "") else b""
