"""The sandbox suppliers' own tables, in a schema of their own: nothing of the shop refers to them."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    Identity,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
)
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.dialects.postgresql import JSONB

from storefront.core.db import Base, UtcDateTime

metadata = MetaData(schema="sandbox", naming_convention=Base.metadata.naming_convention)

# One row: the registry's clock and its moods.
control = Table(
    "control",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1", name="single"), primary_key=True),
    Column("ahead_s", Float, nullable=False, server_default="0"),
    Column("mode", Text, nullable=False, server_default="up"),
    Column("latency_s", Float, nullable=False, server_default="0"),
    Column("pending_s", Float, nullable=False, server_default="120"),
    Column("pending_ends", Text, nullable=False, server_default="done"),
)

# Our prepaid money at the registry, and every change of it.
account = Table(
    "account",
    metadata,
    Column("currency", Text, primary_key=True),
    Column("balance_minor", BigInteger, CheckConstraint("balance_minor >= 0", name="not_negative"), nullable=False),
)
entry = Table(
    "entry",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("reference", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Unique("reference", "kind"),
)

domain = Table(
    "domain",
    metadata,
    Column("name", Text, primary_key=True),
    Column("is_pending", Boolean, nullable=False),
    Column("registered_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("released_at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("reference", Text, nullable=False),
    Column("name_servers", JSONB, nullable=False),
)

# Everything that was ever asked, by the reference it came with.
operation = Table(
    "operation",
    metadata,
    Column("reference", Text, primary_key=True),
    Column("upstream_ref", Text, nullable=False, unique=True),
    Column("action", Text, nullable=False),
    Column("name", Text, nullable=False, index=True),
    Column("wish", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("code", Text, nullable=False, server_default=""),
    Column("message", Text, nullable=False, server_default=""),
    Column("fields", JSONB, nullable=False, server_default="{}"),
    Column("cost_minor", BigInteger, nullable=False, server_default="0"),
    Column("times_asked", Integer, nullable=False, server_default="1"),
    Column("created_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime),
)

message = Table(
    "message",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("upstream_ref", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("acknowledged_at", UtcDateTime),
)

# The registrar's own customers: who may give it commands. Passwords are kept as their digests.
client = Table(
    "client",
    metadata,
    Column("key", Text, primary_key=True),
    Column("salt", Text, nullable=False),
    Column("password_digest", Text, nullable=False),
    Column("takes_our_address", Boolean, nullable=False, server_default="true"),
    Column("takes_old_version", Boolean, nullable=False, server_default="false"),
    Column("opened_at", UtcDateTime, nullable=False),
)

payment = Table(
    "payment",
    metadata,
    Column("id", Text, primary_key=True),
    Column("reference", Text, nullable=False, unique=True),
    Column("amount_minor", BigInteger, CheckConstraint("amount_minor > 0", name="something"), nullable=False),
    Column("currency", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("shop_name", Text, nullable=False),
    Column("locale", Text, nullable=False),
    Column("return_url", Text, nullable=False),
    Column("notify_url", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("failure", Text, nullable=False, server_default=""),
    Column("means", Text, nullable=False, server_default=""),
    Column("is_confirming", Boolean, nullable=False, server_default="false"),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
)

notice = Table(
    "notice",
    metadata,
    Column("id", Text, primary_key=True),
    Column("payment_id", Text, nullable=False, index=True),
    Column("notify_url", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_at", UtcDateTime),
    Column("delivered_at", UtcDateTime),
    Column("last_answer", Text, nullable=False, server_default=""),
    Index(None, "next_at"),
)
