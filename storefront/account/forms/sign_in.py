"""Login and password; the choice among accounts; the second step."""

from typing import Any

from storefront.core.i18n import lazy_gettext as _
from storefront.identity.factors import PASSKEY
from storefront.web.fields import Choice, Hidden, Secret, Tick
from storefront.web.forms import Form, Line


class SignInForm(Form):
    """Who somebody is."""

    login = Line(_("Login or e-mail address"), longest=254)
    password = Secret(_("Password"))
    next = Hidden()


class ChooseForm(Form):
    """Which of several accounts with the same e-mail address and password."""

    account = Choice(_("Account"))
    next = Hidden()


class SecondStepForm(Form):
    """What the authenticator shows, a letter or the list of recovery codes says, or a passkey answers."""

    code = Line(_("Code"), longest=40, optional=True)
    credential = Hidden()
    by = Hidden()
    trust = Tick(_("Ask no second step on this browser for 30 days"))
    next = Hidden()

    def typed(self) -> str:
        """Return what is to be looked at: the answer of a passkey or a code."""
        return (self.credential.data if self.by.data == PASSKEY else self.code.data) or ""

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for a code where one is needed."""
        is_good = super().validate(extra_validators)
        if self.by.data != PASSKEY and not self.code.data and not self.code.errors:
            self.code.errors = [str(_("Please type the code."))]
            return False
        return is_good
