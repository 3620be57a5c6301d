"""Price groups are closed, not deleted: what their customers saw is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Give a group the moment at which it was closed."""
    op.add_column("price_group", sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Forget which groups were closed; they stay, without customers."""
    op.drop_column("price_group", "closed_at")
