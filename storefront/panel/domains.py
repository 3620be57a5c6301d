"""/panel/domains: the customer's names."""

from uuid import UUID

from flask import Blueprint, Response, g, request
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from storefront.core.errors import NotFound
from storefront.core.i18n import lazy_gettext as _
from storefront.customers.models import Contact
from storefront.panel.forms.transfer import CodeForm
from storefront.panel.shown import coming, domain_row, domain_rows
from storefront.portfolio.domains import set_own_renewal
from storefront.portfolio.models import Domain
from storefront.portfolio.queries import domains_of, require_domain
from storefront.provisioning.transfer_codes import correct_code
from storefront.provisioning.transfers import find_transfer
from storefront.web.guards import SIGNED_IN, acts, reads
from storefront.web.lists import after_of, paged
from storefront.web.rendering import done, page

bp = Blueprint("domains", __name__, url_prefix="/domains")


@bp.get("/")
@reads(SIGNED_IN)
def list() -> Response:  # noqa: A001 - the verb of every list
    """All names of the customer, the newest first."""
    wanted = request.args.get("q", "").strip().lower()[:63]
    found = domains_of(g.db, current_user.customer_id, after=after_of(), wanted=wanted)
    rows = domain_rows(g.db, found.rows, version=g.place.version)
    return page(rows=rows, pager=paged(found), wanted=wanted)


@bp.get("/<uuid:domain_id>")
@reads(SIGNED_IN)
def show(domain_id: UUID) -> Response:
    """One name: where it stands, when it ends, whose it is, where it points."""
    return _described(require_domain(g.db, current_user.customer_id, domain_id), CodeForm())


def _described(domain: Domain, form: CodeForm) -> Response:
    return page(
        "panel/domains/show.html",
        form=form,
        row=domain_row(g.db, domain, version=g.place.version),
        domain=domain,
        contact=g.db.find(Contact, domain.contact_id),
        coming=coming(g.db, domain),
    )


@bp.post("/<uuid:domain_id>/code")
@acts(SIGNED_IN, audit="domain.transfer_code_given")
def code(domain_id: UUID) -> AnyResponse:
    """Give another code for a transfer whose code was wrong; it goes on at once."""
    domain = require_domain(g.db, current_user.customer_id, domain_id)
    form, transfer = CodeForm(), find_transfer(g.db, domain)
    if transfer is None:
        raise NotFound
    if form.submitted():
        with form.blames_refusals():
            correct_code(g.db, transfer, form.code.data or "")
            return done(_("Thank you. The transfer goes on with the new code."), ".show", domain_id=domain.id)
    return _described(domain, form)


@bp.post("/<uuid:domain_id>/renewal")
@acts(SIGNED_IN, audit="domain.own_renewal")
def renewal(domain_id: UUID) -> AnyResponse:
    """Switch the name's own renewal on or off."""
    domain = require_domain(g.db, current_user.customer_id, domain_id)
    set_own_renewal(g.db, domain, renews=request.form.get("renews") == "yes")
    said = _("The name renews by itself.") if domain.renews_itself else _("The name will not be renewed by itself.")
    return done(said, ".show", domain_id=domain.id)
