"""Names of customers by which a shop is found before it is known whose request it is: parking pages."""

import sqlalchemy as sa
from alembic import op

from migrations import walls

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

# A name that leaves a shop makes what was kept ready under it stale, so the shop's version rises as ``announce`` does.
KEEP = """
CREATE FUNCTION keep_parked_name() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  was boolean := false;
  stays boolean := false;
  raised integer;
BEGIN
  IF TG_OP <> 'INSERT' THEN
    was := OLD.registered_at IS NOT NULL AND OLD.closed_at IS NULL;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    stays := NEW.registered_at IS NOT NULL AND NEW.closed_at IS NULL;
  END IF;
  IF was AND NOT (stays AND NEW.name_ascii = OLD.name_ascii) THEN
    DELETE FROM parked_name WHERE name = OLD.name_ascii AND reseller_id = OLD.reseller_id;
    UPDATE site SET version = version + 1, changed_at = clock_timestamp()
      WHERE reseller_id = OLD.reseller_id RETURNING version INTO raised;
    IF raised IS NOT NULL THEN
      PERFORM pg_notify('site', OLD.reseller_id || ' ' || raised);
    END IF;
  END IF;
  IF stays AND NOT (was AND NEW.name_ascii = OLD.name_ascii) THEN
    INSERT INTO parked_name (name, reseller_id, since) VALUES (NEW.name_ascii, NEW.reseller_id, clock_timestamp())
      ON CONFLICT (name, reseller_id) DO NOTHING;
    PERFORM pg_notify('host', NEW.name_ascii), pg_notify('host', 'www.' || NEW.name_ascii);
  END IF;
  RETURN NULL;
END $$
"""
TRIGGER = """
CREATE TRIGGER domain_keeps_parked_name
AFTER INSERT OR DELETE OR UPDATE OF name_ascii, registered_at, closed_at ON domain
FOR EACH ROW EXECUTE FUNCTION keep_parked_name()
"""


def upgrade() -> None:
    """Make the table, fill it with the names that are registered, and raise its wall."""
    op.create_table(
        "parked_name",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", "reseller_id", name=op.f("pk_parked_name")),
    )
    op.create_index(op.f("ix_parked_name_reseller_id"), "parked_name", ["reseller_id"], unique=False)
    op.execute("ALTER TABLE domain NO FORCE ROW LEVEL SECURITY")
    op.execute(
        "INSERT INTO parked_name (name, reseller_id, since) SELECT name_ascii, reseller_id, registered_at FROM domain"
        " WHERE registered_at IS NOT NULL AND closed_at IS NULL"
    )
    op.execute("ALTER TABLE domain FORCE ROW LEVEL SECURITY")
    op.execute(KEEP)
    op.execute(TRIGGER)
    walls.known_to_all("parked_name", "reseller_id")


def downgrade() -> None:
    """Take everything away."""
    op.execute("DROP TRIGGER domain_keeps_parked_name ON domain")
    op.execute("DROP FUNCTION keep_parked_name()")
    op.drop_table("parked_name")
