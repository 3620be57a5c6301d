"""rule: permission names, roles, can(user, permission)."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _


class Permission(StrEnum):
    """One thing a person may do, named ``<package>.<verb>``. Reading never includes changing."""

    CUSTOMERS_READ = "customers.read"
    CUSTOMERS_MANAGE = "customers.manage"
    CUSTOMERS_IMPERSONATE = "customers.impersonate"
    ORDERS_READ = "orders.read"
    ORDERS_MANAGE = "orders.manage"
    BILLING_READ = "billing.read"
    BILLING_ISSUE = "billing.issue"
    BILLING_CONFIRM = "billing.confirm"
    DOMAINS_READ = "domains.read"
    DOMAINS_MANAGE = "domains.manage"
    MESSAGES_READ = "messages.read"
    MESSAGES_MANAGE = "messages.manage"
    OPERATIONS_READ = "operations.read"
    OPERATIONS_MANAGE = "operations.manage"
    PAGES_READ = "pages.read"
    PAGES_MANAGE = "pages.manage"
    PRICING_READ = "pricing.read"
    PRICING_MANAGE = "pricing.manage"
    SETTINGS_READ = "settings.read"
    SETTINGS_MANAGE = "settings.manage"
    BRANDING_MANAGE = "branding.manage"
    STAFF_MANAGE = "staff.manage"
    CREDIT_READ = "credit.read"
    AUDIT_READ = "audit.read"
    RESELLERS_READ = "resellers.read"
    RESELLERS_MANAGE = "resellers.manage"
    RESELLERS_IMPERSONATE = "resellers.impersonate"
    CREDITS_MANAGE = "credits.manage"
    CATALOG_MANAGE = "catalog.manage"
    HEALTH_READ = "health.read"
    HEALTH_MANAGE = "health.manage"


class Role(StrEnum):
    """What a person is: a customer, one of a reseller's staff, or one of the operators of the platform."""

    CUSTOMER = "customer"
    OWNER = "owner"
    SALES = "sales"
    SUPPORT = "support"
    CONTENT = "content"
    ACCOUNTANT = "accountant"
    READ_ONLY = "read_only"
    OPERATOR = "operator"
    OPERATOR_ACCOUNTS = "operator_accounts"
    OPERATOR_SUPPORT = "operator_support"
    OPERATOR_READ_ONLY = "operator_read_only"


P = Permission

# Only of the platform's own offices: no role of a reseller may ever hold one of these.
PLATFORM_ONLY = frozenset(
    {
        P.RESELLERS_READ,
        P.RESELLERS_MANAGE,
        P.RESELLERS_IMPERSONATE,
        P.CREDITS_MANAGE,
        P.CATALOG_MANAGE,
        P.HEALTH_READ,
        P.HEALTH_MANAGE,
    }
)
STAFF_ROLES = (Role.OWNER, Role.SALES, Role.SUPPORT, Role.CONTENT, Role.ACCOUNTANT, Role.READ_ONLY)
OPERATOR_ROLES = (Role.OPERATOR, Role.OPERATOR_ACCOUNTS, Role.OPERATOR_SUPPORT, Role.OPERATOR_READ_ONLY)

_OFFICE = (Role.SALES, Role.SUPPORT, Role.ACCOUNTANT, Role.READ_ONLY)

