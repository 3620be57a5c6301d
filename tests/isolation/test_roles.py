"""Every role of a reseller's staff and every address of the office: what the table of permissions says, and no more."""

import pytest

from storefront.identity.permissions import BESIDES_THE_OWNER, STAFF_ROLES, Permission, Role, can
from storefront.web.guards import SIGNED_IN
from tests.isolation.routes import Route, routes
from tests.isolation.samples import name_of_part, parts
from tests.isolation.world import Browser, World, signed_in
from tests.samples import sampled, some

OFFICE = [route for route in routes() if route.area == "reseller"]
_known: dict[tuple[int, str], Browser] = {}


def staff(world: World, role: Role) -> Browser:
    """Somebody of the staff with a role; one session for all tests."""
    key = (id(world), role)
    if key not in _known:
        _known[key] = signed_in(world, world.north.staff[role], world.north.shop)
    return _known[key]


def may(role: Role, route: Route) -> bool:
    assert route.guard is not None
    return route.guard.permission == SIGNED_IN or can(role, route.guard.permission, kind="staff")


@sampled
@pytest.mark.parametrize("part", parts(OFFICE), ids=name_of_part)
def test_roles_that_may_not_are_refused_and_change_nothing(world: World, part: list[Route]) -> None:
    before = world.everything()

    answers = {
        (str(route), role): staff(world, role).send(route.method, route.address(route.ids_of(world.north))).status_code
        for route in part
        for role in some([role for role in STAFF_ROLES if not may(role, route)], 1, route)
    }

    assert {told: status for told, status in answers.items() if status not in (403, 404)} == {}
    assert world.everything() == before


@sampled
@pytest.mark.parametrize("route", [route for route in OFFICE if route.method == "GET"], ids=str)
def test_roles_that_may_are_not_refused(world: World, route: Route) -> None:
    answers = {
        role: staff(world, role).send(route.method, route.address(route.ids_of(world.north))).status_code
        for role in some([role for role in STAFF_ROLES if may(role, route)], 1, route)
    }

    assert 403 not in answers.values(), answers
    assert max(answers.values(), default=0) < 500, answers


def test_who_edits_pages_may_do_nothing_else() -> None:
    allowed = {permission for permission in Permission if can(Role.CONTENT, permission)}

    assert {Permission.PAGES_READ, Permission.PAGES_MANAGE} <= allowed
    assert {permission.value.partition(".")[0] for permission in allowed} <= {"pages", "media", "look", "branding"}


@pytest.mark.parametrize("role", [role for role in STAFF_ROLES if role is not Role.OWNER], ids=str)
def test_only_the_owner_manages_staff_and_settings(role: Role) -> None:
    assert not can(role, Permission.STAFF_MANAGE)
    assert not can(role, Permission.SETTINGS_MANAGE)


def test_table_names_no_role_that_is_not_of_staff() -> None:
    named = {role for roles in BESIDES_THE_OWNER.values() for role in roles}

    assert named <= set(STAFF_ROLES) - {Role.OWNER}
