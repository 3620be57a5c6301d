"""Who somebody is who joins the staff, and how they will sign in."""

from typing import Any

from storefront.core.i18n import lazy_gettext as _
from storefront.identity.strength import password_problem
from storefront.web.fields import Secret
from storefront.web.forms import Form, Line


class JoinForm(Form):
    """Name, login and password of a new colleague."""

    name = Line(_("Your first and last name"), longest=120)
    login = Line(_("Login"), longest=254)
    password = Secret(_("Password"))

    def __init__(self, *args: Any, personal: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._personal = personal

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the strength too."""
        is_good = super().validate(extra_validators)
        personal = (*self._personal, self.name.data or "", self.login.data or "")
        problem = password_problem(self.password.data or "", personal=personal)
        if problem is not None and not self.password.errors:
            self.password.errors = [str(problem.message)]
        return is_good and problem is None
