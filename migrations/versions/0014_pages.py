"""A tree of pages with drafts that wait for their moment; redirects, media files and visitors' messages."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import walls

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, raise their walls, and widen what was there."""
    _tables()
    _columns()
    walls.owned("media_file", "redirect", "visitor_message")
    op.drop_constraint(op.f("ck_page_version_state"), "page_version")
    op.create_check_constraint(
        op.f("ck_page_version_state"), "page_version", "state IN ('draft', 'waiting', 'published', 'past')"
    )
    op.create_check_constraint(
        op.f("ck_page_version_waiting_starts"), "page_version", "(state = 'waiting') <= (starts_at IS NOT NULL)"
    )


def _tables() -> None:
    op.create_table(
        "media_file",
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("alt", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("is_decorative", sa.Boolean(), nullable=False),
        sa.Column("focal_x", sa.Integer(), nullable=False),
        sa.Column("focal_y", sa.Integer(), nullable=False),
        sa.Column("variants", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("trashed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "focal_x BETWEEN 0 AND 1000 AND focal_y BETWEEN 0 AND 1000", name=op.f("ck_media_file_focal")
        ),
        sa.ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name=op.f("fk_media_file_reseller_id")),
        sa.PrimaryKeyConstraint("reseller_id", "id", name=op.f("pk_media_file")),
    )
    op.create_index("ix_media_file_listed", "media_file", ["reseller_id", "created_at"], unique=False)
    op.create_table(
        "redirect",
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("is_permanent", sa.Boolean(), nullable=False),
        sa.Column("is_automatic", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name=op.f("fk_redirect_reseller_id")),
        sa.PrimaryKeyConstraint("reseller_id", "id", name=op.f("pk_redirect")),
        sa.UniqueConstraint("reseller_id", "path", name=op.f("uq_redirect_reseller_id_path")),
    )
    op.create_table(
        "visitor_message",
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("page_id", sa.Uuid(), nullable=False),
        sa.Column("block_id", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("answers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("consent", sa.String(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["reseller_id", "page_id"],
            ["page.reseller_id", "page.id"],
            name=op.f("fk_visitor_message_reseller_id_page_id"),
        ),
        sa.ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name=op.f("fk_visitor_message_reseller_id")),
        sa.PrimaryKeyConstraint("reseller_id", "id", name=op.f("pk_visitor_message")),
    )
    op.create_index("ix_visitor_message_listed", "visitor_message", ["reseller_id", "sent_at"], unique=False)


def _columns() -> None:
    op.add_column("page", sa.Column("parent_id", sa.Uuid(), nullable=True))
    op.add_column("page", sa.Column("position", sa.Integer(), server_default="0", nullable=False))
    op.add_column("page", sa.Column("trashed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_page_parent", "page", ["reseller_id", "parent_id", "position"], unique=False)
    op.create_foreign_key(
        op.f("fk_page_reseller_id_parent_id"), "page", "page", ["reseller_id", "parent_id"], ["reseller_id", "id"]
    )
    op.add_column("page_version", sa.Column("edited_by", sa.String(), server_default="", nullable=False))
    op.add_column("page_version", sa.Column("revision", sa.Integer(), server_default="0", nullable=False))
    op.add_column("page_version", sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("page_version", sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "page_version",
        sa.Column("settings", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
    )
    op.add_column("page_version", sa.Column("translated_from", postgresql.JSONB(astext_type=sa.Text()), nullable=True))
    op.create_index(
        "ix_page_version_ends",
        "page_version",
        ["ends_at"],
        unique=False,
        postgresql_where="state = 'published' AND ends_at IS NOT NULL",
    )
    op.create_index(
        "ix_page_version_one",
        "page_version",
        ["reseller_id", "page_id", "locale", "state"],
        unique=True,
        postgresql_where="state <> 'past'",
    )
    op.create_index(
        "ix_page_version_page", "page_version", ["reseller_id", "page_id", "locale", "edited_at"], unique=False
    )
    op.create_index(
        "ix_page_version_starts", "page_version", ["starts_at"], unique=False, postgresql_where="state = 'waiting'"
    )


def downgrade() -> None:
    """Forget what is new; what waits becomes a past version."""
    op.execute("UPDATE page_version SET state = 'past' WHERE state = 'waiting'")
    op.drop_constraint(op.f("ck_page_version_waiting_starts"), "page_version")
    op.drop_constraint(op.f("ck_page_version_state"), "page_version")
    op.create_check_constraint(op.f("ck_page_version_state"), "page_version", "state IN ('draft', 'published', 'past')")
    op.drop_index("ix_page_version_starts", table_name="page_version", postgresql_where="state = 'waiting'")
    op.drop_index("ix_page_version_page", table_name="page_version")
    op.drop_index("ix_page_version_one", table_name="page_version", postgresql_where="state <> 'past'")
    op.drop_index(
        "ix_page_version_ends",
        table_name="page_version",
        postgresql_where="state = 'published' AND ends_at IS NOT NULL",
    )
    op.drop_column("page_version", "translated_from")
    op.drop_column("page_version", "settings")
    op.drop_column("page_version", "ends_at")
    op.drop_column("page_version", "starts_at")
    op.drop_column("page_version", "revision")
    op.drop_column("page_version", "edited_by")
    op.drop_constraint(op.f("fk_page_reseller_id_parent_id"), "page", type_="foreignkey")
    op.drop_index("ix_page_parent", table_name="page")
    op.drop_column("page", "trashed_at")
    op.drop_column("page", "position")
    op.drop_column("page", "parent_id")
    op.drop_index("ix_visitor_message_listed", table_name="visitor_message")
    op.drop_table("visitor_message")
    op.drop_table("redirect")
    op.drop_index("ix_media_file_listed", table_name="media_file")
    op.drop_table("media_file")
