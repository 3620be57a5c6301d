"""/reseller/settings/supplier: the account at the registrar; what is typed is kept, a job asks, the page waits."""

from typing import Any

from flask import Blueprint, g, request
from werkzeug.wrappers import Response

from storefront.core.errors import Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.identity.permissions import Permission
from storefront.providers.connections import SANDBOX_REGISTRAR
from storefront.providers.ports.login import Login, Verdict
from storefront.web.fields import Secret, Tick
from storefront.web.forms import Form, Line
from storefront.web.guards import acts, is_unsafe
from storefront.web.house import house
from storefront.web.rendering import done, page
from tenants.office_models import SupplierAccount
from tenants.supplier_accounts import (
    LOOKED_AT_EVERY,
    drop_tried,
    find_account,
    look_again,
    open_sandbox_account,
    try_login,
)
from tenants.supplier_words import NOT_ASKED, WAITING, verdict_words

bp = Blueprint("supplier", __name__, url_prefix="/settings/supplier")


class SupplierForm(Form):
    """Key and password of the interface; neither is ever shown again."""

    key = Line(_("Key"), longest=200)
    password = Secret(_("Password of the interface"))
    uses_old_version = Tick(_("Use the previous version of the interface"))


@bp.route("/", methods=["GET", "POST"])
@acts(Permission.SETTINGS_MANAGE, audit="supplier.login_tried")
def show() -> Response:
    """How the account stands; on POST another one is tried, and the one in use stays until it is accepted."""
    account = find_account(g.db)
    form = SupplierForm()
    if form.submitted():
        with form.blames_refusals():
            login = Login(
                key=form.key.data or "",
                password=form.password.data or "",
                uses_old_version=bool(form.uses_old_version.data),
            )
            try_login(g.db, login)
            return done(_("Saved. We are asking the supplier."), ".show")
    tried = account.tried_verdict if account else ""
    if tried and not is_unsafe():
        _blame(form, account, tried)
    return page(
        status=None if is_unsafe() else 200,
        form=form,
        account=account,
        in_use=_in_use(account),
        tried=verdict_words(tried) if tried else None,
        is_waiting=tried == WAITING,
        is_asked_again=tried in (WAITING, NOT_ASKED),
        next_check_at=account.checked_at + LOOKED_AT_EVERY if account and account.checked_at else None,
        has_sandbox=house().config.is_development,
    )


def _in_use(account: SupplierAccount | None) -> dict[str, Any] | None:
    if account is None or not account.sealed:
        return None
    return {"words": verdict_words(account.verdict), "is_good": account.verdict == Verdict.ACCEPTED}


def _blame(form: SupplierForm, account: SupplierAccount | None, tried: str) -> None:
    """Put the supplier's answer on the field that it is about, as if it had been refused at once."""
    words = verdict_words(tried)
    if account is not None:
        form.uses_old_version.data = account.tried_old_version
    if words.field:
        field = form[words.field]
        field.errors = [str(words.what)]


@bp.post("/again")
@acts(Permission.SETTINGS_MANAGE, audit="supplier.asked_again")
def again() -> Response:
    """Have the supplier asked now."""
    look_again(g.db, SANDBOX_REGISTRAR)
    return done(_("We are asking the supplier."), ".show")


@bp.post("/drop")
@acts(Permission.SETTINGS_MANAGE, audit="supplier.login_dropped")
def drop() -> Response:
    """Forget what was tried."""
    drop_tried(g.db)
    return done(_("What was tried is forgotten."), ".show")


@bp.post("/sandbox")
@acts(Permission.SETTINGS_MANAGE, audit="supplier.login_tried")
def sandbox() -> Response:
    """Have an account opened at the sandbox registrar; one in use is replaced only by who said so."""
    if _in_use(find_account(g.db)) and not request.form.get("replaces"):
        raise Refused(_("An account is in use. Say first that it may be replaced."))
    open_sandbox_account(g.db)
    return done(_("An account is being opened at the sandbox."), ".show")
