"""What lies in a WordPress export and beside it: the export itself, its uploads, rules of a redirecting plugin."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from cms import archive_json as js
from cms.media_files import LARGEST_DOCUMENT
from cms.wxr_reading import LARGEST, Channel, read_items
from cms.zip_reading import Entries, opened
from storefront.core.errors import Refused

PIECE: Final = 64 * 1024
LARGEST_RULES: Final = 4 * 1024 * 1024
MOST_LOOKED_AT: Final = 20
SIGN: Final = b"wordpress.org/export/"
_ZIP: Final = b"PK"
_XML: Final = (b"<", b"\xef\xbb\xbf<")


@dataclass(kw_only=True)
class Bundle:
    """An export that is open. ``uploads`` are the files beside it by the end of their addresses."""

    path: Path
    entries: Entries | None = None
    name: str = ""
    rules: Sequence[Mapping[str, Any]] = ()
    uploads: dict[str, tuple[Entries, str]] = field(default_factory=dict)

    def pieces(self) -> Iterator[bytes]:
        """Read the export from its beginning."""
        if self.entries is not None:
            yield from self.entries.pieces(self.name, LARGEST)
            return
        with self.path.open("rb") as content:
            while piece := content.read(PIECE):
                yield piece

    def has_beside(self, address: str) -> bool:
        """Whether a file of the old site was sent along."""
        return end_of(address) in self.uploads

    def beside(self, address: str) -> bytes | None:
        """Return a file of the old site that was sent along; nothing where it was not."""
        known = self.uploads.get(end_of(address))
        return known[0].whole(known[1], LARGEST_DOCUMENT) if known is not None else None


@contextmanager
def bundle_of(path: Path, beside: Path | None = None) -> Iterator[Bundle]:
    """Open an export, alone or in a ZIP, and its uploads. Raises ``Refused`` for what is none."""
    if is_zip(path):
        with opened(path) as entries:
            name = _export_in(entries)
            bundle = Bundle(path=path, entries=entries, name=name)
            bundle.rules = _rules_in(entries)
            _learn(bundle, entries)
            with _with_uploads(bundle, beside):
                yield bundle
    else:
        with _with_uploads(Bundle(path=path), beside) as bundle:
            yield bundle


@contextmanager
def _with_uploads(bundle: Bundle, beside: Path | None) -> Iterator[Bundle]:
    if beside is None:
        yield bundle
        return
    with opened(beside) as entries:
        _learn(bundle, entries)
        bundle.rules = [*bundle.rules, *_rules_in(entries)]
        yield bundle


def is_zip(path: Path) -> bool:
    """Whether a file begins as a ZIP does."""
    with path.open("rb") as content:
        return content.read(2) == _ZIP


def is_export(path: Path) -> bool:
    """Whether a file is an export of WordPress, or a ZIP with one in it. Raises ``Refused`` for a broken one."""
    if is_zip(path):
        with opened(path) as entries:
            return bool(_export_in(entries))
    with path.open("rb") as content:
        head = content.read(PIECE)
    if not head.lstrip().startswith(_XML) or SIGN not in head:
        return False
    with bundle_of(path) as bundle:
        next(read_items(bundle.pieces(), Channel()), None)
    return True


def _export_in(entries: Entries) -> str:
    """Return the name of the export in a ZIP: its first page says so. Of many XML files only some are looked at."""
    for name in [each for each in entries.names if each.lower().endswith(".xml")][:MOST_LOOKED_AT]:
        try:
            head = next(entries.pieces(name, LARGEST), b"")
        except Refused:
            continue
        if SIGN in head:
            return name
    return ""


def _learn(bundle: Bundle, entries: Entries) -> None:
    for name in entries.names:
        bundle.uploads.setdefault(end_of(name), (entries, name))


def _rules_in(entries: Entries) -> Sequence[Mapping[str, Any]]:
    """Return what the plugin Redirection exported as JSON, if it lies there."""
    for name in entries.names:
        if name.lower().endswith(".json") and name.count("/") <= 1 and entries.size_of(name) <= LARGEST_RULES:
            try:
                found = js.read_json(entries.whole(name, LARGEST_RULES))
            except Refused:
                continue
            if isinstance(found.get("redirects"), list):
                return js.objects(found["redirects"])
    return []


def end_of(address: str) -> str:
    """Return what an address and a file of the uploads have in common: year, month and name where they have them."""
    path = address.partition("?")[0].replace("\\", "/").lower()
    _before, uploads, after = path.rpartition("wp-content/uploads/")
    if uploads:
        return after
    steps = [step for step in path.split("/") if step]
    dated = len(steps) >= 3 and steps[-2].isdigit() and steps[-3].isdigit()  # noqa: PLR2004 - year, month, name
    return "/".join(steps[-3:] if dated else steps[-1:])
