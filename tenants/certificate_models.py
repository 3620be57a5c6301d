"""HostCertificate: what was asked, allowed and seen of the certificate of each host name."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from storefront.core.db import Base


class HostCertificate(Base):
    """The certificate of a host name, as far as our side of the edge knows it.

    A platform table: what limits of the authority are about, all resellers share. It stays when a name is detached,
    so that connecting and detaching again and again does not begin the counting anew. Certificates are public anyway.
    """

    __tablename__ = "host_certificate"
    __table_args__ = (
        Index("ix_host_certificate_reseller", "reseller_id", "allowed_at"),
        Index("ix_host_certificate_domain", "registered_domain", "allowed_at"),
        Index("ix_host_certificate_allowed_at", "allowed_at"),
        Index("ix_host_certificate_look_at", "look_at"),
    )

    name: Mapped[str] = mapped_column(primary_key=True)
    reseller_id: Mapped[UUID] = mapped_column(primary_key=True)
    registered_domain: Mapped[str]

    asked_at: Mapped[datetime | None] = mapped_column(default=None)
    allowed_at: Mapped[datetime | None] = mapped_column(default=None)  # since when it counts as a new name
    tries: Mapped[int] = mapped_column(default=0)  # within the window of the limit, since tries_since_at
    tries_since_at: Mapped[datetime | None] = mapped_column(default=None)
    refused_at: Mapped[datetime | None] = mapped_column(default=None)
    refused_why: Mapped[str] = mapped_column(default="")
    again_at: Mapped[datetime | None] = mapped_column(default=None)

    # What the edge shows: looked at by a job, never in a transaction.
    look_at: Mapped[datetime | None] = mapped_column(default=None)
    looks: Mapped[int] = mapped_column(default=0)  # since it was last allowed
    looked_at: Mapped[datetime | None] = mapped_column(default=None)
    trouble: Mapped[str] = mapped_column(default="")  # away, none, untrusted
    issuer: Mapped[str] = mapped_column(default="")
    valid_from: Mapped[datetime | None] = mapped_column(default=None)
    valid_until: Mapped[datetime | None] = mapped_column(default=None)
