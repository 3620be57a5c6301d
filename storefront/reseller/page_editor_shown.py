"""What the editor of a page shows: its blocks as forms, what is still to be done, and what it looks like beside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import current_app, g, url_for

from cms.block_fields import Spec
from cms.blocks import KINDS, SPECS, blank, with_ids
from cms.differences import FieldDifference, Piece, block_differences, field_differences
from cms.drafts import find_version, source_of
from cms.merging import Clash, Seen, known, mark_of
from cms.models import Page, PageVersion
from cms.news import is_news
from cms.page_advice import advice_on
from cms.page_checks import LONGEST_DESCRIPTION, LONGEST_TITLE, Problem, Words, label_of
from cms.page_reading import as_typed
from cms.page_settings import OF_NEWS, PAGE_SETTINGS
from cms.special_rules import is_fixed, is_special, special_at
from cms.translations import wordings
from storefront.core.i18n import Text, gettext
from storefront.core.i18n import lazy_gettext as _
from storefront.reseller.page_editor_faults import faults_now
from storefront.reseller.page_editor_form import begun_with, words_of
from storefront.reseller.page_editor_options import SIGNS, options_of, seen_services, sold_endings
from storefront.web.forms import Form
from storefront.web.locale import NATIVE_NAMES
from tenants.resellers import current_reseller
from tenants.themes import known_theme, themes

# Ids that the script replaces where it makes a block or a row of the pattern.
BLOCK, ROW = "--block--", "--row--"
LONG_PAGE = 40
# Where a page is listed: in the tree, or among those without an address.
LISTS = ("reseller.pages.list", "reseller.special_pages.list")
AREAS: Mapping[str, Text] = {
    "words": _("Words"),
    "pictures": _("Pictures"),
    "shop": _("Shop"),
    "contact": _("Contact"),
    "more": _("More"),
}
WORD_SPECS: Mapping[str, Spec] = {
    "title": Spec(widget="line", label=_("Title"), longest=LONGEST_TITLE, is_required=True, is_words=True),
    "path": Spec(
        widget="line",
        label=_("Address"),
        help=_("Begins with a slash: /about. When it changes, the old address leads to the new one."),
        is_required=True,
    ),
    "description": Spec(
        widget="text",
        label=_("Description"),
        help=_("One or two sentences for search engines and shared links."),
        longest=LONGEST_DESCRIPTION,
        is_words=True,
    ),
    **{f"settings.{name}": spec for name, spec in PAGE_SETTINGS.items()},
}


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field as a form shows it. ``rows`` are its entries where it has some, each with its id and fields."""

    name: str
    spec: Spec
    typed: str
    error: Text = ""
    rows: Sequence[tuple[str, Sequence["Field"]]] = ()
    source: Sequence[Piece] = ()
    is_stale: bool = False
    options: Sequence[tuple[str, Text]] = ()


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One block in the editor."""

    id: str
    kind: str
    label: Text
    sign: str
    mark: str
    fields: Sequence[Field]
    has_problem: bool = False
    to_look_at: int = 0
    clash: Clash | None = None
    about: Text = ""
    name: Text = ""


@dataclass(kw_only=True)
class Editing:
    """All that one look at the editor depends on beside what is in the database."""

    blocks: list[dict[str, Any]]
    words: dict[str, Any]
    seen: Seen
    clashes: Sequence[Clash] = ()
    problems: Sequence[Problem] = ()
    gone: dict[str, Any] | None = None
    gone_from: int = 0
    chosen: str = ""
    locale: str = ""
    form: Form = field(default_factory=lambda: Form(formdata=None))


def fields_of(
    values: Mapping[str, Any], specs: Mapping[str, Spec], place: str, told: "Told", inner: str = ""
) -> list[Field]:
    """Return the fields of a block or of a row as a form shows them."""
    found = []
    for name, spec in specs.items():
        value = values.get(name, spec.empty)
        here, within = f"{place}.{name}", f"{inner}{name}"
        rows: Sequence[tuple[str, Sequence[Field]]] = ()
        if spec.widget == "rows":
            rows = tuple(
                (str(number), fields_of(row, spec.parts, f"{here}.{number}", told, f"{within}.{number}."))
                for number, row in enumerate(value)
            )
        pieces, is_stale = told.source(within, spec)
        found.append(
            Field(
                name=here,
                spec=spec,
                typed="" if spec.widget == "rows" else as_typed(value, spec),
                error=told.problems.get(here, ""),
                rows=rows,
                source=pieces,
                is_stale=is_stale,
                options=told.options(spec, str(value)),
            )
        )
    return found


class Told:
    """What is known of the fields of one block: what is wrong with them, and what the source language says."""

    def __init__(
        self,
        problems: Mapping[str, Text] | None = None,
        own: Mapping[str, Any] | None = None,
        source: Mapping[str, Any] | None = None,
        was: Mapping[str, Any] | None = None,
    ) -> None:
        self.problems = problems or {}
        same = own is not None and source is not None and own["kind"] == source["kind"]
        self._wordings = {each.place: each for each in wordings(own, source, was)} if same and own and source else {}

    @property
    def to_look_at(self) -> int:
        """How many texts of the block are missing or may say something else than the source."""
        return sum(1 for each in self._wordings.values() if _is_stale(each))

    def source(self, place: str, spec: Spec) -> tuple[Sequence[Piece], bool]:
        """Return what the source says in a field, with what changed since, and whether somebody should look at it."""
        found = self._wordings.get(place)
        if found is None or not found.source:
            return (), False
        was = found.was if found.was is not None and found.has_changed else found.source
        if spec.widget == "sentences":
            return field_differences(spec, was.split("\n"), found.source.split("\n")), _is_stale(found)
        return field_differences(
            spec if spec.widget != "link" else Spec(widget="line", label=""), was, found.source
        ), _is_stale(found)

    @staticmethod
    def options(spec: Spec, value: str) -> Sequence[tuple[str, Text]]:
        """Return what can be chosen in a field, with what is chosen even if nobody would offer it any more."""
        return options_of(spec, value)


def _is_stale(found: Any) -> bool:
    # Where a link leads is no text: only an address of one language may have to be another one.
    return found.spec.widget != "link" and bool(found.is_missing or found.has_changed)


def shown_block(block: Mapping[str, Any], told: Told, *, mark: str | None = None, clash: Clash | None = None) -> Shown:
    """Return a block as the editor shows it."""
    kind = KINDS[str(block["kind"])]
    fields = fields_of(block, SPECS[kind.kind], str(block["id"]), told)
    return Shown(
        id=str(block["id"]),
        kind=kind.kind,
        label=label_of(block),
        name=kind.label,
        about=kind.about,
        sign=kind.sign,
        mark=mark_of(block) if mark is None else mark,
        fields=fields,
        has_problem=any(place.startswith(f"{block['id']}.") for place in told.problems),
        to_look_at=told.to_look_at,
        clash=clash,
    )


def editor(row: Page, draft: PageVersion, editing: Editing) -> dict[str, Any]:
    """Return what the template of the editor needs."""
    reseller = current_reseller(g.db)
    source = source_of(g.db, row) if draft.locale != reseller.default_locale else None
    wrong = {each.place: each.message for each in reversed(editing.problems)}
    g.is_long_page = len(editing.blocks) > LONG_PAGE
    page_fields = _page_fields(editing.words, wrong, source, is_news=is_news(g.db, row))
    clashes = {clash.key: clash for clash in editing.clashes}
    shown = shown_blocks(editing.blocks, draft, source, marks=editing.seen.blocks, wrong=wrong, clashes=clashes)
    has = {each.id for each in shown}
    return {
        "row": row,
        "draft": draft,
        "locale": draft.locale,
        "language": NATIVE_NAMES.get(draft.locale, draft.locale),
        "languages": [(tag, NATIVE_NAMES.get(tag, tag)) for tag in reseller.locales or [reseller.default_locale]],
        "blocks": shown,
        "chosen": editing.chosen if editing.chosen in {*has, "page"} else next((each.id for each in shown), "page"),
        "is_own": is_own(draft),
        "words": editing.words,
        # A field that is not asked for is as it is kept.
        "word_marks": {each.name: editing.seen.words.get(each.name, "") for each in page_fields},
        "word_clashes": [clash for clash in editing.clashes if clash.key in editing.words],
        "wrong": wrong,
        "page_fields": page_fields,
        "kinds": kinds_to_add(draft.path, draft.locale),
        "special": special_at(draft.path),
        "problems": named(faults_now(draft, editing.words, editing.blocks), editing.blocks),
        "told": named(editing.problems, editing.blocks),
        "advice": advice_on(
            page_words(editing.words),
            editing.blocks,
            search_title=editing.words["settings.search_title"],
            sold=sold_endings(),
            services=seen_services(editing.blocks),
        ),
        **standing_of(row, draft, editing.blocks, editing.words),
        "source": source,
        "source_language": NATIVE_NAMES.get(source.locale, source.locale) if source is not None else "",
        "is_translation": source is not None,
        "signs": SIGNS if g.is_long_page else (),
        "clash_of": clash_fields,
        "row_patterns": row_patterns(),
        "row_mark": ROW,
        "missing": _missing(source, has),
        "to_look_at": sum(each.to_look_at for each in shown),
        "themes": themes(),
        "theme": known_theme(reseller.theme),
        "gone": _gone(editing),
        "gone_from": editing.gone_from,
        "versions_url": _address("reseller.pages.versions.list", page_id=row.id, locale=draft.locale),
        "list_url": _address(LISTS[is_special(draft.path)]) or url_for("reseller.overview.show"),
        "form": editing.form,
    }


def standing_of(
    row: Page, draft: PageVersion, blocks: Sequence[Mapping[str, Any]], words: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what visitors see of a page, what waits for its moment, and whether the draft is another."""
    live = find_version(g.db, row, draft.locale, "published")
    return {
        "live": live,
        "waiting": find_version(g.db, row, draft.locale, "waiting"),
        "is_changed": live is None or known(with_ids(live.blocks)) != list(blocks) or words_of(live) != dict(words),
    }


