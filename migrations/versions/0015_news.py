"""Categories of news; a group of endings below which other names are proposed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import walls

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, raise its wall, and widen what was there."""
    op.create_table(
        "news_category",
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("title", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name=op.f("fk_news_category_reseller_id")),
        sa.PrimaryKeyConstraint("reseller_id", "id", name=op.f("pk_news_category")),
        sa.UniqueConstraint("reseller_id", "slug", name=op.f("uq_news_category_reseller_id_slug")),
    )
    walls.owned("news_category")
    op.add_column("tld_group", sa.Column("is_for_others", sa.Boolean(), server_default="false", nullable=False))


def downgrade() -> None:
    """Forget what is new."""
    op.drop_column("tld_group", "is_for_others")
    op.drop_table("news_category")
