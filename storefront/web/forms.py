"""Form with CSRF and translations; fields for money, names, countries."""

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unicodedata import category

from flask import g, request
from flask_login import current_user
from werkzeug.datastructures import CombinedMultiDict
from wtforms import Field as WtField
from wtforms import Form as WtForm
from wtforms import StringField, ValidationError
from wtforms.csrf.core import CSRF
from wtforms.validators import InputRequired, Length

from storefront.core import i18n
from storefront.core.errors import Forbidden, Refused
from storefront.core.i18n import lazy_words as _
from storefront.web.further import further_works
from storefront.web.guards import is_signed_in, is_unsafe
from storefront.web.too_many import find_too_many, refuse_too_many

LONGEST = 10_000
UNTYPED = frozenset({"Cc", "Zl", "Zp"})  # controls of both sets, and what separates lines and paragraphs


def token_for(seed: str) -> str:
    """Make the CSRF token of a session."""
    return hmac.digest(seed.encode(), b"csrf", hashlib.sha256).hex()


def carries_token() -> bool:
    """Whether this request was sent by a page that was made for this session."""
    sent = request.form.get(Form.Meta.csrf_field_name, "")
    return hmac.compare_digest(sent.encode("utf-8", "replace"), token_for(current_user.csrf_seed).encode())


class SessionToken(CSRF):
    """A token wherever there is a session; elsewhere the Origin check of the lifecycle stands alone (decision 18)."""

    def generate_csrf_token(self, csrf_token_field: WtField) -> str:
        """Make the token of this session, or none for a visitor."""
        return token_for(current_user.csrf_seed) if is_signed_in() else ""

    def validate_csrf_token(self, form: Any, field: Any) -> None:
        """Refuse a form that was not made for this session; one from a window has proved itself (account)."""
        if g.get("has_form_token"):
            return
        if is_signed_in() and not hmac.compare_digest((field.data or "").encode(), field.current_token.encode()):
            raise ValidationError(_("This page was open for too long. Please send the form again."))


class Words:
    """WTForms' own sentences, in the language of the page."""

    def gettext(self, message: str) -> str:
        """Translate one of WTForms' sentences."""
        return i18n.gettext(message)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """Translate one with a number; WTForms fills the number in itself."""
        return i18n.catalogue(i18n.current_locale()).ungettext(singular, plural, n)


class Form(WtForm):
    """A form of ours: what was typed is never lost, a refusal lands on its field."""

    class Meta:
        """How WTForms behaves here."""

        csrf = True
        csrf_class = SessionToken
        csrf_field_name = "csrf_token"

        def get_translations(self, form: WtForm) -> Words:
            """Translate by our catalogues."""
            return Words()

        def wrap_formdata(self, form: WtForm, formdata: Any) -> Any:
            """Read the request's form by itself on unsafe requests."""
            if formdata is None and is_unsafe():
                return request.form
            return formdata

    def submitted(self) -> bool:
        """Whether this is a sent form without mistakes of shape, and not one too many."""
        if not is_unsafe():
            return False
        if words := find_too_many():
            self.form_errors.append(words)
            return False
        return bool(self.validate())

    @contextmanager
    def blames_refusals(self) -> Iterator[None]:
        """Put a ``Refused`` of the action on the field it names, and undo what the action began."""
        works = (g.db, *further_works())
        savepoints = [work.session.begin_nested() for work in works]
        try:
            yield
            for work in works:
                work.flush()
        except Refused as refusal:
            for savepoint in savepoints:
                savepoint.rollback()
            self.blame(refusal)
            g.refusal = refusal
        else:
            for savepoint in savepoints:
                savepoint.commit()

    def blame(self, refusal: Refused) -> None:
        """Show a refusal beside its field, or above the form."""
        if refusal.field and refusal.field in self:
            field = self[refusal.field]
            field.errors = [*field.errors, str(refusal.message)]
        else:
            self.form_errors.append(str(refusal.message))

    @property
    def was_refused(self) -> bool:
        """Whether something of this form must be mended."""
        return bool(self.errors)


class FormWithFiles(Form):
    """A form that has files, too."""

    class Meta:
        """How it is read."""

        def wrap_formdata(self, form: WtForm, formdata: Any) -> Any:
            """Read files and fields of an unsafe request."""
            if formdata is None and is_unsafe():
                return CombinedMultiDict((request.files, request.form))
            return formdata


def require_token() -> None:
    """Refuse a button that was not made for this session: for views that take a POST and show no form of their own."""
    refuse_too_many()
    if not Form().validate():
        raise Forbidden(_("This page was open for too long. Please open it again and repeat what you did."))


def required() -> InputRequired:
    """Ask for a value, in plain words."""
    return InputRequired(_("Please fill this in."))


def at_most(letters: int) -> Length:
    """Bound a text, in plain words."""
    return Length(max=letters, message=_("Please use at most %(max)d characters."))


class Line(StringField):
    """One line of text: outer spaces go, control characters are refused, the length is bounded."""

    def __init__(self, label: Any = None, *, longest: int = 255, optional: bool = False, **kwargs: Any) -> None:
        checks = [*([] if optional else [required()]), at_most(longest), *kwargs.pop("validators", [])]
        super().__init__(label, checks, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take the outer spaces off."""
        self.data = valuelist[0].strip()[:LONGEST] if valuelist else ""

    def pre_validate(self, form: Any) -> None:
        """Refuse what no keyboard types into one line."""
        if self.data and any(category(letter) in UNTYPED for letter in self.data):
            raise ValidationError(_("Please use letters, digits and signs on one line."))
