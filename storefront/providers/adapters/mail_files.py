"""Letters as .eml files in a folder, for machines without a mail server."""

import os
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import ClassVar

from storefront.core import clock
from storefront.core.i18n import lazy_gettext as _
from storefront.providers.adapters.mail_format import BadLetterError, as_bytes
from storefront.providers.outcomes import Done, NotSent, Outcome, Rejected, Rejection
from storefront.providers.ports.mailer import HandedOver, OutgoingMail
from storefront.providers.settings import plain


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Where the letters lie."""

    folder: str = plain(_("Folder for letters"))


class MailFiles:
    """Puts every letter into a folder; the same letter twice is one file."""

    port: ClassVar = "mailer"
    key: ClassVar = "files"
    title: ClassVar = _("Letters as files")
    settings_class: ClassVar = Settings

    def __init__(self, settings: Settings) -> None:
        self._folder = Path(settings.folder)

    def send(self, mail: OutgoingMail) -> Outcome[HandedOver]:
        """Write the letter under a name made of its Message-ID, whole or not at all."""
        try:
            content = as_bytes(mail, clock.now())
        except BadLetterError as error:
            return Rejected(code=Rejection.INVALID, message=str(error), fields={error.field: str(error)})
        place = self._folder / f"{sha256(mail.message_id.encode()).hexdigest()[:32]}.eml"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write_whole(place, content)
        except OSError as error:
            raise NotSent(f"the letter could not be written: {error.strerror}") from error
        return Done(facts=HandedOver(message_id=mail.message_id, answer=place.name))


def _write_whole(place: Path, content: bytes) -> None:
    unfinished = place.with_suffix(f".{os.getpid()}.tmp")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(place)
