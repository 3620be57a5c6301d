"""The first tables, behind the wall from the beginning."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import walls

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

CHANGEABLE = (
    "cart",
    "credit_account",
    "customer",
    "document_number",
    "host",
    "job",
    "menu",
    "message",
    "offer",
    "operation",
    "page",
    "price_list",
    "secret_code",
    "tld_group",
    "cart_item",
    "contact",
    "domain",
    "login_user",
    "page_version",
    "price",
    "login_session",
    "order_item",
    "payment",
)
# Money and its papers are never deleted.
KEPT = (
    "document",
    "purchase_order",
    "payment_notice",
    "outbox_event",
)
# Logs and ledgers are only ever added to.
APPENDED = (
    "credit_entry",
    "audit_entry",
    "consent",
)

# The sides of a movement of credit sum to zero, whoever writes them (security 5.3).
BALANCED = """
CREATE FUNCTION credit_movement_is_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT sum(amount_minor) FROM credit_entry
       WHERE reseller_id = NEW.reseller_id AND movement_id = NEW.movement_id AND currency = NEW.currency) <> 0 THEN
    RAISE EXCEPTION 'credit movement % does not sum to zero', NEW.movement_id;
  END IF;
  RETURN NULL;
END $$
"""
TRIGGER = """
CREATE CONSTRAINT TRIGGER credit_entry_balanced AFTER INSERT ON credit_entry
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION credit_movement_is_balanced()
"""


def upgrade() -> None:
    """Make every table, then raise the wall."""
    create_tables()
    op.execute(BALANCED)
    op.execute(TRIGGER)
    walls.itself("reseller")
    walls.known_to_all("site", "reseller_id")
    walls.known_to_all("host_name", "reseller_id")
    walls.shared("tld", "wholesale_price")
    walls.owned(*CHANGEABLE)
    walls.owned(*KEPT, may_delete=False)
    walls.owned(*APPENDED, may_change=False)


def downgrade() -> None:
    """Take everything away."""
    tables = [*CHANGEABLE, *KEPT, *APPENDED, "reseller", "site", "host_name", "tld", "wholesale_price"]
    for table in tables:
        op.execute(f"DROP TABLE {table} CASCADE")
    op.execute("DROP FUNCTION credit_movement_is_balanced()")


def create_tables() -> None:
    """Every table with its keys and indexes."""
    op.create_table(
        "host_name",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("canonical", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_host_name")),
    )
    op.create_index(op.f("ix_host_name_reseller_id"), "host_name", ["reseller_id"], unique=False)
    op.create_table(
        "reseller",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("is_platform", sa.Boolean(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("theme", sa.String(), nullable=False),
        sa.Column("brand", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("logo_light", sa.String(), nullable=True),
        sa.Column("logo_dark", sa.String(), nullable=True),
        sa.Column("default_locale", sa.String(), nullable=False),
        sa.Column("locales", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("canonical_host", sa.String(), nullable=False),
        sa.Column("legal_name", sa.String(), nullable=False),
        sa.Column("street", sa.String(), nullable=False),
        sa.Column("postcode", sa.String(), nullable=False),
        sa.Column("city", sa.String(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("vat_number", sa.String(), nullable=False),
        sa.Column("company_number", sa.String(), nullable=False),
        sa.Column("legal_lines", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("shows", sa.String(), nullable=False),
        sa.Column("is_vat_registered", sa.Boolean(), nullable=False),
        sa.Column("uses_one_stop_shop", sa.Boolean(), nullable=False),
        sa.Column("iban", sa.String(), nullable=False),
        sa.Column("bic", sa.String(), nullable=False),
        sa.Column("bank_name", sa.String(), nullable=False),
        sa.Column("settings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reseller")),
        sa.UniqueConstraint("slug", name=op.f("uq_reseller_slug")),
    )
    op.create_table(
        "site",
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("reseller_id", name=op.f("pk_site")),
        sa.UniqueConstraint("slug", name=op.f("uq_site_slug")),
    )
    op.create_index(op.f("ix_site_changed_at"), "site", ["changed_at"], unique=False)
    op.create_table(
        "tld",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("rules", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("name", "valid_from", name=op.f("pk_tld")),
    )
    op.create_table(
        "wholesale_price",
        sa.Column("ending", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("years", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("minor", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("ending", "action", "years", "currency", "valid_from", name=op.f("pk_wholesale_price")),
    )
    op.create_table(
        "audit_entry",
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("actor_kind", sa.String(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("subject_kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("difference", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name=op.f("fk_audit_entry_reseller_id")),
        sa.PrimaryKeyConstraint("reseller_id", "id", name=op.f("pk_audit_entry")),
    )
    op.create_index(
        "ix_audit_entry_subject", "audit_entry", ["reseller_id", "subject_kind", "subject_id"], unique=False
    )
    op.create_table(
        "cart",
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name=op.f("fk_cart_reseller_id")),
        sa.PrimaryKeyConstraint("reseller_id", "id", name=op.f("pk_cart")),
        sa.UniqueConstraint("reseller_id", "token_hash", name=op.f("uq_cart_reseller_id_token_hash")),
    )
    op.create_index("ix_cart_user", "cart", ["reseller_id", "user_id"], unique=False)
    op.create_table(
        "credit_account",
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("available_minor", sa.Integer(), nullable=False),
        sa.Column("held_minor", sa.Integer(), nullable=False),
        sa.Column("low_at_minor", sa.Integer(), nullable=False),
        sa.Column("asked_minor", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("available_minor >= 0", name=op.f("ck_credit_account_available")),
        sa.CheckConstraint("held_minor >= 0", name=op.f("ck_credit_account_held")),
        sa.ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name=op.f("fk_credit_account_reseller_id")),
        sa.PrimaryKeyConstraint("reseller_id", "id", name=op.f("pk_credit_account")),
        sa.UniqueConstraint("reseller_id", "currency", name=op.f("uq_credit_account_reseller_id_currency")),
    )
    op.create_table(
        "customer",
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("email_key", sa.String(), nullable=False),
        sa.Column("sort_key", sa.String(), nullable=False),
        sa.Column("vat_number", sa.String(), nullable=False),
        sa.Column("vat_check", sa.String(), nullable=False),
        sa.Column("vat_checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("company_number", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("given", sa.String(), nullable=False),
        sa.Column("family", sa.String(), nullable=False),
        sa.Column("orgname", sa.String(), nullable=False),
        sa.Column("street", sa.String(), nullable=False),
        sa.Column("street2", sa.String(), nullable=False),
        sa.Column("postcode", sa.String(), nullable=False),
        sa.Column("city", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('individual', 'company', 'association', 'publicbody')", name=op.f("ck_customer_kind")
        ),
        sa.ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name=op.f("fk_customer_reseller_id")),
        sa.PrimaryKeyConstraint("reseller_id", "id", name=op.f("pk_customer")),
        sa.UniqueConstraint("reseller_id", "code", name=op.f("uq_customer_reseller_id_code")),
    )
    op.create_index("ix_customer_email", "customer", ["reseller_id", "email_key"], unique=False)
    op.create_index("ix_customer_sort", "customer", ["reseller_id", "sort_key"], unique=False)
    op.create_table(
        "document_number",
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name=op.f("fk_document_number_reseller_id")),
        sa.PrimaryKeyConstraint("reseller_id", "id", name=op.f("pk_document_number")),
        sa.UniqueConstraint("reseller_id", "kind", "period", name=op.f("uq_document_number_reseller_id_kind_period")),
    )
    op.create_table(
        "host",
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("is_platform_name", sa.Boolean(), nullable=False),
        sa.Column("activated_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name=op.f("fk_host_reseller_id")),
        sa.PrimaryKeyConstraint("reseller_id", "id", name=op.f("pk_host")),
        sa.UniqueConstraint("reseller_id", "name", name=op.f("uq_host_reseller_id_name")),
    )
    op.create_table(
        "job",
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("argument", sa.String(), nullable=False),
        sa.Column("queue", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rung_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name=op.f("fk_job_reseller_id")),
        sa.PrimaryKeyConstraint("reseller_id", "id", name=op.f("pk_job")),
    )
    op.create_index("ix_job_due", "job", ["next_at"], unique=False, postgresql_where="state IN ('waiting', 'running')")
    op.create_index("ix_job_once", "job", ["reseller_id", "name", "argument"], unique=True)
    op.create_index("ix_job_stuck", "job", ["reseller_id"], unique=False, postgresql_where="state = 'stuck'")
    op.create_table(
        "menu",
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("items", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name=op.f("fk_menu_reseller_id")),
        sa.PrimaryKeyConstraint("reseller_id", "id", name=op.f("pk_menu")),
        sa.UniqueConstraint("reseller_id", "place", "locale", name=op.f("uq_menu_reseller_id_place_locale")),
    )
    op.create_table(
        "message",
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cause_id", sa.Uuid(), nullable=False),
        sa.Column("letter", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("recipient_name", sa.String(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("sender_name", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("html", sa.String(), nullable=False),
        sa.Column("sealed", sa.String(), nullable=False),
        sa.Column("attachments", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("unanswered", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.CheckConstraint("state IN ('queued', 'sending', 'sent', 'failed')", name=op.f("ck_message_state")),
        sa.ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name=op.f("fk_message_reseller_id")),
        sa.PrimaryKeyConstraint("reseller_id", "id", name=op.f("pk_message")),
    )
    op.create_index("ix_message_customer", "message", ["reseller_id", "customer_id", "id"], unique=False)
    op.create_index("ix_message_once", "message", ["reseller_id", "cause_id", "letter", "recipient"], unique=True)
    op.create_index("ix_message_recipient", "message", ["reseller_id", "recipient", "id"], unique=False)
    op.create_index("ix_message_state", "message", ["reseller_id", "state", "id"], unique=False)
    op.create_table(
        "offer",
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ending", sa.String(), nullable=False),
        sa.Column("is_offered", sa.Boolean(), nullable=False),
        sa.Column("badge", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name=op.f("fk_offer_reseller_id")),
        sa.PrimaryKeyConstraint("reseller_id", "id", name=op.f("pk_offer")),
        sa.UniqueConstraint("reseller_id", "ending", name=op.f("uq_offer_reseller_id_ending")),
    )
    op.create_table(
        "operation",
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("connection", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("natural_key", sa.String(), nullable=False),
        sa.Column("order_item_id", sa.Uuid(), nullable=True),
        sa.Column("wish", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("pre_state", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("supplier_reference", sa.String(), nullable=False),
        sa.Column("cost_minor", sa.Integer(), nullable=False),
        sa.Column("cost_currency", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_unknown_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("error_code", sa.String(), nullable=False),
        sa.Column("error", sa.String(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('pending', 'on_hold', 'sending', 'unknown', 'done', 'failed', 'manual')",
            name=op.f("ck_operation_state"),
        ),
        sa.ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name=op.f("fk_operation_reseller_id")),
        sa.PrimaryKeyConstraint("reseller_id", "id", name=op.f("pk_operation")),
        sa.UniqueConstraint(
            "reseller_id", "order_item_id", "kind", name=op.f("uq_operation_reseller_id_order_item_id_kind")
        ),
    )
    op.create_index("ix_operation_newest", "operation", ["id"], unique=False)
    op.create_index(
        "ix_operation_open",
        "operation",
        ["reseller_id", "natural_key"],
        unique=True,
        postgresql_where="state NOT IN ('done', 'failed')",
    )
    op.create_index("ix_operation_state", "operation", ["reseller_id", "state", "id"], unique=False)
    op.create_index(
        "ix_operation_unsettled",
        "operation",
        ["state", "id"],
        unique=False,
        postgresql_where="state NOT IN ('done', 'failed')",
    )
    op.create_table(
        "outbox_event",
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("actor", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name=op.f("fk_outbox_event_reseller_id")),
        sa.PrimaryKeyConstraint("reseller_id", "id", name=op.f("pk_outbox_event")),
    )
    op.create_index(
        "ix_outbox_event_waiting", "outbox_event", ["occurred_at"], unique=False, postgresql_where="handed_at IS NULL"
    )
    op.create_table(
        "page",
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name=op.f("fk_page_reseller_id")),
        sa.PrimaryKeyConstraint("reseller_id", "id", name=op.f("pk_page")),
        sa.UniqueConstraint("reseller_id", "key", name=op.f("uq_page_reseller_id_key")),
    )
    op.create_table(
        "payment_notice",
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("connection", sa.String(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=True),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name=op.f("fk_payment_notice_reseller_id")),
        sa.PrimaryKeyConstraint("reseller_id", "id", name=op.f("pk_payment_notice")),
        sa.UniqueConstraint(
            "reseller_id", "connection", "event_id", name=op.f("uq_payment_notice_reseller_id_connection_event_id")
        ),
    )
    op.create_index(
        "ix_payment_notice_outcome", "payment_notice", ["reseller_id", "outcome", "received_at"], unique=False
    )
    op.create_table(
        "price_list",
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("amounts", sa.String(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("amounts IN ('gross', 'net')", name=op.f("ck_price_list_amounts")),
        sa.ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name=op.f("fk_price_list_reseller_id")),
        sa.PrimaryKeyConstraint("reseller_id", "id", name=op.f("pk_price_list")),
    )
    op.create_table(
        "secret_code",
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("email_key", sa.String(), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name=op.f("fk_secret_code_reseller_id")),
        sa.PrimaryKeyConstraint("reseller_id", "id", name=op.f("pk_secret_code")),
    )
    op.create_index("ix_secret_code_email", "secret_code", ["reseller_id", "purpose", "email_key"], unique=False)
    op.create_index("ix_secret_code_hash", "secret_code", ["reseller_id", "purpose", "code_hash"], unique=False)
    op.create_table(
        "tld_group",
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("title", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("endings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name=op.f("fk_tld_group_reseller_id")),
        sa.PrimaryKeyConstraint("reseller_id", "id", name=op.f("pk_tld_group")),
        sa.UniqueConstraint("reseller_id", "slug", name=op.f("uq_tld_group_reseller_id_slug")),
    )
    op.create_table(
        "cart_item",
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cart_id", sa.Uuid(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("name_ascii", sa.String(), nullable=False),
        sa.Column("name_unicode", sa.String(), nullable=False),
        sa.Column("ending", sa.String(), nullable=False),
        sa.Column("years", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("nameservers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("extra", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("auth_code_sealed", sa.String(), nullable=False),
        sa.Column("price_minor", sa.Integer(), nullable=False),
        sa.Column("renewal_minor", sa.Integer(), nullable=True),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("amounts", sa.String(), nullable=False),
        sa.Column("reasons", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("premium", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("promised_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("years BETWEEN 0 AND 10", name=op.f("ck_cart_item_years")),
        sa.ForeignKeyConstraint(
            ["reseller_id", "cart_id"], ["cart.reseller_id", "cart.id"], name=op.f("fk_cart_item_reseller_id_cart_id")
        ),
        sa.ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name=op.f("fk_cart_item_reseller_id")),
        sa.PrimaryKeyConstraint("reseller_id", "id", name=op.f("pk_cart_item")),
    )
    op.create_index("ix_cart_item_once", "cart_item", ["reseller_id", "cart_id", "name_ascii", "action"], unique=True)
    op.create_table(
        "consent",
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("wording", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reseller_id", "customer_id"],
            ["customer.reseller_id", "customer.id"],
            name=op.f("fk_consent_reseller_id_customer_id"),
        ),
        sa.ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name=op.f("fk_consent_reseller_id")),
        sa.PrimaryKeyConstraint("reseller_id", "id", name=op.f("pk_consent")),
    )
    op.create_index("ix_consent_customer", "consent", ["reseller_id", "customer_id"], unique=False)
    op.create_table(
        "contact",
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("extra", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("given", sa.String(), nullable=False),
        sa.Column("family", sa.String(), nullable=False),
        sa.Column("orgname", sa.String(), nullable=False),
        sa.Column("street", sa.String(), nullable=False),
        sa.Column("street2", sa.String(), nullable=False),
        sa.Column("postcode", sa.String(), nullable=False),
        sa.Column("city", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reseller_id", "customer_id"],
            ["customer.reseller_id", "customer.id"],
            name=op.f("fk_contact_reseller_id_customer_id"),
        ),
        sa.ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name=op.f("fk_contact_reseller_id")),
        sa.PrimaryKeyConstraint("reseller_id", "id", name=op.f("pk_contact")),
    )
    op.create_index("ix_contact_customer", "contact", ["reseller_id", "customer_id"], unique=False)
    op.create_table(
        "credit_entry",
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("movement_id", sa.Uuid(), nullable=False),
        sa.Column("ledger", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("amount_minor", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=True),
        sa.Column("note", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "ledger IN ('available', 'held', 'charged', 'funding')", name=op.f("ck_credit_entry_ledger")
        ),
        sa.ForeignKeyConstraint(
            ["reseller_id", "account_id"],
            ["credit_account.reseller_id", "credit_account.id"],
            name=op.f("fk_credit_entry_reseller_id_account_id"),
        ),
        sa.ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name=op.f("fk_credit_entry_reseller_id")),
        sa.PrimaryKeyConstraint("reseller_id", "id", name=op.f("pk_credit_entry")),
    )
    op.create_index(op.f("ix_credit_entry_movement_id"), "credit_entry", ["movement_id"], unique=False)
    op.create_index(
        "ix_credit_entry_once", "credit_entry", ["reseller_id", "operation_id", "kind", "ledger"], unique=True
    )
    op.create_table(
        "document",
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.Column("proforma_id", sa.Uuid(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("net_minor", sa.Integer(), nullable=False),
        sa.Column("vat_minor", sa.Integer(), nullable=False),
        sa.Column("gross_minor", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("pdf_digest", sa.String(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('proforma', 'invoice')", name=op.f("ck_document_kind")),
        sa.ForeignKeyConstraint(
            ["reseller_id", "customer_id"],
            ["customer.reseller_id", "customer.id"],
            name=op.f("fk_document_reseller_id_customer_id"),
        ),
        sa.ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name=op.f("fk_document_reseller_id")),
        sa.PrimaryKeyConstraint("reseller_id", "id", name=op.f("pk_document")),
        sa.UniqueConstraint("reseller_id", "kind", "number", name=op.f("uq_document_reseller_id_kind_number")),
    )
    op.create_index("ix_document_customer", "document", ["reseller_id", "customer_id", "kind", "id"], unique=False)
    op.create_index("ix_document_list", "document", ["reseller_id", "kind", "state", "id"], unique=False)
    op.create_index(
        "ix_document_once",
        "document",
        ["reseller_id", "kind", "order_id"],
        unique=True,
        postgresql_where="order_id IS NOT NULL",
    )
    op.create_index(
        "ix_document_paid",
        "document",
        ["reseller_id", "paid_at"],
        unique=False,
        postgresql_where="kind = 'proforma' AND state = 'paid'",
    )
    op.create_table(
        "domain",
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("name_ascii", sa.String(), nullable=False),
        sa.Column("name_unicode", sa.String(), nullable=False),
        sa.Column("ending", sa.String(), nullable=False),
        sa.Column("connection", sa.String(), nullable=False),
        sa.Column("supplier_reference", sa.String(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paid_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registry_expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("statuses", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("nameservers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("is_locked", sa.Boolean(), nullable=False),
        sa.Column("renews_itself", sa.Boolean(), nullable=False),
        sa.Column("synced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["reseller_id", "customer_id"],
            ["customer.reseller_id", "customer.id"],
            name=op.f("fk_domain_reseller_id_customer_id"),
        ),
        sa.ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name=op.f("fk_domain_reseller_id")),
        sa.PrimaryKeyConstraint("reseller_id", "id", name=op.f("pk_domain")),
    )
    op.create_index("ix_domain_customer", "domain", ["reseller_id", "customer_id", "paid_until"], unique=False)
    op.create_index("ix_domain_expiry", "domain", ["reseller_id", "paid_until"], unique=False)
    op.create_index(
        "ix_domain_live", "domain", ["reseller_id", "name_ascii"], unique=True, postgresql_where="closed_at IS NULL"
    )
    op.create_table(
        "login_user",
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("login", sa.String(), nullable=False),
        sa.Column("login_key", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("email_key", sa.String(), nullable=False),
        sa.Column("email_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("failed_sign_ins", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("totp_sealed", sa.String(), nullable=False),
        sa.Column("totp_counter", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('customer', 'staff', 'operator')", name=op.f("ck_login_user_kind")),
        sa.ForeignKeyConstraint(
            ["reseller_id", "customer_id"],
            ["customer.reseller_id", "customer.id"],
            name=op.f("fk_login_user_reseller_id_customer_id"),
        ),
        sa.ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name=op.f("fk_login_user_reseller_id")),
        sa.PrimaryKeyConstraint("reseller_id", "id", name=op.f("pk_login_user")),
        sa.UniqueConstraint("reseller_id", "login_key", name=op.f("uq_login_user_reseller_id_login_key")),
    )
    op.create_index("ix_login_user_customer", "login_user", ["reseller_id", "customer_id"], unique=False)
    op.create_index("ix_login_user_email", "login_user", ["reseller_id", "email_key"], unique=False)
    op.create_table(
        "page_version",
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("page_id", sa.Uuid(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("blocks", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('draft', 'published', 'past')", name=op.f("ck_page_version_state")),
        sa.ForeignKeyConstraint(
            ["reseller_id", "page_id"],
            ["page.reseller_id", "page.id"],
            name=op.f("fk_page_version_reseller_id_page_id"),
        ),
        sa.ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name=op.f("fk_page_version_reseller_id")),
        sa.PrimaryKeyConstraint("reseller_id", "id", name=op.f("pk_page_version")),
    )
    op.create_index(
        "ix_page_version_live",
        "page_version",
        ["reseller_id", "locale", "path"],
        unique=True,
        postgresql_where="state = 'published'",
    )
    op.create_table(
        "price",
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("price_list_id", sa.Uuid(), nullable=False),
        sa.Column("ending", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("years", sa.Integer(), nullable=False),
        sa.Column("minor", sa.Integer(), nullable=False),
        sa.CheckConstraint("minor >= 0", name=op.f("ck_price_minor")),
        sa.ForeignKeyConstraint(
            ["reseller_id", "price_list_id"],
            ["price_list.reseller_id", "price_list.id"],
            name=op.f("fk_price_reseller_id_price_list_id"),
        ),
        sa.ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name=op.f("fk_price_reseller_id")),
        sa.PrimaryKeyConstraint("reseller_id", "id", name=op.f("pk_price")),
    )
    op.create_index(
        "ix_price_once", "price", ["reseller_id", "price_list_id", "ending", "action", "years"], unique=True
    )
    op.create_table(
        "purchase_order",
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("once_key", sa.String(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("total_minor", sa.Integer(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("is_consumer", sa.Boolean(), nullable=False),
        sa.Column("agreed", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("pays_by", sa.String(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["reseller_id", "customer_id"],
            ["customer.reseller_id", "customer.id"],
            name=op.f("fk_purchase_order_reseller_id_customer_id"),
        ),
        sa.ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name=op.f("fk_purchase_order_reseller_id")),
        sa.PrimaryKeyConstraint("reseller_id", "id", name=op.f("pk_purchase_order")),
        sa.UniqueConstraint("reseller_id", "code", name=op.f("uq_purchase_order_reseller_id_code")),
        sa.UniqueConstraint("reseller_id", "once_key", name=op.f("uq_purchase_order_reseller_id_once_key")),
    )
    op.create_index("ix_purchase_order_customer", "purchase_order", ["reseller_id", "customer_id", "id"], unique=False)
    op.create_index("ix_purchase_order_state", "purchase_order", ["reseller_id", "state", "id"], unique=False)
    op.create_table(
        "login_session",
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("csrf_seed", sa.String(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("browser", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("second_factor_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["reseller_id", "user_id"],
            ["login_user.reseller_id", "login_user.id"],
            name=op.f("fk_login_session_reseller_id_user_id"),
        ),
        sa.ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name=op.f("fk_login_session_reseller_id")),
        sa.PrimaryKeyConstraint("reseller_id", "id", name=op.f("pk_login_session")),
        sa.UniqueConstraint("reseller_id", "token_hash", name=op.f("uq_login_session_reseller_id_token_hash")),
    )
    op.create_index("ix_login_session_user", "login_session", ["reseller_id", "user_id"], unique=False)
    op.create_table(
        "order_item",
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("name_ascii", sa.String(), nullable=False),
        sa.Column("name_unicode", sa.String(), nullable=False),
        sa.Column("ending", sa.String(), nullable=False),
        sa.Column("years", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("failure", sa.String(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("registrant", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("nameservers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("extra", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("auth_code_sealed", sa.String(), nullable=False),
        sa.Column("price_minor", sa.Integer(), nullable=False),
        sa.Column("net_minor", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("reasons", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("premium", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("domain_id", sa.Uuid(), nullable=True),
        sa.Column("refund_noted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["reseller_id", "order_id"],
            ["purchase_order.reseller_id", "purchase_order.id"],
            name=op.f("fk_order_item_reseller_id_order_id"),
        ),
        sa.ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name=op.f("fk_order_item_reseller_id")),
        sa.PrimaryKeyConstraint("reseller_id", "id", name=op.f("pk_order_item")),
    )
    op.create_index("ix_order_item_name", "order_item", ["reseller_id", "name_ascii"], unique=False)
    op.create_index("ix_order_item_order", "order_item", ["reseller_id", "order_id", "position"], unique=False)
    op.create_index(
        "ix_order_item_refund",
        "order_item",
        ["reseller_id", "id"],
        unique=False,
        postgresql_where="state = 'failed' AND refund_noted_at IS NULL",
    )
    op.create_table(
        "payment",
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("proforma_id", sa.Uuid(), nullable=False),
        sa.Column("connection", sa.String(), nullable=False),
        sa.Column("supplier_reference", sa.String(), nullable=False),
        sa.Column("leave_url", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("amount_minor", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("captured_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.CheckConstraint(
            "state IN ('started', 'pending', 'captured', 'failed', 'cancelled')", name=op.f("ck_payment_state")
        ),
        sa.ForeignKeyConstraint(
            ["reseller_id", "proforma_id"],
            ["document.reseller_id", "document.id"],
            name=op.f("fk_payment_reseller_id_proforma_id"),
        ),
        sa.ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name=op.f("fk_payment_reseller_id")),
        sa.PrimaryKeyConstraint("reseller_id", "id", name=op.f("pk_payment")),
    )
    op.create_index("ix_payment_proforma", "payment", ["reseller_id", "proforma_id"], unique=False)
    op.create_index(
        "ix_payment_supplier",
        "payment",
        ["reseller_id", "connection", "supplier_reference"],
        unique=True,
        postgresql_where="supplier_reference <> ''",
    )
