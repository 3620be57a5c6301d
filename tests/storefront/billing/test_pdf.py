"""Paper: says what it is, adds up, breaks pages well, and loads nothing that it was not given."""

import socket
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from io import BytesIO

import pytest
from jinja2 import DictLoader, Environment
from pypdf import PdfReader

from storefront.billing.paper import DocumentFacts, Party
from storefront.billing.pdf import Asset, brand_sheet, percent, render_html, render_pdf, vat_word
from storefront.core.i18n import speaking
from tenants.themes import plain_environment, teach
from tests.storefront.billing.papers import BUYER, REJESTRATOR, line, make_invoice, make_proforma

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc00000030101"
    "00c9fe92ef0000000049454e44ae426082",
)
LOGO = {"logo": Asset(data=PIXEL, media_type="image/png")}


def read(facts: DocumentFacts, **assets: Asset) -> PdfReader:
    return PdfReader(BytesIO(render_pdf(facts, plain_environment(), assets=assets)))


def text_of(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_proforma_says_what_it_is_and_how_to_pay() -> None:
    reader = read(make_proforma())

    text = text_of(reader)
    expected = (
        "Proforma",
        "PF-2025-04417",
        "to be paid by 28 November 2025",
        "This is a proforma, not a VAT invoice.",
        "Nordhost Oy",
        "Aurora Ceramics Ltd",
        "VAT number IE6388047V",
        "VAT 25.5 %",
        "To pay €42.35",
        "FI21 1234 5600 0007 85",
        "nordhost.example/pay/7QK4-M2XD",
        "Page 1 of 1",
    )
    assert [words for words in expected if words not in text] == []
    assert "VAT invoice NH" not in text


def test_invoice_says_what_it_is_and_that_it_is_paid() -> None:
    text = text_of(read(make_invoice()))

    expected = ("VAT invoice", "NH-2025-01802", "date of supply 22 November 2025", "proforma PF-2025-04417")
    assert [words for words in expected if words not in text] == []
    assert "Paid on 22 November 2025 Received: €42.35 (card). Thank you." in text
    assert "€10.00" in text, "each line says its price without VAT"
    assert "Still to pay €0.00" in text
    assert "IBAN" not in text


def test_invoice_of_an_exempt_seller_is_not_called_a_vat_invoice() -> None:
    exempt = replace(line(percent="0")[1], category="E")
    proforma = make_proforma([("aurora.com", exempt)], kind="invoice", notes=("TVA non applicable, art. 293 B du CGI",))

    text = text_of(read(proforma))

    assert "VAT invoice" not in text
    assert "TVA non applicable, art. 293 B du CGI" in text


def test_pdf_names_its_title_language_and_author() -> None:
    reader = read(make_proforma(language="pl"))

    assert reader.metadata is not None
    assert (reader.metadata.title, reader.metadata.author) == ("Faktura pro forma PF-2025-04417", "Nordhost Oy")
    assert str(reader.root_object["/Lang"]) == "pl"
    assert str(reader.root_object["/MarkInfo"]) == "{'/Marked': True}"


def test_pdf_of_equal_facts_is_equal_to_the_byte() -> None:
    facts = replace(make_invoice(), brand=replace(REJESTRATOR, logo="logo"))

    one, other = (render_pdf(facts, plain_environment(), assets=LOGO) for _turn in range(2))

    assert one == other


def test_pdf_of_a_hundred_lines_repeats_its_head_and_counts_its_pages() -> None:
    reader = read(make_proforma([line(f"name-{number:03}.com") for number in range(100)]))

    pages = [" ".join(page.extract_text().split()) for page in reader.pages]
    count = len(pages)
    assert 5 <= count <= 8
    assert [number for number, page in enumerate(pages, 1) if f"Page {number} of {count}" not in page] == []
    assert ["Description Period Qty" in page for page in pages if "name-" in page] == [True] * sum(
        "name-" in page for page in pages
    )
    assert all("Nordhost Proforma PF-2025-04417" in page for page in pages[1:])
    assert sum(page.count("name-") for page in pages) == 100


def test_pdf_of_mad_words_stays_on_its_page() -> None:
    mad = Party(name="W" * 10_000, lines=("\u202eΩ" * 3000, "{{ 7*7 }}", "<b>&amp;"), vat_number="9" * 500)
    facts = make_proforma([line("x" * 10_000), line("🦊" * 400)], buyer=mad, notes=("n " * 5000,))

    reader = read(facts)

    assert len(reader.pages) == 2
    assert "{{ 7*7 }} <b>&amp;" in text_of(reader)


def test_pdf_shows_the_logo_it_was_given() -> None:
    facts = make_proforma(brand=replace(REJESTRATOR, logo="logo"))

    assert len(read(facts, **LOGO).pages[0].images) == 1
    assert len(read(facts).pages[0].images) == 0


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        yield server


def knocks(server: socket.socket) -> int:
    try:
        server.accept()
    except BlockingIOError:
        return 0
    return 1


DATA = "data:image/png;base64," + b64encode(PIXEL).decode()
HUGE = "data:image/png;base64," + b64encode(PIXEL + bytes(200_000)).decode()
REACHES = [
    '<img src="{url}" alt="">',
    '<link rel="stylesheet" href="{url}">',
    '<link rel="attachment" href="{url}">',
    '<a rel="attachment" href="{url}">x</a>',
    '<style>@import url("{url}");</style>',
    '<style>body {{ background: url("{url}") }}</style>',
    '<style>@font-face {{ font-family: x; src: url("{url}") }} body {{ font-family: x }}</style>',
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><image href="{url}" width="9" height="9"/></svg>',
    '<object data="{url}"></object>',
    '<embed src="{url}">',
    '<base href="{url}"><img src="x" alt="">',
]


@pytest.mark.parametrize("construct", REACHES)
@pytest.mark.parametrize("kind", ["http", "file", "relative"])
def test_pdf_fetches_nothing_from_outside(construct: str, kind: str, listener: socket.socket) -> None:
    port = listener.getsockname()[1]
    url = {"http": f"http://127.0.0.1:{port}/x", "file": "file:///etc/hostname", "relative": "/etc/hostname"}[kind]
    page = f"<html lang=en><title>t</title><body>before {construct.format(url=url)} after"
    environment = teach(Environment(loader=DictLoader({"documents/proforma.html": page}), autoescape=True))

    pdf = render_pdf(make_proforma(), environment)

    reader = PdfReader(BytesIO(pdf))
    assert knocks(listener) == 0
    assert reader.attachments == {}
    assert "before" in text_of(reader)


@pytest.mark.parametrize(
    ("url", "images"),
    [("asset:logo", 1), ("asset:other", 0), ("asset://logo", 0), ("ASSET:logo", 0), (DATA, 1), (HUGE, 0)],
)
def test_pdf_loads_assets_it_was_given_and_small_data(url: str, images: int) -> None:
    page = f'<html lang=en><title>t</title><body><img src="{url}" alt="x">'
    environment = teach(Environment(loader=DictLoader({"documents/proforma.html": page}), autoescape=True))

    pdf = render_pdf(make_proforma(), environment, assets=LOGO)

    assert len(PdfReader(BytesIO(pdf)).pages[0].images) == images


def test_asset_of_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="no picture"):
        Asset(data=b"", media_type="text/html")


