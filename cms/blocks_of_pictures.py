"""rule: blocks that show what lies in the media library."""

from dataclasses import dataclass
from typing import ClassVar

from cms import block_fields as edited
from cms.block_base import Block
from cms.embeds import embed_problem
from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _

_HEADING = _("Heading")
_TEXT = _("Text")
_PICTURE = _("Picture")


@dataclass(frozen=True, kw_only=True)
class Image(Block):
    """One picture."""

    kind: ClassVar[str] = "image"
    label: ClassVar[Text] = _("Picture")
    about: ClassVar[Text] = _("One picture, with a line below it if you like.")
    sign: ClassVar[str] = "image"
    area: ClassVar[str] = "pictures"
    picture: str = edited.picture(_PICTURE, is_required=True)
    caption: str = edited.line(_("Words below the picture"), longest=300)
    size: str = edited.choice(_("Size"), {"l": _("As wide as the page"), "m": _("As wide as a text"), "s": _("Small")})


@dataclass(frozen=True, kw_only=True)
class Gallery(Block):
    """Pictures side by side; each opens large."""

    kind: ClassVar[str] = "gallery"
    label: ClassVar[Text] = _("Gallery")
    about: ClassVar[Text] = _("Several pictures side by side; a click shows one large.")
    sign: ClassVar[str] = "grid"
    area: ClassVar[str] = "pictures"
    title: str = edited.line(_HEADING)
    pictures: list[dict[str, str]] = edited.rows(
        _("Pictures"),
        {
            "picture": edited.part("picture", _PICTURE, is_required=True),
            "caption": edited.part("line", _("Words below the picture")),
        },
        is_required=True,
        add=_("Add a picture"),
        most=24,
    )


@dataclass(frozen=True, kw_only=True)
class Downloads(Block):
    """Files to take along."""

    kind: ClassVar[str] = "downloads"
    label: ClassVar[Text] = _("Downloads")
    about: ClassVar[Text] = _("Files to take along, each with its kind and size.")
    sign: ClassVar[str] = "download"
    area: ClassVar[str] = "pictures"
    title: str = edited.line(_HEADING)
    text: str = edited.text(_TEXT, longest=400)
    files: list[dict[str, str]] = edited.rows(
        _("Files"),
        {
            "file": edited.part("file", _("File"), is_required=True),
            "label": edited.part("line", _("What it is"), is_required=True),
            "about": edited.part("line", _("More about it")),
        },
        add=_("Add a file"),
        is_required=True,
        most=24,
    )


@dataclass(frozen=True, kw_only=True)
class Embed(Block):
    """A film, a sound or a map of another site; nothing is asked of it before a click."""

    kind: ClassVar[str] = "embed"
    label: ClassVar[Text] = _("Film, sound or map")
    about: ClassVar[Text] = _(
        "From YouTube, Vimeo, Spotify or OpenStreetMap; they hear of a visitor only after a click."
    )
    sign: ClassVar[str] = "external"
    area: ClassVar[str] = "pictures"
    title: str = edited.line(_HEADING)
    address: str = edited.link(
        _("Address"), is_required=True, check=embed_problem, help=_("Copy it from your browser, as it stands there.")
    )
    about_it: str = edited.line(_("What it shows"), is_required=True, help=_("Read aloud to those who do not see it."))
    caption: str = edited.line(_("Words below it"), longest=300)
