"""Hosts of resellers: what was seen of a name, when it is looked at again, and names kept for who lost them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import walls

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON = postgresql.JSONB(astext_type=sa.Text())
CHECKS = {
    "state": "state IN ('pending', 'active', 'failing', 'detached')",
    "purpose": "purpose IN ('shop', 'frames')",
}
COLUMNS = (
    sa.Column("purpose", sa.String(), nullable=False, server_default="shop"),
    sa.Column("becomes_canonical", sa.Boolean(), nullable=False, server_default="false"),
    sa.Column("code", sa.String(), nullable=False, server_default=""),
    sa.Column("connected_at", MOMENT),
    sa.Column("confirmed_at", MOMENT),
    sa.Column("impact", JSON, nullable=False, server_default="{}"),
    sa.Column("found", JSON, nullable=False, server_default="{}"),
    sa.Column("lights", JSON, nullable=False, server_default="{}"),
    sa.Column("history", JSON, nullable=False, server_default="[]"),
    sa.Column("asked_at", MOMENT),
    sa.Column("checked_at", MOMENT),
    sa.Column("next_check_at", MOMENT),
    sa.Column("first_missed_at", MOMENT),
    sa.Column("misses", sa.Integer(), nullable=False, server_default="0"),
    sa.Column("serves_at", MOMENT),
    sa.Column("detached_at", MOMENT),
    sa.Column("held_until", MOMENT),
    sa.Column("preview_hash", sa.String(), nullable=False, server_default=""),
    sa.Column("preview_until", MOMENT),
)


def upgrade() -> None:
    """Add what is known of a host, and the table of held names."""
    # Until now every host was a name under the platform's own, whatever the row says.
    op.execute("UPDATE host SET is_platform_name = true")
    for column in COLUMNS:
        op.add_column("host", column.copy())
    for name, rule in CHECKS.items():
        op.create_check_constraint(op.f(f"ck_host_{name}"), "host", rule)
    op.create_index("ix_host_due", "host", ["next_check_at"], postgresql_where="next_check_at IS NOT NULL")
    op.add_column("host_name", sa.Column("purpose", sa.String(), nullable=False, server_default="shop"))
    op.create_table(
        "held_name",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("held_until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", "reseller_id", name=op.f("pk_held_name")),
    )
    walls.known_to_all("held_name", "reseller_id")


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("held_name")
    op.drop_column("host_name", "purpose")
    op.drop_index("ix_host_due", "host")
    for name in CHECKS:
        op.drop_constraint(op.f(f"ck_host_{name}"), "host")
    for column in reversed(COLUMNS):
        op.drop_column("host", column.name)
