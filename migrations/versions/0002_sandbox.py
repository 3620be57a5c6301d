"""The sandbox suppliers' own schema: a registry with its clock and money, and a card gateway.

Nothing of the shop refers to these tables and they know no resellers, so no policy stands on them.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.walls import APP, OFFICE

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SCHEMA = "sandbox"
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.execute(f"CREATE SCHEMA {SCHEMA}")
    _registry()
    _gateway()
    op.execute(f"GRANT USAGE ON SCHEMA {SCHEMA} TO {APP}, {OFFICE}")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {SCHEMA} TO {APP}, {OFFICE}")


def _registry() -> None:
    op.create_table(
        "control",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("ahead_s", sa.Float, nullable=False, server_default="0"),
        sa.Column("mode", sa.Text, nullable=False, server_default="up"),
        sa.Column("latency_s", sa.Float, nullable=False, server_default="0"),
        sa.Column("pending_s", sa.Float, nullable=False, server_default="120"),
        sa.Column("pending_ends", sa.Text, nullable=False, server_default="done"),
        sa.PrimaryKeyConstraint("id", name="pk_control"),
        sa.CheckConstraint("id = 1", name="ck_control_single"),
        schema=SCHEMA,
    )
    op.create_table(
        "account",
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("balance_minor", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("currency", name="pk_account"),
        sa.CheckConstraint("balance_minor >= 0", name="ck_account_not_negative"),
        schema=SCHEMA,
    )
    op.create_table(
        "entry",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("reference", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_entry"),
        sa.UniqueConstraint("reference", "kind", name="uq_entry_reference_kind"),
        schema=SCHEMA,
    )
    op.create_table(
        "domain",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("is_pending", sa.Boolean, nullable=False),
        sa.Column("registered_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("released_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("reference", sa.Text, nullable=False),
        sa.Column("name_servers", postgresql.JSONB, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_domain"),
        schema=SCHEMA,
    )
    op.create_table(
        "operation",
        sa.Column("reference", sa.Text, nullable=False),
        sa.Column("upstream_ref", sa.Text, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("wish", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("code", sa.Text, nullable=False, server_default=""),
        sa.Column("message", sa.Text, nullable=False, server_default=""),
        sa.Column("fields", postgresql.JSONB, nullable=False, server_default="{}"),
        sa.Column("cost_minor", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("times_asked", sa.Integer, nullable=False, server_default="1"),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT),
        sa.PrimaryKeyConstraint("reference", name="pk_operation"),
        sa.UniqueConstraint("upstream_ref", name="uq_operation_upstream_ref"),
        schema=SCHEMA,
    )
    op.create_index("ix_operation_name", "operation", ["name"], schema=SCHEMA)
    op.create_index(
        "ix_operation_due_at", "operation", ["due_at"], schema=SCHEMA, postgresql_where=sa.text("state = 'pending'")
    )
    op.create_table(
        "message",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("upstream_ref", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("acknowledged_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_message"),
        schema=SCHEMA,
    )
    op.execute("INSERT INTO sandbox.control (id) VALUES (1)")
    op.execute("INSERT INTO sandbox.account (currency, balance_minor) VALUES ('EUR', 10000000)")


def _gateway() -> None:
    op.create_table(
        "payment",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("reference", sa.Text, nullable=False),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("shop_name", sa.Text, nullable=False),
        sa.Column("locale", sa.Text, nullable=False),
        sa.Column("return_url", sa.Text, nullable=False),
        sa.Column("notify_url", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("failure", sa.Text, nullable=False, server_default=""),
        sa.Column("means", sa.Text, nullable=False, server_default=""),
        sa.Column("is_confirming", sa.Boolean, nullable=False, server_default="false"),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_payment"),
        sa.UniqueConstraint("reference", name="uq_payment_reference"),
        sa.CheckConstraint("amount_minor > 0", name="ck_payment_something"),
        schema=SCHEMA,
    )
    op.create_table(
        "notice",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("payment_id", sa.Text, nullable=False),
        sa.Column("notify_url", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("next_at", MOMENT),
        sa.Column("delivered_at", MOMENT),
        sa.Column("last_answer", sa.Text, nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name="pk_notice"),
        schema=SCHEMA,
    )
    op.create_index("ix_notice_payment_id", "notice", ["payment_id"], schema=SCHEMA)
    op.create_index("ix_notice_next_at", "notice", ["next_at"], schema=SCHEMA)


def downgrade() -> None:
    op.execute(f"DROP SCHEMA {SCHEMA} CASCADE")
