"""Address, endpoint, view, template and test of a page have one name: first segment, second segment, last word."""

import inspect

import pytest

from tests.architecture.sources import ROOT, name_of
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
    "reseller.supplier": "/reseller/settings/supplier",
    "reseller.branding.previews": "/reseller/branding/previews",
    "reseller.branding.advertisement": "/reseller/branding/advertisement",
    "operator.wholesale.imports": "/operator/wholesale/imports",
    "shop.price_list": "/price-list",
    "reseller.price_lists.cells": "/reseller/price-lists",
    "reseller.price_lists.check": "/reseller/price-lists",
    "reseller.price_lists.files": "/reseller/price-lists",
}
FOLDERS = [ROOT / "themes" / "default" / "templates", *sorted(ROOT.glob("storefront/*/templates"))]
TESTS = ROOT / "tests" / "storefront"


def parts_of(route: Route) -> tuple[str, str, str]:
    area, *middle, view = route.endpoint.split(".")
    return area, "_".join(middle), view


@pytest.mark.parametrize("route", VIEWS, ids=lambda route: f"{route.method} {route.endpoint}")
def test_endpoint_is_the_place_of_the_view(route: Route) -> None:
    area, file, view = parts_of(route)
    function = inspect.unwrap(bare_app().view_functions[route.endpoint])

    assert function.__module__ == f"storefront.{area}.{file}"
    assert function.__name__ == view


@pytest.mark.parametrize("route", VIEWS, ids=str)
def test_address_begins_like_the_endpoint(route: Route) -> None:
    area, file, _view = parts_of(route)
    blueprint = route.endpoint.rpartition(".")[0]
    usual = f"/{area}/{file.replace('_', '-')}"

    # An area's first page also answers at the area itself.
    alike = (OTHER_ADDRESS.get(blueprint, usual), *([f"/{area}/"] if route.endpoint.endswith("overview.show") else []))

    assert str(route.rule).startswith(alike)
    assert "_" not in "".join(part for part in str(route.rule).split("/") if not part.startswith("<"))


def rendered(route: Route) -> bool:
    """Whether a view answers with the template of its own name."""
    source = inspect.getsource(inspect.unwrap(bare_app().view_functions[route.endpoint]))
    return "page(" in source and 'page(\n        "' not in source and 'page("' not in source


@pytest.mark.parametrize("route", [route for route in VIEWS if rendered(route)], ids=lambda route: route.endpoint)
def test_template_is_named_after_the_endpoint(route: Route) -> None:
    name = route.endpoint.replace(".", "/") + ".html"

    assert any((folder / name).is_file() for folder in FOLDERS), name


@pytest.mark.parametrize("file", sorted({parts_of(route)[:2] for route in VIEWS}), ids="/".join)
def test_every_page_has_tests_of_its_name(file: tuple[str, str]) -> None:
    area, name = file
    tests = [TESTS / area / f"test_{name}.py"]
    if "_" in name:
        # A file that was split for its size is tested with the one it came from: cart_lines with cart.
        tests.append(TESTS / area / f"test_{name.split('_')[0]}.py")

    assert any(test.is_file() for test in tests), name_of(tests[0])


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
