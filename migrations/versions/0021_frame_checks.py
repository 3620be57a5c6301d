"""Pages that hold frames, and what was found there last."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import walls

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table and raise its wall."""
    op.create_table(
        "frame_check",
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("frame_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("checked_at", MOMENT, nullable=True),
        sa.Column("next_check_at", MOMENT, nullable=True),
        sa.Column("light", sa.String(), nullable=False),
        sa.Column("light_since", MOMENT, nullable=True),
        sa.Column("final_address", sa.String(), nullable=False),
        sa.Column("findings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint("light IN ('', 'right', 'warning', 'wrong')", name=op.f("ck_frame_check_light")),
        sa.ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name=op.f("fk_frame_check_reseller_id")),
        sa.ForeignKeyConstraint(
            ["reseller_id", "frame_id"],
            ["frame.reseller_id", "frame.id"],
            name=op.f("fk_frame_check_reseller_id_frame_id"),
        ),
        sa.PrimaryKeyConstraint("reseller_id", "id", name=op.f("pk_frame_check")),
        sa.UniqueConstraint(
            "reseller_id", "frame_id", "address", name=op.f("uq_frame_check_reseller_id_frame_id_address")
        ),
    )
    op.create_index(
        "ix_frame_check_due",
        "frame_check",
        ["next_check_at"],
        unique=False,
        postgresql_where="next_check_at IS NOT NULL",
    )
    walls.owned("frame_check")


def downgrade() -> None:
    """Forget what was found; it can be looked for again."""
    op.drop_table("frame_check")
