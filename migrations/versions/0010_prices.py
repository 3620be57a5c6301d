"""Prices: plans and exchange rates, groups of customers, margin rules, promotions and codes, and what was seen when."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import walls

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

OWNED = (
    "margin_rule",
    "price_group",
    "group_price",
    "product",
    "price_import",
    "promotion",
    "promotion_code",
    "promotion_use",
)
PLATFORM = ("exchange_quote", "wholesale_plan")

COLUMNS = {
    "cart": ("codes",),
    "cart_item": ("list_minor",),
    "customer": ("price_group_id", "is_grouped_by_rule"),
    "order_item": ("list_minor",),
    "price": ("kind", "is_by_rule"),
    "price_list": ("line", "published_by", "copied_from_id", "revision"),
    "reseller": ("wholesale_plan",),
    "site": ("state_before",),
    "wholesale_price": ("plan", "kind"),
}


def upgrade() -> None:
    """Make the tables, raise their walls, and widen what was there."""
    _platform()
    _groups()
    _lists()
    _promotions()
    _codes()
    _columns()
    _keys()
    walls.shared(*PLATFORM)
    walls.owned(*OWNED)
    # What somebody saw cannot be unseen.
    walls.owned("price_seen", may_change=False)


def _platform() -> None:
    op.create_table(
        "exchange_quote",
        sa.Column("base", sa.String(), nullable=False),
        sa.Column("quoted", sa.String(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("rate", sa.Numeric(precision=18, scale=8), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("base", "quoted", "on_day", name=op.f("pk_exchange_quote")),
    )
    op.create_table(
        "wholesale_plan",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("from_domains", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_wholesale_plan")),
    )


def _groups() -> None:
    op.create_table(
        "margin_rule",
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("terms", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name=op.f("fk_margin_rule_reseller_id")),
        sa.PrimaryKeyConstraint("reseller_id", "id", name=op.f("pk_margin_rule")),
    )
    op.create_table(
        "price_group",
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("line", sa.String(), nullable=False),
        sa.Column("discount_percent", sa.Numeric(precision=6, scale=3), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("from_domains", sa.Integer(), nullable=True),
        sa.Column("from_turnover_minor", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("discount_percent >= 0 AND discount_percent <= 100", name=op.f("ck_price_group_discount")),
        sa.ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name=op.f("fk_price_group_reseller_id")),
        sa.PrimaryKeyConstraint("reseller_id", "id", name=op.f("pk_price_group")),
        sa.UniqueConstraint("reseller_id", "name", name=op.f("uq_price_group_reseller_id_name")),
    )
    op.create_index(
        "ix_price_group_default", "price_group", ["reseller_id"], unique=True, postgresql_where="is_default"
    )
    op.create_table(
        "group_price",
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("price_group_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("ending", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("years", sa.Integer(), nullable=False),
        sa.Column("minor", sa.Integer(), nullable=False),
        sa.CheckConstraint("minor >= 0", name=op.f("ck_group_price_minor")),
        sa.ForeignKeyConstraint(
            ["reseller_id", "price_group_id"],
            ["price_group.reseller_id", "price_group.id"],
            name=op.f("fk_group_price_reseller_id_price_group_id"),
        ),
        sa.ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name=op.f("fk_group_price_reseller_id")),
        sa.PrimaryKeyConstraint("reseller_id", "id", name=op.f("pk_group_price")),
    )
    op.create_index(
        "ix_group_price_once",
        "group_price",
        ["reseller_id", "price_group_id", "kind", "ending", "action", "years"],
        unique=True,
    )


def _lists() -> None:
    op.create_table(
        "product",
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("description", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("is_offered", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('hosting', 'email', 'ssl', 'redirect')", name=op.f("ck_product_kind")),
        sa.ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name=op.f("fk_product_reseller_id")),
        sa.PrimaryKeyConstraint("reseller_id", "id", name=op.f("pk_product")),
        sa.UniqueConstraint("reseller_id", "code", name=op.f("uq_product_reseller_id_code")),
    )
    op.create_table(
        "price_import",
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("price_list_id", sa.Uuid(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("faults", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.CheckConstraint("state IN ('ready', 'applied', 'dropped')", name=op.f("ck_price_import_state")),
        sa.ForeignKeyConstraint(
            ["reseller_id", "price_list_id"],
            ["price_list.reseller_id", "price_list.id"],
            name=op.f("fk_price_import_reseller_id_price_list_id"),
        ),
        sa.ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name=op.f("fk_price_import_reseller_id")),
        sa.PrimaryKeyConstraint("reseller_id", "id", name=op.f("pk_price_import")),
    )
    op.create_table(
        "price_seen",
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("ending", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("years", sa.Integer(), nullable=False),
        sa.Column("price_group_id", sa.Uuid(), nullable=True),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("amounts", sa.String(), nullable=False),
        sa.Column("minor", sa.Integer(), nullable=True),
        sa.Column("is_reduced", sa.Boolean(), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("because", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reseller_id", "price_group_id"],
            ["price_group.reseller_id", "price_group.id"],
            name=op.f("fk_price_seen_reseller_id_price_group_id"),
        ),
        sa.ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name=op.f("fk_price_seen_reseller_id")),
        sa.PrimaryKeyConstraint("reseller_id", "id", name=op.f("pk_price_seen")),
    )
    op.create_index(
        "ix_price_seen_item",
        "price_seen",
        ["reseller_id", "kind", "ending", "action", "years", "from_at"],
        unique=False,
    )


def _promotions() -> None:
    op.create_table(
        "promotion",
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("title", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("needs_code", sa.Boolean(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("terms", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("max_uses", sa.Integer(), nullable=True),
        sa.Column("max_per_customer", sa.Integer(), nullable=True),
        sa.Column("budget_minor", sa.Integer(), nullable=True),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("spent_minor", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('draft', 'running', 'stopped')", name=op.f("ck_promotion_state")),
        sa.CheckConstraint("uses >= 0 AND spent_minor >= 0", name=op.f("ck_promotion_counters")),
        sa.ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name=op.f("fk_promotion_reseller_id")),
        sa.PrimaryKeyConstraint("reseller_id", "id", name=op.f("pk_promotion")),
    )


def _codes() -> None:
    op.create_table(
        "promotion_code",
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("promotion_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("series", sa.String(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("max_uses", sa.Integer(), nullable=True),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("uses >= 0", name=op.f("ck_promotion_code_counter")),
        sa.ForeignKeyConstraint(
            ["reseller_id", "customer_id"],
            ["customer.reseller_id", "customer.id"],
            name=op.f("fk_promotion_code_reseller_id_customer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["reseller_id", "promotion_id"],
            ["promotion.reseller_id", "promotion.id"],
            name=op.f("fk_promotion_code_reseller_id_promotion_id"),
        ),
        sa.ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name=op.f("fk_promotion_code_reseller_id")),
        sa.PrimaryKeyConstraint("reseller_id", "id", name=op.f("pk_promotion_code")),
        sa.UniqueConstraint("reseller_id", "code", name=op.f("uq_promotion_code_reseller_id_code")),
    )
    op.create_index("ix_promotion_code_promotion", "promotion_code", ["reseller_id", "promotion_id"], unique=False)
    op.create_table(
        "promotion_use",
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("promotion_id", sa.Uuid(), nullable=False),
        sa.Column("promotion_code_id", sa.Uuid(), nullable=True),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("amount_minor", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reserved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('reserved', 'confirmed', 'released')", name=op.f("ck_promotion_use_state")),
        sa.ForeignKeyConstraint(
            ["reseller_id", "customer_id"],
            ["customer.reseller_id", "customer.id"],
            name=op.f("fk_promotion_use_reseller_id_customer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["reseller_id", "order_id"],
            ["purchase_order.reseller_id", "purchase_order.id"],
            name=op.f("fk_promotion_use_reseller_id_order_id"),
        ),
        sa.ForeignKeyConstraint(
            ["reseller_id", "promotion_code_id"],
            ["promotion_code.reseller_id", "promotion_code.id"],
            name=op.f("fk_promotion_use_reseller_id_promotion_code_id"),
        ),
        sa.ForeignKeyConstraint(
            ["reseller_id", "promotion_id"],
            ["promotion.reseller_id", "promotion.id"],
            name=op.f("fk_promotion_use_reseller_id_promotion_id"),
        ),
        sa.ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name=op.f("fk_promotion_use_reseller_id")),
        sa.PrimaryKeyConstraint("reseller_id", "id", name=op.f("pk_promotion_use")),
    )
    op.create_index(
        "ix_promotion_use_customer", "promotion_use", ["reseller_id", "promotion_id", "customer_id"], unique=False
    )
    op.create_index("ix_promotion_use_once", "promotion_use", ["reseller_id", "order_id", "promotion_id"], unique=True)


def _columns() -> None:
    op.add_column(
        "cart",
        sa.Column("codes", postgresql.JSONB(astext_type=sa.Text()), nullable=False, server_default=sa.text("'[]'")),
    )
    op.add_column("cart_item", sa.Column("list_minor", sa.Integer(), nullable=True))
    op.add_column("customer", sa.Column("price_group_id", sa.Uuid(), nullable=True))
    op.add_column("customer", sa.Column("is_grouped_by_rule", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("order_item", sa.Column("list_minor", sa.Integer(), nullable=True))
    op.add_column("price", sa.Column("kind", sa.String(), nullable=False, server_default="domain"))
    op.add_column("price", sa.Column("is_by_rule", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("price_list", sa.Column("line", sa.String(), nullable=False, server_default="main"))
    op.add_column("price_list", sa.Column("published_by", sa.String(), nullable=False, server_default=""))
    op.add_column("price_list", sa.Column("copied_from_id", sa.Uuid(), nullable=True))
    op.add_column("price_list", sa.Column("revision", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("reseller", sa.Column("wholesale_plan", sa.String(), nullable=False, server_default=""))
    op.add_column("site", sa.Column("state_before", sa.String(), nullable=False, server_default=""))
    op.add_column("wholesale_price", sa.Column("plan", sa.String(), nullable=False, server_default="standard"))
    op.add_column("wholesale_price", sa.Column("kind", sa.String(), nullable=False, server_default="domain"))


def _keys() -> None:
    op.create_foreign_key(
        op.f("fk_customer_reseller_id_price_group_id"),
        "customer",
        "price_group",
        ["reseller_id", "price_group_id"],
        ["reseller_id", "id"],
    )
    op.drop_index("ix_price_once", table_name="price")
    op.create_index(
        "ix_price_once", "price", ["reseller_id", "price_list_id", "kind", "ending", "action", "years"], unique=True
    )
    op.drop_constraint("pk_wholesale_price", "wholesale_price", type_="primary")
    op.create_primary_key(
        "pk_wholesale_price",
        "wholesale_price",
        ["ending", "action", "years", "currency", "valid_from", "plan", "kind"],
    )


def downgrade() -> None:
    """Forget what is only of prices; what the old columns cannot say goes."""
    op.execute("DELETE FROM wholesale_price WHERE plan <> 'standard' OR kind <> 'domain'")
    op.execute("DELETE FROM price WHERE kind <> 'domain'")
    op.drop_constraint("pk_wholesale_price", "wholesale_price", type_="primary")
    op.create_primary_key(
        "pk_wholesale_price", "wholesale_price", ["ending", "action", "years", "currency", "valid_from"]
    )
    op.drop_index("ix_price_once", table_name="price")
    op.create_index(
        "ix_price_once", "price", ["reseller_id", "price_list_id", "ending", "action", "years"], unique=True
    )
    op.drop_constraint("fk_customer_reseller_id_price_group_id", "customer", type_="foreignkey")
    for table, columns in COLUMNS.items():
        for column in columns:
            op.drop_column(table, column)
    op.drop_table("price_seen")
    for table in (*reversed(OWNED), *PLATFORM):
        op.drop_table(table)
