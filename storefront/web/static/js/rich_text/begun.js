// Every <textarea data-rich> gets Trix in its place and stays what forms and other scripts read and write. What Trix
// cannot hold, such as a table, stays as it is: nothing is lost by opening a page. A page may have hundreds of texts, so
// each gets its editor only when it comes near to what is seen, or is gone to.

const told = document.getElementById("rich-text");
const HELD = new Set("p br strong em b i u s del a ul ol li h2 h3 h4 blockquote pre code sub sup".split(" "));
const { get: read, set: write } = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value");
const editors = new WeakMap();
const NEAR = "800px 0px";
let count = 0;

function configure({ blockAttributes, textAttributes }) {
  const heading = { terminal: true, breakOnReturn: true, group: false };
  Object.assign(blockAttributes.default, { tagName: "p", breakOnReturn: true });
  blockAttributes.heading1 = { ...heading, tagName: "h2" };
  blockAttributes.heading2 = { ...heading, tagName: "h3" };
  blockAttributes.heading3 = { ...heading, tagName: "h4" };
  textAttributes.bold = { tagName: "strong", inheritable: true, parser: (element) => Boolean(element.closest("strong, b")) };
  textAttributes.italic = { tagName: "em", inheritable: true, parser: (element) => Boolean(element.closest("em, i")) };
  textAttributes.strike = { tagName: "s", inheritable: true, parser: (element) => Boolean(element.closest("s, del")) };
  for (const tag of ["u", "sub", "sup"]) textAttributes[tag] = { tagName: tag, inheritable: true };
  textAttributes.inlineCode = { tagName: "code", inheritable: true };
  // What a link is being made of, while its address is typed.
  textAttributes.frozen = { style: { backgroundColor: "var(--brand-soft)" } };
  delete blockAttributes.attachmentGallery;
}

// The return key begins a paragraph; with the shift key it breaks the line, as everywhere else.
function breakParagraphs({ Block, LineBreakInsertion, config }) {
  Block.prototype.breaksOnReturn = function breaksOnReturn() {
    return config.blockAttributes[this.getLastAttribute() ?? "default"].breakOnReturn ?? false;
  };
  LineBreakInsertion.prototype.shouldInsertBlockBreak = function shouldInsertBlockBreak() {
    if (this.block.isListItem() && !this.block.isEmpty()) return this.startLocation.offset !== 0;
    return !this.shouldBreakFormattedBlock() && this.breaksOnReturn;
  };
}

// Trix takes a no-break space for any space, and writes one where HTML needs it. Those that somebody meant go through
// it as a space with a sign behind it that nobody sees, which keeps the line from breaking there.
const JOINER = "\u2060";
const MEANT = ` ${JOINER}`;
const guarded = (markup) => markup.replaceAll("&nbsp;", MEANT).replaceAll("\u00a0", MEANT);
const valueOf = (editor) => editor.value
  .replaceAll("<!--block-->", "")
  .replaceAll(/&nbsp;|\u00a0/g, " ")
  .replaceAll(MEANT, "&nbsp;")
  .replaceAll(JOINER, "");

// Whether Trix can show all of it.
function isHeld(markup) {
  const page = new DOMParser().parseFromString(quiet(markup), "text/html");
  return [...page.body.querySelectorAll("*")].every((element) => HELD.has(element.localName));
}

function label(area, editor) {
  const [name] = area.labels;
  if (name) {
    name.id ||= `${area.id}-label`;
    editor.setAttribute("aria-labelledby", name.id);
  }
  for (const said of ["aria-label", "aria-describedby", "aria-required", "aria-invalid", "lang"]) {
    if (area.hasAttribute(said)) editor.setAttribute(said, area.getAttribute(said));
  }
  editor.setAttribute("aria-multiline", "true");
}

// Keep a field that Trix cannot hold as it is, and say why.
function leave(area) {
  area.classList.remove("visually-hidden");
  area.removeAttribute("tabindex");
  area.removeAttribute("aria-hidden");
  if (area.parentElement.querySelector(":scope > .rich-note")) return;
  const note = document.createElement("p");
  note.className = "hint rich-note";
  note.textContent = told.dataset.other;
  area.after(note);
}

