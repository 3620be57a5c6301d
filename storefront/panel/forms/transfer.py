"""Another code for a transfer whose code was wrong."""

from storefront.core.i18n import lazy_gettext as _
from storefront.provisioning.transfer_codes import LONGEST
from storefront.web.forms import Form, Line


class CodeForm(Form):
    """The code as the holder got it from the present provider."""

    code = Line(_("Transfer code"), longest=LONGEST)
