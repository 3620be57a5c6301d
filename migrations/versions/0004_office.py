"""The reseller's start: supplier accounts, announcements, when the schedule ran, and from whom letters come."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import walls

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON = postgresql.JSONB(astext_type=sa.Text())
SENDER = (
    sa.Column("sender_email", sa.String(), nullable=False, server_default=""),
    sa.Column("sender_name", sa.String(), nullable=False, server_default=""),
    sa.Column("sender_confirmed_at", MOMENT),
    sa.Column("reply_email", sa.String(), nullable=False, server_default=""),
)


def upgrade() -> None:
    """Make the tables and raise their walls."""
    for column in SENDER:
        op.add_column("reseller", column.copy())
    _supplier_account()
    _announcements()
    op.create_table(
        "task_run",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("every_s", sa.Integer(), nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("failed_at", MOMENT),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_task_run")),
    )
    walls.shared("task_run")
    _sandbox_clients()


def _supplier_account() -> None:
    op.create_table(
        "supplier_account",
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("connection", sa.String(), nullable=False),
        sa.Column("sealed", sa.String(), nullable=False),
        sa.Column("key_hint", sa.String(), nullable=False),
        sa.Column("uses_old_version", sa.Boolean(), nullable=False),
        sa.Column("accepted_at", MOMENT),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("checked_at", MOMENT),
        sa.Column("failing_since", MOMENT),
        sa.Column("tried_sealed", sa.String(), nullable=False),
        sa.Column("tried_hint", sa.String(), nullable=False),
        sa.Column("tried_old_version", sa.Boolean(), nullable=False),
        sa.Column("tried_is_new", sa.Boolean(), nullable=False),
        sa.Column("tried_verdict", sa.String(), nullable=False),
        sa.Column("tried_at", MOMENT),
        sa.Column("tried_checked_at", MOMENT),
        sa.ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name=op.f("fk_supplier_account_reseller_id")),
        sa.PrimaryKeyConstraint("reseller_id", "id", name=op.f("pk_supplier_account")),
        sa.UniqueConstraint("reseller_id", "connection", name=op.f("uq_supplier_account_reseller_id_connection")),
    )
    walls.owned("supplier_account")


def _announcements() -> None:
    op.create_table(
        "announcement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("title", JSON, nullable=False),
        sa.Column("body", JSON, nullable=False),
        sa.Column("severity", sa.String(), nullable=False),
        sa.Column("is_for_all", sa.Boolean(), nullable=False),
        sa.Column("reseller_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("shown_from", MOMENT, nullable=False),
        sa.Column("shown_until", MOMENT),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.Column("withdrawn_at", MOMENT),
        sa.CheckConstraint("severity IN ('info', 'warning', 'danger')", name=op.f("ck_announcement_severity")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement")),
    )
    walls.told("announcement", everybody="is_for_all", chosen="reseller_ids")
    op.create_table(
        "announcement_read",
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("announcement_id", sa.Uuid(), nullable=False),
        sa.Column("read_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name=op.f("fk_announcement_read_reseller_id")),
        sa.ForeignKeyConstraint(
            ["reseller_id", "user_id"],
            ["login_user.reseller_id", "login_user.id"],
            name=op.f("fk_announcement_read_reseller_id_user_id"),
        ),
        sa.PrimaryKeyConstraint("reseller_id", "id", name=op.f("pk_announcement_read")),
        sa.UniqueConstraint(
            "reseller_id",
            "user_id",
            "announcement_id",
            name=op.f("uq_announcement_read_reseller_id_user_id_announcement_id"),
        ),
    )
    walls.owned("announcement_read")


def _sandbox_clients() -> None:
    """The accounts of the sandbox registrar's own customers: a key, a password, and what each may do."""
    op.create_table(
        "client",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("salt", sa.Text, nullable=False),
        sa.Column("password_digest", sa.Text, nullable=False),
        sa.Column("takes_our_address", sa.Boolean, nullable=False, server_default="true"),
        sa.Column("takes_old_version", sa.Boolean, nullable=False, server_default="false"),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_client")),
        schema="sandbox",
    )
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON sandbox.client TO {walls.APP}, {walls.OFFICE}")


def downgrade() -> None:
    """Take everything away."""
    op.drop_table("client", schema="sandbox")
    for table in ("task_run", "announcement_read", "announcement", "supplier_account"):
        op.drop_table(table)
    for column in reversed(SENDER):
        op.drop_column("reseller", column.name)
