"""The form of a frame: what may be chosen for its kind, and the window that shows it before it is kept."""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from flask import g

from frames.kinds import GOES_BACK, GOES_TO_SHOP, STAYS, Kind
from frames.models import Frame
from frames.options import LOOKS, NAMES, USUAL, Options, read_options
from frames.settings import LONGEST_NAME, options_of, places_of
from frames.sites import sites
from frames.window import PREVIEW, preview_pass
from storefront.catalog.queries import assortment
from storefront.core.errors import Refused
from storefront.core.i18n import Text, lazy_words
from storefront.core.i18n import lazy_gettext as _
from storefront.web.fields import Choice, Pick, Several, options
from storefront.web.forms import Form, Line
from storefront.web.locale import NATIVE_NAMES
from tenants.resellers import current_reseller

STARTS: Final[Mapping[str, Text]] = {
    "one": _("One name"),
    "many": _("Many names at once"),
    "choose": _("Choosing a name"),
    "cart": _("The cart"),
}
ENDINGS: Final[Mapping[str, Text]] = {
    STAYS: _("The window says so and stays"),
    GOES_BACK: _("Visitors come back to your page"),
    GOES_TO_SHOP: _("Visitors go on to your shop"),
}
EVERYWHERE, SOME = "everywhere", "some"


class FrameForm(Form):
    """What a frame is called, how it looks, how it begins and ends, and where it may stand."""

    name = Line(lazy_words("Name"), longest=LONGEST_NAME)
    language = Pick(lazy_words("Language"))
    look = Choice(lazy_words("Look"))
    accent = Line(lazy_words("Colour"), longest=7, optional=True)
    group = Pick(lazy_words("Extensions"))
    start = Pick(lazy_words("Begins with"))
    ending = Pick(lazy_words("At the end"))
    campaign = Line(lazy_words("Campaign"), longest=60, optional=True)
    where = Choice(lazy_words("Where it may stand"))
    sites = Several(lazy_words("Sites"))

    @property
    def chosen(self) -> dict[str, str]:
        """What was chosen, by the names of frames/options.py."""
        return {name: self[name].data or "" for name in NAMES if name in self}

    @property
    def places(self) -> list[UUID] | None:
        """The sites it may stand on; ``None`` for all. Raises ``Refused`` where none was chosen."""
        if self.where.data != SOME:
            return None
        if not self.sites.data:
            raise Refused(_("Choose at least one site."), field="sites")
        return [UUID(each) for each in self.sites.data]


def form_for(kind: Kind, frame: Frame | None = None) -> FrameForm:
    """Make the form for a new frame of a kind, or for one that is there."""
    chosen = options_of(frame) if frame else USUAL
    some = [str(each) for each in places_of(g.db, frame)] if frame and not frame.is_everywhere else []
    form = FrameForm(
        data={
            **{name: getattr(chosen, name) for name in NAMES},
            "name": frame.name if frame else str(kind.title),
            "start": chosen.start or next(iter(kind.steps), ""),
            "ending": chosen.ending or kind.endings[0],
            "where": SOME if frame and not frame.is_everywhere else EVERYWHERE,
            "sites": some,
        }
    )
    groups, places = _groups(chosen), [(str(site.id), site.origin.removeprefix("https://")) for site in sites(g.db)]
    wheres = [(EVERYWHERE, _("On all sites that are proven to be yours")), (SOME, _("Only on these:"))]
    form.language.choices = [("", str(_("The visitor's own"))), *_languages(chosen)]
    form.look.choices = options(LOOKS.items())
    form.start.choices = options(_of(STARTS, kind.steps))
    form.ending.choices = options(_of(ENDINGS, kind.endings))
    form.group.choices = [("", str(_("All"))), *groups]
    form.where.choices = options(wheres if places else wheres[:1])
    form.sites.choices = places
    # What there is nothing to choose about is left out.
    is_asked = {
        "start": len(kind.steps) > 1,
        "ending": len(kind.endings) > 1,
        "group": kind.has_group and bool(groups),
        "campaign": "campaign" in kind.prefills,
    }
    for name in [name for name, is_so in is_asked.items() if not is_so]:
        del form[name]
    return form


def _of(words: Mapping[str, Text], keys: Iterable[str]) -> list[tuple[str, Text]]:
    return [(key, words[key]) for key in keys]


def _languages(chosen: Options) -> list[tuple[str, str]]:
    """The languages of the shop, and the one that was chosen when it still spoke it."""
    spoken = spoken_languages()
    spoken += [chosen.language] if chosen.language and chosen.language not in spoken else []
    return [(tag, NATIVE_NAMES.get(tag, tag)) for tag in spoken]


def spoken_languages() -> list[str]:
    """The languages of the shop."""
    reseller = current_reseller(g.db)
    return [*(reseller.locales or [reseller.default_locale])]


def _groups(chosen: Options) -> list[tuple[str, str]]:
    found = [(group.slug, group.title.in_(g.locale)) for group in assortment(g.db).groups if group.slug]
    gone = chosen.group and chosen.group not in {slug for slug, _title in found}
    return [*found, *([(chosen.group, chosen.group)] if gone else [])]


def preview_address(kind: Kind) -> str:
    """Return where the window of a kind is shown in the office, on this very host, in the language that is chosen."""
    return f"/frames/{kind.key}/{PREVIEW}"


def preview_query(kind: Kind, given: Mapping[str, Any]) -> str:
    """Write choices as the query of a preview; what does not hold is left out."""
    return urlencode(read_options(kind, given).as_row() | preview_leave())


def preview_leave() -> dict[str, str]:
    """What opens a preview while the shop itself is not open."""
    return {"pass": preview_pass(g.db)}
