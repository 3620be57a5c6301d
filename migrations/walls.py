"""The wall between resellers, for migrations: policies and grants (ADR 0004)."""

from alembic import op

APP, OFFICE = "vitrine_app", "vitrine_office"
SCOPE = "NULLIF(current_setting('app.reseller', true), '')::uuid"


def owned(*tables: str, may_change: bool = True, may_delete: bool = True) -> None:
    """Force the one policy on tables whose rows belong to a reseller, and let both roles in."""
    verbs = [
        "SELECT",
        "INSERT",
        *(["UPDATE"] if may_change else []),
        *(["DELETE"] if may_delete and may_change else []),
    ]
    own = f"reseller_id = {SCOPE}"
    for table in tables:
        _force(table)
        op.execute(f"CREATE POLICY own_rows ON {table} TO {APP} USING ({own}) WITH CHECK ({own})")
        op.execute(f"CREATE POLICY all_rows ON {table} TO {OFFICE} USING (true) WITH CHECK (true)")
        op.execute(f"GRANT {', '.join(verbs)} ON {table} TO {APP}")
        op.execute(f"GRANT {', '.join(verbs)} ON {table} TO {OFFICE}")


def known_to_all(table: str, column: str) -> None:
    """Let the app read every row of a platform table, but change only those of its reseller."""
    _force(table)
    op.execute(f"CREATE POLICY read_rows ON {table} FOR SELECT TO {APP} USING (true)")
    for verb, clause in (
        ("INSERT", f"WITH CHECK ({column} = {SCOPE})"),
        ("UPDATE", f"USING ({column} = {SCOPE}) WITH CHECK ({column} = {SCOPE})"),
        ("DELETE", f"USING ({column} = {SCOPE})"),
    ):
        op.execute(f"CREATE POLICY {verb.lower()}_rows ON {table} FOR {verb} TO {APP} {clause}")
    op.execute(f"CREATE POLICY all_rows ON {table} TO {OFFICE} USING (true) WITH CHECK (true)")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {APP}, {OFFICE}")


def itself(table: str) -> None:
    """Let a reseller read and change only its own row; opening one is the office's business."""
    _force(table)
    op.execute(f"CREATE POLICY own_row ON {table} TO {APP} USING (id = {SCOPE}) WITH CHECK (id = {SCOPE})")
    op.execute(f"CREATE POLICY all_rows ON {table} TO {OFFICE} USING (true) WITH CHECK (true)")
    op.execute(f"GRANT SELECT, UPDATE ON {table} TO {APP}")
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON {table} TO {OFFICE}")


def told(table: str, *, everybody: str, chosen: str) -> None:
    """Let a reseller read what the platform wrote for everybody, and what it wrote for this one; the office writes.

    ``everybody`` names a column that says so, ``chosen`` one that lists resellers. Two policies, because none may hold
    an ``OR`` (decision 2); PostgreSQL lets in what either allows.
    """
    _force(table)
    op.execute(f"CREATE POLICY for_all ON {table} FOR SELECT TO {APP} USING ({everybody})")
    op.execute(f"CREATE POLICY for_chosen ON {table} FOR SELECT TO {APP} USING ({SCOPE} = ANY ({chosen}))")
    op.execute(f"CREATE POLICY all_rows ON {table} TO {OFFICE} USING (true) WITH CHECK (true)")
    op.execute(f"GRANT SELECT ON {table} TO {APP}")
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON {table} TO {OFFICE}")


def shared(*tables: str) -> None:
    """Let everybody read what the platform writes."""
    for table in tables:
        op.execute(f"GRANT SELECT ON {table} TO {APP}")
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {OFFICE}")


def _force(table: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
