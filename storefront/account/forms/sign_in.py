"""Login and password; the choice among accounts; the code of a second factor."""

from storefront.core.i18n import lazy_gettext as _
from storefront.web.fields import Choice, Hidden, Secret
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
    """What the authenticator shows."""

    code = Line(_("Code from your authenticator"), longest=32)
    next = Hidden()
