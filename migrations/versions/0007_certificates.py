"""Certificates of host names: what was asked, allowed and seen."""

import sqlalchemy as sa
from alembic import op

from migrations import walls

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
TABLE = "host_certificate"


def upgrade() -> None:
    """Add the table; its limits are shared by all resellers, so all may read it."""
    op.create_table(
        TABLE,
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("registered_domain", sa.String(), nullable=False),
        sa.Column("asked_at", MOMENT),
        sa.Column("allowed_at", MOMENT),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("tries_since_at", MOMENT),
        sa.Column("refused_at", MOMENT),
        sa.Column("refused_why", sa.String(), nullable=False),
        sa.Column("again_at", MOMENT),
        sa.Column("look_at", MOMENT),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.Column("looked_at", MOMENT),
        sa.Column("trouble", sa.String(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("valid_from", MOMENT),
        sa.Column("valid_until", MOMENT),
        sa.PrimaryKeyConstraint("name", "reseller_id", name=op.f("pk_host_certificate")),
    )
    op.create_index("ix_host_certificate_reseller", TABLE, ["reseller_id", "allowed_at"])
    op.create_index("ix_host_certificate_domain", TABLE, ["registered_domain", "allowed_at"])
    op.create_index("ix_host_certificate_allowed_at", TABLE, ["allowed_at"])
    op.create_index("ix_host_certificate_look_at", TABLE, ["look_at"])
    walls.known_to_all(TABLE, "reseller_id")


def downgrade() -> None:
    """Forget what was seen."""
    op.drop_table(TABLE)
