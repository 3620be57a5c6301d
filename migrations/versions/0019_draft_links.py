"""Links that show drafts are known, so that they can be withdrawn."""

import sqlalchemy as sa
from alembic import op

from migrations import walls

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table and raise its wall."""
    op.create_table(
        "draft_link",
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("page_id", sa.Uuid(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["reseller_id", "page_id"], ["page.reseller_id", "page.id"], name=op.f("fk_draft_link_reseller_id_page_id")
        ),
        sa.ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name=op.f("fk_draft_link_reseller_id")),
        sa.PrimaryKeyConstraint("reseller_id", "id", name=op.f("pk_draft_link")),
    )
    op.create_index("ix_draft_link_page", "draft_link", ["reseller_id", "page_id"], unique=False)
    walls.owned("draft_link")


def downgrade() -> None:
    """Take it away: links that were given out show nothing any more."""
    op.drop_table("draft_link")
