"""/operator/wholesale/imports: purchase prices from a file or a registrar account, seen before they hold."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import structlog
from flask import Blueprint, g, request, url_for
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.utils import redirect
from werkzeug.wrappers import Response
from wtforms import DateField, FileField, HiddenField
from wtforms.validators import Optional

from storefront.catalog.models import Tld
from storefront.core import files
from storefront.core.audit import record
from storefront.core.errors import NotFound, Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.core.i18n import lazy_words
from storefront.identity.permissions import Permission
from storefront.operator.wholesale_effects import Effect, announcement_of, effects
from storefront.pricing.models import STANDARD_PLAN
from storefront.pricing.rising_costs import ask_for_warnings
from storefront.pricing.sheets import LARGEST_FILE, MEBIBYTE, Unreadable, read_sheet, write_csv
from storefront.pricing.wholesale import current_costs
from storefront.pricing.wholesale_files import Change, Difference, ReadCosts, compare, cost_table, read_costs
from storefront.pricing.wholesale_plans import apply_costs, fingerprint, plan_title, plans, require_day, require_plan
from storefront.providers.connections import read_price_list
from storefront.providers.outcomes import SupplierError
from storefront.web.fields import Pick, Tick, options
from storefront.web.forms import Form, FormWithFiles, Line, require_token
from storefront.web.guards import acts
from storefront.web.house import house
from storefront.web.price_words import key_words
from storefront.web.rendering import done, page
from tenants.announcements import write_announcement

log = structlog.get_logger()
bp = Blueprint("imports", __name__, url_prefix="/imports")

MOST_SHOWN = 200
# A file may be this long and the form around it; a longer one is still read so far that it can be refused in words.
LARGEST_REQUEST = LARGEST_FILE + 12 * MEBIBYTE
FILTERS = {
    "": _("All"),
    "far": _("Far"),
    "rise": _("Dearer"),
    "fall": _("Cheaper"),
    "new": _("New"),
}


class ImportForm(FormWithFiles):
    """A table of prices, whose they are and from when they hold."""

    file = FileField(lazy_words("Table (XLSX or CSV)"))
    plan = Pick(lazy_words("Plan"), default=STANDARD_PLAN)
    valid_from = DateField(lazy_words("They hold from"), [Optional()])
    currency = Line(lazy_words("Currency"), longest=3, default="EUR")


class ApplyForm(Form):
    """The yes to what was shown."""

    seen = HiddenField()
    is_sure = Tick(lazy_words("I have looked at the prices that move by more than 20 percent"))
    tells = Tick(lazy_words("Tell the resellers with an announcement"))


@dataclass(frozen=True, kw_only=True)
class _Shown:
    """What a file says for a plan and a day, set against what holds then."""

    plan: str
    valid_from: date
    read: ReadCosts
    difference: Difference
    effects: Sequence[Effect]


@bp.before_request
def let_tables_in() -> None:
    """Take larger requests than other pages do."""
    request.max_content_length = LARGEST_REQUEST


def _form() -> ImportForm:
    form = ImportForm(data={"valid_from": g.db.now.date(), "plan": STANDARD_PLAN, "currency": "EUR"})
    titles = [(row.code, row.title) for row in plans(g.office) if row.code != STANDARD_PLAN]
    form.plan.choices = options([(STANDARD_PLAN, plan_title(g.office, STANDARD_PLAN)), *titles])
    return form


@bp.route("/new", methods=["GET", "POST"])
@acts(Permission.CATALOG_MANAGE, audit="wholesale_prices.read")
def new() -> Response:
    """Choose a file; it is read, and nothing changes yet."""
    form = _form()
    if form.submitted():
        with form.blames_refusals():
            day = require_day(g.db, form.valid_from.data)
            return _to_preview(_sent(form), _name_of(form), form, day)
    return page(form=form, today=g.db.now.date(), size=LARGEST_FILE // MEBIBYTE)


@bp.post("/fetch")
@acts(Permission.CATALOG_MANAGE, audit="wholesale_prices.fetched")
def fetch() -> Response:
    """Ask the platform's account at the registrar for all its prices; they are shown like those of a file."""
    require_token()
    day = g.db.now.date()
    # The registrar may take its time: nothing is held meanwhile.
    g.office.rest()
    g.db.rest()
    try:
        rows = read_price_list(house().config)
    except SupplierError as error:
        log.warning("wholesale.fetch_failed", error=str(error))
        raise Refused(_("The registrar does not answer at the moment. Please try again later.")) from error
    if rows is None:
        raise Refused(_("This registrar does not tell its prices. Please take them in from a file."))
    known = set(_known_endings())
    costs = {("domain", row.ending, str(row.action), row.years): row.cost for row in rows if row.ending in known}
    digest = files.keep(house().config, _platform(), write_csv(cost_table(costs)))
    values = {"plan": STANDARD_PLAN, "valid_from": day.isoformat(), "currency": "EUR", "name": "registrar"}
    return redirect(url_for(".show", file_digest=digest, **values), 303)


