"""Names on their way here from another registrar: listed before they have dates, and waiting for a right code."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

DATES = ("registered_at", "paid_until", "registry_expires_at")
BEFORE = "'pending', 'on_hold', 'sending', 'unknown', 'done', 'failed', 'manual'"
AFTER = "'pending', 'on_hold', 'sending', 'unknown', 'awaiting_code', 'done', 'failed', 'manual'"


def upgrade() -> None:
    for date in DATES:
        op.alter_column("domain", date, existing_type=sa.DateTime(timezone=True), nullable=True)
    _allow(AFTER)


def downgrade() -> None:
    # Fails while a name is on its way: what is known of it would be lost.
    for date in DATES:
        op.alter_column("domain", date, existing_type=sa.DateTime(timezone=True), nullable=False)
    _allow(BEFORE)


def _allow(states: str) -> None:
    op.drop_constraint(op.f("ck_operation_state"), "operation", type_="check")
    op.create_check_constraint(op.f("ck_operation_state"), "operation", f"state IN ({states})")