# Who of a reseller's staff may do what. The owner may do all of it; a permission without a line is the owner's alone.
BESIDES_THE_OWNER: Mapping[Permission, tuple[Role, ...]] = MappingProxyType(
    {
        P.CUSTOMERS_READ: _OFFICE,
        P.CUSTOMERS_MANAGE: (Role.SALES, Role.SUPPORT),
        P.CUSTOMERS_IMPERSONATE: (Role.SUPPORT,),
        P.ORDERS_READ: _OFFICE,
        P.ORDERS_MANAGE: (Role.SALES,),
        P.BILLING_READ: _OFFICE,
        P.BILLING_ISSUE: (Role.ACCOUNTANT,),
        P.BILLING_CONFIRM: (Role.ACCOUNTANT,),
        P.DOMAINS_READ: _OFFICE,
        P.DOMAINS_MANAGE: (Role.SALES, Role.SUPPORT),
        P.MESSAGES_READ: _OFFICE,
        P.MESSAGES_MANAGE: (Role.SALES,),
        P.OPERATIONS_READ: _OFFICE,
        P.OPERATIONS_MANAGE: (Role.SUPPORT,),
        P.PAGES_READ: (*_OFFICE, Role.CONTENT),
        P.PAGES_MANAGE: (Role.CONTENT,),
        P.PRICING_READ: _OFFICE,
        P.PRICING_MANAGE: (Role.SALES,),
        P.SETTINGS_READ: (Role.SALES, Role.ACCOUNTANT, Role.READ_ONLY),
        P.CREDIT_READ: (Role.ACCOUNTANT,),
        P.AUDIT_READ: (Role.ACCOUNTANT,),
    }
)


def _of_staff(role: Role) -> frozenset[Permission]:
    return frozenset(permission for permission, roles in BESIDES_THE_OWNER.items() if role in roles)


_PLATFORM_READING = frozenset({P.RESELLERS_READ, P.HEALTH_READ, P.OPERATIONS_READ, P.CREDIT_READ, P.AUDIT_READ})

_GRANTS: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {
        Role.CUSTOMER: frozenset(),
        **{role: _of_staff(role) for role in STAFF_ROLES},
        Role.OWNER: frozenset(P) - PLATFORM_ONLY,
        Role.OPERATOR: _PLATFORM_READING
        | {P.RESELLERS_MANAGE, P.RESELLERS_IMPERSONATE, P.CREDITS_MANAGE, P.CATALOG_MANAGE}
        | {P.HEALTH_MANAGE, P.OPERATIONS_MANAGE, P.STAFF_MANAGE, P.SETTINGS_READ, P.SETTINGS_MANAGE},
        Role.OPERATOR_ACCOUNTS: _PLATFORM_READING | {P.CREDITS_MANAGE},
        Role.OPERATOR_SUPPORT: _PLATFORM_READING | {P.OPERATIONS_MANAGE, P.RESELLERS_IMPERSONATE, P.HEALTH_MANAGE},
        Role.OPERATOR_READ_ONLY: _PLATFORM_READING,
    }
)


def roles_of(kind: str) -> tuple[Role, ...]:
    """Return the roles that a kind of user (customer, staff or operator) may have."""
    return {"customer": (Role.CUSTOMER,), "staff": STAFF_ROLES, "operator": OPERATOR_ROLES}.get(kind, ())


def permissions(role: str, *, kind: str | None = None) -> frozenset[Permission]:
    """Return what a role may do; an unknown role, or one that does not fit the kind of user, may do nothing."""
    try:
        known = Role(role)
    except ValueError:
        return frozenset()
    return _GRANTS[known] if kind is None or known in roles_of(kind) else frozenset()


def can(role: str, permission: str, *, kind: str | None = None) -> bool:
    """Tell whether a role may do something; raises ``ValueError`` for a permission that does not exist.

    Give the kind of user too wherever it is known, so that a wrong role in one row opens no other office.
    """
    return Permission(permission) in permissions(role, kind=kind)


def role_names() -> dict[Role, Text]:
    """Return the words for each role, to show and to choose from."""
    return {
        Role.CUSTOMER: _("Customer"),
        Role.OWNER: _("Owner: everything"),
        Role.SALES: _("Sales: customers, orders, domains and prices"),
        Role.SUPPORT: _("Support: customers, domains and failed operations"),
        Role.CONTENT: _("Content: pages and pictures, and nothing else"),
        Role.ACCOUNTANT: _("Accountant: documents, payments and credit"),
        Role.READ_ONLY: _("Reader: sees everything, changes nothing"),
        Role.OPERATOR: _("Operator: everything on the platform"),
        Role.OPERATOR_ACCOUNTS: _("Platform accounts: credit of resellers"),
        Role.OPERATOR_SUPPORT: _("Platform support: operations and health"),
        Role.OPERATOR_READ_ONLY: _("Platform reader: sees everything, changes nothing"),
    }
