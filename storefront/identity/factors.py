"""Which second factors somebody has, and a code of an authenticator used up."""

from dataclasses import dataclass

from sqlalchemy import select, update

from storefront.core.db import Work
from storefront.core.sealing import unseal
from storefront.identity import secret_codes, totp
from storefront.identity.models import LoginUser, Passkey

TOTP = "totp"  # what the secret of an authenticator is sealed for
AUTHENTICATOR, EMAIL, PASSKEY, RECOVERY = "authenticator", "email", "passkey", "recovery"


@dataclass(frozen=True, kw_only=True)
class Factors:
    """What somebody proves with that it is really them; recovery codes come with any of it."""

    has_authenticator: bool
    has_email_codes: bool
    passkeys: tuple[Passkey, ...]

    @property
    def has_any(self) -> bool:
        """Whether a second step is asked for at all."""
        return bool(self.has_authenticator or self.has_email_codes or self.passkeys)

    @property
    def count(self) -> int:
        """How many there are, each passkey by itself."""
        return self.has_authenticator + self.has_email_codes + len(self.passkeys)

    def passkeys_at(self, host: str) -> tuple[Passkey, ...]:
        """Return the passkeys that work on a host; browsers bind each to the one it was made on."""
        return tuple(passkey for passkey in self.passkeys if passkey.host == host)


def factors_of(db: Work, user: LoginUser) -> Factors:
    """Return the second factors of a user."""
    own = select(Passkey).where(Passkey.reseller_id == user.reseller_id, Passkey.user_id == user.id)
    return Factors(
        has_authenticator=bool(user.totp_sealed),
        has_email_codes=user.email_codes_at is not None,
        passkeys=tuple(db.scalars(own.order_by(Passkey.created_at))),
    )


def take_totp(db: Work, user: LoginUser, code: str) -> bool:
    """Use up a code of an authenticator; False if it is wrong or was used, by whomever, before."""
    if not user.totp_sealed:
        return False
    secret = unseal(db.config, user.totp_sealed, purpose=TOTP, owner=user.reseller_id)
    counter = totp.matching_counter(secret, code, db.now, last_counter=user.totp_counter)
    if counter is None:
        return False
    # Two browsers with the same code at the same moment: the database lets one of them through.
    statement = (
        update(LoginUser)
        .where(LoginUser.reseller_id == user.reseller_id, LoginUser.id == user.id, LoginUser.totp_counter < counter)
        .values(totp_counter=counter)
    )
    return secret_codes.rows_changed(db, statement) == 1
