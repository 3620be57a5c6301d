"""Every template parses, is used, imports nothing in vain, is safe by itself and says nothing untranslated."""

import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

from jinja2 import Environment, TemplateError, nodes

from tenants.themes import plain_environment
from tests.architecture.sources import ROOT, modules, name_of, offenders, text_of
from tests.isolation.routes import routes

# The default first: what a part includes is looked for in this order.
THEMES = sorted(ROOT.glob("themes/*/templates"), key=lambda folder: (folder.parent.name != "default", folder))
FOLDERS = [*THEMES, *sorted(ROOT.glob("storefront/*/templates"))]
TEMPLATES = sorted(path for folder in FOLDERS for path in folder.rglob("*") if path.is_file())
HTML = [path for path in TEMPLATES if path.suffix == ".html"]
# Mail programs want inline style; documents are rendered by us and never by a browser.
ON_SCREEN = [path for path in HTML if not {"letters", "documents"} & set(path.parts)]
# Where a safe string may be made, with the reason beside the line.
MARKUP = {"cms/own_links.py": 1, "cms/render.py": 1, "tenants/themes.py": 1}


def name_in_loader(path: Path) -> str:
    return next(path.relative_to(folder).as_posix() for folder in FOLDERS if path.is_relative_to(folder))


@cache
def parsed(path: Path) -> nodes.Template:
    return environment().parse(text_of(path), filename=name_of(path))


@cache
def environment() -> Environment:
    return plain_environment()


def test_templates_compile() -> None:
    assert offenders(TEMPLATES, _fails_to_compile) == {}


def _fails_to_compile(path: Path) -> list[str]:
    try:
        environment().compile(parsed(path), name=name_in_loader(path), filename=str(path))
    except TemplateError as error:
        return [str(error)]
    return []


@cache
def mentioned() -> str:
    """Everything that could name a template: Python sources and templates, without the file itself."""
    return "\n".join(text_of(path) for path in [*modules(), *TEMPLATES])


@cache
def used_names() -> set[str]:
    pages = {f"{route.endpoint.replace('.', '/')}.html" for route in routes()}
    named = set(re.findall(r"[\"']([a-z_/!]+\.(?:html|txt|xml))[\"']", mentioned()))
    return pages | {name.rpartition("!")[2] for name in named}


def test_templates_are_used() -> None:
    # Blocks, letters and error pages are chosen by what they show: their folder is named where that is done.
    by_kind = ("cms/blocks/", "letters/", "errors/", "documents/")

    assert {name for name in map(name_in_loader, TEMPLATES) if not name.startswith(by_kind)} - used_names() == set()


@cache
def names_used(path: Path) -> set[str]:
    """Names that a template reads, with the parts it includes: they see what it has imported."""
    tree = parsed(path)
    used = {node.name for node in tree.find_all(nodes.Name)}
    parts = {name.value for part in tree.find_all(nodes.Include) for name in part.find_all(nodes.Const)}
    files = [folder / str(part) for part in parts for folder in FOLDERS if (folder / str(part)).is_file()]
    return used.union(*(names_used(file) for file in files))


def test_what_is_imported_is_used() -> None:
    assert offenders(HTML, _imported_in_vain) == {}


def _imported_in_vain(path: Path) -> list[str]:
    tree = parsed(path)
    imported = {
        (name if isinstance(name, str) else name[1]) for node in tree.find_all(nodes.FromImport) for name in node.names
    } | {node.target for node in tree.find_all(nodes.Import)}
    return sorted(imported - names_used(path))


def test_nothing_is_called_safe() -> None:
    assert offenders(TEMPLATES, _called_safe) == {}


def _called_safe(path: Path) -> list[str]:
    filters = {node.name for node in parsed(path).find_all(nodes.Filter)}
    switched = parsed(path).find_all(nodes.ScopedEvalContextModifier)
    return [*(filters & {"safe", "forceescape", "tojson", "xmlattr"}), *(f"line {node.lineno}" for node in switched)]


def test_markup_is_made_in_three_places_only() -> None:
    found = {
        name_of(path): number for path in modules() if (number := len(re.findall(r"(?<![\w.])Markup\(", text_of(path))))
    }

    assert found == MARKUP


ATTRIBUTE = re.compile(r"[a-z-]+=\"[^\"]*\"|-[a-z]+")


class _Words(HTMLParser):
    """Collects what a person would read: text between tags, and the attributes that are read out."""

    READ = ("aria-label", "alt", "title", "placeholder", "label")

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("style", "script", "svg", "code"):
            self._inside.append(tag)
        self.found += [value or "" for name, value in attrs if name in self.READ]

    def handle_endtag(self, tag: str) -> None:
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        if not self._inside:
            # A block or macro may hold attributes only: data-width="narrow".
            self.found.append(ATTRIBUTE.sub(" ", data))


TAG = re.compile(r"{#.*?#}|{%.*?%}|{{.*?}}", re.DOTALL)
# Names that are the same in every language, and signs.
SAME_EVERYWHERE = {
    "DNS",
    "IBAN",
    "BIC",
    "PDF",
    "VAT",
    "SEPA",
    "EPP",
    "RDAP",
    "DNSSEC",
    "CSV",
    "TOTP",
    "Vitrine",
    "Powered",
    "https",
}


def bare_words(text: str) -> list[str]:
    """A guess that has never been wrong so far: three letters in a row outside of braces are a word."""
    reader = _Words()
    reader.feed(TAG.sub(" ", text))
    return sorted({word for found in reader.found for word in re.findall(r"[^\W\d_]{3,}", found)} - SAME_EVERYWHERE)


def test_every_visible_word_is_marked() -> None:
    assert offenders(ON_SCREEN, lambda path: bare_words(text_of(path))) == {}, 'mark them: {{ _("…") }}'


def test_the_guess_finds_a_bare_word() -> None:
    page = '<p title="{{ _("good") }}">{% if x %}Forgotten{% endif %} {{ _("fine") }}</p>'

    assert bare_words(page) == ["Forgotten"]


def test_sentences_are_whole() -> None:
    """``_("a" ~ b)`` and ``_(name)`` cannot be translated; a catalogue needs a sentence it can read."""
    assert offenders(HTML, _broken_sentences) == {}


def _broken_sentences(path: Path) -> list[str]:
    return [
        f"line {node.lineno}"
        for node in parsed(path).find_all(nodes.Call)
        if isinstance(node.node, nodes.Name)
        and node.node.name in ("_", "ngettext")
        and not all(
            isinstance(argument, nodes.Const) for argument in node.args[: 2 if node.node.name == "ngettext" else 1]
        )
    ]


def test_links_that_open_elsewhere_tell_nothing() -> None:
    assert offenders(ON_SCREEN, _telling_links) == {}


def _telling_links(path: Path) -> list[str]:
    # A frame of the page's own has a name; whatever opens in it finds no window behind it that it could turn.
    tags = re.findall(r"<a\b[^>]*target=[^>]*>", text_of(path))
    return [tag for tag in tags if "noopener" not in tag and 'target="embed-' not in tag]
