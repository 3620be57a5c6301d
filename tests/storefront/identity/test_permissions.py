"""Which role may do what."""

import pytest

from storefront.identity.permissions import (
    OPERATOR_ROLES,
    PLATFORM_ONLY,
    STAFF_ROLES,
    Permission,
    Role,
    can,
    permissions,
    role_names,
)

NAMED_IN_THE_DESIGN = [
    *("customers.read", "customers.manage", "orders.read", "orders.manage", "billing.read", "billing.issue"),
    *("billing.confirm", "messages.read", "operations.read", "operations.manage", "pages.manage", "pricing.manage"),
    *("settings.manage", "resellers.read", "resellers.manage", "credits.manage", "health.read"),
]


@pytest.mark.parametrize(
    ("role", "permission", "expected"),
    [
        ("owner", "settings.manage", True),
        ("owner", "staff.manage", True),
        ("owner", "resellers.read", False),
        ("sales", "orders.manage", True),
        ("sales", "billing.confirm", False),
        ("sales", "staff.manage", False),
        ("accountant", "billing.confirm", True),
        ("accountant", "pricing.manage", False),
        ("content", "pages.manage", True),
        ("content", "customers.read", False),
        ("content", "pricing.read", False),
        ("support", "operations.manage", True),
        ("support", "billing.issue", False),
        ("read_only", "customers.read", True),
        ("read_only", "customers.manage", False),
        ("customer", "customers.read", False),
        ("operator", "resellers.manage", True),
        ("operator", "customers.read", False),
        ("operator_accounts", "credits.manage", True),
        ("operator_accounts", "resellers.manage", False),
        ("operator_support", "credits.manage", False),
        ("operator_read_only", "health.read", True),
        ("system", "customers.read", False),
        ("", "health.read", False),
    ],
)
def test_can(role: str, permission: str, *, expected: bool) -> None:
    assert can(role, permission) is expected


@pytest.mark.parametrize("name", NAMED_IN_THE_DESIGN)
def test_permission_of_the_design_exists_and_somebody_holds_it(name: str) -> None:
    assert any(can(role, name) for role in Role)


def test_permission_that_does_not_exist_is_a_mistake_and_not_a_no() -> None:
    with pytest.raises(ValueError, match=r"customers\.raed"):
        can("owner", "customers.raed")


def test_no_staff_of_a_reseller_holds_anything_of_the_platform() -> None:
    for role in (*STAFF_ROLES, Role.CUSTOMER):
        assert not permissions(role) & PLATFORM_ONLY


def test_roles_that_only_read_change_nothing() -> None:
    for role in (Role.READ_ONLY, Role.OPERATOR_READ_ONLY):
        assert {permission.value.split(".")[1] for permission in permissions(role)} == {"read"}


def test_every_permission_is_held_and_every_role_has_a_name() -> None:
    assert frozenset().union(*map(permissions, Role)) == frozenset(Permission)
    assert set(role_names()) == set(Role)
    assert {Role.CUSTOMER, *STAFF_ROLES, *OPERATOR_ROLES} == set(Role)


@pytest.mark.parametrize(
    ("kind", "role", "expected"),
    [("staff", "owner", True), ("operator", "owner", False), ("customer", "owner", False), ("ghost", "owner", False)],
)
def test_role_counts_only_for_its_kind_of_user(kind: str, role: str, *, expected: bool) -> None:
    assert can(role, "orders.read", kind=kind) is expected
