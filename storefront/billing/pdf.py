"""A document as PDF: the theme's paper with frozen facts, rendered without a look at disk or network."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from jinja2 import Environment

from storefront.billing.iban import group_iban
from storefront.billing.paper import DocumentFacts, PaperBrand
from storefront.billing.payment_qr import qr_path
from storefront.billing.totals import Category
from storefront.core.i18n import format_percent, gettext, speaking
from tenants.themes import static_file

# A picture inside a stylesheet is small; anything larger comes as an asset.
LARGEST_DATA_URL: Final = 200_000
ASSET_TYPES: Final = frozenset({"image/png", "image/jpeg", "image/webp", "image/svg+xml"})

# Fonts of the four headings a brand may choose; the machine that renders has at least DejaVu and Liberation.
_SERIF: Final = '"Source Serif 4","Iowan Old Style",Palatino,"Liberation Serif",Georgia,serif'
_ROUND: Final = "Quicksand,Nunito,var(--font)"
_HEADINGS: Final[Mapping[str, str]] = {
    "plain": "--heading-font:var(--font);--heading-weight:700;--heading-tracking:-.02em",
    "serif": f"--heading-font:{_SERIF};--heading-weight:400;--heading-tracking:-.01em",
    "strong": "--heading-font:var(--font);--heading-weight:800;--heading-tracking:-.035em",
    "round": f"--heading-font:{_ROUND};--heading-weight:700;--heading-tracking:-.01em",
}


@dataclass(frozen=True, kw_only=True)
class Asset:
    """A picture that a document shows, such as the logo: its bytes and their media type."""

    data: bytes = field(repr=False)
    media_type: str

    def __post_init__(self) -> None:
        if self.media_type not in ASSET_TYPES:
            raise ValueError(f"{self.media_type} is no picture for a document")


def _fetcher(assets: Mapping[str, Asset]) -> Any:
    """Make the only way for a document to load anything: ``asset:`` ids we hold, and small ``data:`` addresses.

    A subclass, because in WeasyPrint 70 a plain function that raises ends the rendering; what is refused here is left
    out of the page.
    """
    from weasyprint.urls import URLFetcher, URLFetcherResponse  # noqa: PLC0415 - heavy; loaded where it is used

    class AssetFetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no type hints
        def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> Any:
            scheme, _, key = url.partition(":")
            if scheme == "asset" and key in assets:
                return URLFetcherResponse(url, assets[key].data, {"Content-Type": assets[key].media_type})
            if scheme == "data" and len(url) <= LARGEST_DATA_URL:
                return super().fetch(url, headers)
            raise ValueError(f"documents do not load {url[:100]}")

    return AssetFetcher(allowed_protocols=("data",), allow_redirects=False)


def percent(value: Decimal) -> str:
    """Write a VAT rate the way the current language does, with all its digits: 25.5 %."""
    return format_percent(value)


def vat_word(category: Category, vat_percent: Decimal) -> str:
    """Write what stands in the VAT column: the rate, or why there is none."""
    words = {"AE": gettext("reverse charge"), "E": gettext("exempt"), "O": gettext("not subject")}
    return words.get(category) or percent(vat_percent)


def _css_string(text: str) -> str:
    return '"' + "".join(char if char.isalnum() else f"\\{ord(char):x} " for char in text) + '"'


def _page_words() -> str:
    """Write "Page 1 of 2" in the current language as CSS, whose counters only the renderer can fill."""
    sentence = gettext("Page %(page)s of %(pages)s", page="\x01", pages="\x02")
    before, _, rest = sentence.partition("\x01")
    between, _, after = rest.partition("\x02")
    parts = (_css_string(before), "counter(page)", _css_string(between), "counter(pages)", _css_string(after))
    return " ".join(parts)


def brand_sheet(brand: PaperBrand) -> str:
    """Write the brand's colours and heading as CSS; every value was checked when the facts were made."""
    colours = {
        "fill": brand.fill,
        "edge": brand.edge,
        "soft": brand.soft,
        "ink": brand.ink,
        "ink-soft": brand.ink_soft,
        "line": brand.line,
        "radius": brand.radius,
    }
    roles = ";".join(f"--{name}:{value}" for name, value in colours.items())
    return f"html{{{roles};{_HEADINGS[brand.font]}}}.paper-pages::after{{content:{_page_words()}}}"


def render_html(facts: DocumentFacts, environment: Environment) -> str:
    """Render the paper's HTML in the document's language, by the templates of that environment's theme."""
    template = environment.get_template(f"documents/{facts.kind}.html")
    payload = facts.payment.qr_payload if facts.payment else ""
    with speaking(facts.language):
        return template.render(
            paper=facts,
            code=qr_path(payload) if payload else None,
            percent=percent,
            vat_word=vat_word,
            group_iban=group_iban,
        )


def render_pdf(facts: DocumentFacts, environment: Environment, *, assets: Mapping[str, Asset] | None = None) -> bytes:
    """Render a document as tagged PDF (PDF/UA-1), equal bytes for equal facts on one machine.

    ``environment`` is ``tenants.themes.plain_environment(facts.brand.theme)``; ``assets`` holds the logo under the id
    that the facts name. Belongs into the worker: WeasyPrint is heavy and takes its time.
    """
    from weasyprint import CSS, HTML  # noqa: PLC0415 - heavy; loaded where it is used

    fetcher = _fetcher(assets or {})
    sheet = static_file(facts.brand.theme, "css/document.css")
    if sheet is None:
        raise LookupError("the theme has no css/document.css")
    with speaking(facts.language):
        own = brand_sheet(facts.brand)
    styles = [CSS(string=text, url_fetcher=fetcher) for text in (own, sheet.read_text(encoding="utf-8"))]
    html = HTML(string=render_html(facts, environment), base_url="asset:", url_fetcher=fetcher)
    pdf: bytes = html.write_pdf(stylesheets=styles, pdf_variant="pdf/ua-1")
    return pdf
