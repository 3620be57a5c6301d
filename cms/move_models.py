"""SiteMove: a site that is taken along as an archive, or one that is brought in."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from storefront.core.db import Base
from storefront.core.scope import Owned


class SiteMove(Owned, Base):
    """One archive that was made, or one that came.

    ``state``: asked (the archive is being made, or what came is being read), looked (what would come is known, nobody
    has said yes), entering (somebody has), done and failed. ``counts`` and ``remarks`` are what the report says.
    ``fetched`` are the files of another site by their address: what became of each.
    """

    __tablename__ = "site_move"
    __owned_args__ = (
        Index("ix_site_move_listed", "reseller_id", "asked_at"),
        CheckConstraint("kind IN ('archive', 'entry', 'wordpress')", name="kind"),
        CheckConstraint("state IN ('asked', 'looked', 'entering', 'done', 'failed')", name="state"),
    )

    kind: Mapped[str]
    name: Mapped[str]
    asked_at: Mapped[datetime]
    asked_by: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="asked")
    digest: Mapped[str] = mapped_column(default="")
    size: Mapped[int] = mapped_column(BigInteger, default=0)
    beside_digest: Mapped[str] = mapped_column(default="")  # the uploads of a WordPress site, as a ZIP
    why: Mapped[str] = mapped_column(default="")
    choices: Mapped[dict[str, Any]] = mapped_column(default=dict)
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    remarks: Mapped[list[Any]] = mapped_column(default=list)
    fetched: Mapped[dict[str, Any]] = mapped_column(default=dict)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
