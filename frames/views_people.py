"""Windows for people: sign in (at the top), make an account, ask for a new password. Nobody is signed in here."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from flask import g, redirect, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from frames.counts import count
from frames.handoff import form_token, issue_code
from frames.way_back import path_of
from frames.window import Window, in_shop, shows, shows_shop
from frames.window_carts import held_by
from storefront.account.forms.recovery import AskForm
from storefront.account.forms.sign_in import SignInForm
from storefront.account.forms.sign_up import CodeForm, SignUpForm
from storefront.account.sign_up import WANTS_CODE
from storefront.core.audit import record
from storefront.core.i18n import Text, gettext
from storefront.core.i18n import lazy_gettext as _
from storefront.customers.accounts import Application, open_account
from storefront.identity import recovery
from storefront.identity import sign_up as codes
from storefront.identity.new_passwords import hash_new_password
from storefront.web.guards import PUBLIC, Guard, check, is_unsafe
from storefront.web.house import house
from storefront.web.too_many import find_too_many
from tenants.resellers import current_reseller

PEOPLE = ("user-login", "user-register", "password-reset")
RESET, REGISTER = ("forgotten", "sent"), ("details", "password", "code")
# What the first step asks; the second asks the rest, and carries these along.
FIRST = ("kind", "given", "family", "orgname", "email")
SECRET = ("password", "next", "csrf_token")
SENDS = Guard(permission=PUBLIC, rate="mail_rate")


@shows("user-login", audit="frame.used")
def user_login(window: Window) -> Response:
    """A form that leads to the shop's own sign-in; a forgotten password and a new account are asked for in here.

    The document without a step is the same for everybody, so its form has no token: a script fetches one, and where
    there is none the step ``form`` is made anew with one in it (security 2.3, F3).
    """
    step = request.values.get("step", "")
    if step in RESET:
        return password_reset(window)
    if step in REGISTER:
        return user_register(window)
    is_own = step == "form"
    return _show(
        window,
        "frames/user_login.html",
        form=SignInForm(),
        token=form_token(g.db, frame=window.whose, host=g.host) if is_own else "",
        cart=held_by(window).leaving_token if is_own else "",
        sign_in_url=in_shop("account.sign_in.form"),
        whole=_whole(window, "account.sign_in.form"),
    )


@shows("password-reset", audit="password.reset_asked")
def password_reset(window: Window) -> Response:
    """Ask for a letter; the answer is the same for everybody, and its links lead to the shop's own page."""
    form = AskForm()
    _count_letter()
    if form.submitted():
        with form.blames_refusals():
            path = in_shop("account.recovery.renew", token=recovery.TOKEN_PLACE, frame=window.whose)
            link = house().config.origin(g.host) + path if path.startswith("/") else path
            recovery.ask_reset(g.db, form.login.data or "", link=link)
            record(g.db, "password.reset_asked")
            return redirect(window.address(step="sent"), 303)
    is_sent = not is_unsafe() and request.args.get("step") == "sent"
    return _show(
        window, "frames/password_reset.html", form=form, is_sent=is_sent, **_ways(window, "account.recovery.ask")
    )


@shows("user-register", audit="frame.used")
def user_register(window: Window) -> Response:
    """Make an account: who, then where and which password, then the code where the shop asks for one."""
    asked = request.form.get("step", "")
    if asked == "code":
        return _code(window)
    form = _form()
    if not is_unsafe() or request.form.get("again") == "details":
        g.refusal = True  # nothing is kept, so nothing is logged
        return _ask(window, form, "details")
    if asked != "password":
        return _after_details(window, form)
    if not form.changes_country() and form.submitted():
        application = Application(
            data=form.registrant(),
            locale=g.locale,
            vat_number=form.vat_number.data or "",
            # Takes its time, so it comes before anything is changed and without a connection held.
            password_hash=hash_new_password(g.db, form.password.data or "", personal=form.personal()),
        )
        with form.blames_refusals():
            if _wants_code():
                return _send_code(window, application)
            return _open(window, application, is_email_confirmed=False)
    return _ask(window, form, "details" if _is_wrong(form, FIRST) else "password")


def _form(typed: Mapping[str, str] | None = None) -> SignUpForm:
    """Make the form, with what this request sent; ``typed`` is taken instead."""
    reseller = current_reseller(g.db)
    usual = {"kind": "individual", "country": reseller.country}
    return SignUpForm(None if typed is None else MultiDict({**usual, **typed}), shop=reseller.name, data=usual)


def _after_details(window: Window, form: SignUpForm) -> Response:
    """Go on to the second step, unless something of the first must be mended; what comes later is not blamed now."""
    form.submitted()
    if find_too_many() or _is_wrong(form, FIRST):
        return _ask(window, form, "details")
    form.form_errors.clear()
    g.refusal = True
    return _ask(window, form, "password", is_new=True)


