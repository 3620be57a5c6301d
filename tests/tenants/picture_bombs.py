"""Pictures nobody should send: made here as data, so that no bomb lies in the tree."""

import io
import struct
import zlib
from collections.abc import Iterator
from functools import cache

from PIL import Image


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, *, depth: int = 8, colour: int = 2, data: bytes = b"", more: bytes = b"") -> bytes:
    """A PNG that says a size and holds whatever it is given."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + more + chunk(b"IDAT", data) + chunk(b"IEND", b"")


@cache
def zeros(count: int) -> bytes:
    """So many zeros, packed."""
    packer = zlib.compressobj(9)
    block = bytes(1 << 20)
    parts = [packer.compress(block) for _ in range(count >> 20)]
    return b"".join([*parts, packer.compress(bytes(count & ((1 << 20) - 1))), packer.flush()])


def saved(kind: str, size: tuple[int, int] = (64, 32), mode: str = "RGB", **how: object) -> bytes:
    written = io.BytesIO()
    Image.new(mode, size, 200 if mode in ("L", "P") else (200, 30, 60)[: len(mode)]).save(written, kind, **how)
    return written.getvalue()


def gif_of(width: int, height: int, frame: tuple[int, int]) -> bytes:
    """A GIF whose one frame is larger than its screen."""
    screen = b"GIF89a" + struct.pack("<HHBBB", width, height, 0xF0, 0, 0) + bytes(6)
    return screen + b"," + struct.pack("<HHHHB", 0, 0, *frame, 0) + b"\x02\x02\x4c\x01\x00;"


def webp_of(width: int, height: int) -> bytes:
    """An extended WebP that says a canvas."""
    canvas = bytes(4) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBP" + b"VP8X" + struct.pack("<I", 10) + canvas
    return b"RIFF" + struct.pack("<I", len(body)) + body


def jpeg_of(width: int, height: int) -> bytes:
    """A JPEG whose frame header says a size."""
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00"
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(9) + frame + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00"


def bombs() -> Iterator[tuple[str, bytes]]:
    """Every one of them must be refused."""
    yield "PNG of 24,000 by 24,000 zeros", png(24_000, 24_000, depth=1, colour=0, data=zeros(72_024_000))
    yield "PNG of four thousand million points", png(65_535, 65_535)
    yield "PNG of the largest size there is", png(2**31 - 1, 2**31 - 1)
    yield "PNG of one line without end", png(2**31 - 1, 8)
    yield "PNG of one column without end", png(8, 2**31 - 1)
    yield "PNG just beyond the points", png(4_001, 4_000, data=zeros(1 << 20))
    yield "PNG of 16 bit, beyond the points", png(5_000, 5_000, depth=16, colour=6)
    yield "PNG without points", png(0, 0)
    yield "PNG too small to see", png(2, 2, data=zeros(14))
    yield "PNG cut off", saved("PNG")[:60]
    yield "PNG with too little data", png(640, 480, data=zlib.compress(b"\x00" * 100))
    yield "PNG with data that is no zlib", png(640, 480, data=b"\xff" * 400)
    yield "PNG with a wrong check sum", saved("PNG").replace(b"IDAT", b"IDAU")
    yield "PNG without a header chunk", b"\x89PNG\r\n\x1a\n" + chunk(b"IDAT", b"")
    yield "PNG with a text of 64 MB", png(64, 64, data=zlib.compress(bytes(64 * 193)), more=text_bomb())
    yield "PNG with a profile of 64 MB", png(64, 64, data=zlib.compress(bytes(64 * 193)), more=profile_bomb())
    yield "GIF of 65,535 by 65,535", b"GIF89a" + struct.pack("<HHBBB", 65_535, 65_535, 0, 0, 0) + b";"
    yield "GIF with a frame beyond its screen", gif_of(16, 16, (65_535, 65_535))
    yield "GIF cut off", saved("GIF", mode="P")[:20]
    yield "GIF that is only a name", b"GIF89a"
    yield "JPEG of 65,500 by 65,500", jpeg_of(65_500, 65_500)
    yield "JPEG of 20,000 by 1,000", jpeg_of(20_000, 1_000)
    yield "JPEG without a frame", b"\xff\xd8\xff\xe0\x00\x04ab\xff\xd9"
    yield "JPEG with a segment without end", b"\xff\xd8\xff\xe0\xff\xff"
    yield "JPEG of fill bytes", b"\xff\xd8" + b"\xff" * 4_000
    yield "JPEG cut off", saved("JPEG", (640, 480))[:300]
    yield "WebP of 16,384 by 16,384", webp_of(16_384, 16_384)
    yield "WebP of sixteen million by sixteen million", webp_of(1 << 24, 1 << 24)
    yield "WebP cut off", saved("WEBP")[:24]
    yield "WebP of an unknown form", b"RIFF\x20\x00\x00\x00WEBPVP9X" + bytes(30)
    yield "WebP without its points", webp_of(64, 64)
    yield "six megabytes of nothing", b"\x89PNG\r\n\x1a\n" + bytes(6 * 1024 * 1024)
    yield "nothing", b""
    yield "a page", b"<html><body>logo</body></html>"
    yield "an executable", b"MZ" + bytes(400)
    yield "EPS", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 100 100\n/systemdict get exec"
    yield "PSD", b"8BPS\x00\x01" + bytes(200)
    yield "TIFF", b"II*\x00\x08\x00\x00\x00" + bytes(200)
    yield "BMP", b"BM" + struct.pack("<IHHI", 100, 0, 0, 54) + bytes(100)
    yield "ICO", b"\x00\x00\x01\x00\x01\x00" + bytes(100)
    yield "PDF", b"%PDF-1.7\n1 0 obj<</Type/Catalog>>"
    yield "ZIP", b"PK\x03\x04" + bytes(100)
    yield "packed SVG", b"\x1f\x8b\x08\x00" + bytes(100)


def text_bomb() -> bytes:
    """A packed text that grows to 64 MB."""
    return chunk(b"zTXt", b"Comment\x00\x00" + zeros(64 << 20))


def profile_bomb() -> bytes:
    """A packed colour profile that grows to 64 MB."""
    return chunk(b"iCCP", b"grey\x00\x00" + zeros(64 << 20))
