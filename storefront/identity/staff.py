"""Users of the offices: make them, enrol their second factor."""

from dataclasses import dataclass
from io import BytesIO

import segno

from storefront.core.audit import record
from storefront.core.db import Work
from storefront.core.sealing import seal
from storefront.identity import totp
from storefront.identity.factors import TOTP
from storefront.identity.models import LoginUser
from storefront.identity.new_passwords import checked_hash
from storefront.identity.users import register_user


@dataclass(frozen=True, kw_only=True)
class Enrolment:
    """A second factor just made: shown once, kept only sealed."""

    secret: str
    uri: str

    def as_svg(self) -> str:
        """Draw the QR code for a page."""
        drawing = BytesIO()
        segno.make(self.uri, error="m").save(drawing, kind="svg", scale=4, border=4, xmldecl=False)
        return drawing.getvalue().decode()

    def as_picture(self) -> str:
        """Draw the QR code as the address of a picture, dark on light in either scheme."""
        return str(segno.make(self.uri, error="m").svg_data_uri(scale=4, border=4, light="#fff"))

    def as_text(self) -> str:
        """Draw the QR code for a terminal."""
        rows = segno.make(self.uri, error="l").matrix_iter(border=2)
        return "\n".join("".join("  " if dark else "██" for dark in row) for row in rows)


def create_staff(
    db: Work,
    *,
    role: str,
    login: str,
    email: str,
    name: str,
    locale: str,
    password: str,
) -> LoginUser:
    """Make a user of the offices in the Work of their reseller; the role says whether staff or operator.

    An operator belongs to the platform's own reseller and needs ``enrol_second_factor`` before the first sign-in.
    Raises ``Refused`` for a weak password, a login that is taken or a role that does not exist.
    """
    fresh = checked_hash(password, personal=(login, email, name))
    return register_user(
        db,
        role=role,
        login=login,
        email=email,
        name=name,
        locale=locale,
        password_hash=fresh,
    )


def enrol_second_factor(db: Work, user: LoginUser, *, issuer: str, secret: str | None = None) -> Enrolment:
    """Give a user a new second factor; the one before no longer counts."""
    secret = secret or totp.new_secret()
    user.totp_sealed = seal(db.config, secret, purpose=TOTP, owner=db.reseller_id)
    user.totp_counter = 0
    record(db, "user.second_factor_enrolled", user)
    return Enrolment(secret=secret, uri=totp.enrolment_uri(secret, account=user.login, issuer=issuer))
