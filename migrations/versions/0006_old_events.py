"""Events that were handed over long ago may be forgotten."""

from alembic import op

from migrations import walls

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let both roles take old rows out of the outbox; the wall stands as before."""
    op.execute(f"GRANT DELETE ON outbox_event TO {walls.APP}, {walls.OFFICE}")


def downgrade() -> None:
    """Keep everything again."""
    op.execute(f"REVOKE DELETE ON outbox_event FROM {walls.APP}, {walls.OFFICE}")
