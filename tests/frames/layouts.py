"""Pages in the layouts of others: each writes a page as people do who use it, with something put into its middle.

Addresses below ``/packages/`` are files of the packages (storefront/machine/layouts.py).
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

HEAD: Final = '<!doctype html><html lang="en"{more}><head><meta charset="utf-8"><title>Site</title>'
VIEWPORT: Final = '<meta name="viewport" content="width=device-width, initial-scale=1">'
WORDS: Final = "We have made boats since 1974, and what is said about them stands here, on as many lines as it takes."


def _head(*sheets: str, more: str = "", script: str = "") -> str:
    links = "".join(f'<link rel="stylesheet" href="/packages/{each}">' for each in sheets)
    return HEAD.format(more=more) + VIEWPORT + links + script


def _quoted(text: object) -> str:
    """Write a value for a script inside a page."""
    return json.dumps(text).replace("</", "<\\/")


def bootstrap(packages: Path, script: str, place: str) -> str:
    """The page of an article of Start Bootstrap, as it is shipped."""
    page = (packages / "startbootstrap-clean-blog/dist/post.html").read_text(encoding="utf-8")
    page = page.replace("<head>", '<head><base href="/packages/startbootstrap-clean-blog/dist/">', 1)
    first = '<h2 class="section-heading">The Final Frontier</h2>'
    assert page.count(first) == 1
    return page.replace("</head>", f"{script}</head>", 1).replace(first, place + first)


def wordpress(_packages: Path, script: str, place: str) -> str:
    """A page of WordPress with a block theme: its sheets, the rules it writes for theme.json, its classes."""
    block = "@wordpress/block-library/build-style"
    head = _head(
        f"{block}/common.css", f"{block}/style.css", f"{block}/theme.css", f"{block}/elements.css", script=script
    )
    return f"""{head}<style>
