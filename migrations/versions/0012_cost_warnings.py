"""Purchase prices that will rise: each shop is told of each change once."""

import sqlalchemy as sa
from alembic import op

from migrations import walls

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of what shops were told."""
    op.create_table(
        "cost_warning",
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("endings", sa.Integer(), nullable=False),
        sa.Column("warned_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name=op.f("fk_cost_warning_reseller_id")),
        sa.PrimaryKeyConstraint("reseller_id", "id", name=op.f("pk_cost_warning")),
    )
    op.create_index("ix_cost_warning_once", "cost_warning", ["reseller_id", "valid_from", "digest"], unique=True)
    walls.owned("cost_warning")


def downgrade() -> None:
    """Forget who was told what."""
    op.drop_table("cost_warning")
