"""Register a user; change what a user may change of themselves."""

from uuid import UUID

from sqlalchemy import select

from storefront.core.audit import record
from storefront.core.db import Work
from storefront.core.errors import Refused
from storefront.core.i18n import LOCALES
from storefront.core.i18n import lazy_gettext as _
from storefront.core.outbox import publish
from storefront.identity.email_addresses import read_email
from storefront.identity.events import UserRegistered
from storefront.identity.models import LoginUser
from storefront.identity.permissions import roles_of
from storefront.identity.sign_in import login_key


def register_user(
    db: Work,
    *,
    login: str,
    email: str,
    name: str,
    locale: str,
    password_hash: str,
    role: str = "customer",
    customer_id: UUID | None = None,
) -> LoginUser:
    """Make a user: of a customer if ``customer_id`` is given, else of the staff or an operator, by the role.

    Raises ``Refused`` for a login somebody has and for a role that does not exist.
    """
    kind = next((kind for kind in ("customer", "staff", "operator") if role in roles_of(kind)), None)
    if kind is None or (kind == "customer") != (customer_id is not None):
        raise Refused(_("Please choose one of the roles."), field="role")
    key = login_key(login)
    if not key:
        raise Refused(_("Please type a login."), field="login")
    taken = select(LoginUser.id).where(LoginUser.reseller_id == db.reseller_id, LoginUser.login_key == key)
    if db.scalar(taken) is not None:
        raise Refused(_("Somebody has this login already. Please choose another one."), field="login")
    address = read_email(email)
    user = LoginUser(
        kind=kind,
        role=str(role),
        customer_id=customer_id,
        login=login.strip(),
        login_key=key,
        email=address.address,
        email_key=address.key,
        name=name,
        locale=locale,
        password_hash=password_hash,
        created_at=db.now,
    )
    db.add(user)
    db.flush()
    publish(db, UserRegistered(user_id=user.id, customer_id=customer_id))
    record(db, "user.registered", user, after={"login": user.login, "role": user.role})
    return user


def choose_name(db: Work, user: LoginUser, name: str) -> None:
    """Set what colleagues and letters call somebody. Raises ``Refused`` for nothing at all."""
    name = name.strip()
    if not name:
        raise Refused(_("Please type a name."), field="name")
    if name != user.name:
        record(db, "user.name_chosen", user, before={"name": user.name}, after={"name": name})
        user.name = name


def choose_language(db: Work, user: LoginUser, locale: str) -> None:
    """Set the language somebody reads. Raises ``Refused`` for one we do not speak."""
    if locale not in LOCALES:
        raise Refused(_("Please choose one of the languages."), field="locale")
    if locale != user.locale:
        record(db, "user.language_chosen", user, before={"locale": user.locale}, after={"locale": locale})
        user.locale = locale
