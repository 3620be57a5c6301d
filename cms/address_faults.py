"""rule: why a page cannot live at an address, in one sentence for each cause."""

from cms.paths import LONGEST, is_allowed, is_kept_by_shop
from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _

MOST_STEPS = 4


def address_fault(path: str) -> Text | None:
    """Say what is wrong with an address, or None where a page may live there, were it free."""
    if is_allowed(path):
        return None
    causes = (
        (not path, _("Please fill this in.")),
        (not path.startswith("/"), _("An address begins with a slash: /about.")),
        (is_kept_by_shop(path), _("The shop uses this address itself. Please choose another.")),
        (len(path) > LONGEST, _("Please use at most %(num)s characters.", num=LONGEST)),
        (
            len(path.strip("/").split("/")) > MOST_STEPS,
            _("An address has at most %(num)s steps between slashes.", num=MOST_STEPS),
        ),
    )
    letters = _("An address has small letters without accents, digits, and hyphens between them: /about-us.")
    return next((said for is_so, said in causes if is_so), letters)
