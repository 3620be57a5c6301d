"""Codes that were withdrawn are told from codes that are used up."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Give a code the moment at which it was withdrawn."""
    op.add_column("promotion_code", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Forget which codes were withdrawn; they count no more either way."""
    op.drop_column("promotion_code", "withdrawn_at")