def shown_blocks(
    blocks: Sequence[Mapping[str, Any]],
    draft: PageVersion,
    source: PageVersion | None,
    *,
    marks: Mapping[str, str],
    wrong: Mapping[str, Text] | None = None,
    clashes: Mapping[str, Clash] | None = None,
) -> list[Shown]:
    """Return the blocks of a page as the editor shows them, beside their source where this is a translation."""
    theirs = {str(each["id"]): each for each in known(with_ids(source.blocks))} if source is not None else {}
    was = {str(each["id"]): each for each in known(draft.translated_from or [])}
    return [
        shown_block(
            block,
            Told(wrong, block, theirs.get(block["id"]), was.get(block["id"])),
            mark=marks.get(block["id"], ""),
            clash=(clashes or {}).get(block["id"]),
        )
        for block in blocks
    ]


def page_words(words: Mapping[str, Any]) -> Words:
    """Return what stands around the blocks, for the rules that look at it."""
    return Words(title=words["title"], description=words["description"], path=words["path"])


def kinds_to_add(path: str = "", locale: str = "en") -> list[tuple[Text, list[Shown]]]:
    """Return the kinds of block that a page may hold by area, each as an empty one the script can make others of."""
    groups: dict[str, list[Shown]] = {}
    special = special_at(path)
    for name, kind in KINDS.items():
        if special is not None and name not in special.kinds:
            continue
        groups.setdefault(kind.area if kind.area in AREAS else "more", []).append(_pattern(name, locale))
    return [(AREAS[area], groups[area]) for area in AREAS if area in groups]


