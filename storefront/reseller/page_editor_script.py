"""What the script of the page editor is told when it has sent what was typed."""

from typing import Any

from flask import Response, g, jsonify, request
from flask_login import current_user

from cms.drafts import source_of
from cms.merging import Clash, known, mark_of, seen_of
from cms.models import Page, PageVersion
from cms.page_advice import advice_on
from cms.special_rules import special_at
from storefront.core.errors import Refused
from storefront.core.i18n import gettext
from storefront.reseller.page_editor_faults import faults_now, path_fault
from storefront.reseller.page_editor_form import Sent, brought_together, keep, words_of
from storefront.reseller.page_editor_here import others_here
from storefront.reseller.page_editor_options import seen_services, sold_endings
from storefront.reseller.page_editor_shown import (
    LONG_PAGE,
    clash_fields,
    is_own,
    named,
    page_words,
    shown_blocks,
    standing_of,
)
from storefront.web.forms import Form, token_for
from storefront.web.rendering import render_part
from tenants.resellers import current_reseller


def is_script() -> bool:
    """Whether the editor's script asks, which wants JSON."""
    return request.headers.get("X-Requested-With") == "script"


def of_another_session(form: Form) -> Response:
    """Refuse what a page of another session sent, with the token of this one: whoever signed in again writes on."""
    told = [str(words) for errors in form.errors.values() for words in errors]
    answer = jsonify(title=" ".join(told), token=token_for(current_user.csrf_seed))
    answer.status_code = 422
    g.refusal = True
    return answer


def for_script(row: Page, draft: PageVersion, sent: Sent) -> Response:
    """Keep what the script sent. An address that cannot be keeps nothing else from being kept."""
    merged = brought_together(draft, sent)
    if merged.clashes:
        return _clashing(draft, merged.clashes)
    wrong = {}
    words, before = dict(merged.words), words_of(draft)
    savepoint = g.db.session.begin_nested()
    try:
        keep(draft, merged.blocks, words)
        savepoint.commit()
    except Refused as no:
        savepoint.rollback()
        if no.field != "path":
            raise
        wrong["path"] = str(path_fault(draft, words["path"]) or no.message)
        keep(draft, merged.blocks, {**words, "path": before["path"]})
    refused = {"path": words["path"]} if wrong else {}
    blocks = known(draft.blocks)
    seen = seen_of(blocks, words_of(draft))
    if wrong:
        seen = type(seen)(blocks=seen.blocks, words={**seen.words, "path": mark_of(before["path"])})
    fetched = [block for block in blocks if block["id"] in merged.fetched or block["id"] == _taken(sent)]
    return jsonify(
        revision=draft.revision,
        seen=seen.blocks,
        words=seen.words,
        kept={name: value for name, value in words_of(draft).items() if name not in wrong},
        order=[block["id"] for block in blocks],
        fetched=_forms(row, draft, fetched, seen.blocks),
        side=_side(row, draft, blocks, {**words_of(draft), **refused}),
        badge=render_part("reseller/page_editor/_badge.html", **standing_of(row, draft, blocks, words_of(draft))),
        wrong=_path_told(draft, wrong),
        here=[vars(each) for each in others_here(row.id, draft.locale)],
    )


def _taken(sent: Sent) -> str:
    return sent.place if sent.verb == "take" else ""


def _clashing(draft: PageVersion, clashes: tuple[Clash, ...]) -> Response:
    """Tell the script what both changed, with the choice for each; nothing is kept until somebody has chosen."""
    g.refusal = True
    told, mine = {}, is_own(draft)
    for clash in clashes:
        html = render_part("reseller/page_editor/_clash.html", clash=clash, fields=clash_fields(clash), is_own=mine)
        told[clash.key] = {"html": html, "mark": mark_of(clash.theirs) if clash.theirs is not None else ""}
    title = (
        gettext("You changed the same in another window. Please choose below.")
        if mine
        else gettext("Somebody else changed the same. Please choose below.")
    )
    answer = jsonify(clashes=told, title=title)
    answer.status_code = 409
    return answer


def _forms(row: Page, draft: PageVersion, blocks: list[dict[str, Any]], marks: Any) -> dict[str, str]:
    """Return the forms of blocks that somebody else changed, by their ids."""
    if not blocks:
        return {}
    g.is_long_page = len(marks) > LONG_PAGE
    source = _source(row, draft)
    shown = shown_blocks(blocks, draft, source, marks=marks)
    lang = source.locale if source is not None else ""
    return {
        each.id: render_part("reseller/page_editor/_one.html", each=each, locale=draft.locale, source_locale=lang)
        for each in shown
    }


def _source(row: Page, draft: PageVersion) -> PageVersion | None:
    return source_of(g.db, row) if draft.locale != current_reseller(g.db).default_locale else None


def _path_told(draft: PageVersion, wrong: dict[str, str]) -> dict[str, str]:
    """Say what is wrong with the address, be it kept or not."""
    fault = None if wrong else path_fault(draft, draft.path)
    return {"path": str(fault)} if fault is not None else wrong


def _side(row: Page, draft: PageVersion, blocks: list[dict[str, Any]], words: dict[str, Any]) -> str:
    """Return the list of what is still to be done, with an address as it was typed even if it is not kept."""
    source = _source(row, draft)
    to_look_at = 0
    if source is not None:
        shown = shown_blocks(blocks, draft, source, marks={})
        to_look_at = sum(each.to_look_at for each in shown)
    return render_part(
        "reseller/page_editor/_side.html",
        problems=named(faults_now(draft, words, blocks), blocks),
        advice=advice_on(
            page_words(words),
            blocks,
            search_title=words["settings.search_title"],
            sold=sold_endings(),
            services=seen_services(blocks),
        ),
        is_translation=source is not None,
        to_look_at=to_look_at,
        special=special_at(draft.path),
    )
