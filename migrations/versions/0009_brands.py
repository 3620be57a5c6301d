"""How a shop looks: drafts and what was published; and what its panel advertises."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import walls

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON = postgresql.JSONB(astext_type=sa.Text())


def upgrade() -> None:
    """Make the tables and raise their walls."""
    op.create_table(
        "brand_version",
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("values", JSON, nullable=False),
        sa.Column("pictures", JSON, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("changed_by", sa.String(), nullable=False),
        sa.Column("changed_by_id", sa.Uuid()),
        sa.Column("published_at", MOMENT),
        sa.Column("published_by", sa.String(), nullable=False),
        sa.CheckConstraint("state IN ('draft', 'published')", name=op.f("ck_brand_version_state")),
        sa.CheckConstraint("(state = 'draft') = (published_at IS NULL)", name=op.f("ck_brand_version_published")),
        sa.ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name=op.f("fk_brand_version_reseller_id")),
        sa.PrimaryKeyConstraint("reseller_id", "id", name=op.f("pk_brand_version")),
        sa.UniqueConstraint("reseller_id", "number", name=op.f("uq_brand_version_reseller_id_number")),
    )
    op.create_index(
        "ix_brand_version_draft", "brand_version", ["reseller_id"], unique=True, postgresql_where="state = 'draft'"
    )
    op.create_table(
        "advert",
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("picture", sa.String()),
        sa.Column("picture_width", sa.Integer(), nullable=False),
        sa.Column("picture_height", sa.Integer(), nullable=False),
        sa.Column("alt", sa.String(), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
        sa.Column("link_words", sa.String(), nullable=False),
        sa.Column("locales", JSON, nullable=False),
        sa.Column("starts_on", sa.Date()),
        sa.Column("ends_on", sa.Date()),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.CheckConstraint("ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on", name=op.f("ck_advert_days")),
        sa.ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name=op.f("fk_advert_reseller_id")),
        sa.PrimaryKeyConstraint("reseller_id", "id", name=op.f("pk_advert")),
    )
    walls.owned("brand_version", "advert")


def downgrade() -> None:
    """Forget both."""
    op.drop_table("advert")
    op.drop_table("brand_version")
