"""Exports of WordPress, written by hand in small."""

from collections.abc import Mapping

HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<!-- generator="WordPress/6.4" -->
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
  xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Harbour</title><link>https://old.example</link><language>en-US</language>
<wp:wxr_version>1.2</wp:wxr_version><wp:base_site_url>https://old.example</wp:base_site_url>
<wp:base_blog_url>https://old.example</wp:base_blog_url>
"""
FOOT = "</channel></rss>\n"
IMAGE = "https://old.example/wp-content/uploads/2023/05/harbour.jpg"


def cdata(text: str) -> str:
    return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"


def item(number: int, kind: str, title: str, content: str = "", **more: object) -> str:
    """One item; ``meta`` and ``filed`` (domain, short name, name) may come along."""
    meta: Mapping[str, str] = more.pop("meta", {})  # type: ignore[assignment]  # keyword by keyword
    filed = more.pop("filed", ())
    fields = {
        "wp:post_id": number,
        "wp:post_date_gmt": more.get("at", "2023-05-06 07:08:09"),
        "wp:post_name": more.get("name", title.lower().replace(" ", "-")),
        "wp:status": more.get("status", "publish"),
        "wp:post_parent": more.get("parent", 0),
        "wp:menu_order": more.get("order", 0),
        "wp:post_type": kind,
        "wp:post_password": more.get("password", ""),
        "wp:attachment_url": more.get("address", ""),
    }
    lines = [
        f"<item><title>{cdata(title)}</title><link>{more.get('link', '')}</link>",
        f"<content:encoded>{cdata(content)}</content:encoded>",
        f"<excerpt:encoded>{cdata(str(more.get('excerpt', '')))}</excerpt:encoded>",
        *(f"<{name}>{cdata(str(value))}</{name}>" for name, value in fields.items()),
        *(f'<category domain="{a}" nicename="{b}">{cdata(c)}</category>' for a, b, c in filed),  # type: ignore[attr-defined]  # triples
    ]
    for name, value in meta.items():
        lines.append(
            f"<wp:postmeta><wp:meta_key>{cdata(name)}</wp:meta_key><wp:meta_value>{cdata(value)}</wp:meta_value>"
        )
        lines.append("</wp:postmeta>")
    lines += ["<wp:comment><wp:comment_id>1</wp:comment_id></wp:comment>"] * int(str(more.get("comments", 0)))
    return "\n".join([*lines, "</item>"])


def entry(number: int, menu: str, title: str, **meta: str) -> str:
    """One entry of a menu."""
    named = {f"_menu_item_{name}": value for name, value in meta.items()}
    return item(number, "nav_menu_item", title, meta=named, filed=[("nav_menu", menu.lower(), menu)], order=number)


def export(*items: str) -> bytes:
    """A whole export."""
    return (HEAD + "\n".join(items) + FOOT).encode()


ABOUT = f"""<!-- wp:heading --><h2>Who we are</h2><!-- /wp:heading -->
<!-- wp:paragraph --><p>We look after boats.
<a href="https://www.old.example/prices/">Prices</a></p><!-- /wp:paragraph -->
<!-- wp:image {{"id":30,"sizeSlug":"large"}} -->
<figure class="wp-block-image"><img src="{IMAGE.replace(".jpg", "-1024x683.jpg")}"
alt="The harbour" class="wp-image-30"/>
<figcaption>In November</figcaption></figure><!-- /wp:image -->
<!-- wp:list --><ul><!-- wp:list-item --><li>One</li><!-- /wp:list-item --></ul><!-- /wp:list -->"""
SMALL = export(
    item(1, "page", "Home", "<p>Hello</p>", link="https://old.example/", name="home"),
    item(3, "page", "Our boats", 'Classic words.\n\nSecond [contact-form-7 id="9"] part.', parent=2,
         link="https://old.example/about/our-boats/", order=2),
    item(2, "page", "About", ABOUT, link="https://old.example/about/", excerpt="Who we are."),
    item(4, "page", "Prices", "<p>Dear.</p>", link="https://old.example/?page_id=4", status="draft"),
    item(5, "page", "Hidden", "<p>Secret.</p>", password="x", link="https://old.example/hidden/"),
    item(6, "page", "Gone", "<p>Old.</p>", status="trash"),
    item(10, "post", "We are open", "<p>Come in.</p>", link="https://old.example/2023/05/we-are-open/", comments=2,
         filed=[("category", "news", "News")], meta={"_wp_old_slug": "we-open"}),
    item(30, "attachment", "harbour", address=IMAGE, status="inherit",
         meta={"_wp_attachment_image_alt": "The harbour at noon"}),
    item(31, "product", "Boat", "<p>For sale.</p>"),
    entry(40, "Main", "Start", type="post_type", object_id="1", object="page"),
    entry(41, "Main", "Far", type="custom", url="https://far.example/"),
    entry(42, "Main", "Things", type="taxonomy", object_id="7", object="category"),
    entry(43, "Foot", "About us", type="post_type", object_id="2", object="page"),
    item(50, "redirect_rule", "x", meta={"_redirect_rule_from": "/old-thing", "_redirect_rule_to": "/about/"}),
)  # fmt: skip
