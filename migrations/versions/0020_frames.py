"""Windows onto the shop in pages of others: frames, the sites they may stand on, counters, tickets."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import walls

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables and raise their walls."""
    _make(
        "frame",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("is_everywhere", sa.Boolean(), nullable=False),
        sa.Column("options", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.UniqueConstraint("reseller_id", "key", name=op.f("uq_frame_reseller_id_key")),
    )
    _make(
        "frame_site",
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("proof", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("proven_at", MOMENT, nullable=True),
        sa.Column("finding", sa.String(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=True),
        sa.Column("checked_at", MOMENT, nullable=True),
        sa.Column("next_check_at", MOMENT, nullable=True),
        sa.Column("first_missed_at", MOMENT, nullable=True),
        sa.Column("misses", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'proven', 'lost')", name=op.f("ck_frame_site_state")),
        sa.CheckConstraint("proof IN ('dns', 'host', 'machine')", name=op.f("ck_frame_site_proof")),
        sa.UniqueConstraint("reseller_id", "origin", name=op.f("uq_frame_site_reseller_id_origin")),
    )
    op.create_index(
        "ix_frame_site_due",
        "frame_site",
        ["next_check_at"],
        unique=False,
        postgresql_where="next_check_at IS NOT NULL",
    )
    _make(
        "frame_place",
        sa.Column("frame_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        _points("frame_place", "frame_id", "frame"),
        _points("frame_place", "site_id", "frame_site"),
        sa.UniqueConstraint(
            "reseller_id", "frame_id", "site_id", name=op.f("uq_frame_place_reseller_id_frame_id_site_id")
        ),
    )
    op.create_index("ix_frame_place_site", "frame_place", ["reseller_id", "site_id"], unique=False)
    _make(
        "frame_count",
        sa.Column("frame", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "what IN ('shown', 'searched', 'carted', 'signed_in', 'signed_up', 'ordered')",
            name=op.f("ck_frame_count_what"),
        ),
        sa.UniqueConstraint(
            "reseller_id", "frame", "day", "what", name=op.f("uq_frame_count_reseller_id_frame_day_what")
        ),
    )
    op.create_index("ix_frame_count_day", "frame_count", ["reseller_id", "day"], unique=False)
    _make(
        "foreign_try",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("frame", sa.String(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.UniqueConstraint(
            "reseller_id", "day", "origin", "frame", name=op.f("uq_foreign_try_reseller_id_day_origin_frame")
        ),
    )
    op.create_index("ix_foreign_try_day", "foreign_try", ["reseller_id", "day"], unique=False)
    _make(
        "frame_ticket",
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("frame", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.UniqueConstraint("reseller_id", "code_hash", name=op.f("uq_frame_ticket_reseller_id_code_hash")),
    )
    op.create_index("ix_frame_ticket_until", "frame_ticket", ["until"], unique=False)
    _make(
        "frame_token",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.UniqueConstraint("reseller_id", "token_hash", name=op.f("uq_frame_token_reseller_id_token_hash")),
    )
    op.create_index("ix_frame_token_until", "frame_token", ["until"], unique=False)
    walls.owned("frame", "frame_site", "frame_place", "frame_count", "foreign_try", "frame_ticket", "frame_token")


def _make(table: str, *parts: sa.schema.SchemaItem) -> None:
    """Make an owned table: its key begins with the reseller."""
    op.create_table(
        table,
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *parts,
        sa.ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name=op.f(f"fk_{table}_reseller_id")),
        sa.PrimaryKeyConstraint("reseller_id", "id", name=op.f(f"pk_{table}")),
    )


def _points(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_reseller_id_{column}")
    return sa.ForeignKeyConstraint(["reseller_id", column], [f"{other}.reseller_id", f"{other}.id"], name=name)


def downgrade() -> None:
    """Take everything away: windows in other people's pages show nothing any more."""
    for table in ("frame_token", "frame_ticket", "foreign_try", "frame_count", "frame_place", "frame_site", "frame"):
        op.drop_table(table)
