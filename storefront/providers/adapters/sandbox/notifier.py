"""Delivers the gateway's notices: signed, again and again, also those left over from before a kill."""

import logging
import random
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx
from sqlalchemy import select, update

from storefront.core import clock, outbound
from storefront.providers.adapters.sandbox import notices, payments, storage, tables
from storefront.providers.outcomes import SupplierError

log = logging.getLogger(__name__)

WAITS_S = (5, 30, 120, 600, 3600, 6 * 3600, 24 * 3600, 72 * 3600)
LEASE = timedelta(seconds=30)
GONE = 410
LOOK_AGAIN_S = 1.0


def next_attempt_at(attempts: int, now: datetime, chance: float) -> datetime | None:
    """Return when a notice is tried again after so many failures, spread by up to a fifth; None is never."""
    if attempts > len(WAITS_S):
        return None
    return now + timedelta(seconds=WAITS_S[attempts - 1] * (1 + 0.2 * chance))


@dataclass(frozen=True, kw_only=True)
class _Notice:
    id: str
    url: str
    body: bytes
    attempts: int


class Notifier:
    """A thread that looks for notices that are due. Several may run: each notice is claimed first."""

    def __init__(self, *, url: str, secret: str, allowed: tuple[str, ...] = ()) -> None:
        self._url = url
        self._secret = secret
        self._allowed = allowed
        self._wake = threading.Event()
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._run, name="notifier", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wake(self) -> None:
        """Look at once: something has just been queued."""
        self._wake.set()

    def stop(self) -> None:
        """End after the notice in hand."""
        self._ends.set()
        self._wake.set()
        self._thread.join(timeout=10)

    def _run(self) -> None:
        while not self._ends.is_set():
            try:
                while self.deliver_one() and not self._ends.is_set():
                    pass
            except SupplierError:
                log.warning("the gateway's database does not answer")
            self._wake.wait(LOOK_AGAIN_S)
            self._wake.clear()

    def deliver_one(self) -> bool:
        """Deliver the notice that has waited longest; return whether there was one."""
        notice = self._claim()
        if notice is None:
            return False
        answer = self._send(notice)
        now = clock.now()
        is_delivered = answer.isdigit() and 200 <= int(answer) < 300  # noqa: PLR2004 - success in HTTP
        gives_up = answer == str(GONE)
        later = None if is_delivered or gives_up else next_attempt_at(notice.attempts, now, random.random())  # noqa: S311 - spreads load
        with storage.writing(self._url) as connection:
            connection.execute(
                update(tables.notice)
                .where(tables.notice.c.id == notice.id)
                .values(next_at=later, delivered_at=now if is_delivered else None, last_answer=answer),
            )
        return True

    def _claim(self) -> _Notice | None:
        now = clock.now()
        due = (
            select(tables.notice)
            .where(tables.notice.c.next_at <= now)
            .order_by(tables.notice.c.next_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        with storage.writing(self._url) as connection:
            payments.expire_old(connection, now)
            row = connection.execute(due).first()
            if row is None:
                return None
            connection.execute(
                update(tables.notice)
                .where(tables.notice.c.id == row.id)
                .values(attempts=row.attempts + 1, next_at=now + LEASE),
            )
            return _Notice(id=row.id, url=row.notify_url, body=row.body.encode(), attempts=row.attempts + 1)

    def _send(self, notice: _Notice) -> str:
        headers = notices.sign(self._secret, notice.id, int(clock.now().timestamp()), notice.body)
        headers["content-type"] = "application/json"
        try:
            with outbound.client(self._allowed, total_s=10) as client:
                return str(client.post(notice.url, content=notice.body, headers=headers).status_code)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return type(error).__name__
