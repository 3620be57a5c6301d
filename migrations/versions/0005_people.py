"""People: passkeys, invitations of staff, codes by e-mail as second factor, suspension; roles as they are called."""

import sqlalchemy as sa
from alembic import op

from migrations import walls

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
ROLES = {"editor": "content", "accounts": "accountant"}


def upgrade() -> None:
    """Add what people sign in with, and how staff come and go."""
    op.add_column("login_user", sa.Column("email_codes_at", MOMENT))
    op.add_column("login_user", sa.Column("suspended_at", MOMENT))
    _rename_roles(ROLES)
    _passkeys()
    _invitations()
    walls.owned("passkey", "staff_invitation")


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("staff_invitation")
    op.drop_table("passkey")
    _rename_roles({new: old for old, new in ROLES.items()})
    op.drop_column("login_user", "suspended_at")
    op.drop_column("login_user", "email_codes_at")


def _rename_roles(names: dict[str, str]) -> None:
    # The wall is forced on the owner of the tables too, so it would change no row.
    op.execute("ALTER TABLE login_user NO FORCE ROW LEVEL SECURITY")
    for old, new in names.items():
        op.execute(
            sa.text("UPDATE login_user SET role = :new WHERE kind = 'staff' AND role = :old").bindparams(
                old=old, new=new
            )
        )
    op.execute("ALTER TABLE login_user FORCE ROW LEVEL SECURITY")


def _passkeys() -> None:
    op.create_table(
        "passkey",
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("credential", sa.String(), nullable=False),
        sa.Column("public_key", sa.String(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name=op.f("fk_passkey_reseller_id")),
        sa.ForeignKeyConstraint(
            ["reseller_id", "user_id"],
            ["login_user.reseller_id", "login_user.id"],
            name=op.f("fk_passkey_reseller_id_user_id"),
        ),
        sa.PrimaryKeyConstraint("reseller_id", "id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("reseller_id", "credential", name=op.f("uq_passkey_reseller_id_credential")),
    )
    op.create_index("ix_passkey_user", "passkey", ["reseller_id", "user_id"])


def _invitations() -> None:
    op.create_table(
        "staff_invitation",
        sa.Column("reseller_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("email_key", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("invited_by", sa.String(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("accepted_at", MOMENT, nullable=True),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.CheckConstraint("role <> ''", name=op.f("ck_staff_invitation_role")),
        sa.ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name=op.f("fk_staff_invitation_reseller_id")),
        sa.PrimaryKeyConstraint("reseller_id", "id", name=op.f("pk_staff_invitation")),
    )
    op.create_index("ix_staff_invitation_token", "staff_invitation", ["reseller_id", "token_hash"])
    op.create_index(
        "ix_staff_invitation_open",
        "staff_invitation",
        ["reseller_id", "email_key"],
        unique=True,
        postgresql_where="accepted_at IS NULL AND withdrawn_at IS NULL",
    )
