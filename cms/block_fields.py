"""rule: what the fields of a block are: how each is edited, what it may hold, and which are words to translate."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from storefront.core.i18n import Text

# line, text, rich (markup, cleaned), sentences (a list, one a line), link, icon (its name), picture and file (an id in
# the media library), flag, number, choice, endings (a list), promotion (an id), group (of endings, its address),
# category (of news, an id), categories (a list of them), date, rows (a list of objects with parts).
Widget = Literal[
    "line", "text", "rich", "sentences", "link", "icon", "picture", "file", "flag", "number", "choice", "endings",
    "promotion", "group", "category", "categories", "date", "rows",
]  # fmt: skip
# What a widget keeps where nothing was said.
EMPTY: Mapping[str, Any] = {"flag": False, "number": 0, "sentences": [], "endings": [], "categories": [], "rows": []}
LISTS = frozenset({"sentences", "endings", "categories", "rows"})
MOST_ROWS = 40


@dataclass(frozen=True, kw_only=True)
class Spec:
    """One field. ``longest`` counts characters, ``most`` the entries of a list, ``parts`` are the fields of a row.

    ``check`` says what else is wrong with what was typed, or None.
    """

    widget: Widget
    label: Text
    help: Text = ""
    longest: int = 200
    most: int = MOST_ROWS
    is_required: bool = False
    is_words: bool = False
    choices: Mapping[str, Text] = field(default_factory=dict)
    parts: Mapping[str, "Spec"] = field(default_factory=dict)
    check: Callable[[str], Text | None] | None = None
    add: Text = ""  # what the button says that adds an entry
    begins: bool = False  # with one empty entry

    @property
    def empty(self) -> Any:
        """What it holds where nothing was said; a new object each time."""
        if self.widget == "choice":
            return next(iter(self.choices))
        nothing = EMPTY.get(self.widget, "")
        return list(nothing) if isinstance(nothing, list) else nothing


def _as_field(spec: Spec, default: Any = None) -> Any:
    if spec.widget in LISTS:
        return field(default_factory=list, metadata={"spec": spec})
    return field(default=spec.empty if default is None else default, metadata={"spec": spec})


def line(label: Text, **more: Any) -> Any:
    """One line of words."""
    return _as_field(Spec(widget="line", label=label, is_words=True, **more))


def text(label: Text, *, longest: int = 1_000, **more: Any) -> Any:
    """Some sentences without markup."""
    return _as_field(Spec(widget="text", label=label, longest=longest, is_words=True, **more))


def rich(label: Text, *, longest: int = 60_000, **more: Any) -> Any:
    """Words with headings, lists, links and the like."""
    return _as_field(Spec(widget="rich", label=label, longest=longest, is_words=True, **more))


def sentences(label: Text, **more: Any) -> Any:
    """A few sentences, each on a line of its own."""
    return _as_field(Spec(widget="sentences", label=label, is_words=True, **more))


def link(label: Text, **more: Any) -> Any:
    """An address: a path of this shop, or https, mailto, tel."""
    return _as_field(Spec(widget="link", label=label, longest=500, is_words=True, **more))


def flag(label: Text, *, default: bool = False, **more: Any) -> Any:
    """Yes or no."""
    return _as_field(Spec(widget="flag", label=label, **more), default)


def number(label: Text, *, default: int = 0, **more: Any) -> Any:
    """A whole number, not below nought."""
    return _as_field(Spec(widget="number", label=label, **more), default)


def choice(label: Text, choices: Mapping[str, Text], **more: Any) -> Any:
    """One of a few; the first is meant where nothing was said."""
    return _as_field(Spec(widget="choice", label=label, choices=choices, **more))


def icon(label: Text, **more: Any) -> Any:
    """The name of a sign; none is a choice too."""
    return _as_field(Spec(widget="icon", label=label, **more))


def picture(label: Text, **more: Any) -> Any:
    """A picture of the media library, by its id."""
    return _as_field(Spec(widget="picture", label=label, **more))


def file(label: Text, **more: Any) -> Any:
    """A file of the media library, by its id."""
    return _as_field(Spec(widget="file", label=label, **more))


def promotion(label: Text, **more: Any) -> Any:
    """One of the shop's promotions, by its id."""
    return _as_field(Spec(widget="promotion", label=label, **more))


def group(label: Text, **more: Any) -> Any:
    """One of the shop's groups of endings, by its address; none is a choice too."""
    return _as_field(Spec(widget="group", label=label, **more))


def category(label: Text, **more: Any) -> Any:
    """One of the shop's categories of news, by its id; none is a choice too."""
    return _as_field(Spec(widget="category", label=label, **more))


def endings(label: Text, **more: Any) -> Any:
    """Endings of domain names, without the dot."""
    return _as_field(Spec(widget="endings", label=label, most=500, **more))


def rows(label: Text, parts: Mapping[str, Spec], *, most: int = MOST_ROWS, **more: Any) -> Any:
    """A list whose entries have fields of their own."""
    return _as_field(Spec(widget="rows", label=label, parts=parts, most=most, **more))


def part(widget: Widget, label: Text, **more: Any) -> Spec:
    """Return a field of a row; words are words wherever they stand."""
    defaults: dict[str, Any] = {"text": {"longest": 1_000}, "rich": {"longest": 60_000}, "link": {"longest": 500}}
    is_words = widget in {"line", "text", "rich", "sentences", "link"}
    return Spec(widget=widget, label=label, **{"is_words": is_words, **defaults.get(widget, {}), **more})
