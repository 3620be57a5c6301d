"""rule: what a supplier's verdict on an account means, and what to do, in words."""

from dataclasses import dataclass

from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _
from storefront.providers.ports.login import Verdict

WAITING = "waiting"
NOT_ASKED = "not_asked"


@dataclass(frozen=True, kw_only=True)
class VerdictWords:
    """One sentence on what is the matter, one on what to do; ``field`` is the field of the form it is about."""

    what: Text
    cure: Text
    field: str = ""


_WORDS: dict[str, VerdictWords] = {
    Verdict.ACCEPTED: VerdictWords(
        what=_("The supplier takes this account."), cure=_("Nothing is to be done; we look again every day.")
    ),
    Verdict.KEY_UNKNOWN: VerdictWords(
        what=_("The supplier does not know this key."),
        cure=_(
            "The password was not even looked at. Copy the whole key from the supplier's panel, without spaces before "
            "or after it, and check that it is the key of this supplier."
        ),
        field="key",
    ),
    Verdict.PASSWORD_WRONG: VerdictWords(
        what=_("The key is right, the password is not."),
        cure=_(
            "Use the password of the interface, not the one you sign in with. If you no longer have it, set a new one "
            "in the supplier's panel, save it there first, and type it here."
        ),
        field="password",
    ),
    Verdict.ADDRESS_REFUSED: VerdictWords(
        what=_("Key and password are right, but the supplier does not let this platform in."),
        cure=_(
            "In the supplier's panel the account is limited to certain addresses. Add the addresses of this platform "
            "to its list, or take the limit off, and check again."
        ),
    ),
    Verdict.OLD_VERSION: VerdictWords(
        what=_("Key and password are right, but this account has no previous version of the interface."),
        cure=_("Switch “previous version” off below: accounts opened lately have the present version only."),
        field="uses_old_version",
    ),
    NOT_ASKED: VerdictWords(
        what=_("The supplier could not be asked: it does not answer."),
        cure=_("This says nothing about key and password. We ask again every minute until it answers."),
    ),
    WAITING: VerdictWords(
        what=_("We are asking the supplier."), cure=_("This takes a few seconds. The page looks again by itself.")
    ),
}


def verdict_words(verdict: str) -> VerdictWords:
    """Explain a verdict; one that nobody foresaw is shown as the supplier not having answered."""
    return _WORDS.get(verdict, _WORDS[NOT_ASKED])
