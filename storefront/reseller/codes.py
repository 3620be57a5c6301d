"""/reseller/codes: words that let a promotion count: one to remember, or ten thousand in a file."""

import re
from typing import Any
from uuid import UUID

from flask import Blueprint, g, request
from werkzeug.wrappers import Response

from storefront.core.errors import NotFound
from storefront.core.i18n import lazy_gettext as _
from storefront.core.i18n import ngettext
from storefront.identity.permissions import Permission
from storefront.pricing import codes as actions
from storefront.pricing.offer_models import Promotion, PromotionCode
from storefront.pricing.promotions import promotions
from storefront.reseller.promotion_forms import CodeForm, SeriesForm
from storefront.web.downloads import download
from storefront.web.fields import options
from storefront.web.forms import require_token
from storefront.web.guards import acts, reads
from storefront.web.lists import after_of, paged, wanted_of
from storefront.web.rendering import done, page

bp = Blueprint("codes", __name__, url_prefix="/codes")


@bp.get("/")
@reads(Permission.PRICING_READ)
def list() -> Response:  # noqa: A001 - the verb of every list
    """Series, and codes that stand alone; or every code that begins with what is wanted."""
    wanted = wanted_of()
    found = actions.codes(g.db, wanted=wanted, after=after_of())
    names = {each.id: each.name for each in promotions(g.db)}
    return page(
        series=[] if wanted or after_of() else [{"is": each, "of": names[each.promotion_id]} for each in _series()],
        rows=[{"code": each, "of": names[each.promotion_id]} for each in found.rows],
        pager=paged(found),
        wanted=wanted,
        can_make=bool(_choices()),
    )


def _series() -> Any:
    return actions.series_of(g.db)


def _choices() -> Any:
    able = [each for each in promotions(g.db) if each.needs_code and each.state != "stopped"]
    return options((str(each.id), each.name) for each in able)


def _given(kind: Any) -> Any:
    """Make a form with the promotions that can have codes; the address may name one."""
    choices = _choices()
    asked = request.args.get("promotion", "")
    form = kind(data={"promotion": asked if asked in dict(choices) else choices[0][0] if choices else ""})
    form.promotion.choices = choices
    return form


@bp.route("/new", methods=["GET", "POST"])
@acts(Permission.PRICING_MANAGE, audit="promotion.code_added")
def new() -> Response:
    """Make one code."""
    form = _given(CodeForm)
    if form.submitted():
        with form.blames_refusals():
            promotion = g.db.require(Promotion, UUID(form.promotion.data))
            row = actions.add_code(
                g.db,
                promotion,
                form.code.data or "",
                max_uses=form.max_uses.data,
                customer_code=form.customer.data or "",
            )
            return done(_("The code %(code)s is there.", code=row.code), ".list")
    return page(form=form)


@bp.route("/series", methods=["GET", "POST"])
@acts(Permission.PRICING_MANAGE, audit="promotion.series_made")
def series() -> Response:
    """Make many codes at once."""
    form = _given(SeriesForm)
    if form.submitted():
        with form.blames_refusals():
            promotion = g.db.require(Promotion, UUID(form.promotion.data))
            made = actions.make_series(
                g.db,
                promotion,
                actions.SeriesWish(
                    name=form.name.data or "",
                    count=form.count.data or 0,
                    prefix=form.prefix.data or "",
                    max_uses=form.max_uses.data,
                ),
            )
            said = ngettext(
                "%(num)s code is made; its file is here.", "%(num)s codes are made; their file is here.", made
            )
            return done(said, ".list")
    return page("reseller/codes/new.html", form=form)


@bp.get("/<uuid:promotion_id>/file")
@reads(Permission.PRICING_READ)
def file(promotion_id: UUID) -> Response:
    """The codes of a promotion as a file; ``?series=`` leaves one series."""
    promotion, name = g.db.require(Promotion, promotion_id), request.args.get("series", "")[:60]
    rows = actions.series_rows(g.db, promotion.id, name)
    plain = re.sub("[^A-Za-z0-9]+", "-", name).strip("-") or "codes"
    return download(actions.as_csv(rows), f"{plain}.csv", "text/csv")


@bp.post("/<uuid:promotion_id>/withdraw")
@acts(Permission.PRICING_MANAGE, audit="promotion.series_withdrawn")
def withdraw_series(promotion_id: UUID) -> Response:
    """Let a series count no more."""
    require_token()
    promotion, name = _promotion_and_series(promotion_id)
    count = actions.withdraw_series(g.db, promotion, name)
    said = ngettext("%(num)s code counts no more.", "%(num)s codes count no more.", count)
    return done(said, ".list")


def _promotion_and_series(promotion_id: UUID) -> tuple[Promotion, str]:
    name = request.values.get("series", "")[:60]
    if not name:
        raise NotFound
    return g.db.require(Promotion, promotion_id), name


@bp.post("/code/<uuid:code_id>/withdraw")
@acts(Permission.PRICING_MANAGE, audit="promotion.code_withdrawn")
def withdraw(code_id: UUID) -> Response:
    """Let one code count no more."""
    require_token()
    row = g.db.require(PromotionCode, code_id)
    actions.withdraw_code(g.db, row)
    return done(_("The code %(code)s counts no more.", code=row.code), ".list")
