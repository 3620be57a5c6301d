"""How business code says no, and what is remembered all the same."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storefront.core.events import Event
    from storefront.core.i18n import Text


class SaidNo(Exception):
    """An answer to the person asking; the edge turns it into a page, a form error or problem+json.

    ``remember`` is an event that is published although everything else of the transaction is undone.
    """

    status = 400

    def __init__(self, message: "Text" = "", *, field: str | None = None, remember: "Event | None" = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.remember = remember


class Refused(SaidNo):
    """What was asked cannot be done; the message says why, ``field`` names what to mend."""

    status = 422


class NotFound(SaidNo):
    """There is no such thing, or none that this person may know of."""

    status = 404


class Forbidden(SaidNo):
    """This person may not do that."""

    status = 403


class Conflict(SaidNo):
    """Somebody else changed it meanwhile."""

    status = 409


class TooMany(SaidNo):
    """Too often in too short a time; ``retry_after_s`` says when it is worth trying again."""

    status = 429

    def __init__(self, message: "Text" = "", *, retry_after_s: int = 60) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s
