"""A hundred thousand shops with a host each, and their home pages in store."""

from pathlib import Path
from uuid import UUID

import psycopg

from storefront.core.changes import STAMP_LENGTH
from storefront.core.config import Config
from storefront.core.store import Store, key_of
from storefront.web.kept import _FRAME, _START, Kept, Sheet, edition, keep_from, read_kept
from tenants.resolve import Place, _place_key, _write_place

SUFFIX = ".bench.localhost"
BATCH = 2_000

SHOPS = """
    INSERT INTO reseller (id, slug, is_platform, opened_at, name, theme, brand, default_locale, locales, zone,
        canonical_host, legal_name, street, postcode, city, country, vat_number, company_number, legal_lines, email,
        phone, currency, shows, is_vat_registered, uses_one_stop_shop, iban, bic, bank_name, settings)
    SELECT gen_random_uuid(), 'bench-' || n, false, now(), 'Shop ' || n, 'default', '{}', 'en', '["en"]', 'UTC',
        'b' || n || %(suffix)s, 'Shop', '', '', '', 'FI', '', '', '[]', '', '', 'EUR', 'gross', true, false,
        '', '', '', '{}'
    FROM generate_series(0, %(count)s - 1) AS n
"""


def seed(config: Config, count: int) -> list[Place]:
    """Make the shops that are missing and return where each is."""
    address = config.owner_url.replace("postgresql+psycopg:", "postgresql:", 1)
    with psycopg.connect(address, autocommit=True) as line:
        found = line.execute("SELECT count(*) FROM reseller WHERE slug LIKE 'bench-%'").fetchone()
        if found is None or found[0] != count:
            line.execute("DELETE FROM host_name WHERE name LIKE %s", (f"%{SUFFIX}",))
            line.execute("DELETE FROM site WHERE slug LIKE 'bench-%'")
            line.execute("DELETE FROM reseller WHERE slug LIKE 'bench-%'")
            line.execute(SHOPS, {"count": count, "suffix": SUFFIX})
            line.execute(
                "INSERT INTO site (reseller_id, slug, state, version, changed_at)"
                " SELECT id, slug, 'open', 1, now() - interval '1 day' FROM reseller WHERE slug LIKE 'bench-%'"
            )
            line.execute(
                "INSERT INTO host_name (name, reseller_id, canonical)"
                " SELECT canonical_host, id, canonical_host FROM reseller WHERE slug LIKE 'bench-%'"
            )
            line.execute("ANALYZE reseller, site, host_name")
        rows = line.execute(
            "SELECT canonical_host, reseller.slug, id, version FROM reseller JOIN site ON reseller_id = id"
            " WHERE reseller.slug LIKE 'bench-%'"
        ).fetchall()
    return [_place(*row) for row in rows]


def _place(host: str, slug: str, reseller_id: UUID, version: int) -> Place:
    stamp = reseller_id.bytes + version.to_bytes(8, "big")
    return Place(host, slug, "open", host, is_platform=False, locales=("en",), stamp=stamp)


def fill(store: Store, places: list[Place], home: Kept) -> None:
    """Put a home page, once really made, into the store under every host: the visits of a day in a few seconds."""
    present = edition()
    sheet = Sheet(list(home.headers), home.body)
    model = keep_from(sheet, name="", stamp=b"\0" * STAMP_LENGTH, until=home.until, varies_by_language=True)
    for start in range(0, len(places), BATCH):
        pairs = []
        for place in places[start : start + BATCH]:
            record = _renamed(model, f"{place.host}\n/\nen", place.stamp)
            pairs += [(_place_key(place.host), _write_place(place)), (key_of(present, place.host, "/", "en"), record)]
        store.write_many(pairs)


def _renamed(model: bytes, name: str, stamp: bytes) -> bytes:
    """Write a record without a name anew, for another host: packing the same page each time takes minutes."""
    until, is_packed, _, etag_length, block_length = _FRAME.unpack_from(model, STAMP_LENGTH)
    frame = _FRAME.pack(until, is_packed, len(name), etag_length, block_length)
    return stamp + frame + name.encode("ascii") + model[_START:]


def home_page(store: Store, host: str, language: str) -> Kept | None:
    """Return the home page of a host as the app left it in store."""
    record = store.read(key_of(edition(), host, "/", language))
    return read_kept(record, f"{host}\n/\n{language}", wants_packed=False) if record else None


def is_throw_away(config: Config) -> bool:
    """Tell whether the database holds nothing but the demo and our own shops."""
    address = config.owner_url.replace("postgresql+psycopg:", "postgresql:", 1)
    with psycopg.connect(address) as line:
        found = line.execute(
            "SELECT count(*) FROM reseller WHERE slug NOT LIKE 'bench-%%' AND slug <> ALL (%s)",
            (["nordhost", "domaineo", "rejestrator", "jezioro", "platform"],),
        ).fetchone()
    return found is not None and found[0] == 0


def store_folder(config: Config) -> Path:
    """Where the ready pages of this machine lie."""
    return config.data_dir / "pages"
