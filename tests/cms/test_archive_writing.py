"""What leaves as an archive and comes in elsewhere leaves again as the same archive."""

import json
import zipfile
from pathlib import Path

from hypothesis import strategies as st

from storefront.core.db import Database
from tests.cms.made_sites import brought_in, emptied, make_site, packed
from tests.fixtures_app import Shop
from tests.laws import law


@law(seed=st.integers(0, 10_000_000), few=2, many=300)
def test_site_that_comes_in_elsewhere_leaves_as_the_same_archive(
    database: Database, shops: dict[str, Shop], tmp_path_factory: object, seed: int
) -> None:
    folder = tmp_path_factory.mktemp("archives")  # type: ignore[attr-defined]  # pytest's own
    with database.work(shops["north"].id) as db:
        emptied(db)
        make_site(db, seed)
        first = packed(db, folder / "first.zip").read_bytes()

    with database.work(shops["south"].id) as db:
        emptied(db)
        entered, arrival = brought_in(db, folder / "first.zip")
        second = packed(db, folder / "second.zip").read_bytes()

    assert [remark for remark in arrival.notes.remarks if remark.what != "file_there"] == []
    assert told(folder / "first.zip") == told(folder / "second.zip"), entered
    assert first == second


def told(path: Path) -> dict[str, object]:
    """Return what an archive says, for a difference that can be read."""
    with zipfile.ZipFile(path) as archive:
        return {
            name: json.loads(archive.read(name)) if name.endswith(".json") else len(archive.read(name))
            for name in archive.namelist()
        }
