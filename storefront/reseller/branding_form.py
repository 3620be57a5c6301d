"""The fields of a look: colours, shape, pictures; read from a look and turned into one."""

import json
from collections.abc import Mapping
from typing import Any, Final

from flask import g
from wtforms import FileField, HiddenField

from storefront.core.db import Work
from storefront.core.errors import Refused
from storefront.core.i18n import Text
from storefront.core.i18n import lazy_words as _
from storefront.core.sealing import Unsealable, seal, unseal
from storefront.web.fields import Choice, Pick, Tick, options
from storefront.web.forms import FormWithFiles, Line
from tenants.brand_colours import COLOURS, Brand, brand_from
from tenants.brand_pictures import COMPANIONS, SLOTS, fitting, ground_of, main_colour_of, with_logo, without
from tenants.branding import Look

PURPOSE: Final = "brand-pictures"

RADII: Final[Mapping[str, Text]] = {
    "0px": _("Square"),
    "4px": _("A little round"),
    "8px": _("Round"),
    "10px": _("Rounder"),
    "16px": _("Very round"),
}
FONTS: Final[Mapping[str, Text]] = {
    "plain": _("Plain"),
    "serif": _("With serifs"),
    "strong": _("Strong"),
    "round": _("Soft"),
}
SCHEMES: Final[Mapping[str, Text]] = {
    "both": _("Light and dark, as the visitor's device wants it"),
    "light": _("Always light"),
    "dark": _("Always dark"),
}
HERO_GROUNDS: Final[Mapping[str, Text]] = {
    "brand": _("Your colour"),
    "soft": _("A breath of your colour"),
    "page": _("White or black, like the page"),
}
HERO_ARTS: Final[Mapping[str, Text]] = {
    "none": _("No pattern"),
    "peaks": _("Mountains"),
    "circles": _("Circles"),
    "tiles": _("Tiles"),
    "dots": _("Dots"),
    "rays": _("Rays"),
    "waves": _("Waves"),
}
CHOICES: Final = {
    "radius": RADII,
    "font": FONTS,
    "scheme": SCHEMES,
    "hero_ground": HERO_GROUNDS,
    "hero_art": HERO_ARTS,
}


class Colour(Line):
    """A colour as #rrggbb; the page puts a colour picker beside it."""

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        super().__init__(label, longest=16, optional=True, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take a colour without its #, and a short one, as people write them."""
        super().process_formdata(valuelist)
        digits = (self.data or "").lower().removeprefix("#")
        if digits and set(digits) <= set("0123456789abcdef"):
            short = 3
            self.data = "#" + ("".join(2 * digit for digit in digits) if len(digits) == short else digits)


class LookForm(FormWithFiles):
    """Everything of a look; ``edition`` and ``pictures`` say what it was made from."""

    brand = Colour(_("Brand colour"))
    accent = Colour(_("Second colour"))
    page = Colour(_("Page"))
    surface = Colour(_("Cards and boxes"))
    header = Colour(_("Header"))
    footer = Colour(_("Footer"))
    menu = Colour(_("Menu of the panel"))
    text = Colour(_("Text"))
    link = Colour(_("Links"))
    button = Colour(_("Main button"))
    success = Colour(_("Success"))
    warning = Colour(_("Warning"))
    danger = Colour(_("Error"))
    radius = Pick(_("Corners"))
    font = Pick(_("Headings"))
    scheme = Choice(_("Light or dark"))
    hero_ground = Pick(_("Ground of the large banner"))
    hero_art = Pick(_("Pattern of the large banner"))
    light_file = FileField(_("Logo"))
    dark_file = FileField(_("Logo for dark grounds"))
    mark_file = FileField(_("Square icon"))
    light_gone = Tick(_("Take this picture away"))
    dark_gone = Tick(_("Take this picture away"))
    mark_gone = Tick(_("Take this picture away"))
    dark_fits = Tick(_("It fits the new logo"))
    mark_fits = Tick(_("It fits the new logo"))
    edition = HiddenField()
    pictures = HiddenField()

    def offer(self, look: Look, edition: str) -> "LookForm":
        """Fill in the lists, and on a first look the values."""
        for name, words in CHOICES.items():
            field: Any = self[name]
            field.choices = options(words.items())
        if self.brand.raw_data is None:
            brand = brand_from(look.values)
            for name in (*COLOURS, *CHOICES):
                self[name].data = getattr(brand, name)
            self.edition.data = edition
        if not self.pictures.data:
            self.pictures.data = _sealed(look.pictures)
        return self

    def kept_pictures(self, fallback: Mapping[str, Any]) -> dict[str, Any]:
        """Return the pictures this form stands for: sealed by us, since each is shown to everybody one day."""
        try:
            found = json.loads(unseal(g.db.config, self.pictures.data or "", purpose=PURPOSE, owner=g.db.reseller_id))
        except (Unsealable, ValueError):
            return dict(fallback)
        return dict(found)

    def take_pictures(self, db: Work, before: Mapping[str, Any]) -> dict[str, Any]:
        """Take in what was uploaded or taken away; a refusal lands beside its field and loses nothing else."""
        pictures = self.kept_pictures(before)
        for slot in SLOTS:
            field, gone = self[f"{slot}_file"], self[f"{slot}_gone"]
            if gone.data:
                pictures = without(pictures, slot)
            elif slot in COMPANIONS and self[f"{slot}_fits"].data:
                pictures = fitting(pictures, slot)
            upload = field.data
            if not upload or not getattr(upload, "filename", ""):
                continue
            try:
                pictures = with_logo(db, pictures, slot, upload.read(), ground=self._ground(pictures))
            except Refused as no:
                field.errors = [*field.errors, str(no.message)]
        self.pictures.data = _sealed(pictures)
        return pictures

    def values(self, fallback: Brand, pictures: Mapping[str, Any]) -> dict[str, Any]:
        """Return what ``brand_from`` takes; without a brand colour the logo's own stands in."""
        found = {name: self[name].data for name in (*COLOURS, *CHOICES) if self[name].data}
        if not found.get("brand"):
            found["brand"] = main_colour_of(pictures) or fallback.brand
        return found

    def _ground(self, pictures: Mapping[str, Any]) -> str:
        """Return what stands behind a filled icon; a colour that is wrong is told beside its own field."""
        try:
            return ground_of(self.values(Brand(), pictures))
        except Refused:
            return ground_of({})

    @property
    def has_wrong_pictures(self) -> bool:
        """Whether an upload was refused."""
        return any(self[f"{slot}_file"].errors for slot in SLOTS)


def _sealed(pictures: Mapping[str, Any]) -> str:
    return seal(g.db.config, json.dumps(dict(pictures)), purpose=PURPOSE, owner=g.db.reseller_id)
