"""rule: blocks that hold what an editor wrote."""

from dataclasses import dataclass
from typing import ClassVar

from cms import block_fields as edited
from cms.block_base import Block
from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _

_HEADING = _("Heading")
_TEXT = _("Text")


@dataclass(frozen=True, kw_only=True)
class Hero(Block):
    """The first thing a visitor sees."""

    kind: ClassVar[str] = "hero"
    label: ClassVar[Text] = _("Opening")
    about: ClassVar[Text] = _("The first thing visitors see: a large heading, with the search box or with buttons.")
    sign: ClassVar[str] = "home"
    title: str = edited.line(_HEADING, is_required=True)
    text: str = edited.text(_TEXT, longest=400)
    search: bool = edited.flag(_("With the search box"), default=True)
    placeholder: str = edited.line(_("Words in the empty search box"), longest=60)
    links: list[dict[str, str]] = edited.rows(
        _("Links below the search box"),
        {
            "label": edited.part("line", _("Words of the link"), longest=60, is_required=True),
            "url": edited.part("link", _("Leads to"), is_required=True),
            "icon": edited.part("icon", _("Sign")),
        },
        most=3,
        add=_("Add a link"),
    )
    buttons: list[dict[str, str]] = edited.rows(
        _("Buttons, where there is no search box"),
        {
            "label": edited.part("line", _("Words of the link"), longest=60, is_required=True),
            "url": edited.part("link", _("Leads to"), is_required=True),
        },
        most=3,
        add=_("Add a button"),
    )


@dataclass(frozen=True, kw_only=True)
class RichText(Block):
    """What an editor wrote, cleaned by allow-list on the way in and out."""

    kind: ClassVar[str] = "rich_text"
    label: ClassVar[Text] = _("Text")
    about: ClassVar[Text] = _("Paragraphs with headings, lists and links.")
    sign: ClassVar[str] = "pages"
    title: str = edited.line(_HEADING)
    html: str = edited.rich(_TEXT, is_required=True)


@dataclass(frozen=True, kw_only=True)
class Columns(Block):
    """Two or three texts side by side."""

    kind: ClassVar[str] = "columns"
    label: ClassVar[Text] = _("Columns")
    about: ClassVar[Text] = _("Two or three texts side by side.")
    sign: ClassVar[str] = "columns"
    title: str = edited.line(_HEADING)
    columns: list[dict[str, str]] = edited.rows(
        _("Columns"),
        {"title": edited.part("line", _HEADING), "html": edited.part("rich", _TEXT, is_required=True)},
        most=3,
        add=_("Add a column"),
        begins=True,
    )


@dataclass(frozen=True, kw_only=True)
class Features(Block):
    """Reasons side by side."""

    kind: ClassVar[str] = "features"
    label: ClassVar[Text] = _("Reasons")
    about: ClassVar[Text] = _("What speaks for you, side by side, each with a sign and a few points.")
    sign: ClassVar[str] = "star"
    title: str = edited.line(_HEADING)
    text: str = edited.text(_TEXT, longest=400)
    items: list[dict[str, object]] = edited.rows(
        _("Reasons"),
        {
            "icon": edited.part("icon", _("Sign")),
            "title": edited.part("line", _HEADING, is_required=True),
            "text": edited.part("text", _TEXT, longest=400),
            "points": edited.part("sentences", _("Points, one on each line")),
            "url": edited.part("link", _("Leads to")),
            "button": edited.part("line", _("Words of the button"), longest=60),
        },
        most=12,
        add=_("Add a reason"),
        begins=True,
    )


@dataclass(frozen=True, kw_only=True)
class CallToAction(Block):
    """One sentence and one button."""

    kind: ClassVar[str] = "call_to_action"
    label: ClassVar[Text] = _("Call to action")
    about: ClassVar[Text] = _("One sentence and one button.")
    sign: ClassVar[str] = "bolt"
    title: str = edited.line(_HEADING, is_required=True)
    text: str = edited.text(_TEXT, longest=400)
    url: str = edited.link(_("Leads to"), is_required=True)
    button: str = edited.line(_("Words of the button"), longest=60, is_required=True)
    icon: str = edited.icon(_("Sign"))


