"""Sites and frames for tests: made and committed, so that a browser of the test sees them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import delete, select

from frames.models import ForeignTry, Frame, FrameCheck, FrameCount, FramePlace, FrameSite, FrameTicket, FrameToken
from frames.origins import host_of
from frames.settings import make_frame
from storefront.core.changes import announce
from storefront.core.db import Actor, Database, Work
from tests.fixtures_app import Shop

FJORD = "https://www.fjord.com"
TABLES = (FramePlace, FrameCheck, Frame, FrameSite, FrameCount, ForeignTry, FrameTicket, FrameToken)


class Estate:
    """What one shop has of frames in a test."""

    def __init__(self, database: Database, shop: Shop, heard: Any) -> None:
        self.database = database
        self.shop = shop
        self._heard = heard

    @contextmanager
    def work(self) -> Iterator[Work]:
        """Change something as staff; the browser's process has heard of it afterwards."""
        with self.database.work(self.shop.id, Actor(kind="staff", name="Test")) as db:
            yield db
            version = announce(db)
            db.commit()
        self._heard(self.shop, version)

    def site(self, origin: str = FJORD, *, proof: str = "dns", state: str = "proven") -> None:
        """Make a site that may hold windows."""
        with self.work() as db:
            db.add(FrameSite(origin=origin, host=host_of(origin), state=state, proof=proof, added_at=db.now))

    def frame(self, kind: str, *, origins: list[str] | None = None, **options: str) -> str:
        """Make a frame, on all sites or on some; returns its key."""
        with self.work() as db:
            sites = None
            if origins is not None:
                sites = list(db.scalars(select(FrameSite.id).where(FrameSite.origin.in_(origins))))
            return make_frame(db, kind=kind, name="Test", options=options, sites=sites).key

    def tidy(self) -> None:
        """Take everything away again."""
        with self.work() as db:
            for table in TABLES:
                db.execute(delete(table).where(table.reseller_id == self.shop.id))