@bp.route("/<file_digest>", methods=["GET", "POST"])
@acts(Permission.CATALOG_MANAGE, audit="wholesale_prices.changed")
def show(file_digest: str) -> Response:
    """What the file would change, what is wrong with it, and whom it concerns; then the yes."""
    shown = _read(file_digest)
    form = ApplyForm(data={"seen": fingerprint(shown.difference), "tells": shown.valid_from > g.db.now.date()})
    if form.submitted():
        with form.blames_refusals():
            return _apply(shown, form)
    form.seen.data = fingerprint(shown.difference)
    kind = request.args.get("show", "")
    chosen = [change for change in shown.difference.changes if _fits(change, kind)]
    return page(
        form=form,
        digest=file_digest,
        args={key: request.args.get(key, "") for key in ("plan", "valid_from", "currency", "name")},
        shown=shown,
        title=plan_title(g.office, shown.plan),
        kind=kind,
        filters=FILTERS,
        counts=_counts(shown.difference),
        rows=[_row(change) for change in chosen[:MOST_SHOWN]],
        found=len(chosen),
        is_future=shown.valid_from > g.db.now.date(),
    )


def _apply(shown: _Shown, form: ApplyForm) -> Response:
    if shown.read.faults or not shown.difference.changes:
        raise Refused(_("There is nothing in this file that could be taken in."))
    if form.seen.data != fingerprint(shown.difference):
        raise Refused(_("Prices changed meanwhile. Please look at the list again: it is up to date now."))
    if shown.difference.far and not form.is_sure.data:
        raise Refused(_("Please look at the prices that move far, and say so."), field="is_sure")
    day = require_day(g.db, shown.valid_from)
    count = apply_costs(g.office, shown.difference, plan=shown.plan, valid_from=day)
    if form.tells.data:
        words = announcement_of(g.office, shown.difference, plan=shown.plan, valid_from=day)
        write_announcement(g.office, words)
    if day > g.db.now.date():
        ask_for_warnings(g.office, plan=shown.plan, valid_from=day)
    after = {"plan": shown.plan, "valid_from": day.isoformat(), "prices": count, "told": bool(form.tells.data)}
    record(g.db, "wholesale_prices.changed", after=after)
    message = _("%(num)s prices hold from the chosen day on.", num=count)
    return done(message, "operator.wholesale.list", plan=shown.plan)


def _platform() -> UUID:
    found: UUID = g.place.reseller_id
    return found


def _known_endings() -> Sequence[str]:
    return list(g.office.scalars(select(Tld.name).distinct()))


def _sent(form: ImportForm) -> bytes:
    """Return the file as it was sent, after a first look: what cannot be read at all is refused here."""
    upload: Any = form.file.data
    # Somebody may send a text where a file belongs.
    if not isinstance(upload, FileStorage) or not upload:
        raise Refused(_("Please choose a file."), field="file")
    with closing(upload):
        data: bytes = upload.read()
    try:
        read_sheet(data, _name_of(form))
    except Unreadable as no:
        raise Refused(no.why, field="file") from no
    return data


def _name_of(form: ImportForm) -> str:
    upload: Any = form.file.data
    return str(getattr(upload, "filename", "") or "")[:100]


def _to_preview(data: bytes, name: str, form: ImportForm, day: date) -> Response:
    currency = (form.currency.data or "").upper()
    if len(currency) != len("EUR") or not currency.isalpha() or not currency.isascii():
        raise Refused(_("A currency has three letters, such as EUR."), field="currency")
    digest = files.keep(house().config, _platform(), data)
    values = {"plan": form.plan.data, "valid_from": day.isoformat(), "currency": currency, "name": name}
    return redirect(url_for(".show", file_digest=digest, **values), 303)


def _read(digest: str) -> _Shown:
    args = request.args
    data = files.fetch(house().config, _platform(), digest)
    plan = args.get("plan", STANDARD_PLAN)
    require_plan(g.office, plan)
    try:
        day = date.fromisoformat(args.get("valid_from", ""))
        sheet = read_sheet(data, args.get("name", ""))
    except ValueError:  # Unreadable is one, too: it was read once, so somebody made this address up
        raise NotFound from None
    read = read_costs(sheet, currency=args.get("currency", "EUR")[:3], known=_known_endings())
    present = current_costs(g.office, on=day, plan=plan)
    difference = compare({} if read.faults else read.costs, present)
    return _Shown(
        plan=plan,
        valid_from=day,
        read=read,
        difference=difference,
        effects=effects(g.office, difference, plan=plan, valid_from=day),
    )


def _fits(change: Change, kind: str) -> bool:
    if kind == "far":
        return change.is_far
    if kind == "rise":
        return change.is_rise
    if kind == "new":
        return change.before is None
    if kind == "fall":
        return change.before is not None and not change.is_rise
    return True


def _counts(difference: Difference) -> dict[str, int]:
    return {
        "": len(difference.changes),
        "far": difference.far,
        "rise": difference.rises,
        "fall": difference.falls,
        "new": difference.new,
    }


def _row(change: Change) -> dict[str, Any]:
    return {
        **key_words(change.key),
        "before": change.before,
        "after": change.after,
        "percent": change.percent,
        "is_rise": change.is_rise,
        "is_far": change.is_far,
    }
