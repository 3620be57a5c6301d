"""What somebody fills in to change how they sign in; used by the panel and by the reseller's office."""

from typing import Any

from storefront.core.i18n import lazy_gettext as _
from storefront.identity.factors import PASSKEY
from storefront.identity.strength import password_problem
from storefront.web.fields import Hidden, Secret
from storefront.web.forms import Form, Line


class PresentForm(Form):
    """The present password, so that nobody changes this on a screen that was left open."""

    present = Secret(_("Present password"))


class ProofForm(PresentForm):
    """The present password, and a second factor once more where there is one."""

    proof = Line(_("Code"), longest=40, optional=True)
    credential = Hidden()
    challenge = Hidden()
    by = Hidden()

    def proved(self) -> str:
        """Return what is to be looked at: the answer of a passkey or a code."""
        return (self.credential.data if self.by.data == PASSKEY else self.proof.data) or ""


class PasswordForm(PresentForm):
    """The present password and a new one."""

    password = Secret(_("New password"))

    def __init__(self, *args: Any, personal: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._personal = personal

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the strength too."""
        is_good = super().validate(extra_validators)
        problem = password_problem(self.password.data or "", personal=self._personal)
        if problem is not None and not self.password.errors:
            self.password.errors = [str(problem.message)]
        return is_good and problem is None


class AuthenticatorForm(ProofForm):
    """The first code of an app; ``offer`` carries its sealed secret."""

    code = Line(_("Code that the app shows"), longest=32)
    offer = Hidden()


class EmailCodesForm(ProofForm):
    """The code from the letter."""

    code = Line(_("Code from the letter"), longest=32)


class PasskeyForm(ProofForm):
    """A passkey that the browser has just made; the script fills in ``credential``."""

    name = Line(_("A name for it"), longest=60)


class OffForm(PresentForm):
    """The present password, and a second factor once more."""

    code = Line(_("Code"), longest=40, optional=True)
    credential = Hidden()
    challenge = Hidden()
    by = Hidden()

    def typed(self) -> str:
        """Return what is to be looked at: the answer of a passkey or a code."""
        return (self.credential.data if self.by.data == PASSKEY else self.code.data) or ""


class EmailForm(ProofForm):
    """The address an account is to have."""

    email = Line(_("New e-mail address"), longest=254)


class CodeForm(Form):
    """The code from a letter."""

    code = Line(_("Code from the letter"), longest=32)
