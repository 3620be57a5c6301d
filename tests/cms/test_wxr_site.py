"""An export of WordPress becomes pages, news, files, menus and redirects; what could not come is named."""

from cms.arrivals import Arrival, Choices
from cms.wxr_site import addresses_of, arrival_of_export
from tests.cms.wxr_samples import IMAGE, SMALL, export, item


def arrived(content: bytes, **choices: object) -> Arrival:
    return arrival_of_export(lambda: [content], Choices(**choices), lambda _address: b"")  # type: ignore[arg-type]  # by name


def said(arrival: Arrival) -> set[tuple[str, str]]:
    return {(remark.what, remark.detail) for remark in arrival.notes.remarks}


def test_pages_come_in_their_tree_with_posts_below_the_news() -> None:
    arrival = arrived(SMALL)

    tree = {page.ref: (page.parent, page.places[0][1]) for page in arrival.pages}
    by_path = {path: (tree[parent][1] if parent else "") for parent, path in tree.values()}

    assert by_path == {
        "/news": "",
        "/": "",
        "/about": "",
        "/about/our-boats": "/about",
        "/hidden": "",
        "/prices": "",
        "/news/we-are-open": "/news",
    }


def test_words_become_blocks_with_their_pictures_and_links_led_on() -> None:
    arrival = arrived(SMALL)
    versions = {each.path: each for _ref, several in arrival.versions() for each in several}

    about = versions["/about"]

    assert [block["kind"] for block in about.blocks] == ["rich_text", "image", "rich_text"]
    assert about.blocks[1] == {"kind": "image", "picture": "f1", "caption": "In November", "size": "m"}
    assert 'href="/prices"' not in about.blocks[0]["html"]  # a page without an address of its own had no old one
    assert (about.description, about.state) == ("Who we are.", "published")
    assert versions["/prices"].state == versions["/hidden"].state == "draft"
    assert str(versions["/news/we-are-open"].since) == "2023-05-06 07:08:09+00:00"
    assert versions["/news/we-are-open"].settings == {"categories": ["news"], "date": "2023-05-06"}
    assert [(each.slug, dict(each.titles)) for each in arrival.categories] == [("news", {"en": "News"})]
    assert "contact-form-7" not in str(versions["/about/our-boats"].blocks)


def test_what_cannot_come_is_named() -> None:
    arrival = arrived(SMALL)
    list(arrival.versions())

    assert {
        ("trash", ""),
        ("comments", "2 x"),
        ("kind", "1 x"),
        ("menu", "Things"),
        ("private", ""),
        ("old_link", "https://www.old.example/prices/"),
        ("shortcode", '[contact-form-7 id="9"]'),
    } <= said(arrival)


def test_menus_files_and_redirects_come_along() -> None:
    arrival = arrived(SMALL)

    header, footer = arrival.menus
    redirects = {each.path: each.target or each.page for each in arrival.redirects}

    assert [link["label"] for link in header.items] == ["Start", "Far"]
    assert footer.items[0]["title"] == "Foot"
    assert [(each.address, dict(each.alt)) for each in arrival.files] == [(IMAGE, {"en": "The harbour at noon"})]
    assert addresses_of(lambda: [SMALL]) == [IMAGE]
    assert redirects["/2023/05/we-are-open"] == redirects["/2023/05/we-open"] == arrival.pages[-1].ref
    assert redirects["/old-thing"] == "/about"


def test_translations_of_polylang_are_one_page() -> None:
    group = ("post_translations", "pll_1", "pll_1")
    arrival = arrived(
        export(
            item(
                1, "page", "About", link="https://old.example/en/about/", filed=[("language", "en", "English"), group]
            ),
            item(
                2, "page", "À propos", link="https://old.example/fr/a-propos/", filed=[("language", "fr", "F"), group]
            ),
            item(3, "page", "Über", link="https://old.example/ueber/", meta={"_wpml_import_language_code": "de"}),
            item(4, "page", "Acerca", link="https://old.example/acerca/", filed=[("language", "es", "Español")]),
        ),
        locale="pl",
    )

    assert [sorted(page.places) for page in arrival.pages] == [
        [("en", "/about"), ("fr", "/a-propos")],
        [("pl", "/acerca")],
        [("de", "/ueber")],
    ]
    assert ("language", "es") in said(arrival)


def test_pages_below_each_other_in_a_circle_come_to_the_top() -> None:
    arrival = arrived(
        export(item(1, "page", "One", parent=2), item(2, "page", "Two", parent=1), item(3, "page", "Self", parent=3))
    )

    assert sorted(page.places[0][1] for page in arrival.pages) == ["/one", "/one/two", "/self"]
    assert [page.parent for page in arrival.pages] == ["", "w1", ""]