def _pattern(kind: str, locale: str) -> Shown:
    return shown_block({**blank(kind, BLOCK), **begun_with(kind, locale)}, Told(), mark="")


def row_patterns() -> list[tuple[str, str, Sequence[Field]]]:
    """Return an empty row of every field that holds rows, with the field's name, for the script."""
    return [
        (f"{kind}.{name}", f"{BLOCK}.{name}", fields_of({}, spec.parts, f"{BLOCK}.{name}.{ROW}", Told()))
        for kind, specs in SPECS.items()
        for name, spec in specs.items()
        if spec.widget == "rows"
    ]


def _page_fields(
    words: Mapping[str, Any], wrong: Mapping[str, Text], source: PageVersion | None, *, is_news: bool
) -> list[Field]:
    """Return the fields of the page itself; the home page has no address to choose, and some pages have none at all."""
    theirs = words_of(source) if source is not None else {}
    asked = {
        name: spec for name, spec in WORD_SPECS.items() if is_news or name.removeprefix("settings.") not in OF_NEWS
    }
    return [
        Field(
            name=name,
            spec=spec,
            typed=as_typed(words[name], spec),
            error=wrong.get(name, ""),
            options=options_of(spec, str(words[name])),
            source=(Piece(kind="same", text=theirs[name]),) if spec.is_words and theirs.get(name) else (),
        )
        for name, spec in asked.items()
        if name == "title" or not (is_special(words["path"]) or (name == "path" and is_fixed(words["path"])))
    ]


