"""What blocks show of the media library: ids -> addresses, sizes and words, in one query for a whole page."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from cms.block_fields import Spec
from cms.blocks import SPECS
from cms.models import MediaFile
from storefront.core.db import Work
from storefront.core.i18n import format_number

WIDGETS: Final = frozenset({"picture", "file"})
ENDINGS: Final[Mapping[str, str]] = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/webp": "webp",
    "image/avif": "avif",
    "image/gif": "gif",
    "application/pdf": "pdf",
}
# The better a kind packs pictures, the earlier it is offered.
KINDS: Final = ("image/avif", "image/webp")
KILO: Final = 1_000
TENTH: Final = 100
MIDDLE: Final = 5


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A file of the library as a template writes it; ``alt`` is empty where a picture only decorates."""

    id: str
    url: str
    name: str
    kind: str
    size: int
    width: int | None
    height: int | None
    alt: str
    # By kind, the best first: what a browser chooses from, "/media/…avif 480w, /media/…avif 960w".
    sources: Mapping[str, str] = field(default_factory=dict)
    # Where what matters lies, in tenths of width and height; nothing where it is the middle.
    focal: tuple[int, int] | None = None

    @property
    def size_words(self) -> str:
        """How large the file is, in the reader's way of writing numbers."""
        if self.size < KILO * KILO:
            return f"{format_number(max(1, round(self.size / KILO)))} kB"
        return f"{format_number(round(self.size / KILO / KILO, 1))} MB"

    @property
    def kind_words(self) -> str:
        """What kind of file it is, as people call it."""
        return ENDINGS.get(self.kind, self.kind.rpartition("/")[2]).upper()


def with_files(db: Work, blocks: Sequence[Mapping[str, Any]], locale: str) -> list[dict[str, Any]]:
    """Return the blocks with every picture and file as ``Shown`` instead of its id, or None where there is none."""
    wanted = {found for block in blocks for _place, _spec, found in _ids(block, SPECS[str(block["kind"])])}
    files = _shown(db, wanted, locale) if wanted else {}
    return [_replaced(block, SPECS[str(block["kind"])], files) for block in blocks]


def undescribed(db: Work, blocks: Sequence[Mapping[str, Any]], locale: str) -> list[tuple[str, str]]:
    """List the pictures of a page that say nothing in its language to those who cannot see them: field and name."""
    wanted = [
        (place, found)
        for block in blocks
        for place, spec, found in _ids(block, SPECS[str(block["kind"])], f"{block.get('id', '')}.")
        if spec.widget == "picture"
    ]
    if not wanted:
        return []
    rows = db.scalars(select(MediaFile).where(MediaFile.id.in_({found for _place, found in wanted})))
    silent = {row.id: row.name for row in rows if not row.is_decorative and not row.alt.get(locale)}
    return [(place, silent[found]) for place, found in wanted if found in silent]


def _ids(values: Mapping[str, Any], specs: Mapping[str, Spec], before: str = "") -> Iterator[tuple[str, Spec, UUID]]:
    for name, spec in specs.items():
        value = values.get(name, spec.empty)
        if spec.widget == "rows":
            for number, row in enumerate(value):
                yield from _ids(row, spec.parts, f"{before}{name}.{number}.")
        elif spec.widget in WIDGETS and (found := _as_id(value)) is not None:
            yield f"{before}{name}", spec, found


def _as_id(written: object) -> UUID | None:
    try:
        return UUID(str(written))
    except ValueError:
        return None


def _replaced(values: Mapping[str, Any], specs: Mapping[str, Spec], files: Mapping[UUID, Shown]) -> dict[str, Any]:
    made = dict(values)
    for name, spec in specs.items():
        if spec.widget == "rows":
            made[name] = [_replaced(row, spec.parts, files) for row in values[name]]
        elif spec.widget in WIDGETS:
            found = _as_id(values[name])
            made[name] = files.get(found) if found is not None else None
    return made


def _shown(db: Work, ids: set[UUID], locale: str) -> dict[UUID, Shown]:
    rows = db.scalars(select(MediaFile).where(MediaFile.id.in_(ids), MediaFile.trashed_at.is_(None)))
    return {row.id: shown_file(row, locale) for row in rows}


def shown_file(row: MediaFile, locale: str) -> Shown:
    """Return a file as templates write it, with its words in a language."""
    alt = "" if row.is_decorative else str(row.alt.get(locale) or next(iter(row.alt.values()), ""))
    focal = (round(row.focal_x / TENTH), round(row.focal_y / TENTH))
    return Shown(
        id=str(row.id),
        url=url_of(row.digest, row.kind),
        name=row.name,
        kind=row.kind,
        size=row.size,
        width=row.width,
        height=row.height,
        alt=alt,
        sources=_sources(row),
        focal=focal if focal != (MIDDLE, MIDDLE) else None,
    )


def url_of(digest: str, kind: str) -> str:
    """Return where a file of the library is served."""
    return f"/media/library/{digest}.{ENDINGS.get(kind, 'bin')}"


def _sources(row: MediaFile) -> dict[str, str]:
    """Return what a browser may choose from, by kind: the same picture in several widths, its own among them."""
    if not row.variants or not row.width:
        return {}
    made = [*row.variants, {"kind": row.kind, "width": row.width, "digest": row.digest}]
    found: dict[str, str] = {}
    for kind in KINDS:
        of_kind = sorted((each for each in made if each["kind"] == kind), key=lambda each: int(each["width"]))
        if of_kind:
            found[kind] = ", ".join(f"{url_of(each['digest'], kind)} {each['width']}w" for each in of_kind)
    return found
