"""Take a site along as an archive, and bring one in: asked for in the office, done by jobs, looked at before."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import structlog
from sqlalchemy import func, select

from cms.archive_shape import arrival_of, is_archive
from cms.archive_writing import write_archive
from cms.arrivals import Arrival, Choices, Notes
from cms.entering import enter_site
from cms.media_files import stand_in
from cms.move_models import SiteMove
from cms.wxr_files import Bundle, bundle_of, is_export, is_zip
from cms.wxr_site import addresses_of, arrival_of_export
from cms.zip_reading import opened
from storefront.core import clock, files, jobs, large_files, stops
from storefront.core.audit import record
from storefront.core.db import AWAY, Actor, Database, Work
from storefront.core.errors import Conflict, NotFound, Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.core.i18n import speaking

if TYPE_CHECKING:
    from cms.wxr_fetching import Shelf

log = structlog.get_logger()

SHELF: Final = "moves"
MEBIBYTE: Final = 1024 * 1024
LARGEST_FILE: Final = 512 * MEBIBYTE
MOST_KEPT: Final = 10
KEPT: Final = timedelta(days=14)
AGAIN: Final = timedelta(seconds=20)
_PIECE: Final = 1024 * 1024
UNDER_WAY: Final = frozenset({"asked", "entering"})
NEITHER = _("This is neither an archive of a site nor an export of WordPress.")
BUSY = _("One of these is under way. Please wait until it is done.")
CHANGED = _("This is under way already, or done.")
DEFECT = _("Something of ours went wrong, and nothing was changed. We know of it; please try again later.")


def moves(db: Work) -> Sequence[SiteMove]:
    """List what was taken along and brought in, the newest first."""
    statement = select(SiteMove).where(SiteMove.reseller_id == db.reseller_id)
    return db.scalars(statement.order_by(SiteMove.asked_at.desc(), SiteMove.id.desc()))


def ask_for_archive(db: Work, name: str) -> SiteMove:
    """Have the site of this shop packed. Raises ``Conflict`` while another one is under way."""
    move = _begin(db, SiteMove(kind="archive", name=name, asked_at=db.now, asked_by=db.actor.name))
    record(db, "site.archive_asked", move)
    jobs.ask(db, pack_site.__name__, str(move.id))
    return move


@dataclass(frozen=True, kw_only=True)
class Upload:
    """What somebody sends: an archive of ours, or a WordPress export, which may have its uploads beside it."""

    kind: str
    name: str
    path: Path
    beside: Path | None = None


def kind_of(path: Path) -> str:
    """Say what somebody sends: an archive of ours or a WordPress export. Raises ``Refused`` for anything else."""
    if is_zip(path):
        with opened(path) as entries:
            if is_archive(entries):
                return "entry"
    if is_export(path):
        return "wordpress"
    raise Refused(NEITHER, field="file")


def begin_entry(db: Work, upload: Upload, choices: Choices) -> SiteMove:
    """Keep an upload and have it looked at; nothing of it comes in before somebody says so."""
    move = _begin(
        db,
        SiteMove(
            kind=upload.kind, name=upload.name, asked_at=db.now, asked_by=db.actor.name, choices=choices.to_json()
        ),
    )
    move.digest, move.size = large_files.keep_large(db.config, db.reseller_id, _pieces(upload.path), shelf=SHELF)
    if upload.beside is not None:
        move.beside_digest = large_files.keep_large(db.config, db.reseller_id, _pieces(upload.beside), shelf=SHELF)[0]
    db.flush()
    record(db, "site.entry_begun", move, after={"name": upload.name, "kind": upload.kind})
    jobs.ask(db, look_at_site.__name__, str(move.id))
    return move


def look_again(db: Work, move: SiteMove, choices: Choices) -> None:
    """Have it said anew what would come, with other choices."""
    db.lock(move)
    if move.kind == "archive" or move.state not in {"looked", "failed"}:
        raise Conflict(CHANGED)
    move.choices, move.state, move.why = choices.to_json(), "asked", ""
    jobs.ask(db, look_at_site.__name__, str(move.id))


def say_yes(db: Work, move: SiteMove) -> None:
    """Have a site brought in as it was last looked at."""
    db.lock(move)
    if move.state != "looked":
        raise Conflict(CHANGED)
    move.state, move.asked_by = "entering", db.actor.name
    record(db, "site.entry_confirmed", move, after={"name": move.name, **move.choices})
    jobs.ask(db, bring_site_in.__name__, str(move.id))


def remove_move(db: Work, move: SiteMove) -> None:
    """Forget an archive or a report. Raises ``Conflict`` while it is under way."""
    db.lock(move)
    if move.state in UNDER_WAY:
        raise Conflict(BUSY)
    record(db, "site.move_removed", move, before={"name": move.name, "kind": move.kind})
    for digest in (move.digest, move.beside_digest):
        if digest:
            jobs.ask(db, throw_move_away.__name__, digest)
    db.session.delete(move)
    db.flush()


def archive_path(db: Work, move: SiteMove) -> Path:
    """Return where a finished archive lies; ``NotFound`` for anything else."""
    if move.kind != "archive" or move.state != "done":
        raise NotFound
    return large_files.require_path(db.config, db.reseller_id, move.digest, shelf=SHELF)


def _begin(db: Work, move: SiteMove) -> SiteMove:
    lock = func.pg_advisory_xact_lock(func.hashtextextended(f"moves {db.reseller_id}", 0))
    db.execute(select(lock))
    known = moves(db)
    if any(each.state in UNDER_WAY for each in known):
        raise Conflict(BUSY)
    for old in known[MOST_KEPT - 1 :]:
        remove_move(db, old)
    db.add(move)
    db.flush()
    return move


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as content:
        while piece := content.read(_PIECE):
            yield piece


@jobs.job(queue="later", opens_own_work=True)
def pack_site(database: Database, reseller_id: UUID, move_id: str) -> None:
    """Write the archive of a site to the disk, and let it be downloaded."""
    folder = database.config.files_dir / str(reseller_id) / SHELF
    folder.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=folder, suffix=".part") as draft:
        with database.work(reseller_id) as db:
            # One moment for all of it: what is changed meanwhile is in the next archive.
            db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            counts = write_archive(db, draft)
            db.session.rollback()
        draft.flush()
        digest, size = large_files.keep_large(database.config, reseller_id, _pieces(Path(draft.name)), shelf=SHELF)
    with database.work(reseller_id) as db:
        move = db.find(SiteMove, UUID(move_id))
        if move is not None and move.state == "asked":
            move.digest, move.size, move.counts = digest, size, counts
            move.state, move.ended_at = "done", db.now
            db.commit()


@jobs.job(queue="later", opens_own_work=True)
def look_at_site(database: Database, reseller_id: UUID, move_id: str) -> None:
    """Bring a site in without keeping anything, to say what would come of it."""
    _enter(database, reseller_id, move_id, only_look=True)


@jobs.job(queue="later", opens_own_work=True)
def bring_site_in(database: Database, reseller_id: UUID, move_id: str) -> None:
    """Bring a site in, all of it in one transaction; what has to be fetched for it comes before, in turns."""
    if not _fetch_all(database, reseller_id, move_id):
        raise jobs.Later(clock.now())
    _enter(database, reseller_id, move_id, only_look=False)


@jobs.job(queue="later")
def throw_move_away(db: Work, digest: str) -> None:
    """Delete an archive that no row names any more."""
    named = (SiteMove.digest == digest) | (SiteMove.beside_digest == digest)
    if db.scalar(select(SiteMove.id).where(SiteMove.reseller_id == db.reseller_id, named).limit(1)) is None:
        files.throw_away(db.config, db.reseller_id, digest, shelf=SHELF)


def _fetch_all(database: Database, reseller_id: UUID, move_id: str) -> bool:
    """Fetch for one turn what an export refers to; says whether all of it is there or known to be lost."""
    from cms.wxr_fetching import fetch_some  # noqa: PLC0415 - httpx, which only the process of the jobs carries

    with database.work(reseller_id) as db:
        move = db.find(SiteMove, UUID(move_id))
        if move is None or move.kind != "wordpress" or move.state != "entering":
            return True
        shelf, known, choices = _shelf(db), dict(move.fetched), Choices.from_json(move.choices)
        path, beside = large_files.require_path(db.config, reseller_id, move.digest, shelf=SHELF), _beside(db, move)
        zone = db.zone
        db.session.rollback()
    try:
        with speaking(choices.reader, zone), bundle_of(path, beside) as bundle:
            wanted = [address for address in addresses_of(bundle.pieces) if not bundle.has_beside(address)]
            found, is_whole = fetch_some(shelf, wanted, known.get("files", {}))
    except Refused:
        return True
    with database.work(reseller_id) as db:
        move = db.require(SiteMove, UUID(move_id))
        if move.state == "entering":
            move.fetched = {"files": found, "done": len([each for each in found.values() if "digest" in each])}
            db.commit()
    return is_whole


def _enter(database: Database, reseller_id: UUID, move_id: str, *, only_look: bool) -> None:
    try:
        _try_to_enter(database, reseller_id, move_id, only_look=only_look)
    except (jobs.Later, *AWAY):
        # Nothing is wrong with the site: what was begun is undone, and the job comes back.
        raise
    except Exception:
        # Whoever waits is told, and may try again; what was begun is undone.
        log.exception("site_move.failed", move=move_id)
        with database.work(reseller_id) as db:
            move = db.find(SiteMove, UUID(move_id))
            if move is not None and move.state in UNDER_WAY:
                with speaking(Choices.from_json(move.choices).reader, db.zone):
                    move.state, move.why, move.ended_at = "failed", str(DEFECT), db.now
                db.commit()


def _try_to_enter(database: Database, reseller_id: UUID, move_id: str, *, only_look: bool) -> None:
    state = "asked" if only_look else "entering"
    with database.work(reseller_id) as db:
        move = _claimed(db, move_id, state)
        if move is None:
            return
        db.actor = Actor(kind="staff", name=move.asked_by)
        choices = Choices.from_json(move.choices)
        try:
            with speaking(choices.reader, db.zone), arriving(db, move, only_look=only_look) as arrival:
                entered = enter_site(db, arrival, choices, only_look=only_look)
                counts, notes, why = dict(entered.counts), arrival.notes, ""
        except Refused as no:
            db.session.rollback()
            move = _claimed(db, move_id, state) or move
            with speaking(choices.reader, db.zone):
                counts, notes, why = {}, Notes(), str(no.message)
        if only_look:
            db.session.rollback()
            move = _claimed(db, move_id, state)
            if move is None:
                return
        _say(db, move, counts, notes, why, state="looked" if only_look else "done")
        stops.point("site.entered")
        db.commit()
    stops.point("site.committed")


def _say(db: Work, move: SiteMove, counts: dict[str, int], notes: Notes, why: str, *, state: str) -> None:
    move.counts = {**counts, "left_out": notes.left_out}
    move.remarks = [remark.to_json() for remark in notes.remarks]
    move.state, move.why = ("failed", why) if why else (state, "")
    move.ended_at = db.now if move.state != "looked" else None


def _claimed(db: Work, move_id: str, state: str) -> SiteMove | None:
    """Return a move for as long as this transaction; nothing where another process is at it or it is done."""
    statement = select(SiteMove).where(SiteMove.reseller_id == db.reseller_id, SiteMove.id == UUID(move_id))
    row = db.scalar(statement.with_for_update(skip_locked=True).execution_options(populate_existing=True))
    if row is None and db.scalar(statement) is not None:
        raise jobs.Later(db.now + AGAIN)
    return row if row is not None and row.state == state else None


@contextmanager
def arriving(db: Work, move: SiteMove, *, only_look: bool) -> Iterator[Arrival]:
    """Open what came; a look waits for no file of an old site. Raises ``Refused`` for what cannot be read at all."""
    path = large_files.require_path(db.config, db.reseller_id, move.digest, shelf=SHELF)
    if move.kind == "entry":
        with opened(path) as entries:
            yield arrival_of(entries)
        return
    choices, shelf, known = Choices.from_json(move.choices), _shelf(db), move.fetched.get("files", {})
    with bundle_of(path, _beside(db, move)) as bundle:

        def fetch(address: str) -> bytes:
            if only_look and address not in known and not bundle.has_beside(address):
                arrival.notes.say("to_fetch", address)
                return stand_in()
            return _old_file(bundle, shelf, known, address)

        arrival = arrival_of_export(bundle.pieces, choices, fetch, bundle.rules)
        yield arrival


def _beside(db: Work, move: SiteMove) -> Path | None:
    if not move.beside_digest:
        return None
    return large_files.require_path(db.config, db.reseller_id, move.beside_digest, shelf=SHELF)


def _shelf(db: Work) -> "Shelf":
    from cms.wxr_fetching import Shelf  # noqa: PLC0415 - see above

    return Shelf(config=db.config, reseller_id=db.reseller_id, name=SHELF)


def _old_file(bundle: Bundle, shelf: "Shelf", known: Mapping[str, Any], address: str) -> bytes:
    """Return a file of an old site: as it was sent along, else as it was fetched."""
    from cms.wxr_fetching import fetched  # noqa: PLC0415 - see above

    content = bundle.beside(address)
    return content if content is not None else fetched(shelf, known, address)


def sweep_moves(db: Work) -> None:
    """Forget what was taken along or brought in two weeks ago."""
    old = select(SiteMove).where(SiteMove.reseller_id == db.reseller_id, SiteMove.asked_at < db.now - KEPT)
    for move in db.scalars(old):
        if move.state not in UNDER_WAY:
            remove_move(db, move)


def shops_with_old_moves(db: Work) -> Sequence[UUID]:
    """Name the shops with archives and reports of two weeks ago; for an office Work."""
    return db.scalars(select(SiteMove.reseller_id).where(SiteMove.asked_at < db.now - KEPT).distinct())
