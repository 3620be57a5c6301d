"""/reseller/products: services on and off, and what beside domains has a price."""

from typing import Any
from uuid import UUID

from flask import Blueprint, g, request
from werkzeug.wrappers import Response
from wtforms import HiddenField, TextAreaField
from wtforms.validators import Optional

from cms.queries import pages_that_sell
from storefront.core.errors import Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.core.i18n import lazy_words
from storefront.core.money import Money
from storefront.identity.permissions import Permission
from storefront.pricing import products as actions
from storefront.pricing.models import PriceList, Product
from storefront.pricing.price_cells import read_amount, write_amount
from storefront.pricing.price_sheet import find_live_list
from storefront.reseller.pages_shown import editor_url
from storefront.reseller.price_shown import revision_from
from storefront.reseller.settings_forms import SectionForm
from storefront.reseller.shop_words import label_in, shop_locales, words_field, words_of
from storefront.web.fields import Choice, Several, Tick, options
from storefront.web.forms import Form, Line, at_most
from storefront.web.guards import acts, is_unsafe, reads
from storefront.web.rendering import done, page
from tenants.resellers import current_reseller

bp = Blueprint("products", __name__, url_prefix="/products")

LONGEST_TEXT = 600


class ServicesForm(Form):
    """Which services the shop offers beside domains."""

    services = Several(lazy_words("Offered beside domains"))


class ProductForm(SectionForm):
    """One product; its name and description in each language are added by ``_form_for``."""

    kind = Choice(lazy_words("What it is"))
    code = Line(lazy_words("Code"), longest=actions.LONGEST_CODE, optional=True)
    is_offered = Tick(lazy_words("Offered"))


class PricesForm(SectionForm):
    """What a product costs in one draft."""

    draft = HiddenField()
    revision = HiddenField()
    setup_1 = Line(lazy_words("Setup, once"), longest=20, optional=True)
    recurring_1 = Line(lazy_words("One year"), longest=20, optional=True)
    recurring_2 = Line(lazy_words("Two years"), longest=20, optional=True)
    recurring_3 = Line(lazy_words("Three years"), longest=20, optional=True)

    def wanted(self, currency: str) -> dict[tuple[str, int], int | None]:
        """Return what was typed, in minor units; raises ``Refused`` naming the field that is no amount."""
        found: dict[tuple[str, int], int | None] = {}
        for action, years in actions.CELLS:
            name = f"{action}_{years}"
            try:
                amount = read_amount(self[name].data or "", currency)
            except ValueError:
                raise Refused(_("Please type an amount such as 250 or 250.50."), field=name) from None
            found[action, years] = amount.minor if amount is not None else None
        return found


@bp.get("/")
@reads(Permission.PRICING_READ)
def list() -> Response:  # noqa: A001 - the verb of every list
    """Services on and off; every product with what the list that holds now asks for it."""
    return _list(ServicesForm(data={"services": sorted(actions.services_on(g.db))}))


def _list(form: ServicesForm) -> Response:
    form.services.choices = options(actions.SERVICES.items())
    unseen = frozenset(actions.SERVICES) - actions.services_shown(g.db)
    return page(
        "reseller/products/list.html",
        form=form,
        silent=[
            {"title": each.title, "locale": each.locale, "url": editor_url(each.page_id, each.locale)}
            for each in pages_that_sell(g.db, unseen)
        ],
        services=actions.services_on(g.db),
        rows=[
            {"product": product, "kind": actions.SERVICES[product.kind], "prices": _seen(product)}
            for product in actions.products(g.db)
        ],
    )


@bp.post("/services")
@acts(Permission.PRICING_MANAGE, audit="services.switched")
def services() -> Response:
    """Switch services on and off."""
    form = ServicesForm()
    form.services.choices = options(actions.SERVICES.items())
    if form.submitted():
        with form.blames_refusals():
            actions.switch_services(g.db, form.services.data or [])
            return done(_("Saved."), ".list")
    return _list(form)


@bp.route("/new", methods=["GET", "POST"])
@acts(Permission.PRICING_MANAGE, audit="product.written")
def new() -> Response:
    """A new product."""
    form = _form_for(None)
    if form.submitted():
        with form.blames_refusals():
            made = actions.write_product(g.db, _terms(form, None))
            return done(_("Kept. Now give it a price in a draft of your price list."), ".edit", product_id=made.id)
    return page(form=form, product=None, words=_words(form))


@bp.route("/<uuid:product_id>", methods=["GET", "POST"])
@acts(Permission.PRICING_MANAGE, audit="product.written")
def edit(product_id: UUID) -> Response:
    """Change a product."""
    product = g.db.require(Product, product_id)
    form = _form_for(product)
    if form.submitted():
        with form.blames_refusals():
            actions.write_product(g.db, _terms(form, product), product)
            return done(_("Saved."), ".list")
    return _edit(form, product)


