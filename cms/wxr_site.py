"""rule: an export of WordPress -> an arrival: its tree of pages, news, files, menus and redirects."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from cms.arrivals import (
    Arrival,
    ArrivingCategory,
    ArrivingFile,
    ArrivingPage,
    ArrivingRedirect,
    ArrivingVersion,
    Choices,
    Notes,
)
from cms.paths import is_allowed, slug_of
from cms.redirect_rules import source_of
from cms.sanitize import plain
from cms.wxr_addresses import bare, host_of, old_path, plain_host
from cms.wxr_blocks import Sources, blocks_of
from cms.wxr_markup import attribute, images_in
from cms.wxr_menus import menus_of
from cms.wxr_reading import Channel, Item, read_items
from storefront.core.i18n import LOCALES
from storefront.core.i18n import lazy_gettext as _

MOST_ITEMS: Final = 20_000
MOST_FILES: Final = 5_000
LONGEST_DESCRIPTION: Final = 300
LONGEST_SLUG: Final = 40
NEWS: Final = "/news"
NEWS_KEY: Final = "news"
DEEPEST: Final = 4
# What themes and plugins keep for themselves in posts; nobody misses it.
SILENT: Final = frozenset(
    {
        "revision", "custom_css", "customize_changeset", "oembed_cache", "user_request", "wp_global_styles",
        "wp_navigation", "wp_template", "wp_template_part", "nav_menu_item", "attachment", "redirect_rule",
    }
)  # fmt: skip
PICTURES: Final = frozenset({"png", "jpg", "jpeg", "webp", "gif", "svg"})

Pieces = Callable[[], Iterable[bytes]]
Fetch = Callable[[str], bytes]


@dataclass(kw_only=True)
class Index:
    """What is known of an export before its words are read: every item but for its content."""

    channel: Channel
    texts: list[Item] = field(default_factory=list)
    attachments: list[Item] = field(default_factory=list)
    entries: list[Item] = field(default_factory=list)
    rules: list[Item] = field(default_factory=list)
    # Pictures that pages show from the old site although the export does not list them, with their words.
    pictures: dict[str, str] = field(default_factory=dict)

    @property
    def host(self) -> str:
        """The host of the old site."""
        return host_of(self.channel.address)


def index_of(pieces: Pieces, notes: Notes) -> Index:
    """Read an export once, and keep of it what is short."""
    index = Index(channel=Channel())
    others: dict[str, int] = {}
    comments = 0
    for number, item in enumerate(read_items(pieces(), index.channel)):
        if number >= MOST_ITEMS:
            notes.say("too_many", item.title)
            break
        comments += item.comments
        content = item.fields.pop("content:encoded", "")
        if item.kind in {"page", "post"}:
            if item.status in {"trash", "auto-draft"}:
                notes.say("trash", item.title)
                continue
            index.texts.append(item)
            for tag in images_in(content)[:500]:
                _note_picture(index, tag)
        elif item.kind == "attachment":
            index.attachments.append(item)
        elif item.kind == "nav_menu_item":
            index.entries.append(item)
        elif item.kind == "redirect_rule":
            index.rules.append(item)
        elif item.kind not in SILENT:
            others[item.kind] = others.get(item.kind, 0) + 1
    for kind, count in sorted(others.items()):
        notes.say("kind", kind, f"{count} x")
    if comments:
        notes.say("comments", "", f"{comments} x")
    return index


def addresses_of(pieces: Pieces) -> list[str]:
    """Return the addresses of all files that an arrival of this export would ask for."""
    notes = Notes()
    files, _sources = _Site(index_of(pieces, notes), Choices(), notes).files(lambda _address: b"")
    return [each.address for each in files]


def _note_picture(index: Index, tag: str) -> None:
    source = attribute(tag, "src")
    if source.startswith(("https://", "http://")) and len(index.pictures) < MOST_FILES:
        index.pictures.setdefault(source, attribute(tag, "alt"))


def arrival_of_export(
    pieces: Pieces, choices: Choices, fetch: Fetch, more: Sequence[Mapping[str, Any]] = ()
) -> Arrival:
    """Read an export; ``fetch`` returns the bytes at an address of the old site; ``more`` are redirects of a plugin."""
    notes = Notes()
    index = index_of(pieces, notes)
    site = _Site(index, choices, notes)
    files, sources = site.files(fetch)
    pages = site.pages()
    return Arrival(
        pages=pages,
        versions=lambda: site.versions(pieces, sources),
        files=files,
        categories=site.categories(),
        menus=menus_of(index.entries, site.refs, site.locale_of, notes),
        redirects=[*site.redirects(), *_plugin_redirects(more, site)],
        notes=notes,
    )


class _Site:
    def __init__(self, index: Index, choices: Choices, notes: Notes) -> None:
        self._index = index
        self._choices = choices
        self._notes = notes
        self._by_id = {item.id: item for item in index.texts if item.id}
        self._groups: dict[str, list[Item]] = {}
        self.refs: dict[str, str] = {}  # number of a page or post -> ref of the page it becomes
        self._paths: dict[str, str] = {}  # number -> its new address
        self._led: dict[str, str] = {}  # old path -> new path
        self._has_news = any(item.kind == "post" for item in index.texts)

    def locale_of(self, item: Item) -> str:
        """Return the language of an item: as Polylang or WPML say, else the one that was chosen."""
        said = item.meta.get("_wpml_import_language_code", "") or next(
            (short for short, _n in item.named("language")), ""
        )
        locale = said.lower().replace("_", "-").partition("-")[0]
        if said and locale not in LOCALES:
            self._notes.say("language", item.title, said)
        return locale if locale in LOCALES else self._choices.locale

    def pages(self) -> list[ArrivingPage]:
        """Return the tree: pages by their parents and order, posts below a page of news; translations are one page."""
        ordered = self._ordered()
        for item in ordered:
            self._groups.setdefault(self._group_of(item), []).append(item)
        found: list[ArrivingPage] = []
        if self._has_news:
            places = [(locale, NEWS) for locale in sorted({self.locale_of(i) for i in ordered if i.kind == "post"})]
            found.append(ArrivingPage(ref="news", key=NEWS_KEY, places=places))
        for number, items in enumerate(self._groups.values(), start=1):
            ref = f"w{number}"
            for item in items:
                self.refs[item.id] = ref
                self._paths[item.id] = self._path_of(item)
                if old := old_path(item.said("link")):
                    self._led.setdefault(old, self._paths[item.id])
            parent = "news" if items[0].kind == "post" else self.refs.get(items[0].said("wp:post_parent"), "")
            places = [(self.locale_of(item), self._paths[item.id]) for item in items]
            found.append(ArrivingPage(ref=ref, parent="" if parent == ref else parent, places=places))
        return found

    def _ordered(self) -> list[Item]:
        """Return pages each behind its parent, by their order and title; then posts, the oldest first."""
        below: dict[str, list[Item]] = {}
        pages = [item for item in self._index.texts if item.kind == "page"]
        for item in pages:
            parent = self._by_id.get(item.said("wp:post_parent"))
            below.setdefault(parent.id if parent is not None and parent.kind == "page" else "", []).append(item)
        found: list[Item] = []
        seen: set[str] = set()
        waiting = sorted(below.get("", []), key=_place, reverse=True)
        while waiting:
            item = waiting.pop()
            if item.id in seen:
                continue
            seen.add(item.id)
            found.append(item)
            waiting += sorted(below.get(item.id, []), key=_place, reverse=True)
        # Pages that are below each other in a circle hang on nothing: they come to the top.
        found += [item for item in pages if item.id not in seen and not seen.add(item.id)]  # type: ignore[func-returns-value]  # add returns nothing
        posts = [item for item in self._index.texts if item.kind == "post"]
        return found + sorted(posts, key=lambda item: (str(item.at or ""), item.id))

    def _group_of(self, item: Item) -> str:
        """Name what binds the translations of a page together."""
        polylang = next((short for short, _name in item.named("post_translations")), "")
        return f"{item.kind} {polylang or item.meta.get('_wpml_import_translation_group') or f'#{item.id}'}"

    def _path_of(self, item: Item) -> str:
        slug = slug_of(item.said("wp:post_name").replace("%", "")) or slug_of(item.title) or "page"
        if item.kind == "post":
            return f"{NEWS}/{slug}"
        old = old_path(item.said("link"))
        if old == "/" and item.status == "publish":
            return "/"
        first, _slash, rest = old.strip("/").partition("/")
        # Polylang and WPML put the language in front, as we do ourselves.
        path = f"/{rest}" if first == self.locale_of(item) and rest else old
        if is_allowed(path) and path != "/":
            return path
        above = self._paths.get(item.said("wp:post_parent"), "")
        wanted = f"{above if above != '/' else ''}/{slug}"
        return wanted if is_allowed(wanted) else f"/{slug}"

    def versions(self, pieces: Pieces, sources: Sources) -> Iterator[tuple[str, Sequence[ArrivingVersion]]]:
        """Read the words of one page after the other."""
        if self._has_news:
            yield "news", self._news()
        for item in read_items(pieces(), Channel()):
            ref = self.refs.get(item.id)
            if ref is not None and item.kind in {"page", "post"}:
                yield ref, [self._version(item, sources)]

    def _news(self) -> list[ArrivingVersion]:
        locales = sorted({self.locale_of(item) for item in self._index.texts if item.kind == "post"})
        block = {"kind": "news_list", "title": "", "page": "", "most": 30}
        title = str(_("News"))
        return [
            ArrivingVersion(locale=locale, path=NEWS, title=title, blocks=[block], state="published")
            for locale in locales
        ]

    def _version(self, item: Item, sources: Sources) -> ArrivingVersion:
        path = self._paths[item.id]
        place = f"{item.title or item.id} ({path})"
        is_open = not item.said("wp:post_password") and item.status != "private"
        if not is_open:
            self._notes.say("private", place)
        excerpt = item.said("excerpt:encoded")
        words = " ".join(plain(excerpt).split())[:LONGEST_DESCRIPTION]
        search = {name: item.meta.get(name, "") for name in ("_yoast_wpseo_title", "_yoast_wpseo_metadesc")}
        settings: dict[str, Any] = {}
        if search["_yoast_wpseo_title"] and "%" not in search["_yoast_wpseo_title"]:
            settings["search_title"] = search["_yoast_wpseo_title"]
        blocks = blocks_of(item.said("content:encoded"), sources, self._notes, place)
        if item.kind == "post":
            settings["categories"] = [slug for slug, _name in _filed(item)]
            if item.at is not None:
                settings["date"] = f"{item.at:%Y-%m-%d}"
        cover = sources.file(item.meta.get("_thumbnail_id"), "")
        if cover:
            settings["picture"] = cover
            if item.kind == "post":
                blocks.insert(0, {"kind": "image", "picture": cover, "size": "l"})
        return ArrivingVersion(
            locale=self.locale_of(item),
            path=path,
            title=" ".join(plain(item.title).split()) or path.rpartition("/")[2],
            description=words or search["_yoast_wpseo_metadesc"][:LONGEST_DESCRIPTION],
            blocks=blocks,
            state="published" if item.status == "publish" and is_open else "draft",
            settings=settings,
            since=item.at,
        )

    def categories(self) -> list[ArrivingCategory]:
        """Return what posts are filed under, but for the one that WordPress files everything under."""
        found: dict[str, dict[str, str]] = {}
        for item in self._index.texts:
            for slug, name in _filed(item):
                found.setdefault(slug, {}).setdefault(self.locale_of(item), name)
        return [ArrivingCategory(slug=slug, titles=titles) for slug, titles in found.items()]

    def files(self, fetch: Fetch) -> tuple[list[ArrivingFile], Sources]:
        """Return the pictures and documents of the old site, and how pages refer to them."""
        found: list[ArrivingFile] = []
        by_id: dict[str, str] = {}
        by_address: dict[str, str] = {}
        papers: set[str] = set()

        def add(address: str, title: str, alt: Mapping[str, str]) -> str:
            ref = by_address.get(bare(address), "")
            if ref or len(found) >= MOST_FILES:
                return ref
            ref = f"f{len(found) + 1}"
            name = address.partition("?")[0].rpartition("/")[2] or title or ref
            found.append(ArrivingFile(ref=ref, name=name, address=address, fetch=lambda: fetch(address), alt=alt))
            by_address[bare(address)] = ref
            if name.lower().endswith(".pdf"):
                papers.add(ref)
            return ref

        shown = {bare(address): alt for address, alt in self._index.pictures.items() if alt}
        for item in self._index.attachments:
            address = item.said("wp:attachment_url")
            words = item.meta.get("_wp_attachment_image_alt", "").strip() or shown.get(bare(address), "")
            if address.startswith(("https://", "http://")):
                by_id[item.id] = add(address, item.title, {self.locale_of(item): words} if words else {})
            else:
                self._notes.say("file", item.title, address)
        for address, words in self._index.pictures.items():
            if host_of(address) == self._index.host:
                add(address, "", {self._choices.locale: words} if words else {})
        sources = Sources(
            by_id=by_id, by_address=by_address, papers=frozenset(papers), lead=self.lead, bare=bare, stays=self.stays
        )
        return found, sources

    def lead(self, address: str) -> str:
        """Return where a link of the old site leads now."""
        try:
            parts = urlsplit(address)
        except ValueError:
            return ""
        if parts.hostname and plain_host(parts.hostname) != self._index.host:
            return address
        if not parts.hostname and not address.startswith("/"):
            return address
        new = self._led.get(old_path(address))
        return new + (f"#{parts.fragment}" if parts.fragment else "") if new else address

    def stays(self, address: str) -> bool:
        """Whether a link still leads to the old site, wherever it is led."""
        return bool(self._index.host) and host_of(address) == self._index.host

    def redirects(self) -> list[ArrivingRedirect]:
        """Lead old addresses to the new ones: permalinks, earlier names, and rules of a plugin that keeps posts."""
        found = []
        for item in self._index.texts:
            ref, path, locale = self.refs.get(item.id, ""), self._paths.get(item.id, ""), self.locale_of(item)
            old = old_path(item.said("link"))
            if item.status != "publish":
                continue
            if old not in {path, "/", ""}:
                found.append(ArrivingRedirect(path=old, page=ref, locale=locale))
            earlier = item.meta.get("_wp_old_slug", "")
            if slug_of(earlier) and old not in {"/", ""}:
                above = old.rstrip("/").rpartition("/")[0]
                found.append(ArrivingRedirect(path=f"{above}/{earlier}", page=ref, locale=locale))
        for rule in self._index.rules:
            code = rule.meta.get("_redirect_rule_status_code", "301")
            found.append(
                self.redirect(rule.meta.get("_redirect_rule_from", ""), rule.meta.get("_redirect_rule_to", ""), code)
            )
        return found

    def redirect(self, source: str, target: str, code: str) -> ArrivingRedirect:
        """Return a rule of a plugin; where it leads into the old site, it leads to the new address."""
        led = self.lead(target)
        if host_of(led) == self._index.host and host_of(led):
            led = old_path(led)
        return ArrivingRedirect(path=source_of(source), target=led, is_permanent=code not in {"302", "303", "307"})


def _plugin_redirects(rules: Sequence[Mapping[str, Any]], site: _Site) -> Iterator[ArrivingRedirect]:
    """Read the rules of the plugin Redirection, which it exports as JSON."""
    for rule in rules:
        action = rule.get("action_data")
        target = action.get("url") if isinstance(action, Mapping) else None
        source, code = rule.get("url"), rule.get("action_code")
        if (
            isinstance(source, str)
            and isinstance(target, str)
            and not rule.get("regex")
            and rule.get("enabled") is not False
        ):
            yield site.redirect(source, target, str(code or 301))


def _filed(item: Item) -> list[tuple[str, str]]:
    """Return address and name of the categories of a post."""
    named = item.named("category") if item.kind == "post" else []
    short = [(slug_of(slug or name)[:LONGEST_SLUG].strip("-"), name) for slug, name in named if slug != "uncategorized"]
    return [(slug, name) for slug, name in short if slug and name]


def _place(item: Item) -> tuple[int, str, str]:
    return item.order, item.title, item.id
