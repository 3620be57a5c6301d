"""A look's pictures: an uploaded logo or mark becomes the files that pages, letters, papers and browsers show."""

from collections.abc import Mapping
from typing import Any, Final

from PIL import Image

from storefront.core import files
from storefront.core.db import Work
from storefront.core.i18n import gettext as _
from tenants.brand_colours import brand_from, plain_colours
from tenants.pictures import fitted, icons_from, logo_from, png, read_picture, trimmed
from tenants.resellers import current_reseller

ICONS: Final = ("ico", "icon", "touch", "large", "mask")
SLOTS: Final = ("light", "dark", "mark")
# What belongs beside a logo, by its name among the pictures; ``<slot>_beside`` keeps the logo it was chosen for.
COMPANIONS: Final = {"dark": "logo_dark", "mark": "mark"}


def with_logo(db: Work, pictures: Mapping[str, Any], slot: str, content: bytes, *, ground: str) -> dict[str, Any]:
    """Return the pictures of a look with an uploaded one: ``slot`` is light, dark (logos) or mark (the square icon).

    Files are named by their content, so an upload that is not published in the end harms nobody. Raises ``Refused``.
    """
    kept = dict(pictures)
    if slot == "mark":
        picture = trimmed(read_picture(content))
        kept["mark"] = _keep(db, png(fitted(picture, (512, 512))))
        return fitting(_with_icons(db, kept, picture, ground), slot)
    logo, picture = logo_from(content)
    if slot == "light":
        kept = _noting_the_old_logo(kept)
    kept[f"logo_{slot}"], kept[f"letter_{slot}"] = _keep(db, logo.page), _keep(db, logo.letter)
    if slot == "light" or "logo_light" not in kept:
        kept["size"] = [logo.width, logo.height]
        kept["colour"] = logo.colour
        if "mark" not in kept:
            kept = _with_icons(db, kept, picture, ground)
    return fitting(kept, slot) if slot == "dark" else kept


def _noting_the_old_logo(pictures: Mapping[str, Any]) -> dict[str, Any]:
    """Say beside which logo the other pictures were chosen, now that another one comes."""
    old = pictures.get("logo_light")
    noted = {f"{slot}_beside": old for slot, name in COMPANIONS.items() if old and name in pictures}
    return {**noted, **pictures}


def fitting(pictures: Mapping[str, Any], slot: str) -> dict[str, Any]:
    """Return the pictures of a look, one of which (dark or mark) fits the logo that is there now."""
    others = {name: value for name, value in pictures.items() if name != f"{slot}_beside"}
    logo = pictures.get("logo_light")
    return {**others, f"{slot}_beside": logo} if logo else others


def older(pictures: Mapping[str, Any]) -> list[str]:
    """Name the pictures (dark, mark) that were chosen beside another logo than the one that is there now."""
    logo = pictures.get("logo_light")
    return [
        slot for slot, name in COMPANIONS.items() if name in pictures and logo != pictures.get(f"{slot}_beside", logo)
    ]


def without(pictures: Mapping[str, Any], slot: str) -> dict[str, Any]:
    """Return the pictures of a look without one of them, and without what was derived from it."""
    gone = {f"logo_{slot}", f"letter_{slot}"} if slot != "mark" else {"mark", *ICONS}
    gone.add(f"{slot}_beside")
    if slot == "light":
        gone |= {"size", "colour"} | (set(ICONS) if "mark" not in pictures else set())
    return {name: value for name, value in pictures.items() if name not in gone}


def main_colour_of(pictures: Mapping[str, Any]) -> str:
    """Return the colour the logo is mostly painted in, or ""."""
    return str(pictures.get("colour", ""))


def logo_note(pictures: Mapping[str, Any]) -> str:
    """Say what is missing of the pictures, or ""."""
    if pictures.get("logo_light") and not pictures.get("icon"):
        return _(
            "Your logo is wide, so browser tabs show the first letter of your name. Add a square icon if you have one."
        )
    return ""


def ground_of(values: Mapping[str, Any]) -> str:
    """Return what stands behind an icon that must be filled: the page's own ground."""
    return plain_colours(brand_from(values)).surface


def shown_pictures(db: Work) -> set[str]:
    """Return the digests of the pictures this shop shows to everybody."""
    reseller = current_reseller(db)
    found = {reseller.logo_light, reseller.logo_dark, *reseller.settings.get("pictures", {}).values()}
    return {digest for digest in found if digest}


def _with_icons(db: Work, pictures: dict[str, Any], picture: Image.Image, ground: str) -> dict[str, Any]:
    icons = icons_from(picture, ground)
    if icons is None:
        return {name: value for name, value in pictures.items() if name not in ICONS}
    return {**pictures, **{name: _keep(db, content) for name, content in icons.items()}}


def _keep(db: Work, content: bytes) -> str:
    return files.keep(db.config, db.reseller_id, content)
