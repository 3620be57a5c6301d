"""What tests of frames share."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from storefront.core.db import Database
from tests.fixtures_app import Shop
from tests.frames.selling import Inside
from tests.frames.sites_at_hand import Estate


@pytest.fixture
def estate(database: Database, shops: dict[str, Shop], heard: Callable[[Shop, int], None]) -> Iterator[Estate]:
    """What the shop in the north has of frames; nothing before and after."""
    made = Estate(database, shops["north"], heard)
    yield made
    made.tidy()


@pytest.fixture
def inside(app: Flask, estate: Estate) -> Callable[..., Inside]:
    """Open a window of the shop in the north."""
    estate.site()

    def opened(path: str = "/frames/domain-search", *, cookies: bool = True) -> Inside:
        return Inside(app, estate.shop, path, cookies=cookies)

    return opened
