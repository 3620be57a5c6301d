"""Archives of whole sites that are taken along or brought in."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import walls

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table and raise its wall."""
    op.create_table(
        "site_move",
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("beside_digest", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("choices", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("counts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("remarks", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("fetched", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('archive', 'entry', 'wordpress')", name=op.f("ck_site_move_kind")),
        sa.CheckConstraint(
            "state IN ('asked', 'looked', 'entering', 'done', 'failed')", name=op.f("ck_site_move_state")
        ),
        sa.ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name=op.f("fk_site_move_reseller_id")),
        sa.PrimaryKeyConstraint("reseller_id", "id", name=op.f("pk_site_move")),
    )
    op.create_index("ix_site_move_listed", "site_move", ["reseller_id", "asked_at"], unique=False)
    walls.owned("site_move")


def downgrade() -> None:
    """Forget them."""
    op.drop_index("ix_site_move_listed", table_name="site_move")
    op.drop_table("site_move")