def _ask(window: Window, form: SignUpForm, step: str, *, is_new: bool = False) -> Response:
    """Show one step; what the other one holds is carried along, but never a password."""
    shown = [field for field in form if (field.name in FIRST) == (step == "details")]
    for field in form:
        if is_new or field not in shown:
            field.errors = []
    carried = [(each.name, str(each.data or "")) for each in form if each not in shown and each.name not in SECRET]
    return _show(
        window,
        "frames/user_register.html",
        form=form,
        step=step,
        carried=carried if is_unsafe() else [],
        names=_names(),
        wants_code=_wants_code(),
        **_ways(window, "account.sign_up.form"),
    )


def _is_wrong(form: SignUpForm, names: Sequence[str]) -> bool:
    return any(form[name].errors for name in names)


def _code(window: Window) -> Response:
    """Take the code from the letter, send another one, or lead back to the form."""
    pending = request.form.get("pending", "")
    facts = codes.find_pending(g.db, pending)
    again = request.form.get("again")
    if facts is None or again == "details":
        form = _form(_typed(facts) if facts is not None else {})
        if facts is None:
            form.form_errors.append(gettext("This took too long. Please fill in the form once more."))
        g.refusal = True
        return _ask(window, form, "details")
    filled = CodeForm()
    is_again = again == "code" and not find_too_many()
    if is_again:
        _count_letter()
        codes.send_code_again(g.db, pending)
        record(g.db, "user.sign_up_code_asked")
    elif filled.submitted():
        with filled.blames_refusals():
            taken = codes.take_code(g.db, pending, filled.code.data or "")
            return _open(window, Application.from_facts(taken), is_email_confirmed=True)
    return _ask_code(window, filled, pending, email=facts["email"], is_again=is_again)


def _typed(facts: Mapping[str, Any]) -> dict[str, str]:
    """Return what somebody typed who comes back from the code to mend it, such as the address."""
    application = Application.from_facts(facts)
    return {**asdict(application.data), "vat_number": application.vat_number}


def _send_code(window: Window, application: Application) -> Response:
    data = application.data
    _count_letter()
    pending = codes.ask_code(g.db, data.email, name=f"{data.given} {data.family}", facts=application.to_facts())
    record(g.db, "user.sign_up_code_asked")
    return _ask_code(window, CodeForm(formdata=None), pending, email=data.email)


def _ask_code(window: Window, form: CodeForm, pending: str, *, email: str, is_again: bool = False) -> Response:
    return _show(
        window, "frames/user_code.html", form=form, pending=pending, email=email, is_again=is_again, names=_names()
    )


def _open(window: Window, application: Application, *, is_email_confirmed: bool) -> Response:
    """Make the account. The way in leads through the shop's own page, by a code of a minute (security 2.3, F4)."""
    _customer, user = open_account(g.db, application, is_email_confirmed=is_email_confirmed)
    record(g.db, "user.signed_up", user)
    if not window.is_preview:
        count(g.db, window.whose, "signed_up")
    return _show(
        window,
        "frames/user_done.html",
        hand_off_url=in_shop("account.hand_off.take"),
        code=issue_code(g.db, user, host=g.host if shows_shop() else g.place.canonical),
        cart=held_by(window).leaving_token,
        names=_names(),
        whole=_whole(window, "account.sign_in.form"),
    )


def _show(window: Window, template: str, **context: Any) -> Response:
    """Show one document of a window: the first is kept for everybody, all others by nobody."""
    response = window.render(template, is_ready=True, **context)
    if is_unsafe() or request.args:
        response.headers["Cache-Control"] = "no-store"
    return response


def _names() -> list[Text]:
    """The steps of an account."""
    code = [_("Code")] if _wants_code() else []
    return [_("Your details"), _("Address"), *code, _("Done")]


def _wants_code() -> bool:
    return bool(current_reseller(g.db).settings.get(WANTS_CODE))


def _count_letter() -> None:
    """Count who has a letter sent, as the shop's own pages do; a form that is shown again counts no more."""
    if is_unsafe() and not find_too_many():
        check(SENDS)


def _whole(window: Window, endpoint: str) -> str:
    """Return where the same is done in a window of its own, with the way back from there."""
    return in_shop(endpoint, next=path_of(window.whose, ""))


def _ways(window: Window, endpoint: str) -> dict[str, Any]:
    """Say where the same is done at the top, and where who has an account signs in: here if the window is for that."""
    is_here = window.kind.key == "user-login"
    sign_in_url = window.path if is_here else _whole(window, "account.sign_in.form")
    return {"whole": _whole(window, endpoint), "sign_in_url": sign_in_url, "leaves": not is_here}
