"""A shop as its letters show it: name, plain colours, logo, legal lines."""

from dataclasses import dataclass
from typing import Final

from storefront.core.config import Config
from storefront.customers.addresses import address_lines, address_of
from tenants.brand_colours import Brand, PlainColours, brand_from, plain_colours
from tenants.links import shop_url
from tenants.models import Reseller

LOGO_HEIGHT: Final = 36
LOGO_TYPE: Final = "image/png"
# Mail programs have no fonts of ours; quotes are left out because the sheet stands in an attribute in the end.
_SANS: Final = "-apple-system,BlinkMacSystemFont,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif"
HEADINGS: Final = {
    "plain": f"font-family:{_SANS};font-weight:700;letter-spacing:-.02em",
    "serif": "font-family:Palatino Linotype,Palatino,Georgia,serif;font-weight:600;letter-spacing:-.01em",
    "strong": f"font-family:{_SANS};font-weight:800;letter-spacing:-.03em",
    "round": f"font-family:ui-rounded,SF Pro Rounded,Quicksand,Nunito,{_SANS};font-weight:700;letter-spacing:-.01em",
}


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture inside a letter: the file's digest and the id the HTML calls it by."""

    digest: str
    content_id: str


@dataclass(frozen=True, kw_only=True)
class Look:
    """Everything of a shop that its letters need. With a plain heading a theme may take a face of its own."""

    name: str
    url: str
    email: str
    phone: str
    legal_line: str
    registrations: tuple[str, ...]
    theme: str
    font: str
    heading: str
    has_plain_heading: bool
    radius: str
    scheme: str
    colours: PlainColours
    dark: PlainColours | None
    logo: Picture | None
    logo_dark: Picture | None
    logo_width: int
    logo_height: int

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """The pictures that travel with a letter."""
        return tuple(picture for picture in (self.logo, self.logo_dark) if picture is not None)


def look_of(config: Config, reseller: Reseller) -> Look:
    """Describe a shop for its letters."""
    brand = brand_from(reseller.brand)
    width, height = reseller.settings.get("logo_size", (180, 40))
    scale = min(1.0, LOGO_HEIGHT / height)
    seat = (reseller.legal_name, *address_lines(address_of(reseller)))
    return Look(
        name=reseller.name,
        url=shop_url(config, reseller),
        email=reseller.email,
        phone=reseller.phone,
        legal_line=", ".join(part for part in seat if part),
        registrations=tuple(reseller.legal_lines),
        theme=reseller.theme,
        font=_SANS,
        heading=HEADINGS[brand.font],
        has_plain_heading=brand.font == "plain",
        radius=brand.radius,
        scheme={"both": "light dark"}.get(brand.scheme, brand.scheme),
        colours=plain_colours(brand, "dark" if brand.scheme == "dark" else "light"),
        dark=plain_colours(brand, "dark") if brand.scheme == "both" else None,
        logo=_picture(_light(reseller, brand), "logo"),
        logo_dark=_picture(
            _logo(reseller, "dark") if brand.scheme == "both" and reseller.logo_light else None, "logo-dark"
        ),
        logo_width=round(width * scale),
        logo_height=round(height * scale),
    )


def _light(reseller: Reseller, brand: Brand) -> str | None:
    light = _logo(reseller, "light")
    return (_logo(reseller, "dark") or light) if brand.scheme == "dark" else light


def _logo(reseller: Reseller, ground: str) -> str | None:
    """Return the logo for light or dark grounds: the small one that was made for letters, where there is one."""
    whole: str | None = getattr(reseller, f"logo_{ground}")
    small: str | None = reseller.settings.get("pictures", {}).get(f"letter_{ground}")
    return small or whole if whole else None


def _picture(digest: str | None, content_id: str) -> Picture | None:
    return Picture(digest=digest, content_id=content_id) if digest else None
