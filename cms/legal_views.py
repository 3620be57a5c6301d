"""/legal: all legal documents of a shop, the editions of each, one of them whole, and what it changed."""

from collections.abc import Sequence

from flask import Blueprint, Response, g, request

from cms.head import known_at
from cms.legal import Held, find_document_by_slug, read_document, read_documents, text_of
from cms.legal_models import LegalEdition
from cms.legal_reading import changed_words, document_shown, edition_shown
from cms.legal_rules import edition_before, in_order
from cms.models import Page, PageVersion
from cms.render import shown
from storefront.core.errors import NotFound
from storefront.web.guards import PUBLIC, reads
from storefront.web.rendering import page, storable
from storefront.web.site import site

bp = Blueprint("legal", __name__, url_prefix="/legal")


@bp.get("/")
@reads(PUBLIC)
def list() -> Response:  # noqa: A001 - the verb of every list
    """Every document that is in force or will be."""
    found = [document_shown(g.db, held, _locales()) for held in read_documents(g.db)]
    return _kept(page(documents=[each for each in found if each is not None], known=known_at(request.path)))


@bp.get("/<slug>/")
@reads(PUBLIC)
def show(slug: str) -> Response:
    """The editions of a document, the last one first."""
    held = _held(slug)
    told = document_shown(g.db, held, _locales())
    if told is None:
        raise NotFound
    return _kept(
        page(
            document=told,
            editions=[edition_shown(held, each) for each in in_order(held.editions)],
            known=known_at(request.path),
        )
    )


@bp.get("/<slug>/<label>/")
@reads(PUBLIC)
def edition(slug: str, label: str) -> Response:
    """One edition whole, with a word on whether it holds."""
    held = _held(slug)
    chosen = _edition(held, label)
    text = _text(chosen, _locales())
    response = page(
        page=shown(g.db, text, site()["prices_line"], root=request.script_root),
        language=text.locale,
        document=document_shown(g.db, held, _locales()),
        edition=edition_shown(held, chosen),
        now=edition_shown(held, held.now) if held.now is not None else None,
        known=known_at(request.path),
    )
    if chosen is not held.now:
        response.headers["X-Robots-Tag"] = "noindex"
    return _kept(response)


@bp.get("/<slug>/<label>/changes")
@reads(PUBLIC)
def changes(slug: str, label: str) -> Response:
    """What an edition changed, word by word, against the one before it or one that is chosen."""
    held = _held(slug)
    chosen = _edition(held, label)
    wanted = request.args.get("since")
    older = _edition(held, wanted) if wanted else edition_before(held.editions, chosen)
    if older is None or older.in_force_at >= chosen.in_force_at:
        raise NotFound
    # Two languages cannot be compared: the first in which both are there counts.
    both = [locale for locale in _locales() if all(text_of(g.db, each, [locale]) for each in (older, chosen))]
    if not both:
        raise NotFound
    new, old = _text(chosen, both), _text(older, both)
    response = page(
        document=document_shown(g.db, held, _locales()),
        title=new.title,
        language=new.locale,
        edition=edition_shown(held, chosen),
        older=edition_shown(held, older),
        others=[each.label for each in held.editions if each.in_force_at < chosen.in_force_at],
        told=changed_words(old, new),
    )
    response.headers["X-Robots-Tag"] = "noindex"
    return _kept(response)


def _held(slug: str) -> Held:
    document = find_document_by_slug(g.db, slug)
    row = g.db.find(Page, document.page_id) if document is not None else None
    if document is None or row is None or row.trashed_at is not None:
        raise NotFound
    return read_document(g.db, document)


def _edition(held: Held, label: str) -> LegalEdition:
    found = next((each for each in held.editions if each.label.lower() == label.lower()), None)
    if found is None:
        raise NotFound
    return found


def _text(edition: LegalEdition, locales: Sequence[str]) -> PageVersion:
    found = text_of(g.db, edition, locales)
    if found is None:
        raise NotFound
    return found


def _locales() -> Sequence[str]:
    """Return the reader's language, then the others of the shop."""
    return [*dict.fromkeys([g.locale, *site()["languages"]])]


def _kept(response: Response) -> Response:
    return response if request.args else storable(response)
