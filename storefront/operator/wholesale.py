"""/operator/wholesale: what resellers pay: plans, the prices of each, and what is scheduled."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Blueprint, g, redirect, request, url_for
from werkzeug.wrappers import Response

from storefront.core.audit import record
from storefront.core.errors import NotFound, Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.core.i18n import lazy_words
from storefront.identity.permissions import Permission
from storefront.operator import wholesale_imports
from storefront.pricing.models import STANDARD_PLAN
from storefront.pricing.sheets import CSV_TYPE, XLSX_TYPE, write_csv, write_xlsx
from storefront.pricing.wholesale import CostRow, cost_rows
from storefront.pricing.wholesale_files import cost_table, sort_key
from storefront.pricing.wholesale_plans import (
    LONGEST_CODE,
    LONGEST_TITLE,
    PlanTerms,
    change_plan,
    count_prices,
    make_plan,
    plan_title,
    plans,
    put_on_plan,
    require_plan,
    resellers_by_plan,
    resellers_on,
    scheduled_changes,
    withdraw_scheduled,
)
from storefront.web.downloads import download as file_answer
from storefront.web.forms import Form, Line, require_token
from storefront.web.guards import acts, reads
from storefront.web.lists import wanted_of
from storefront.web.price_words import cost_words
from storefront.web.rendering import done, page, say
from tenants.models import Reseller

bp = Blueprint("wholesale", __name__, url_prefix="/wholesale")
bp.register_blueprint(wholesale_imports.bp)

MOST_ROWS = 200


class PlanForm(Form):
    """A plan: what it is called, and from how many domains it counts by itself."""

    code = Line(lazy_words("Short name"), longest=LONGEST_CODE)
    title = Line(lazy_words("Title"), longest=LONGEST_TITLE)
    from_domains = Line(lazy_words("From so many domains"), longest=9, optional=True)

    def terms(self) -> PlanTerms:
        """Return what was typed."""
        return PlanTerms(
            code=self.code.data or "", title=self.title.data or "", from_domains=self.from_domains.data or ""
        )


@bp.get("/")
@reads(Permission.CATALOG_MANAGE)
def list() -> Response:  # noqa: A001 - the verb of every list
    """Plans, what is scheduled, and the prices of one plan."""
    plan = request.args.get("plan", STANDARD_PLAN)
    require_plan(g.office, plan)
    wanted = wanted_of().lower().lstrip(".")
    rows = [row for key, row in _by_key(plan) if not wanted or key[1].startswith(wanted)]
    counts, members = count_prices(g.office), resellers_by_plan(g.office)
    known = {row.code: row for row in plans(g.office)}
    codes = [STANDARD_PLAN, *(code for code in known if code != STANDARD_PLAN)]
    return page(
        plans=[
            {
                "code": code,
                "title": plan_title(g.office, code),
                "from_domains": known[code].from_domains if code in known else None,
                "prices": counts.get(code, 0),
                "resellers": members.get(code, 0),
            }
            for code in codes
        ],
        scheduled=[{"row": each, "title": plan_title(g.office, each.plan)} for each in scheduled_changes(g.office)],
        plan=plan,
        wanted=wanted,
        rows=[cost_words(row) for row in rows[:MOST_ROWS]],
        found=len(rows),
        most=MOST_ROWS,
    )


def _by_key(plan: str) -> Any:
    rows: Mapping[Any, CostRow] = cost_rows(g.office, on=g.db.now.date(), plan=plan)
    return sorted(rows.items(), key=lambda each: sort_key(each[0]))


@bp.get("/download/<kind>")
@reads(Permission.CATALOG_MANAGE)
def download(kind: str) -> Response:
    """The prices of a plan as a table that can be changed and taken in again."""
    plan = request.args.get("plan", STANDARD_PLAN)
    require_plan(g.office, plan)
    table = cost_table({key: row.cost for key, row in _by_key(plan)})
    name = f"purchase-prices-{plan}-{g.db.now.date()}"
    if kind == "csv":
        return file_answer(write_csv(table), f"{name}.csv", CSV_TYPE)
    if kind == "xlsx":
        return file_answer(write_xlsx(table, widths=(10, 16, 12, 8, 10, 12)), f"{name}.xlsx", XLSX_TYPE)
    raise NotFound


@bp.route("/plans/new", methods=["GET", "POST"])
@acts(Permission.CATALOG_MANAGE, audit="wholesale_plan.made")
def new() -> Response:
    """Make a plan."""
    form = PlanForm()
    if form.submitted():
        with form.blames_refusals():
            row = make_plan(g.office, form.terms())
            record(g.db, "wholesale_plan.made", after={"plan": row.code, "from_domains": row.from_domains})
            return done(
                _("The plan is there. It costs what the standard plan costs until it has prices of its own."), ".list"
            )
    return page(form=form)


@bp.route("/plans/<plan_code>", methods=["GET", "POST"])
@acts(Permission.CATALOG_MANAGE, audit="wholesale_plan.changed")
def edit(plan_code: str) -> Response:
    """Change a plan; see who is on it."""
    row = require_plan(g.office, plan_code)
    form = PlanForm(data={"code": row.code, "title": row.title, "from_domains": str(row.from_domains or "")})
    if form.submitted():
        with form.blames_refusals():
            before = {"title": row.title, "from_domains": row.from_domains}
            change_plan(g.office, row, form.terms())
            after = {"plan": row.code, "title": row.title, "from_domains": row.from_domains}
            record(g.db, "wholesale_plan.changed", before=before, after=after)
            return done(_("Saved. It holds from the next command on."), ".edit", plan_code=plan_code)
    return page(
        form=form,
        code=plan_code,
        title=plan_title(g.office, plan_code),
        is_standard=plan_code == STANDARD_PLAN,
        resellers=[
            {"row": each, "is_by_hand": each.wholesale_plan == plan_code} for each in resellers_on(g.office, plan_code)
        ],
    )


@bp.post("/plans/<plan_code>/resellers")
@acts(Permission.CATALOG_MANAGE, audit="wholesale_plan.agreed")
def agree(plan_code: str) -> Response:
    """Agree on this plan with a reseller by hand."""
    require_plan(g.office, plan_code)
    require_token()
    reseller = _agreed(plan_code)
    if reseller is not None:
        say(_("%(name)s pays by this plan from the next command on.", name=reseller.name))
    return redirect(url_for(".edit", plan_code=plan_code), 303)


@bp.post("/plans/<plan_code>/volume")
@acts(Permission.CATALOG_MANAGE, audit="wholesale_plan.agreed")
def by_volume(plan_code: str) -> Response:
    """Let a reseller's plan follow from its number of domains again."""
    require_plan(g.office, plan_code)
    require_token()
    reseller = _agreed("")
    if reseller is not None:
        say(_("The plan of %(name)s follows from its number of domains again.", name=reseller.name))
    return redirect(url_for(".edit", plan_code=plan_code), 303)


def _agreed(plan: str) -> Reseller | None:
    """Put the reseller that was typed on a plan; ``None`` if that was refused, and the next page says why."""
    try:
        reseller = put_on_plan(g.office, request.form.get("slug", ""), plan)
    except Refused as no:
        g.refusal = no
        say(no.message, "danger")
        return None
    record(g.db, "wholesale_plan.agreed", after={"shop": reseller.slug, "plan": plan})
    return reseller


@bp.post("/withdraw")
@acts(Permission.CATALOG_MANAGE, audit="wholesale_prices.withdrawn")
def withdraw() -> Response:
    """Take a scheduled change back."""
    require_token()
    plan = request.form.get("plan", "")
    try:
        day = date.fromisoformat(request.form.get("day", ""))
    except ValueError:
        raise NotFound from None
    count = withdraw_scheduled(g.office, plan=plan, day=day)
    record(g.db, "wholesale_prices.withdrawn", before={"plan": plan, "valid_from": day.isoformat(), "prices": count})
    return done(_("The change is withdrawn. Tell the resellers, if they knew of it."), ".list")