@bp.post("/<uuid:product_id>/prices")
@acts(Permission.PRICING_MANAGE, audit="price_list.changed")
def prices(product_id: UUID) -> Response:
    """Set what it costs in a draft."""
    product = g.db.require(Product, product_id)
    sent = PricesForm(formdata=request.form)
    draft = _draft_of(sent)
    if draft is not None and sent.submitted():
        with sent.blames_refusals():
            revision = revision_from(request.form)
            actions.change_product_prices(g.db, draft, product, sent.wanted(draft.currency), revision=revision)
            said = _("Kept in the draft %(list)s. Customers see it when that is published.", list=draft.name)
            return done(said, ".edit", product_id=product.id)
    return _edit(_form_for(product, read=False), product, sent)


@bp.route("/<uuid:product_id>/remove", methods=["GET", "POST"])
@acts(Permission.PRICING_MANAGE, audit="product.removed")
def remove(product_id: UUID) -> Response:
    """Say what comes of it, then delete a product that nobody ever saw."""
    product = g.db.require(Product, product_id)
    form = Form()
    if form.submitted():
        with form.blames_refusals():
            actions.remove_product(g.db, product_id)
            return done(_("It is gone, with its prices in drafts."), ".list")
    return page(form=form, product=product, is_published=actions.is_published(g.db, product))


def _edit(form: Any, product: Product, sent: PricesForm | None = None) -> Response:
    refused = sent if sent is not None and sent.was_refused else form
    return page(
        "reseller/products/edit.html",
        form=refused,
        fields=form,
        words=_words(form),
        product=product,
        kind=actions.SERVICES[product.kind],
        seen=_seen(product),
        drafts=[_draft_form(draft, product, sent) for draft in actions.drafts(g.db)],
        status=422 if refused.was_refused else None,
    )


def _draft_form(draft: PriceList, product: Product, sent: PricesForm | None) -> dict[str, Any]:
    """Return the form for the prices in one draft; what was refused stays as it was typed."""
    if sent is not None and sent.draft.data == str(draft.id):
        return {"list": draft, "form": sent}
    cells = actions.cells_of(actions.product_prices(g.db, draft), product)
    written = {name: write_amount(minor, draft.currency) for name, minor in cells.items()}
    form = PricesForm(formdata=None, data={**written, "draft": str(draft.id), "revision": str(draft.revision)})
    return {"list": draft, "form": form}


def _draft_of(sent: PricesForm) -> PriceList | None:
    try:
        found: PriceList | None = g.db.find(PriceList, UUID(sent.draft.data or ""))
    except ValueError:
        return None
    return found


def _seen(product: Product) -> dict[str, Money]:
    """Return what the list that holds now asks for a product, by ``<action>_<years>``."""
    if "live_products" not in g:
        live = find_live_list(g.db, currency=current_reseller(g.db).currency)
        g.live_products = (live, actions.product_prices(g.db, live) if live else {})
    live, kept = g.live_products
    return {name: Money(minor, live.currency) for name, minor in actions.cells_of(kept, product).items()}


def _form_for(product: Product | None, *, read: bool = True) -> Any:
    fields: dict[str, Any] = {}
    for locale in shop_locales():
        fields[f"title_{locale}"] = words_field(_("Name"), locale, longest=actions.LONGEST_TITLE)
        shown = label_in(_("What it is good for"), locale)
        fields[f"description_{locale}"] = TextAreaField(shown, [Optional(), at_most(LONGEST_TEXT)])
    kind = type("ProductFormHere", (ProductForm,), fields)
    kept: dict[str, Any] = {"kind": "hosting"}
    if product is not None:
        kept = {"is_offered": product.is_offered}
        for locale in shop_locales():
            kept[f"title_{locale}"] = product.title.get(locale, "")
            kept[f"description_{locale}"] = product.description.get(locale, "")
    form = kind(formdata=request.form if read and is_unsafe() else None, data=kept)
    if product is None:
        form.kind.choices = options(actions.SERVICES.items())
    else:
        # What it is and how it is called in lists stays, since prices name it by both.
        del form.kind
        del form.code
    return form


def _words(form: Any) -> Any:
    return [(form[f"title_{locale}"], form[f"description_{locale}"]) for locale in shop_locales()]


def _terms(form: Any, product: Product | None) -> actions.ProductTerms:
    titles = words_of(form, "title")
    if not titles:
        raise Refused(_("Please fill this in."), field=f"title_{shop_locales()[0]}")
    return actions.ProductTerms(
        kind=product.kind if product else form.kind.data,
        code=product.code if product else (form.code.data or ""),
        title=titles,
        description=words_of(form, "description"),
        is_offered=bool(form.is_offered.data),
    )
