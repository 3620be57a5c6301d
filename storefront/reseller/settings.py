"""/reseller/settings: company, bank, letters, name servers, languages; each section is saved by itself."""

from typing import Any

from flask import Blueprint, g, request
from werkzeug.wrappers import Response

from storefront.core.i18n import lazy_gettext as _
from storefront.customers.addresses import lines_of
from storefront.identity.permissions import Permission
from storefront.notifications.senders import (
    SenderTerms,
    choose_sender,
    confirm_sender,
    send_sender_code,
    sender_address,
)
from storefront.reseller.company import change_bank, change_company, change_languages, change_nameservers
from storefront.reseller.settings_forms import SectionForm, settings_forms
from storefront.web.guards import acts, is_unsafe, reads
from storefront.web.house import house
from storefront.web.rendering import done, page
from tenants.resellers import current_reseller

bp = Blueprint("settings", __name__, url_prefix="/settings")
SHOW = "reseller/settings/show.html"


@bp.get("/")
@reads(Permission.SETTINGS_READ)
def show() -> Response:
    """Everything on one page."""
    return _answer(settings_forms(current_reseller(g.db)))


@bp.route("/company", methods=["GET", "POST"])
@acts(Permission.SETTINGS_MANAGE, audit="settings.company_changed")
def company() -> Response:
    """Who sells: name, address, VAT."""
    forms = _sent("company")
    form: Any = forms["company"]
    if form.submitted():
        with form.blames_refusals():
            change_company(g.db, form.terms())
            return _done(_("The company's data are saved. New documents show them from now on."), "company")
    return _answer(forms, "company")


@bp.route("/bank", methods=["GET", "POST"])
@acts(Permission.SETTINGS_MANAGE, audit="settings.bank_changed")
def bank() -> Response:
    """The account that customers pay to."""
    forms = _sent("bank")
    form: Any = forms["bank"]
    if form.submitted():
        with form.blames_refusals():
            typed = {name: form[name].data or "" for name in ("iban", "bic", "bank_name")}
            change_bank(g.db, **typed)
            return _done(_("The bank account is saved."), "bank")
    return _answer(forms, "bank")


@bp.route("/letters", methods=["GET", "POST"])
@acts(Permission.SETTINGS_MANAGE, audit="settings.letters_changed")
def letters() -> Response:
    """From whom letters come; a new address gets a code."""
    forms = _sent("letters")
    form: Any = forms["letters"]
    if form.submitted():
        with form.blames_refusals():
            terms = SenderTerms(
                email=form.sender_email.data or "", name=form.sender_name.data or "", reply=form.reply_email.data or ""
            )
            if choose_sender(g.db, terms):
                return _done(_("Saved. We sent a code to %(email)s; type it below.", email=terms.email), "letters")
            return _done(_("Saved. The next letter shows it."), "letters")
    return _answer(forms, "letters")


@bp.route("/letters/code", methods=["GET", "POST"])
@acts(Permission.SETTINGS_MANAGE, audit="settings.sender_confirmed", rate="sign_in_rate")
def code() -> Response:
    """The code that came to the sender's address."""
    forms = _sent("code")
    form: Any = forms["code"]
    if form.submitted():
        with form.blames_refusals():
            confirm_sender(g.db, form.code.data or "")
            return _done(_("The address is yours: letters come from it from now on."), "letters")
    return _answer(forms, "letters")


@bp.post("/letters/again")
@acts(Permission.SETTINGS_MANAGE, audit="settings.sender_code_sent")
def again() -> Response:
    """Another code to the same address."""
    send_sender_code(g.db)
    return _done(_("Another code is on its way. Only the newest one is good."), "letters")


@bp.route("/names", methods=["GET", "POST"])
@acts(Permission.SETTINGS_MANAGE, audit="settings.nameservers_changed")
def names() -> Response:
    """The servers that new names get."""
    forms = _sent("names")
    form: Any = forms["names"]
    if form.submitted():
        with form.blames_refusals():
            change_nameservers(g.db, form.nameservers.data or "")
            return _done(_("Saved. Names that exist already keep their servers."), "names")
    return _answer(forms, "names")


@bp.route("/languages", methods=["GET", "POST"])
@acts(Permission.SETTINGS_MANAGE, audit="settings.languages_changed")
def languages() -> Response:
    """In which languages and in which zone the shop speaks."""
    forms = _sent("languages")
    form: Any = forms["languages"]
    if form.submitted():
        with form.blames_refusals():
            change_languages(
                g.db,
                default_locale=form.default_locale.data or "",
                locales=form.locales.data or [],
                zone=form.zone.data or "",
            )
            return _done(_("Saved. Visitors see it within a second."), "languages")
    return _answer(forms, "languages")


def _sent(section: str) -> dict[str, SectionForm]:
    return settings_forms(current_reseller(g.db), section if is_unsafe() else "", request.form)


def _done(message: Any, section: str) -> Response:
    return done(message, ".show", _anchor=section)


def _answer(forms: dict[str, SectionForm], section: str = "") -> Response:
    """Show all sections; what was refused stays as it was typed, and the page answers 422."""
    reseller = current_reseller(g.db)
    shown: Any = next((form for form in forms.values() if form.was_refused), None)
    return page(
        SHOW,
        form=shown,
        forms=forms,
        opened=section,
        reseller=reseller,
        address_lines=lines_of(reseller),
        sender=sender_address(house().config, reseller),
        awaits_code=bool(reseller.sender_email and reseller.sender_confirmed_at is None),
    )
