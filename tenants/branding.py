"""Drafts of a shop's look: keep one, publish it, go back to an earlier state, notice that somebody else was quicker."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from storefront.core.audit import record
from storefront.core.changes import announce
from storefront.core.db import Work
from storefront.core.errors import Conflict, Refused
from storefront.core.i18n import lazy_gettext as _
from tenants.brand_colours import brand_from
from tenants.brand_models import BrandVersion
from tenants.models import Reseller
from tenants.resellers import current_reseller

# Pictures that have a column or a setting of their own; all others are kept together.
LOGOS = ("logo_light", "logo_dark")


@dataclass(frozen=True, kw_only=True)
class Look:
    """A look as it may be drawn: what ``brand_from`` takes, and the pictures by use."""

    values: Mapping[str, Any]
    pictures: Mapping[str, Any]


def find_draft(db: Work) -> BrandVersion | None:
    """Return the draft that is being worked on."""
    return db.scalar(select(BrandVersion).where(BrandVersion.state == "draft"))


def published_versions(db: Work, limit: int = 30) -> list[BrandVersion]:
    """Return what was published, the newest first."""
    rows = (
        select(BrandVersion)
        .where(BrandVersion.state == "published")
        .order_by(BrandVersion.published_at.desc(), BrandVersion.number.desc())
    )
    return list(db.scalars(rows.limit(limit)))


def present_look(reseller: Reseller) -> Look:
    """Return how the shop looks now."""
    pictures = dict(reseller.settings.get("pictures", {}))
    pictures |= {name: digest for name in LOGOS if (digest := getattr(reseller, name))}
    if "logo_size" in reseller.settings:
        pictures["size"] = list(reseller.settings["logo_size"])
    return Look(values=dict(reseller.brand), pictures=pictures)


def look_of(version: BrandVersion) -> Look:
    """Return how a version looks."""
    return Look(values=version.values, pictures=version.pictures)


def edition_of(draft: BrandVersion | None) -> str:
    """Name what a person began to work from, to be sent back with what they made of it."""
    return f"{draft.id}.{draft.revision}" if draft else ""


def save_draft(db: Work, look: Look, *, edition: str) -> BrandVersion:
    """Keep a draft. ``edition`` is what ``edition_of`` said when the page was made.

    Raises ``Refused`` for a wrong colour, and ``Conflict`` if somebody else changed the draft since then.
    """
    brand_from(look.values)
    db.lock(current_reseller(db))
    draft = find_draft(db)
    if draft is not None:
        db.session.refresh(draft)
    if edition_of(draft) != edition:
        raise Conflict(_changed_by(draft))
    if draft is None:
        draft = db.add(BrandVersion(number=_next_number(db), revision=0, changed_at=db.now, changed_by=""))
    draft.values, draft.pictures = dict(look.values), dict(look.pictures)
    draft.revision += 1
    _sign(db, draft)
    record(db, "brand.drafted", draft)
    return draft


def _changed_by(draft: BrandVersion | None) -> Any:
    if draft is None:
        return _("The draft you worked on was published or thrown away meanwhile.")
    return _("%(name)s changed this draft while you worked on it.", name=draft.changed_by or _("Somebody"))


def discard_draft(db: Work) -> None:
    """Throw the draft away; the shop looks as before."""
    draft = find_draft(db)
    if draft is None:
        raise Refused(_("There is no draft."))
    record(db, "brand.draft_discarded", draft, before={"revision": draft.revision})
    db.session.delete(draft)


def publish_draft(db: Work) -> BrandVersion:
    """Let the shop look like the draft; every process knows within a second."""
    draft = find_draft(db)
    if draft is None:
        raise Refused(_("There is no draft."))
    db.lock(current_reseller(db))
    db.session.refresh(draft)
    _remember_beginning(db)
    before = present_look(current_reseller(db))
    # Somebody may have gone back to an earlier state meanwhile: that took a number too.
    last = db.scalar(select(func.max(BrandVersion.number)).where(BrandVersion.state == "published"))
    draft.number = (last or 0) + 1
    draft.state, draft.published_at, draft.published_by = "published", db.now, db.actor.name[:200]
    _apply(db, look_of(draft))
    record(db, "brand.published", draft, before=_told(before), after=_told(look_of(draft)))
    return draft


def go_back_to(db: Work, version_id: UUID) -> BrandVersion:
    """Let the shop look as it once did. That too is a new version; a draft in work stays."""
    version = db.require(BrandVersion, version_id)
    if version.state != "published":
        raise Refused(_("This was never published."))
    db.lock(current_reseller(db))
    before = present_look(current_reseller(db))
    again = db.add(
        BrandVersion(
            number=_next_number(db),
            state="published",
            values=dict(version.values),
            pictures=dict(version.pictures),
            changed_at=db.now,
            changed_by=db.actor.name[:200],
            changed_by_id=db.actor.id,
            published_at=db.now,
            published_by=db.actor.name[:200],
        )
    )
    db.flush()
    _apply(db, look_of(version))
    record(db, "brand.gone_back", again, before=_told(before), after={**_told(look_of(again)), "from": version.number})
    return again


def draft_from(db: Work, version_id: UUID, *, edition: str) -> BrandVersion:
    """Make an earlier state the draft, to go on from there."""
    return save_draft(db, look_of(db.require(BrandVersion, version_id)), edition=edition)


def is_known_picture(db: Work, digest: str) -> bool:
    """Whether a digest is a picture of this shop's look: shown, drafted or shown once."""
    look = present_look(current_reseller(db))
    if digest in look.pictures.values():
        return True
    rows = db.scalars(select(BrandVersion.pictures).order_by(BrandVersion.number.desc()).limit(200))
    return any(digest in pictures.values() for pictures in rows)


