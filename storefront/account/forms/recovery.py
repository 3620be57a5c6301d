"""Who forgot a password; the new one."""

from collections.abc import Iterable
from typing import Any

from storefront.core.i18n import lazy_gettext as _
from storefront.identity.strength import password_problem
from storefront.web.fields import Hidden, Secret
from storefront.web.forms import Form, Line


class AskForm(Form):
    """Who somebody is."""

    login = Line(_("E-mail address or login"), longest=254)
    next = Hidden()


class NewPasswordForm(Form):
    """A new password."""

    password = Secret(_("New password"))

    def __init__(self, *args: Any, personal: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._personal = tuple(personal)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the strength too."""
        is_good = super().validate(extra_validators)
        problem = password_problem(self.password.data or "", personal=self._personal) if is_good else None
        if problem is not None:
            self.password.errors = [str(problem.message)]
        return is_good and problem is None
