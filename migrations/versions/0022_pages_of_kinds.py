"""Pages are also looked at for windows that nobody made, and it is known when the zone of a site was last heard of."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

WHOSE = "ck_frame_check_whose"


def upgrade() -> None:
    """Let a page belong to a kind where no frame is named."""
    op.alter_column("frame_check", "frame_id", existing_type=sa.Uuid(), nullable=True)
    op.add_column("frame_check", sa.Column("kind", sa.String(), nullable=False, server_default=""))
    op.create_check_constraint(op.f(WHOSE), "frame_check", "(frame_id IS NULL) = (kind <> '')")
    op.create_index(
        "ix_frame_check_kind",
        "frame_check",
        ["reseller_id", "kind", "address"],
        unique=True,
        postgresql_where="frame_id IS NULL",
    )
    op.add_column("frame_site", sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Forget the pages of kinds; they can be named again."""
    op.drop_column("frame_site", "heard_at")
    op.drop_index("ix_frame_check_kind", table_name="frame_check")
    op.drop_constraint(op.f(WHOSE), "frame_check", type_="check")
    op.execute("DELETE FROM frame_check WHERE frame_id IS NULL")
    op.drop_column("frame_check", "kind")
    op.alter_column("frame_check", "frame_id", existing_type=sa.Uuid(), nullable=False)
