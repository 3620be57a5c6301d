"""/operator/announcements: what the platform tells resellers; written, changed, withdrawn."""

from typing import Any
from uuid import UUID

from flask import Blueprint, g
from werkzeug.wrappers import Response
from wtforms import TextAreaField
from wtforms.validators import Optional

from storefront.core.audit import record
from storefront.core.i18n import LOCALES, lazy_words
from storefront.core.i18n import lazy_gettext as _
from storefront.identity.permissions import Permission
from storefront.web.announcement_words import SEVERITY_WORDS, announcement_state
from storefront.web.fields import Choice, options
from storefront.web.forms import Form, Line, at_most
from storefront.web.guards import acts, reads
from storefront.web.locale import NATIVE_NAMES
from storefront.web.moment_field import Moment, on_clocks
from storefront.web.rendering import done, page
from tenants.announcements import (
    LONGEST_BODY,
    LONGEST_TITLE,
    AnnouncementTerms,
    announcements,
    change_announcement,
    in_language,
    require_announcement,
    withdraw_announcement,
    write_announcement,
)
from tenants.models import Reseller
from tenants.office_models import Announcement

bp = Blueprint("announcements", __name__, url_prefix="/announcements")


class AnnouncementForm(Form):
    """The words in each language, how grave it is, when it is shown, and to whom."""

    severity = Choice(_("How grave it is"))
    shown_from = Moment(lazy_words("Shown from"))
    shown_until = Moment(lazy_words("Shown until"), optional=True)
    slugs = Line(_("Only for these resellers"), longest=2_000, optional=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.severity.choices = options(SEVERITY_WORDS.items())

    def words(self, kind: str) -> dict[str, str]:
        """Return title or body by language."""
        return {locale: self[f"{kind}_{locale}"].data or "" for locale in LOCALES}

    def terms(self) -> AnnouncementTerms:
        """Return what was typed; moments are those of the operator's own zone."""
        return AnnouncementTerms(
            title=self.words("title"),
            body=self.words("body"),
            severity=self.severity.data or "",
            shown_from=self.shown_from.moment or g.db.now,
            shown_until=self.shown_until.moment,
            slugs=(self.slugs.data or "").replace(",", " ").split(),
        )


for _locale in LOCALES:
    setattr(AnnouncementForm, f"title_{_locale}", Line(NATIVE_NAMES[_locale], longest=LONGEST_TITLE, optional=True))
    setattr(
        AnnouncementForm,
        f"body_{_locale}",
        TextAreaField(NATIVE_NAMES[_locale], [Optional(), at_most(LONGEST_BODY)]),
    )


@bp.get("/")
@reads(Permission.RESELLERS_READ)
def list() -> Response:  # noqa: A001 - the verb of every list
    """What was ever announced, the newest first."""
    rows = [
        {
            "row": row,
            "title": in_language(row.title, g.locale),
            "state": announcement_state(row, g.db.now),
            "severity": SEVERITY_WORDS[row.severity],
        }
        for row in announcements(g.office)
    ]
    return page(rows=rows)


@bp.route("/new", methods=["GET", "POST"])
@acts(Permission.RESELLERS_MANAGE, audit="announcement.written")
def new() -> Response:
    """Write one."""
    form = AnnouncementForm(data={"severity": "info", "shown_from": on_clocks(g.db.now)})
    if form.submitted():
        with form.blames_refusals():
            row = write_announcement(g.office, form.terms())
            record(g.db, "announcement.written", after={"title": in_language(row.title, "en")})
            return done(_("It is announced. Resellers see it on their start page until they have read it."), ".list")
    return page(form=form, row=None, locales=LOCALES)


@bp.route("/<uuid:announcement_id>", methods=["GET", "POST"])
@acts(Permission.RESELLERS_MANAGE, audit="announcement.changed")
def edit(announcement_id: UUID) -> Response:
    """Change one."""
    row = require_announcement(g.office, announcement_id)
    form = AnnouncementForm(data=_as_typed(row))
    if form.submitted():
        with form.blames_refusals():
            before = {"title": in_language(row.title, "en")}
            change_announcement(g.office, row, form.terms())
            record(g.db, "announcement.changed", before=before, after={"title": in_language(row.title, "en")})
            return done(_("The announcement is changed."), ".list")
    return page("operator/announcements/new.html", form=form, row=row, locales=LOCALES)


@bp.post("/<uuid:announcement_id>/withdraw")
@acts(Permission.RESELLERS_MANAGE, audit="announcement.withdrawn")
def withdraw(announcement_id: UUID) -> Response:
    """Show it to nobody any more."""
    row = require_announcement(g.office, announcement_id)
    withdraw_announcement(g.office, row)
    record(g.db, "announcement.withdrawn", before={"title": in_language(row.title, "en")})
    return done(_("The announcement is withdrawn."), ".list")


def _as_typed(row: Announcement) -> dict[str, Any]:
    slugs = [each.slug for each in (g.office.session.get(Reseller, key) for key in row.reseller_ids) if each]
    return {
        "severity": row.severity,
        "shown_from": on_clocks(row.shown_from),
        "shown_until": on_clocks(row.shown_until),
        "slugs": ", ".join(slugs),
        **{f"title_{locale}": row.title.get(locale, "") for locale in LOCALES},
        **{f"body_{locale}": row.body.get(locale, "") for locale in LOCALES},
    }