def pretended(reseller: Reseller, look: Look) -> Reseller:
    """Return a reseller that no database knows, looking like this: for previews of letters and papers."""
    columns = {column.key: getattr(reseller, column.key) for column in Reseller.__table__.columns}
    return Reseller(**{**columns, **_columns(reseller, look)})


def _apply(db: Work, look: Look) -> None:
    reseller = current_reseller(db)
    for name, value in _columns(reseller, look).items():
        setattr(reseller, name, value)
    announce(db)


def _columns(reseller: Reseller, look: Look) -> dict[str, Any]:
    """Return what of a reseller's row a look decides."""
    pictures = dict(look.pictures)
    logos = {name: pictures.pop(name, None) for name in LOGOS}
    size = pictures.pop("size", None)
    settings = {name: value for name, value in reseller.settings.items() if name not in ("pictures", "logo_size")}
    if size:
        settings["logo_size"] = list(size)
    if pictures:
        settings["pictures"] = pictures
    brand = {name: value for name, value in asdict(brand_from(look.values)).items() if value}
    return {"brand": brand, "settings": settings, **logos}


def _remember_beginning(db: Work) -> None:
    """Keep how the shop looked before it had any history, so that one can go back to that too."""
    if db.scalar(select(func.count()).select_from(BrandVersion).where(BrandVersion.state == "published")):
        return
    look = present_look(current_reseller(db))
    db.add(
        BrandVersion(
            number=0,
            state="published",
            values=dict(look.values),
            pictures=dict(look.pictures),
            changed_at=db.now,
            changed_by="",
            published_at=db.now,
        )
    )


def _next_number(db: Work) -> int:
    return (db.scalar(select(func.max(BrandVersion.number))) or 0) + 1


def _sign(db: Work, draft: BrandVersion) -> None:
    draft.changed_at, draft.changed_by, draft.changed_by_id = db.now, db.actor.name[:200], db.actor.id


def _told(look: Look) -> dict[str, Any]:
    """Say in the log what a look is made of: a line for each choice."""
    return {**look.values, **{name: str(value)[:12] for name, value in look.pictures.items() if name in LOGOS}}
