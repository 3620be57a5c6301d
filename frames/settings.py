"""Make, change, switch off and delete frames; every kind also has a window that nobody made."""

import secrets
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import delete, func, select

from cms.blocks import whole
from cms.queries import find_contact_form
from frames.kinds import KINDS, Kind
from frames.models import Frame, FrameCheck, FramePlace, FrameSite
from frames.options import Options, checked_options, read_options
from frames.snippet import contact_heights
from storefront.catalog.queries import assortment
from storefront.core.audit import record
from storefront.core.changes import announce
from storefront.core.db import Work
from storefront.core.errors import NotFound, Refused
from storefront.core.i18n import lazy_gettext as _
from tenants.resellers import current_reseller

KEY_LETTERS: Final = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32
KEY_LENGTH: Final = 10
MOST_FRAMES: Final = 100
LONGEST_NAME: Final = 80
SWITCHED_OFF: Final = "frames_off"  # in the reseller's settings: kinds whose window without a row is closed


def frames(db: Work) -> Sequence[Frame]:
    """List the frames of the shop, the newest first."""
    return db.scalars(select(Frame).order_by(Frame.made_at.desc(), Frame.id.desc()))


def find_frame(db: Work, key: str) -> Frame | None:
    """Return the frame of an address."""
    return db.scalar(select(Frame).where(Frame.key == key)) if is_key(key) else None


def is_key(text: str) -> bool:
    """Whether something could be the key of a frame."""
    return len(text) == KEY_LENGTH and all(letter in KEY_LETTERS for letter in text)


def new_key() -> str:
    """Make a key: short enough to be read aloud; no secret, since it stands in public pages."""
    return "".join(secrets.choice(KEY_LETTERS) for _number in range(KEY_LENGTH))


def options_of(frame: Frame) -> Options:
    """Return what was chosen for a frame."""
    return read_options(KINDS[frame.kind], frame.options)


def heights_for(db: Work, kind: Kind, language: str = "") -> tuple[int, ...]:
    """Return how high a window begins in this shop, at whatever width, where its kind alone does not say so.

    Where visitors choose the language, it is the form in the one that needs most.
    """
    if kind.key != "contact":
        return ()
    reseller = current_reseller(db)
    spoken = list(reseller.locales) or [reseller.default_locale]
    found = [
        find_contact_form(db, list(dict.fromkeys([each, *spoken]))) for each in ([language] if language else spoken)
    ]
    forms = [None if each is None else whole(each[1]) for each in found]  # all or none: a language borrows of another
    reckoned = [contact_heights(form, has_phone=bool(reseller.phone)) for form in forms]
    return tuple(max(each) for each in zip(*reckoned, strict=True))


def make_frame(
    db: Work, *, kind: str, name: str, options: dict[str, str], sites: Sequence[UUID] | None = None
) -> Frame:
    """Make a frame that may stand on some sites, or on all proven ones (``None``).

    Raises ``Refused`` for what cannot be chosen, for a name without letters and when there are as many as allowed.
    """
    if kind not in KINDS:
        raise Refused(_("Choose one of the list."), field="kind")
    if (db.scalar(select(func.count()).select_from(Frame)) or 0) >= MOST_FRAMES:
        raise Refused(_("There is no room for another frame. Delete one that you do not need."), field="name")
    frame = db.add(
        Frame(
            key=new_key(),
            kind=kind,
            name=_name(name),
            options=_options(db, KINDS[kind], options),
            made_at=db.now,
            made_by=db.actor.name[:200],
            changed_at=db.now,
        )
    )
    db.flush()
    _place(db, frame, sites)
    record(db, "frame.made", frame, after={"kind": kind, "name": frame.name, "key": frame.key})
    announce(db)
    return frame


def change_frame(
    db: Work, frame: Frame, *, name: str, options: dict[str, str], sites: Sequence[UUID] | None = None
) -> None:
    """Change a frame wherever it stands, within a second; its kind and its address stay. Raises ``Refused``."""
    before = {"name": frame.name, "options": frame.options, "everywhere": frame.is_everywhere}
    frame.name, frame.options = _name(name), _options(db, KINDS[frame.kind], options)
    frame.changed_at = db.now
    _place(db, frame, sites)
    after = {"name": frame.name, "options": frame.options, "everywhere": frame.is_everywhere}
    record(db, "frame.changed", frame, before=before, after=after)
    announce(db)


def switch_frame(db: Work, frame: Frame, *, is_on: bool) -> None:
    """Close a frame, or open it again. A closed one says so in a sentence and leads to the shop."""
    if frame.is_on == is_on:
        return
    frame.is_on, frame.changed_at = is_on, db.now
    record(db, "frame.switched_on" if is_on else "frame.switched_off", frame)
    announce(db)


def delete_frame(db: Work, frame: Frame) -> None:
    """Delete a frame; pages that still name it show what a closed one shows. Its counters stay."""
    db.execute(delete(FramePlace).where(FramePlace.frame_id == frame.id))
    db.execute(delete(FrameCheck).where(FrameCheck.frame_id == frame.id))
    record(db, "frame.deleted", frame, before={"kind": frame.kind, "name": frame.name, "key": frame.key})
    db.session.delete(frame)
    db.flush()
    announce(db)


def is_kind_on(db: Work, kind: str) -> bool:
    """Whether the window of a kind that nobody made is open; it is, until somebody closes it."""
    return kind not in current_reseller(db).settings.get(SWITCHED_OFF, [])


def switch_kind(db: Work, kind: str, *, is_on: bool) -> None:
    """Close the window of a kind that nobody made, or open it again."""
    reseller = current_reseller(db)
    off = {each for each in reseller.settings.get(SWITCHED_OFF, []) if each in KINDS}
    wanted = off - {kind} if is_on else off | {kind}
    if kind not in KINDS or wanted == off:
        return
    reseller.settings = {**reseller.settings, SWITCHED_OFF: sorted(wanted)}
    record(db, "frame.kind_switched_on" if is_on else "frame.kind_switched_off", after={"kind": kind})
    announce(db)


def places_of(db: Work, frame: Frame) -> Sequence[UUID]:
    """List the sites a frame may stand on, where it may not stand on all."""
    return db.scalars(select(FramePlace.site_id).where(FramePlace.frame_id == frame.id))


def _place(db: Work, frame: Frame, sites: Sequence[UUID] | None) -> None:
    db.execute(delete(FramePlace).where(FramePlace.frame_id == frame.id))
    frame.is_everywhere = sites is None
    wanted = list(dict.fromkeys(sites or ()))
    known = db.scalars(select(FrameSite.id).where(FrameSite.id.in_(wanted))) if wanted else ()
    if len(known) != len(wanted):
        raise NotFound
    for site_id in wanted:
        db.add(FramePlace(frame_id=frame.id, site_id=site_id))
    db.flush()


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not any(letter.isalnum() for letter in name) or not name.isprintable():
        raise Refused(_("Give it a name that you will know it by."), field="name")
    if len(name) > LONGEST_NAME:
        raise Refused(_("At most %(most)s characters.", most=LONGEST_NAME), field="name")
    return name


def _options(db: Work, kind: Kind, given: dict[str, str]) -> dict[str, str]:
    reseller = current_reseller(db)
    languages = list(reseller.locales) or [reseller.default_locale]
    groups = [group.slug for group in assortment(db).groups if group.slug] if given.get("group") else []
    return checked_options(kind, given, languages=languages, groups=groups).as_row()
