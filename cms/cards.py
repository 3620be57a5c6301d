"""Pictures of pages for where their links are shared: drawn once, when somebody first asks, and kept on a shelf."""

import base64
import io
from collections.abc import Sequence
from datetime import timedelta
from threading import Lock
from typing import Final

from PIL import Image

from cms.card_layout import (
    LOGO_BOX,
    MEASURED_AT,
    ROW,
    Card,
    Measured,
    Paint,
    drawable,
    drawing,
    measuring,
    unsure,
    words_of,
)
from storefront.core import clock, files, limits
from storefront.core.db import Database, Work
from storefront.core.errors import NotFound, TooMany
from storefront.core.i18n import lazy_gettext as _
from tenants.brand_colours import brand_from, plain_colours
from tenants.models import Reseller
from tenants.pictures import fitted_size
from tenants.resellers import current_reseller
from tenants.svg_draw import draw_words

SHELF: Final = "cards"
RATE: Final = "60/minute"
# What nobody asked for in so long is thrown away; whoever asks then gets it drawn anew.
KEPT: Final = timedelta(days=60)
PATIENCE_S: Final = 10.0
# One at a time in each process: drawing is work for the processor, and others want to be served meanwhile.
_DRAWING: Final = Lock()


def card_picture(db: Work, card: Card) -> bytes:
    """Return the picture of a card as PNG, drawn now if it never was. Raises ``TooMany`` where much is drawn."""
    limits.spend(db.config, RATE, "cards", str(db.reseller_id))
    if not _DRAWING.acquire(timeout=PATIENCE_S):
        raise TooMany(_("That was very often in a short time. Please wait a little and try again."), retry_after_s=5)
    try:
        kept = find_card(db, card.digest)
        if kept is not None:
            return kept
        content = _drawn(card, _paint(db, current_reseller(db)))
        files.keep_made(db.config, db.reseller_id, card.digest, content, shelf=SHELF)
        return content
    finally:
        _DRAWING.release()


def find_card(db: Work, digest: str) -> bytes | None:
    """Return a picture that was drawn before."""
    return files.find_made(db.config, db.reseller_id, digest, shelf=SHELF)


def sweep_cards(database: Database) -> None:
    """Throw away what nobody asked for in a long time, in all shops."""
    files.throw_away_unused(database.config, shelf=SHELF, since=clock.now() - KEPT)


def _paint(db: Work, reseller: Reseller) -> Paint:
    brand = brand_from(reseller.brand)
    colours = plain_colours(brand)
    logo, size = "", (0, 0)
    if reseller.logo_light:
        try:
            content = files.fetch(db.config, db.reseller_id, reseller.logo_light)
        except NotFound:
            content = b""
        if content:
            logo = f"data:image/png;base64,{base64.b64encode(content).decode()}"
            with Image.open(io.BytesIO(content), formats=("PNG",)) as opened:
                size = fitted_size(opened.size, LOGO_BOX)
    return Paint(ground=colours.brand_fill, ink=colours.on_brand, font=brand.font, logo=logo, logo_size=size)


def _drawn(card: Card, paint: Paint) -> bytes:
    """Draw the title of a page; the name of the shop, then its address, where no font has the letters."""
    for text in (card.title, card.shop, card.host):
        words = words_of(text)
        measured = _measured(words, paint.font)
        found = drawable(words, measured.missing)
        if found:
            # What is left of a word is narrower than the whole of it.
            widths = dict(zip(words, (measured.widths[word] for word in words), strict=True)) | {
                word: measured.widths.get(word, max(measured.widths.values())) for word in found
            }
            shown = Card(title=card.title, shop=_sure(card.shop, card.host, paint.font), host=card.host, look=card.look)
            return _packed(draw_words(drawing(shown, paint, found, widths)))
    return _packed(draw_words(drawing(card, paint, [], {})))


def _sure(name: str, host: str, font: str) -> str:
    """Return the name of a shop where it can be drawn, else its address."""
    words = words_of(name)
    return " ".join(drawable(words, _measured(words, font).missing)) or host if unsure(words) else " ".join(words)


def _measured(words: Sequence[str], font: str) -> Measured:
    """Draw words and the signs a font may lack, each in a row of its own, and look what came of them."""
    signs = unsure(words)
    sheet = draw_words(measuring(words, signs, font))
    with Image.open(io.BytesIO(sheet), formats=("PNG",)) as opened:
        ink = opened.convert("RGBA").getchannel("A")
    rows = [ink.crop((0, place * ROW, ink.width, (place + 1) * ROW)) for place in range(len(words) + len(signs) + 1)]
    boxes = [row.getbbox() for row in rows]
    widths = {word: (box[2] if box else 0) / MEASURED_AT for word, box in zip(words, boxes, strict=False)}
    nothing = rows[-1].tobytes()
    missing = {sign for sign, row in zip(signs, rows[len(words) :], strict=False) if row.tobytes() == nothing}
    return Measured(widths=widths, missing=missing)


def _packed(content: bytes) -> bytes:
    """Write a picture of few colours as small as it can be."""
    with Image.open(io.BytesIO(content), formats=("PNG",)) as opened:
        plain = opened.convert("RGB")
    written = io.BytesIO()
    plain.save(written, "PNG", optimize=True)
    return written.getvalue()