function enrich(area) {
  if (editors.has(area) || !area.isConnected) return;
  delete area.dataset.later;
  // A field that was copied with its editor gets one of its own.
  if (area.nextElementSibling?.matches(".rich")) area.nextElementSibling.remove();
  const first = read.call(area);
  if (!isHeld(first)) { leave(area); return; }
  const frame = document.createElement("div");
  const bar = document.createElement("trix-toolbar");
  const editor = document.createElement("trix-editor");
  frame.className = "rich";
  bar.id = `rich-tools-${++count}`;
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", told.dataset.tools);
  bar.append(told.content.cloneNode(true));
  for (const each of bar.querySelectorAll("[data-for]")) {
    each.htmlFor = `${bar.id}-address`;
    bar.querySelector("[data-trix-input]").id = each.htmlFor;
  }
  editor.id = `rich-${count}`;
  bar.setAttribute("aria-controls", editor.id);
  editor.setAttribute("toolbar", bar.id);
  label(area, editor);
  keep(area, editor, first);
  frame.append(bar, editor);
  area.after(frame);
  makeTools(bar, editor);
  area.classList.add("visually-hidden");
  area.tabIndex = -1;
  area.ariaHidden = "true";
  area.addEventListener("focus", () => editor.focus());
}

// The field holds what the editor shows, and the editor what a script or a form's reset puts into the field.
function keep(area, editor, first) {
  let shown = first;
  let written = "";
  let isLoading = true;
  const show = (markup) => {
    isLoading = true;
    shown = markup;
    editor.editor.loadHTML(guarded(quiet(markup)));
    written = valueOf(editor);
    isLoading = false;
  };
  editors.set(area, editor);
  Object.defineProperty(area, "value", {
    configurable: true,
    get: () => read.call(area),
    set: (markup) => {
      write.call(area, markup);
      if (editor.editor && markup !== shown) show(markup);
    },
  });
  editor.addEventListener("trix-initialize", () => show(read.call(area)), { once: true });
  editor.addEventListener("trix-change", () => {
    if (isLoading) return;
    const now = valueOf(editor);
    shown = now === written ? shown : now;
    written = now;
    write.call(area, shown);
    area.dispatchEvent(new Event("input", { bubbles: true }));
  });
  editor.addEventListener("trix-blur", () => area.dispatchEvent(new Event("change", { bubbles: true })));
  editor.addEventListener("trix-file-accept", (event) => event.preventDefault());
  editor.addEventListener("trix-before-paste", ({ paste }) => { if (paste.html) paste.html = guarded(tidied(paste.html)); });
  // The tabulator goes on to the next field; entries move in and out by their buttons.
  editor.addEventListener("keydown", (event) => event.key === "Tab" && event.stopImmediatePropagation(), true);
  area.form?.addEventListener("reset", () => setTimeout(() => show(read.call(area))));
}

const near = new IntersectionObserver((seen) => {
  for (const { isIntersecting, target } of seen) {
    if (!isIntersecting) continue;
    near.unobserve(target);
    enrich(target);
  }
}, { rootMargin: NEAR });

// Whoever goes to a text before it is seen, by a label, a link or a key, finds its editor there.
function follow({ target }) {
  if (!target.matches?.("textarea[data-rich]") || editors.has(target)) return;
  near.unobserve(target);
  enrich(target);
  const editor = editors.get(target);
  if (editor?.editor) editor.focus();
  else editor?.addEventListener("trix-initialize", () => editor.focus(), { once: true });
}

const wait = (area) => {
  // Its words are not shown with their marks while it waits; a copy of one that has its editor gets another at once.
  if (!area.nextElementSibling?.matches(".rich")) area.dataset.later = "";
  near.observe(area);
};

const awaitAll = (place) => {
  if (place.nodeType !== Node.ELEMENT_NODE) return;
  if (place.matches("textarea[data-rich]")) wait(place);
  place.querySelectorAll("textarea[data-rich]").forEach(wait);
};

if (told) {
  import(told.dataset.trix).then(() => {
    configure(window.Trix.config);
    breakParagraphs(window.Trix);
    document.addEventListener("focusin", follow);
    awaitAll(document.body);
    if (document.activeElement) follow({ target: document.activeElement });
    new MutationObserver((changes) => {
      for (const { addedNodes } of changes) addedNodes.forEach(awaitAll);
    }).observe(document.body, { childList: true, subtree: true });
  });
}
