"""rule: what Python's reader of archives may be asked to unpack, and what a broken one makes it raise."""

import struct
import zipfile
import zlib
from typing import Final

# Whatever else an archive may be packed with is read by few and was attacked by many.
PACKINGS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
# Everything that an archive made to confuse the reader has been seen to raise in it.
BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    ValueError,
    KeyError,
    IndexError,
    OverflowError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
    struct.error,
)
