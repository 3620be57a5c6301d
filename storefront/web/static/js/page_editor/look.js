// page_editor/look.js: what the page looks like, beside it: widths, themes, languages, dark and light.

const frame = form.querySelector("[data-frame]");
const box = frame.closest(".editor-frame");
const looks = { theme: "", locale: "", dark: matchMedia("(prefers-color-scheme: dark)").matches };

const inside = () => {
  try {
    return frame.contentDocument;
  } catch {
    return null; // an error page that may not be framed
  }
};

function addressOfFrame() {
  const address = new URL(words.preview, location.href);
  if (looks.locale) address.pathname = address.pathname.replace(/\/[^/]+\/preview$/, `/${looks.locale}/preview`);
  if (looks.theme) address.searchParams.set("theme", looks.theme);
  return address.href;
}

// Only the middle of the page is put in anew, so that nothing flickers and nobody loses their place.
async function refreshFrame() {
  const page = inside();
  const main = page?.querySelector("main");
  if (!main) {
    frame.src = addressOfFrame();
    return;
  }
  try {
    const answer = await fetch(addressOfFrame(), { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const made = fresh.querySelector("main");
    if (!made) return;
    main.replaceWith(page.adoptNode(made));
    showInFrame(chosen, { scrolls: false });
  } catch { /* the next change brings it */ }
}

// Blocks are marked by comments, so that the marks change nothing of what they mark.
function elementsOf(id) {
  const page = inside();
  if (!page?.body) return [];
  const walker = page.createTreeWalker(page.body, NodeFilter.SHOW_COMMENT);
  while (walker.nextNode()) {
    if (walker.currentNode.data !== `block ${id}`) continue;
    const found = [];
    for (let node = walker.currentNode.nextSibling; node && node.nodeType !== Node.COMMENT_NODE; node = node.nextSibling) if (node.nodeType === Node.ELEMENT_NODE) found.push(node);
    return found;
  }
  return [];
}

// After what was asked for is seen: a long page in the frame takes its time to be laid out.
let showing = 0;
function showInFrame(id, more = {}) {
  clearTimeout(showing);
  requestAnimationFrame(() => { showing = setTimeout(() => showNow(id, more)); });
}

function showNow(id, { scrolls = true }) {
  const page = inside();
  if (!page?.body) return;
  for (const each of page.querySelectorAll("[data-in-editor]")) {
    each.style.outline = "";
    delete each.dataset.inEditor;
  }
  const found = elementsOf(id);
  for (const each of found) {
    each.dataset.inEditor = "";
    each.style.outline = "3px solid Highlight";
    each.style.outlineOffset = "-3px";
  }
  if (scrolls) found[0]?.scrollIntoView({ block: "center", behavior: "instant" });
}

function blockUnder(target) {
  const page = inside();
  const top = page && [...page.querySelectorAll("main > *")].find((each) => each.contains(target));
  for (let node = top?.previousSibling; node; node = node.previousSibling) {
    if (node.nodeType === Node.COMMENT_NODE && node.data.startsWith("block ")) return node.data.slice(6);
  }
  return null;
}

function beginFrame() {
  const page = inside();
  if (!page?.documentElement) return;
  page.documentElement.dataset.scheme = looks.dark ? "dark" : "light";
  page.addEventListener("click", (event) => {
    event.preventDefault();
    const id = blockUnder(event.target);
    if (id) choose(id);
  }, true);
  showInFrame(chosen, { scrolls: false });
}

function beginLook() {
  frame.addEventListener("load", beginFrame);
  beginFrame();
  const dark = form.querySelector("[data-dark]");
  dark.setAttribute("aria-pressed", String(looks.dark));
  dark.addEventListener("click", () => {
    looks.dark = !looks.dark;
    dark.setAttribute("aria-pressed", String(looks.dark));
    if (inside()?.documentElement) inside().documentElement.dataset.scheme = looks.dark ? "dark" : "light";
  });
  for (const button of form.querySelectorAll("[data-width][aria-pressed]")) {
    button.addEventListener("click", () => {
      box.dataset.width = button.dataset.width;
      for (const each of form.querySelectorAll("[data-width][aria-pressed]")) each.setAttribute("aria-pressed", String(each === button));
    });
  }
  for (const choice of form.querySelectorAll("[data-look]")) {
    choice.addEventListener("change", () => {
      looks[choice.dataset.look] = choice.value;
      frame.src = addressOfFrame();
      form.querySelector("[data-alone]").href = addressOfFrame();
    });
  }
}
