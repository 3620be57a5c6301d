"""Fetch a page of somebody else through the guard: so long, so many bytes, so many steps, and nothing carried out."""

import ssl
import time
from typing import Final
from urllib.parse import urljoin

from frames.health_facts import Visit
from frames.page_reading import MOST_BYTES, read_page
from storefront.core import outbound
from storefront.core.config import Config

TOTAL_S: Final = 8.0  # for all steps together
STEP_S: Final = 5.0
MOST_STEPS: Final = 4
_LED: Final = frozenset({301, 302, 303, 307, 308})
_OK: Final = 200
_CUT: Final = 64 * 1024
LONGEST_HEADER: Final = 20_000


def visit(config: Config, address: str) -> Visit:
    """Ask for a page as anybody may, and read what comes. Takes up to eight seconds, so never inside a transaction.

    Each step is looked at by the guard anew. What stands in the way is said as ``trouble``, nothing is raised.
    """
    ends_at = time.monotonic() + TOTAL_S
    url = address
    try:
        for _step in range(MOST_STEPS + 1):
            left_s = ends_at - time.monotonic()
            if left_s <= 0:
                return Visit(address=address, final=url, trouble="no_answer")
            found = _ask(config, address, url, min(left_s, STEP_S))
            if isinstance(found, Visit):
                return found
            url = found
    except outbound.AddressRefused:
        return Visit(address=address, final=url, trouble="not_allowed")
    except outbound.AnswerTooLarge:
        return Visit(address=address, final=url, trouble="packed")
    except (outbound.Trouble, outbound.BadAddress, ValueError) as error:
        return Visit(address=address, final=url, trouble=_trouble(error))
    return Visit(address=address, final=url, trouble="circle")


def _ask(config: Config, address: str, url: str, total_s: float) -> Visit | str:
    """Return the page, or where it leads. Every step has a client of its own: no cookie goes from one to the next."""
    ask = {"accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1", "accept-language": "en,*;q=0.5"}
    with (
        outbound.client(
            config.outbound_allowed, total_s=total_s, max_bytes=MOST_BYTES + _CUT, plain_http=True
        ) as client,
        client.stream("GET", url, headers=ask) as answer,
    ):
        leads_to: str = answer.headers.get("location", "")
        if answer.status_code in _LED and leads_to:
            return urljoin(url, leads_to)
        kind = answer.headers.get("content-type", "")
        content, is_cut = b"", False
        if answer.status_code == _OK:
            pieces: list[bytes] = []
            length = 0
            for piece in answer.iter_raw():
                pieces.append(piece)
                length += len(piece)
                if length > MOST_BYTES:
                    is_cut = True
                    break
            content = b"".join(pieces)
        return Visit(
            address=address,
            final=url,
            status=answer.status_code,
            content_type=kind[:200],
            policies=[
                value[:LONGEST_HEADER]
                for value in answer.headers.get_list("content-security-policy", split_commas=False)
            ],
            isolation=answer.headers.get("cross-origin-embedder-policy", "")[:200],
            page=read_page(content, kind, url, is_cut=is_cut) if answer.status_code == _OK else None,
        )


def _trouble(error: BaseException | None) -> str:
    """Tell a bad certificate from silence."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return "bad_certificate"
        error = error.__cause__ or error.__context__
    return "no_answer"
