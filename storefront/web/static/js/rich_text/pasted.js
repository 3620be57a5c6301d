// rich_text.js: what other programs put on the clipboard, told by tags instead of styles. The page's policy lets no
// inline style count, so Trix would not see what is bold. The server brings what is left into shape (cms/sanitize.py).

const GONE = "head, style, script, title, meta, link, template, noscript, svg, math, iframe, object, img, video, audio";
const SPELLED = { MSOTITLE: "H1", MSOSUBTITLE: "H2" };
const NUMBERED = /^\s*\(?[0-9a-z]{1,5}[.)]/i;

// Styles and handlers have no effect here, so they are put aside before they are read: else the policy tells of each.
const quiet = (markup) => markup.replaceAll(/<[a-z][^>]*>/gi, (tag) => tag
  .replaceAll(/([\s"'/])style\s*=/gi, "$1data-style=")
  .replaceAll(/([\s"'/])on[a-z]+\s*=/gi, "$1data-on="));

function styleOf(element) {
  const found = {};
  for (const said of (element.dataset.style ?? "").toLowerCase().split(";")) {
    const at = said.indexOf(":");
    if (at > 0) found[said.slice(0, at).trim()] = said.slice(at + 1).trim();
  }
  return found;
}

function renamed(element, tag) {
  const fresh = element.ownerDocument.createElement(tag);
  fresh.append(...element.childNodes);
  element.replaceWith(fresh);
  return fresh;
}

// The marks that a style sets, from the outermost to the innermost; undefined where it says that there is none.
function marksOf(style) {
  const lines = (style["text-decoration"] ?? style["text-decoration-line"] ?? "").split(" ");
  return [
    style["font-weight"] === "bold" || style["font-weight"] >= 600 ? "strong" : "",
    style["font-style"] === "italic" ? "em" : "",
    lines.includes("line-through") ? "s" : "",
    { super: "sup", sub: "sub" }[style["vertical-align"]] ?? "",
  ].filter(Boolean);
}

// Word's paragraphs that are entries become lists, nested by their levels.
function listed(page) {
  const levelOf = (element) => Number(/\blevel([1-9])\b/.exec(styleOf(element)["mso-list"] ?? "")?.[1] ?? 0);
  const open = [];
  let before = null;
  for (const entry of [...page.querySelectorAll("p[data-style*='mso-list']")].filter(levelOf)) {
    const sign = [...entry.querySelectorAll("[data-style*='mso-list']")].find((each) => styleOf(each)["mso-list"] === "ignore");
    const tag = NUMBERED.test(sign?.textContent ?? "") ? "ol" : "ul";
    sign?.remove();
    let previous = entry.previousSibling;
    while (previous && previous.nodeType !== Node.ELEMENT_NODE && !previous.textContent.trim()) previous = previous.previousSibling;
    if (!before || previous !== before) open.length = 0;
    const depth = Math.min(levelOf(entry), open.length + 1);
    open.length = Math.min(open.length, depth);
    if (open.length === depth && open[depth - 1].localName !== tag) open.pop();
    if (open.length < depth) {
      const list = page.createElement(tag);
      if (open.length) open.at(-1).lastElementChild.append(list);
      else entry.before(list);
      open.push(list);
    }
    const item = page.createElement("li");
    item.append(...entry.childNodes);
    entry.remove();
    open.at(-1).append(item);
    before = open[0];
  }
}

// Headings of a page begin at the second: its first is its title.
function lowered(page) {
  for (const element of page.querySelectorAll("p[class]")) {
    const tag = SPELLED[element.className.toUpperCase()];
    if (tag) renamed(element, tag);
  }
  const step = page.querySelector("h1") ? 1 : 0;
  for (const element of [...page.querySelectorAll("h1, h2, h3, h4, h5, h6")]) {
    renamed(element, `h${Math.min(Number(element.localName[1]) + step, 4)}`);
  }
}

// Google Docs puts a list right into a list: it belongs to the entry before it.
function nested(page) {
  for (const list of page.querySelectorAll(":is(ul, ol) > :is(ul, ol)")) list.previousElementSibling?.append(list);
  for (const only of page.querySelectorAll("li > p:only-child, li > p:first-child")) only.replaceWith(...only.childNodes);
}

function tidied(markup) {
  const page = new DOMParser().parseFromString(quiet(markup), "text/html");
  for (const gone of page.querySelectorAll(GONE)) gone.remove();
  listed(page);
  for (const element of [...page.body.querySelectorAll("[data-style]")]) {
    const style = styleOf(element);
    if (style.display === "none" || style["mso-hide"] === "all" || style["mso-list"] === "ignore") element.remove();
    else if (/^(?:b|strong)$/.test(element.localName) && ["normal", "400"].includes(style["font-weight"])) element.replaceWith(...element.childNodes);
    else if (/^(?:span|font|b|i|em|strong|u|s)$/.test(element.localName)) {
      for (const tag of marksOf(style).reverse()) {
        const mark = page.createElement(tag);
        mark.append(...element.childNodes);
        element.append(mark);
      }
    }
  }
  lowered(page);
  nested(page);
  for (const element of page.body.querySelectorAll("*")) {
    for (const { name } of [...element.attributes]) if (name !== "href") element.removeAttribute(name);
  }
  for (const element of page.querySelectorAll("a[href] u, :is(h2, h3, h4) :is(strong, b)")) element.replaceWith(...element.childNodes);
  // Programs break their lines where they like; an empty paragraph is a space between others.
  for (const empty of page.querySelectorAll("body > br, :is(p, h2, h3, h4)")) {
    if (!empty.textContent.trim()) empty.remove();
  }
  return page.body.innerHTML;
}
