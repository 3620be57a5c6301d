"""Fetch the pictures and documents of an old site through the guard, and remember what came of each."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urljoin
from uuid import UUID

from cms.media_files import LARGEST_DOCUMENT
from storefront.core import files, outbound
from storefront.core.config import Config
from storefront.core.errors import Refused
from storefront.core.i18n import lazy_gettext as _

TOTAL_S: Final = 20.0
# A job gives way to others after so long, and goes on afterwards.
TURN_S: Final = 30.0
MOST: Final = 2_000
MOST_STEPS: Final = 3
_OK: Final = 200
_LED: Final = frozenset({301, 302, 303, 307, 308})
NO_ANSWER = _("The old site did not answer.")
NOT_THERE = _("The old site does not have it any more.")
TOO_LARGE = _("It is larger than 10 MB.")
NOT_ALLOWED = _("Its address leads where our servers may not go.")
TOO_MANY = _("More than %(num)s files would have to be fetched. Send the uploads as a ZIP.", num=MOST)


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """Where fetched bytes are kept."""

    config: Config
    reseller_id: UUID
    name: str


def fetch_some(shelf: Shelf, addresses: Sequence[str], known: Mapping[str, Any]) -> tuple[dict[str, Any], bool]:
    """Fetch what is not known yet until a turn ends; returns what is known now, and whether all of it is."""
    found = dict(known)
    begun = time.monotonic()
    with outbound.client(
        shelf.config.outbound_allowed, total_s=TOTAL_S, max_bytes=LARGEST_DOCUMENT, plain_http=True
    ) as client:
        for number, address in enumerate(dict.fromkeys(addresses)):
            if address in found:
                continue
            if time.monotonic() - begun > TURN_S:
                return found, False
            try:
                content = _fetched(client, address) if number < MOST else _refuse(TOO_MANY)
                found[address] = {"digest": files.keep(shelf.config, shelf.reseller_id, content, shelf=shelf.name)}
            except Refused as no:
                found[address] = {"why": str(no.message)}
    return found, True


def fetched(shelf: Shelf, known: Mapping[str, Any], address: str) -> bytes:
    """Return what was fetched; raises ``Refused`` with the reason where it was not."""
    what = known.get(address)
    if not isinstance(what, Mapping):
        raise Refused(NOT_THERE)
    if "why" in what:
        raise Refused(str(what["why"]))
    return files.fetch(shelf.config, shelf.reseller_id, str(what["digest"]), shelf=shelf.name)


def _fetched(client: outbound.Client, address: str) -> bytes:
    """Fetch one file, a few steps further if the old site says so; each step is looked at by the guard anew."""
    try:
        for _step in range(MOST_STEPS + 1):
            answer = client.get(address)
            if answer.status_code not in _LED:
                break
            address = urljoin(address, answer.headers.get("location", ""))
        else:
            raise Refused(NOT_THERE)
    except outbound.AddressRefused as error:
        raise Refused(NOT_ALLOWED) from error
    except outbound.AnswerTooLarge as error:
        raise Refused(TOO_LARGE) from error
    except (outbound.Trouble, outbound.BadAddress, ValueError) as error:
        raise Refused(NO_ANSWER) from error
    if answer.status_code != _OK:
        raise Refused(NOT_THERE)
    if len(answer.content) > LARGEST_DOCUMENT:
        raise Refused(TOO_LARGE)
    return answer.content


def _refuse(why: Any) -> bytes:
    raise Refused(why)
