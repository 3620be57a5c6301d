"""/reseller/staff: who works here, with which role; invite, change, suspend, remove."""

from uuid import UUID

from flask import Blueprint, g, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _
from storefront.identity import invitations, staff_changes, staff_policy
from storefront.identity.browsers import browser_name
from storefront.identity.factors import factors_of
from storefront.identity.models import LoginUser, StaffInvitation
from storefront.identity.permissions import STAFF_ROLES, Permission, Role, role_names
from storefront.identity.sessions import sessions_of
from storefront.web.fields import Choice, Pick, Several, options
from storefront.web.forms import Form, Line, require_token
from storefront.web.guards import acts, reads
from storefront.web.house import house
from storefront.web.locale import NATIVE_NAMES
from storefront.web.platform_look import OFFICE_LOCALES
from storefront.web.rendering import done, page

Pairs = list[tuple[str, str]]  # "list" is a view below

bp = Blueprint("staff", __name__, url_prefix="/staff")


class InviteForm(Form):
    """Whom to write to, and what they may do."""

    email = Line(_("E-mail"), longest=254)
    role = Choice(_("What they may do"), default=Role.CONTENT)
    locale = Pick(_("Language of the letter"))


class RoleForm(Form):
    """What a colleague may do."""

    role = Choice(_("What they may do"))


class PolicyForm(Form):
    """Who must have a second factor."""

    roles = Several(_("Roles that need a second factor"))


def _role_options() -> Pairs:
    names = role_names()
    return options((str(role), names[role]) for role in STAFF_ROLES)


def word_of(role: str) -> Text:
    """Return the words for a role; one that we no longer have is shown as it stands."""
    return role_names()[Role(role)] if role in STAFF_ROLES else role


@bp.get("/")
@reads(Permission.STAFF_MANAGE)
def list() -> Response:  # noqa: A001 - the verb of every list
    """Who works here and who is invited."""
    needing = staff_policy.roles_needing_second_factor(g.db)
    form = PolicyForm(data={"roles": sorted(needing)})
    form.roles.choices = _role_options()
    people = staff_changes.colleagues(g.db)
    return page(
        rows=[
            {"user": user, "role": word_of(user.role), "has_factor": factors_of(g.db, user).has_any} for user in people
        ],
        invited=[
            {"row": row, "role": word_of(row.role), "is_old": row.until <= g.db.now}
            for row in invitations.open_invitations(g.db)
        ],
        form=form,
        me=current_user.user_id,
    )


@bp.route("/invite", methods=["GET", "POST"])
@acts(Permission.STAFF_MANAGE, audit="staff.invited", rate="mail_rate")
def invite() -> Response:
    """Write to somebody who is to work here."""
    form = InviteForm()
    form.role.choices = _role_options()
    form.locale.choices = options((tag, NATIVE_NAMES.get(tag, tag)) for tag in OFFICE_LOCALES)
    if form.locale.data is None:
        form.locale.data = g.locale
    if form.submitted():
        with form.blames_refusals():
            row = invitations.invite(
                g.db,
                form.email.data or "",
                form.role.data,
                locale=form.locale.data,
                link=_link(),
                by=current_user.name,
            )
            return done(_("The letter to %(email)s is on its way.", email=row.email), ".list")
    return page(form=form)


def _link() -> str:
    path = url_for("account.invitation.accept", token=invitations.TOKEN_PLACE)
    return house().config.origin(g.host) + path


@bp.post("/invitations/<uuid:invitation_id>/again")
@acts(Permission.STAFF_MANAGE, audit="staff.invited_again", rate="mail_rate")
def again(invitation_id: UUID) -> Response:
    """Send the letter once more, with a new link."""
    require_token()
    row = g.db.require(StaffInvitation, invitation_id)
    invitations.send_again(g.db, row, link=_link())
    return done(_("Another letter to %(email)s is on its way. The link before is void.", email=row.email), ".list")


@bp.post("/invitations/<uuid:invitation_id>/withdraw")
@acts(Permission.STAFF_MANAGE, audit="staff.invitation_withdrawn")
def withdraw(invitation_id: UUID) -> Response:
    """Make an invitation useless."""
    require_token()
    row = g.db.require(StaffInvitation, invitation_id)
    invitations.withdraw(g.db, row)
    return done(_("The invitation of %(email)s is withdrawn.", email=row.email), ".list")


@bp.post("/second-factor")
@acts(Permission.STAFF_MANAGE, audit="staff.second_factor_required")
def second_factor() -> Response:
    """Say which roles must have a second factor."""
    require_token()
    form = PolicyForm()
    form.roles.choices = _role_options()
    staff_policy.require_second_factor_of(g.db, form.roles.data or ())
    return done(_("Saved. Whoever needs a second factor is asked for it on the next page they open."), ".list")


@bp.route("/<uuid:staff_id>", methods=["GET", "POST"])
@acts(Permission.STAFF_MANAGE, audit="staff.role_changed")
def show(staff_id: UUID) -> Response:
    """One colleague: what they may do, where they are signed in."""
    user = staff_changes.require_colleague(g.db, staff_id)
    form = RoleForm(data={"role": user.role})
    form.role.choices = _role_options()
    if form.submitted():
        with form.blames_refusals():
            staff_changes.change_role(g.db, user, form.role.data, by=current_user.name)
            return done(_("%(name)s may do this from now on.", name=user.name), ".show", staff_id=user.id)
    return page(
        form=form,
        user=user,
        role=word_of(user.role),
        has_factor=factors_of(g.db, user).has_any,
        browsers=[browser_name(session.browser) for session in sessions_of(g.db, user.id)],
        is_me=user.id == current_user.user_id,
    )


@bp.post("/<uuid:staff_id>/suspend")
@acts(Permission.STAFF_MANAGE, audit="staff.suspended")
def suspend(staff_id: UUID) -> Response:
    """Keep a colleague out for now."""
    require_token()
    user = staff_changes.require_colleague(g.db, staff_id)
    staff_changes.suspend(g.db, user, by=current_user.name)
    return done(
        _("%(name)s is signed out and stays out until you let them in.", name=user.name), ".show", staff_id=user.id
    )


@bp.post("/<uuid:staff_id>/resume")
@acts(Permission.STAFF_MANAGE, audit="staff.resumed")
def resume(staff_id: UUID) -> Response:
    """Let a colleague in again."""
    require_token()
    user = staff_changes.require_colleague(g.db, staff_id)
    staff_changes.resume(g.db, user, by=current_user.name)
    return done(_("%(name)s can sign in again.", name=user.name), ".show", staff_id=user.id)


@bp.route("/<uuid:staff_id>/remove", methods=["GET", "POST"])
@acts(Permission.STAFF_MANAGE, audit="staff.removed")
def remove(staff_id: UUID) -> Response:
    """Close a colleague's account for good, after a word of warning."""
    user: LoginUser = staff_changes.require_colleague(g.db, staff_id)
    form = Form()
    if form.submitted():
        with form.blames_refusals():
            staff_changes.remove(g.db, user, by=current_user.name)
            return done(_("%(name)s no longer works here.", name=user.name), ".list")
    return page(form=form, user=user)