def test_html_escapes_what_people_typed() -> None:
    html = render_html(make_proforma(buyer=replace(BUYER, name='"><script>x</script>')), plain_environment())

    assert "<script>" not in html
    assert "&gt;&lt;script&gt;" in html


@pytest.mark.parametrize(
    ("locale", "value", "words"),
    [
        ("en", "25.5", "25.5\N{NO-BREAK SPACE}%"),
        ("en", "23", "23\N{NO-BREAK SPACE}%"),
        ("fr", "5.5", "5,5\N{NO-BREAK SPACE}%"),
        ("pl", "8", "8\N{NO-BREAK SPACE}%"),
        ("en", "0", "0\N{NO-BREAK SPACE}%"),
    ],
)
def test_percent_keeps_every_digit(locale: str, value: str, words: str) -> None:
    with speaking(locale):
        assert percent(Decimal(value)) == words


def test_vat_word_says_why_there_is_none() -> None:
    words = [vat_word(category, Decimal(0)) for category in ("AE", "E", "O", "Z")]

    assert words == ["reverse charge", "exempt", "not subject", "0\N{NO-BREAK SPACE}%"]


def test_brand_sheet_holds_only_colours_and_fonts_of_ours() -> None:
    sheet = brand_sheet(REJESTRATOR)

    assert "--fill:#ffc21a" in sheet
    assert "url(" not in sheet
    assert "@import" not in sheet
