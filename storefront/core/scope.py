"""Owned rows: whose they are, how the database keeps them apart, and the check at start."""

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, ForeignKeyConstraint, UniqueConstraint, text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship
from sqlalchemy.orm.relationships import Relationship

from storefront.core.ids import uuid7

# The one policy of every owned table (ADR 0004). The setting reads as '' after the first set_config of a
# connection, so a bare cast would fail; with NULLIF no reseller simply means no rows.
POLICY = "reseller_id = NULLIF(current_setting('app.reseller', true), '')::uuid"


class ForeignRow(RuntimeError):
    """A row of another reseller was about to be written. A defect, never an answer to a person."""


class Owned:
    """Mixin of every table whose rows belong to one reseller: the key begins with the reseller."""

    reseller_id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-20)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7, sort_order=-19)

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Any, ...]:  # noqa: N805 - SQLAlchemy hands the class
        """Constraints that begin with the reseller; classes list theirs in ``__owned_args__``."""
        tenant = ForeignKeyConstraint(["reseller_id"], ["reseller.id"])
        return (tenant, *getattr(cls, "__owned_args__", ()))


def owned_key(column: str, table: str) -> ForeignKeyConstraint:
    """Point to another owned row; the reseller is part of the key, so a foreign id cannot be meant."""
    return ForeignKeyConstraint(["reseller_id", column], [f"{table}.reseller_id", f"{table}.id"])


def owned_unique(*columns: str, name: str | None = None) -> UniqueConstraint:
    """Unique within one reseller."""
    return UniqueConstraint("reseller_id", *columns, name=name)


def to_one(column: str, target: str) -> Relationship[Any]:
    """Relate ``"OrderItem.contact_id"`` to ``"Contact"``.

    Only the id part is foreign, so clearing an optional relation never blanks the reseller (decision 5).
    """
    owner = column.split(".", maxsplit=1)[0]
    same_reseller = f"{owner}.reseller_id == remote({target}.reseller_id)"
    return relationship(
        target,
        primaryjoin=f"and_(foreign({column}) == remote({target}.id), {same_reseller})",
        viewonly=False,
        overlaps="*",
    )


def faults_of(connection: Connection) -> list[str]:
    """Look whether this connection could break the wall; an empty list means it cannot.

    The process that serves pages must not be a superuser, bypass row-level security or own tables, and every
    table with a ``reseller_id`` must force its policy.
    """
    role = connection.execute(
        text("SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"),
    ).one()
    faults = []
    if role.rolsuper:
        faults.append(f"role {role.rolname} is a superuser")
    if role.rolbypassrls:
        faults.append(f"role {role.rolname} bypasses row-level security")
    owns = connection.execute(
        text("SELECT count(*) FROM pg_tables WHERE tableowner = current_user AND schemaname = 'public'"),
    ).scalar_one()
    if owns:
        faults.append(f"role {role.rolname} owns {owns} tables")
    open_tables = connection.execute(text(OPEN_TABLES)).scalars()
    faults.extend(f"table {name} has a reseller but no forced policy" for name in open_tables)
    return faults


OPEN_TABLES = """
    SELECT c.relname FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'reseller_id' AND NOT a.attisdropped
     WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
       AND (NOT c.relrowsecurity OR NOT c.relforcerowsecurity
            OR NOT EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid))
     ORDER BY 1
"""