:root{{--wp--style--global--content-size:645px;--wp--style--block-gap:1.2rem}}
body{{margin:0;font:400 1.15rem/1.6 Georgia,serif;color:#1a1714;background:#f9f7f2}}
:where(body) a:where(:not(.wp-element-button)){{color:#8a3324;text-decoration:underline}}
.is-layout-constrained > :where(:not(.alignleft):not(.alignright):not(.alignfull)){{max-width:645px;
 margin-left:auto !important;margin-right:auto !important}}
:where(.is-layout-constrained) > *{{margin-block-start:1.2rem;margin-block-end:0}}
.has-global-padding{{padding-right:1.5rem;padding-left:1.5rem}}
</style></head><body class="page wp-embed-responsive"><div class="wp-site-blocks">
<header class="wp-block-template-part has-global-padding is-layout-constrained"><p class="wp-block-site-title">
<a href="/">Boats</a></p></header>
<main class="wp-block-group has-global-padding is-layout-constrained">
<h1 class="wp-block-post-title">Names for boats</h1>
<div class="entry-content wp-block-post-content is-layout-constrained"><p>{WORDS}</p>
<div class="wp-block-columns is-layout-flex"><div class="wp-block-column"><p>{WORDS}</p></div>
<div class="wp-block-column"><p>{WORDS}</p></div></div>
{place}
<blockquote class="wp-block-quote"><p>{WORDS}</p></blockquote>
<div class="wp-block-button"><a class="wp-block-button__link wp-element-button" href="/more">More</a></div>
</div></main></div></body></html>"""


def docusaurus(_packages: Path, script: str, place: str) -> str:
    """A page of Docusaurus' classic theme in the dark: Infima's sheet and the markup that theme writes around it."""
    head = _head("infima/dist/css/default/default.css", more=' data-theme="dark" class="docs-wrapper"', script=script)
    return f"""{head}</head><body><div id="__docusaurus">
<nav class="navbar navbar--fixed-top" aria-label="Main"><div class="navbar__inner"><div class="navbar__items">
<a class="navbar__brand" href="/"><b class="navbar__title">Boats</b></a>
<a class="navbar__item navbar__link" href="/docs">Docs</a>
</div></div></nav><div class="main-wrapper"><main class="container padding-top--md padding-bottom--lg"><div class="row">
<div class="col col--9"><article><div class="theme-doc-markdown markdown"><header><h1>Names</h1></header><p>{WORDS}</p>
{place}
<h2 class="anchor" id="then">Then</h2><p>{WORDS}</p><pre class="prism-code"><code>./boat --name</code></pre>
<table><thead><tr><th>Name</th></tr></thead><tbody><tr><td>Fjord</td></tr></tbody></table></div></article></div>
<div class="col col--3"><div class="table-of-contents"><ul><li><a href="#then">Then</a></li></ul></div></div>
</div></main></div></div></body></html>"""


def vue(_packages: Path, script: str, place: str) -> str:
    """An application in Vue with Vuetify's dress."""
    template = f"""<v-app><v-app-bar title="Boats"></v-app-bar><v-main><v-container><h1 class="text-h4">Names</h1>
<v-card title="Find one"><v-card-text><p>{WORDS}</p>{place}</v-card-text>
<v-card-actions><v-btn color="primary">More</v-btn>
</v-card-actions></v-card><v-text-field label="Ours"></v-text-field></v-container></v-main></v-app>"""
    return f"""{_head("vuetify/dist/vuetify.min.css", script=script)}</head><body><div id="app"></div>
<script>window.process = {{env: {{}}}}</script>
<script src="/packages/vue/dist/vue.global.prod.js"></script>
<script src="/packages/vuetify/dist/vuetify.min.js"></script>
<script>const app = Vue.createApp({{template: {_quoted(template)}}});
app.config.compilerOptions.isCustomElement = (tag) => tag.startsWith("shop-");
app.use(Vuetify.createVuetify()).mount("#app")</script></body></html>"""


def react(_packages: Path, script: str, place: str) -> str:
    """An application in React, dressed by Tailwind."""
    inner = _quoted({"__html": place})
    return f"""{_head("tailwindcss/dist/tailwind.min.css", script=script)}</head>
<body class="bg-gray-100 antialiased text-gray-800"><div id="root"></div>
<script src="/packages/react/umd/react.production.min.js"></script>
<script src="/packages/react-dom/umd/react-dom.production.min.js"></script>
<script>const h = React.createElement;
const App = () => h("div", {{className: "max-w-3xl mx-auto p-4 sm:p-8 space-y-6"}},
 h("h1", {{className: "text-3xl font-bold tracking-tight"}}, "Names"),
 h("p", {{className: "leading-relaxed"}}, {_quoted(WORDS)}),
 h("div", {{className: "grid gap-4 divide-y rounded-lg bg-white p-4 shadow", dangerouslySetInnerHTML: {inner}}}),
 h("button", {{className: "px-4 py-2 rounded bg-blue-700 text-white"}}, "More"));
ReactDOM.createRoot(document.getElementById("root")).render(h(App))</script></body></html>"""


def bulma(_packages: Path, script: str, place: str) -> str:
    """A page in Bulma, whose columns are a flex box and whose content styles every element in it."""
    return f"""{_head("bulma/css/bulma.min.css", more=' data-theme="light"', script=script)}</head><body>
<section class="hero is-primary"><div class="hero-body"><p class="title">Boats</p></div></section>
<section class="section"><div class="container">
<div class="columns"><div class="column is-two-thirds"><div class="content">
<h1>Names</h1><p>{WORDS}</p>{place}<ul><li>{WORDS}</li></ul></div></div>
<div class="column"><div class="box"><div class="field"><label class="label" for="a">Ours</label><div class="control">
<input class="input" id="a"></div></div>
<button class="button is-link">More</button></div></div></div></div></section></body></html>"""


def foundation(_packages: Path, script: str, place: str) -> str:
    """A page in Foundation, with its cells and its own sizes of everything."""
    return f"""{_head("foundation-sites/dist/css/foundation.min.css", script=script)}</head><body>
<div class="top-bar"><div class="top-bar-left"><ul class="menu"><li class="menu-text">Boats</li></ul></div></div>
<div class="grid-container"><div class="grid-x grid-padding-x"><div class="cell large-8"><h1>Names</h1><p>{WORDS}</p>
{place}<div class="callout"><p>{WORDS}</p><a class="button" href="/more">More</a></div></div>
<div class="cell large-4"><label>Ours <input type="text"></label></div></div></div></body></html>"""


def jekyll(_packages: Path, script: str, place: str) -> str:
    """A page of Jekyll's theme "primer": the sheet that it is made of, and the markup of its one layout."""
    return f"""{_head("@primer/css/dist/primer.css", script=script)}</head><body>
<div class="container-lg px-3 my-5 markdown-body"><h1><a href="/">Boats</a></h1>
<h2 id="names">Names</h2><p>{WORDS}</p>{place}<h2 id="then">Then</h2><blockquote><p>{WORDS}</p></blockquote>
<div class="highlighter-rouge"><div class="highlight"><pre class="highlight"><code>./boat</code></pre></div></div>
<table><thead><tr><th>Name</th><th>Year</th></tr></thead><tbody><tr><td>Fjord</td><td>1974</td></tr></tbody></table>
<ul class="task-list"><li>{WORDS}</li></ul>
<div class="footer border-top border-gray-light mt-5 pt-3 text-right text-gray">This site is open source.</div>
</div></body></html>"""


def hostile(_packages: Path, script: str, place: str) -> str:
    """A page that resets, hides and stretches whatever it meets."""
    return f"""{_head(script=script)}<style>
main * {{ all: unset !important; }}
* {{ margin: 0; padding: 0; box-sizing: content-box; letter-spacing: .3em; text-transform: uppercase;
 font: 9px/3 fantasy !important;
 color: #111 !important; transition: all 1s !important; float: none !important; text-align: right !important; }}
div, section, p, form, table, slot {{ all: unset !important; display: inline !important; }}
iframe {{ height: 0 !important; width: 10px !important; visibility: hidden !important; display: none !important; }}
img, iframe, video {{ max-width: 100%; height: auto; }}
input, button, select {{ display: none !important; }}
:not(:defined) {{ border: 3px solid red !important; }}
main {{ display: block; direction: rtl; white-space: nowrap; line-height: 4; columns: auto;
 text-indent: 5em; user-select: none; }}
</style></head><body><main><h1>Names</h1>{place}<section>{WORDS}</section></main></body></html>"""


LAYOUTS: Final[Mapping[str, Callable[[Path, str, str], str]]] = {
    each.__name__: each for each in (bootstrap, wordpress, docusaurus, vue, react, bulma, foundation, jekyll)
}
