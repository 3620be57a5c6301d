"""Address, endpoint, view, template and test of a page have one name: first segment, second segment, last word."""

import inspect
import re
from collections.abc import Callable

from tests.architecture.sources import ROOT
from tests.isolation.routes import Route, bare_app, routes

AREAS = ("shop", "account", "panel", "reseller", "operator")
VIEWS = [route for route in routes() if route.area in AREAS]
# Addresses whose second segment says more to a person than the file's name would, with the reason.
OTHER_ADDRESS = {
    "shop.search": "/search",
    "shop.cart": "/cart",
    "shop.cart.lines": "/cart",
    "shop.checkout": "/checkout",
    "shop.payments": "/pay",
    "shop.preview": "/preview",
    "panel.profile.security": "/panel/profile/security",
    "reseller.profile.security": "/reseller/profile/security",
    "reseller.frames.health": "/reseller/frames/health",
    "reseller.supplier": "/reseller/settings/supplier",
    "reseller.branding.previews": "/reseller/branding/previews",
    "reseller.branding.advertisement": "/reseller/branding/advertisement",
    "operator.wholesale.imports": "/operator/wholesale/imports",
    "shop.price_list": "/price-list",
    "reseller.page_editor": "/reseller/pages",
    "reseller.pages.shared": "/reseller/pages",
    "reseller.pages.versions": "/reseller/pages",
    "reseller.price_lists.cells": "/reseller/price-lists",
    "reseller.legal.publish": "/reseller/legal",
    "reseller.price_lists.check": "/reseller/price-lists",
    "reseller.price_lists.files": "/reseller/price-lists",
}
FOLDERS = [ROOT / "themes" / "default" / "templates", *sorted(ROOT.glob("storefront/*/templates"))]
TESTS = ROOT / "tests" / "storefront"


def parts_of(route: Route) -> tuple[str, str, str]:
    area, *middle, view = route.endpoint.split(".")
    return area, "_".join(middle), view


def view_of(route: Route) -> Callable[..., object]:
    view: Callable[..., object] = inspect.unwrap(bare_app().view_functions[route.endpoint])
    return view


def test_endpoints_are_the_places_of_their_views() -> None:
    told = {route.endpoint: parts_of(route) for route in VIEWS}

    assert {route.endpoint: (view_of(route).__module__, view_of(route).__name__) for route in VIEWS} == {
        endpoint: (f"storefront.{area}.{file}", view) for endpoint, (area, file, view) in told.items()
    }


def test_addresses_begin_like_their_endpoints() -> None:
    assert [str(route.rule) for route in VIEWS if not _begins_like_its_endpoint(route)] == []
    assert [str(route.rule) for route in VIEWS if "_" in _fixed_words(route)] == []


def _fixed_words(route: Route) -> str:
    return "".join(part for part in str(route.rule).split("/") if not part.startswith("<"))


def _begins_like_its_endpoint(route: Route) -> bool:
    area, file, _view = parts_of(route)
    blueprint = route.endpoint.rpartition(".")[0]
    usual = f"/{area}/{file.replace('_', '-')}"

    # An area's first page also answers at the area itself.
    alike = (OTHER_ADDRESS.get(blueprint, usual), *([f"/{area}/"] if route.endpoint.endswith("overview.show") else []))
    return str(route.rule).startswith(alike)


def rendered(route: Route) -> bool:
    """Whether a view answers with the template of its own name."""
    source = inspect.getsource(view_of(route))
    # ``copy_page(`` answers with no page.
    return bool(re.search(r"\bpage\(", source)) and not re.search(r"\bpage\(\s*\"", source)


def test_templates_are_named_after_their_endpoints() -> None:
    names = {route.endpoint.replace(".", "/") + ".html" for route in VIEWS if rendered(route)}

    assert len(names) > len(AREAS)
    assert [name for name in names if not any((folder / name).is_file() for folder in FOLDERS)] == []


def test_every_page_has_tests_of_its_name() -> None:
    assert [file for file in sorted({parts_of(route)[:2] for route in VIEWS}) if not _has_tests(*file)] == []


def _has_tests(area: str, name: str) -> bool:
    tests = [TESTS / area / f"test_{name}.py"]
    if "_" in name:
        # A file that was split for its size is tested with the one it came from: cart_lines with cart.
        tests.append(TESTS / area / f"test_{name.split('_', maxsplit=1)[0]}.py")
    return any(test.is_file() for test in tests)


def test_page_templates_belong_to_an_endpoint_or_begin_with_an_underscore() -> None:
    endpoints = {route.endpoint.replace(".", "/") + ".html" for route in routes()}
    folders = {f"{route.endpoint.rpartition('.')[0].replace('.', '/')}/" for route in routes()}
    strays = [
        name
        for folder in FOLDERS
        for path in sorted(folder.rglob("*.html"))
        if (name := path.relative_to(folder).as_posix()).startswith(AREAS)
        and name.count("/") > 1
        and name not in endpoints
        and not path.name.startswith("_")
        and not any(name.startswith(each) for each in folders)
    ]

    assert strays == []