def named(problems: Sequence[Problem], blocks: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return problems with a label that leads to their field: the block's name, or the field of the page."""
    by_id = {str(block["id"]): block for block in blocks}
    empty = gettext("Please fill this in.")
    return [
        {
            "place": each.place,
            "label": _label_at(each, by_id.get(each.block_id)),
            "message": each.message,
            "is_empty": str(each.message) == empty,
        }
        for each in problems
    ]


def is_own(draft: PageVersion) -> bool:
    """Whether what is kept was written by whoever writes now: in another window of theirs, then."""
    return bool(draft.revision) and draft.edited_by == g.db.actor.name


def _label_at(problem: Problem, block: Mapping[str, Any] | None) -> Text:
    """Name a place: the field of the page, or the block with its field."""
    if block is None:
        return WORD_SPECS[problem.place].label if problem.place in WORD_SPECS else ""
    spec, parts = SPECS[str(block["kind"])], problem.place.split(".")[1:]
    field_of = spec.get(parts[0]) if parts else None
    if field_of is not None and len(parts) > 2:  # noqa: PLR2004 - field, row, part
        field_of = field_of.parts.get(parts[2])
    return f"{label_of(block)} · {field_of.label}" if field_of is not None else label_of(block)


def clash_fields(clash: Clash | None) -> Sequence[FieldDifference] | None:
    """Return how theirs differs from mine, or ``None`` where they removed it."""
    if clash is None or clash.theirs is None:
        return None
    if clash.key in WORD_SPECS:
        spec = WORD_SPECS[clash.key]
        pieces = field_differences(spec, clash.mine, clash.theirs)
        return [FieldDifference(place=clash.key, labels=(spec.label,), pieces=pieces)]
    return block_differences([clash.mine], [clash.theirs])[0].fields


def _missing(source: PageVersion | None, has: set[str]) -> list[tuple[str, Text]]:
    """Return the blocks that the source language has and this translation has not."""
    blocks = known(with_ids(source.blocks)) if source is not None else []
    return [(block["id"], label_of(block)) for block in blocks if block["id"] not in has]


def _gone(editing: Editing) -> Shown | None:
    return shown_block(editing.gone, Told(), mark="") if editing.gone is not None else None


def _address(endpoint: str, **values: Any) -> str | None:
    """Return an address, if that page is built."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else None