@dataclass(frozen=True, kw_only=True)
class Faq(Block):
    """Questions that open."""

    kind: ClassVar[str] = "faq"
    label: ClassVar[Text] = _("Questions")
    about: ClassVar[Text] = _("Questions that open to their answers; search engines show them too.")
    sign: ClassVar[str] = "question"
    title: str = edited.line(_HEADING)
    questions: list[dict[str, str]] = edited.rows(
        _("Questions"),
        {
            "question": edited.part("line", _("Question"), is_required=True),
            "answer": edited.part("rich", _("Answer"), longest=10_000, is_required=True),
        },
        add=_("Add a question"),
        begins=True,
    )


@dataclass(frozen=True, kw_only=True)
class Testimonials(Block):
    """What customers said."""

    kind: ClassVar[str] = "testimonials"
    label: ClassVar[Text] = _("Voices")
    about: ClassVar[Text] = _("What customers said of you, in their own words and with their names.")
    sign: ClassVar[str] = "quote"
    title: str = edited.line(_HEADING)
    voices: list[dict[str, str]] = edited.rows(
        _("Voices"),
        {
            "text": edited.part("text", _("What they said"), longest=600, is_required=True),
            "name": edited.part("line", _("Who said it"), longest=80, is_required=True),
            "role": edited.part("line", _("Who they are"), longest=80),
        },
        most=12,
        add=_("Add a voice"),
        begins=True,
    )


@dataclass(frozen=True, kw_only=True)
class RawTable(Block):
    """A table as it comes out of a spreadsheet."""

    kind: ClassVar[str] = "raw_table"
    label: ClassVar[Text] = _("Table")
    about: ClassVar[Text] = _("Rows and columns, pasted from a spreadsheet or typed with bars between the cells.")
    sign: ClassVar[str] = "menu"
    title: str = edited.line(_HEADING)
    text: str = edited.text(
        _("Rows"),
        longest=20_000,
        is_required=True,
        help=_("One row on each line, the cells with | between them."),
    )
    has_head: bool = edited.flag(_("The first row names the columns"), default=True)
    has_side: bool = edited.flag(_("The first column names the rows"), default=True)
    note: str = edited.line(_("A word below the table"))


@dataclass(frozen=True, kw_only=True)
class LegalText(Block):
    """Terms, privacy, imprint: long words with chapters."""

    kind: ClassVar[str] = "legal_text"
    label: ClassVar[Text] = _("Legal text")
    about: ClassVar[Text] = _("Terms, privacy or imprint: its headings become a list of contents with links.")
    sign: ClassVar[str] = "file"
    title: str = edited.line(_HEADING)
    since: str = edited.line(_("Since when it holds"), longest=80, help=_("Such as: in force since 1 March 2026"))
    html: str = edited.rich(_TEXT, longest=120_000, is_required=True)


@dataclass(frozen=True, kw_only=True)
class Divider(Block):
    """Room or a line between two blocks."""

    kind: ClassVar[str] = "divider"
    label: ClassVar[Text] = _("Divider")
    about: ClassVar[Text] = _("A line, a sign or just room between two blocks.")
    sign: ClassVar[str] = "minus"
    look: str = edited.choice(_("Look"), {"line": _("A line"), "sign": _("A sign"), "room": _("Room")})


@dataclass(frozen=True, kw_only=True)
class Frame(Block):
    """Words that stand out."""

    kind: ClassVar[str] = "frame"
    label: ClassVar[Text] = _("Frame")
    about: ClassVar[Text] = _("Words in a frame that stand out: a hint, good news, or something to mind.")
    sign: ClassVar[str] = "frame"
    title: str = edited.line(_HEADING)
    html: str = edited.rich(_TEXT, longest=10_000, is_required=True)
    tone: str = edited.choice(
        _("What it is"),
        {
            "info": _("A hint"),
            "success": _("Good news"),
            "warning": _("Something to mind"),
            "neutral": _("Just a frame"),
        },
    )


@dataclass(frozen=True, kw_only=True)
class NewsList(Block):
    """What lies below a page, the newest first."""

    kind: ClassVar[str] = "news_list"
    label: ClassVar[Text] = _("News")
    about: ClassVar[Text] = _("The pages below a page with their dates, the newest first, with a feed.")
    sign: ClassVar[str] = "megaphone"
    most_on_page: ClassVar[int] = 10
    title: str = edited.line(_HEADING)
    page: str = edited.link(
        _("Below which page"), help=_("Its address, such as /news. Empty means the page that this stands on.")
    )
    category: str = edited.category(
        _("Only about"), help=_("None means everything; on its own page, visitors then choose for themselves.")
    )
    most: int = edited.number(_("How many at once"), default=6)
    url: str = edited.link(_("Leads to all of them"))
    button: str = edited.line(_("Words of that link"), longest=60)
