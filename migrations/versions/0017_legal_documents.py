"""Legal documents come in editions; customers are told of them, and a consent knows the very words it was given to."""

import sqlalchemy as sa
from alembic import op

from migrations import walls

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, raise their walls, and make documents of the pages that are some."""
    _tables()
    _columns()
    walls.owned("legal_document", "legal_edition", "edition_notice")
    _take_over()


def _tables() -> None:
    op.create_table(
        "legal_document",
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("page_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("needs_acceptance", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["reseller_id", "page_id"],
            ["page.reseller_id", "page.id"],
            name=op.f("fk_legal_document_reseller_id_page_id"),
        ),
        sa.ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name=op.f("fk_legal_document_reseller_id")),
        sa.PrimaryKeyConstraint("reseller_id", "id", name=op.f("pk_legal_document")),
        sa.UniqueConstraint("reseller_id", "page_id", name=op.f("uq_legal_document_reseller_id_page_id")),
        sa.UniqueConstraint("reseller_id", "slug", name=op.f("uq_legal_document_reseller_id_slug")),
    )
    op.create_table(
        "legal_edition",
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("in_force_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["reseller_id", "document_id"],
            ["legal_document.reseller_id", "legal_document.id"],
            name=op.f("fk_legal_edition_reseller_id_document_id"),
        ),
        sa.ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name=op.f("fk_legal_edition_reseller_id")),
        sa.PrimaryKeyConstraint("reseller_id", "id", name=op.f("pk_legal_edition")),
    )
    op.create_index(
        "ix_legal_edition_label",
        "legal_edition",
        ["reseller_id", "document_id", "label"],
        unique=True,
        postgresql_where="cancelled_at IS NULL",
    )
    op.create_table(
        "edition_notice",
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["reseller_id", "customer_id"],
            ["customer.reseller_id", "customer.id"],
            name=op.f("fk_edition_notice_reseller_id_customer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["reseller_id", "edition_id"],
            ["legal_edition.reseller_id", "legal_edition.id"],
            name=op.f("fk_edition_notice_reseller_id_edition_id"),
        ),
        sa.ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name=op.f("fk_edition_notice_reseller_id")),
        sa.PrimaryKeyConstraint("reseller_id", "id", name=op.f("pk_edition_notice")),
        sa.UniqueConstraint(
            "reseller_id",
            "edition_id",
            "customer_id",
            name=op.f("uq_edition_notice_reseller_id_edition_id_customer_id"),
        ),
    )


def _columns() -> None:
    op.add_column("consent", sa.Column("text_id", sa.Uuid(), nullable=True))
    op.create_index(
        "ix_consent_text", "consent", ["reseller_id", "text_id"], unique=False, postgresql_where="text_id IS NOT NULL"
    )
    op.create_foreign_key(
        op.f("fk_consent_reseller_id_text_id"),
        "consent",
        "page_version",
        ["reseller_id", "text_id"],
        ["reseller_id", "id"],
    )
    op.add_column("page_version", sa.Column("edition_id", sa.Uuid(), nullable=True))
    op.create_index(
        "ix_page_version_edition",
        "page_version",
        ["reseller_id", "edition_id"],
        unique=False,
        postgresql_where="edition_id IS NOT NULL",
    )
    op.create_foreign_key(
        op.f("fk_page_version_reseller_id_edition_id"),
        "page_version",
        "legal_edition",
        ["reseller_id", "edition_id"],
        ["reseller_id", "id"],
    )


READ = ("page", "page_version", "reseller", "consent", "legal_document", "legal_edition")


def _take_over() -> None:
    """Make documents of the pages that are some: what is published is their first edition, by the label it had."""
    # The walls are forced on the owner of the tables too, so it would see no row.
    for table in READ:
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute(
        "INSERT INTO legal_document (reseller_id, id, page_id, kind, slug, needs_acceptance, created_at)"
        " SELECT reseller_id, gen_random_uuid(), id, key, key, key = 'terms', created_at FROM page"
        " WHERE key IN ('terms', 'privacy', 'cookies', 'imprint')"
    )
    op.execute(
        "INSERT INTO legal_edition (reseller_id, id, document_id, label, in_force_at, made_at, made_by)"
        " SELECT d.reseller_id, gen_random_uuid(), d.id, COALESCE(CASE WHEN d.kind = 'terms' THEN NULLIF(trim(both '-'"
        " FROM left(regexp_replace(r.settings ->> 'terms_version', '[^A-Za-z0-9]+', '-', 'g'), 20)), '') END,"
        " to_char(min(v.published_at), 'YYYY-MM')), min(v.published_at), min(v.published_at), ''"
        " FROM legal_document d JOIN reseller r ON r.id = d.reseller_id JOIN page_version v"
        " ON v.reseller_id = d.reseller_id AND v.page_id = d.page_id AND v.state = 'published'"
        " WHERE v.published_at IS NOT NULL GROUP BY d.reseller_id, d.id, d.kind, r.settings"
    )
    op.execute(
        "UPDATE page_version v SET edition_id = e.id FROM legal_edition e JOIN legal_document d"
        " ON d.reseller_id = e.reseller_id AND d.id = e.document_id"
        " WHERE v.reseller_id = d.reseller_id AND v.page_id = d.page_id AND v.state = 'published'"
    )
    op.execute(
        "UPDATE consent c SET text_id = v.id FROM page_version v"
        " WHERE c.kind = 'terms' AND v.reseller_id = c.reseller_id AND v.id::text = split_part(c.version, ' ', 1)"
    )
    for table in READ:
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def downgrade() -> None:
    """Forget documents and editions; the pages stay."""
    op.drop_constraint(op.f("fk_page_version_reseller_id_edition_id"), "page_version", type_="foreignkey")
    op.drop_index("ix_page_version_edition", table_name="page_version", postgresql_where="edition_id IS NOT NULL")
    op.drop_column("page_version", "edition_id")
    op.drop_constraint(op.f("fk_consent_reseller_id_text_id"), "consent", type_="foreignkey")
    op.drop_index("ix_consent_text", table_name="consent", postgresql_where="text_id IS NOT NULL")
    op.drop_column("consent", "text_id")
    op.drop_table("edition_notice")
    op.drop_index("ix_legal_edition_label", table_name="legal_edition", postgresql_where="cancelled_at IS NULL")
    op.drop_table("legal_edition")
    op.drop_table("legal_document")
