// page_editor/blocks.js: choose, add, move, duplicate and remove blocks.

let chosen = form.querySelector(".editor-block[data-chosen]")?.dataset.block ?? "page";

function choose(id, { focus = false, shows = true } = {}) {
  const block = blockOf(id);
  if (!block) return;
  for (const each of form.querySelectorAll(".editor-block[data-chosen]")) delete each.dataset.chosen;
  for (const each of form.querySelectorAll(".editor-list a[aria-current]")) each.removeAttribute("aria-current");
  block.dataset.chosen = "";
  block.open = true;
  chosen = id;
  form.querySelector(`[data-item="${CSS.escape(id)}"] > a`)?.setAttribute("aria-current", "true");
  if (shows) {
    showPane("form");
    comeIntoView(block);
  }
  if (focus) block.querySelector("input:not([type=hidden]), textarea, select")?.focus();
  showInFrame(id);
}

// The form of a block low in the list begins above the window: its head is what one wants to see first.
function comeIntoView(block) {
  const { top } = block.getBoundingClientRect();
  if (top < 0 || top > innerHeight * 0.6) block.scrollIntoView({ block: "start", behavior: "instant" });
}

// On a telephone one of the three is seen at a time.
function showPane(name) {
  shell.dataset.pane = name;
  for (const button of form.querySelectorAll("[data-show]")) button.setAttribute("aria-pressed", String(button.dataset.show === name));
}

function pattern(kind, id) {
  const made = document.querySelector(`template[data-pattern="${kind}"]`).content.cloneNode(true).firstElementChild;
  rename(made, "--block--", id);
  return made;
}

// Names, ids and what points to them, of a block or of an entry that was made from a pattern or from another one.
const NAMED = ["id", "name", "for", "value", "aria-describedby", "data-block", "data-rows"];
function rename(root, from, to) {
  for (const element of [root, ...root.querySelectorAll("*")]) {
    for (const name of NAMED) {
      const value = element.getAttribute(name);
      // A value is typed by somebody, unless it is one of the form's own.
      if (!value?.includes(from) || (name === "value" && element.type !== "hidden" && element.type !== "submit")) continue;
      element.setAttribute(name, value.replaceAll(from, to));
    }
  }
}

function itemFor(block) {
  const item = document.createElement("li");
  item.dataset.item = block.dataset.block;
  const sign = block.querySelector("summary svg").cloneNode(true);
  const drag = sign.cloneNode(true);
  drag.firstElementChild.setAttribute("href", sign.firstElementChild.getAttribute("href").replace(/#.*/, "#drag"));
  const link = document.createElement("a");
  link.href = `#block-${block.dataset.block}`;
  const label = document.createElement("span");
  label.dataset.label = "";
  label.textContent = block.querySelector("[data-label]").textContent;
  link.append(sign, label);
  item.append(drag, link);
  return item;
}

function insert(block, after) {
  const behind = after && after !== "page" ? blockOf(after) : null;
  if (behind) behind.after(block);
  else forms.append(block);
  const item = itemFor(block);
  const before = behind ? itemOf(after) : null;
  if (before) before.after(item);
  else list.append(item);
  form.querySelector("[data-none]")?.remove();
  readPart(block);
}

function add(kind) {
  const block = pattern(kind, newId());
  insert(block, chosen);
  for (const box of block.querySelectorAll("[data-begins]")) addRow(box, { focus: false });
  form.querySelector("[data-add]").open = false;
  choose(block.dataset.block, { focus: true });
  changed(block);
}

// The list of kinds is narrowed by what is typed; Enter takes the first that is left.
function beginKinds() {
  const box = form.querySelector("[data-add]");
  const find = box.querySelector("[data-find]");
  const kinds = [...box.querySelectorAll("[data-kind-of]")];
  const narrow = () => {
    const wanted = find.value.trim().toLowerCase();
    for (const kind of kinds) kind.closest("li").hidden = !kind.textContent.toLowerCase().includes(wanted);
    for (const group of box.querySelectorAll(":scope ul")) {
      group.hidden = [...group.children].every((item) => item.hidden);
      if (group.previousElementSibling?.matches("h3")) group.previousElementSibling.hidden = group.hidden;
    }
  };
  find.addEventListener("input", (event) => { event.stopPropagation(); narrow(); });
  find.addEventListener("change", (event) => event.stopPropagation());
  box.addEventListener("toggle", () => {
    find.value = "";
    narrow();
    if (box.open && box.contains(document.activeElement)) find.focus({ preventScroll: true });
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && blocks().length) {
      box.open = false;
      box.querySelector("summary").focus();
    } else if (event.key === "Enter" && event.target === find) {
      event.preventDefault();
      kinds.find((kind) => !kind.closest("li").hidden)?.click();
    }
  });
  document.addEventListener("pointerdown", (event) => { if (box.open && blocks().length && !box.contains(event.target)) box.open = false; });
}

function duplicate(block) {
  const copy = block.cloneNode(true);
  const id = newId();
  const old = block.dataset.block;
  // What is typed lives in the fields, not in their markup.
  const fields = [...block.querySelectorAll("input, textarea, select")];
  [...copy.querySelectorAll("input, textarea, select")].forEach((field, place) => {
    field.value = fields[place].value;
    if (field.type === "checkbox") field.checked = fields[place].checked;
  });
  // A copied editor would share the tools of the first; each field gets one of its own.
  for (const editor of copy.querySelectorAll(".rich")) editor.remove();
  copy.id = `block-${id}`;
  copy.dataset.block = id;
  delete copy.dataset.chosen;
  copy.querySelector("[name=block]").value = id;
  copy.querySelector("[data-seen]").value = `${id}:`;
  for (const element of copy.querySelectorAll("*")) {
    for (const name of ["id", "name", "for", "data-rows"]) {
      const value = element.getAttribute(name);
      if (value === old || value?.startsWith(`${old}.`)) element.setAttribute(name, id + value.slice(old.length));
    }
    const described = element.getAttribute("aria-describedby");
    if (described) element.setAttribute("aria-describedby", described.replaceAll(`${old}.`, `${id}.`));
  }
  insert(copy, old);
  choose(id, { focus: true });
  changed(copy);
}

function move(block, step) {
  const other = step < 0 ? block.previousElementSibling : block.nextElementSibling;
  if (!other) return;
  place(block, step < 0 ? other : other.nextElementSibling);
}

// Put a block before another, or last; the list follows.
function place(block, before) {
  const [item, next] = [itemOf(block.dataset.block), before ? itemOf(before.dataset.block) : null];
  const focused = document.activeElement;
  forms.insertBefore(block, before);
  list.insertBefore(item, next);
  focused?.focus();
  const all = blocks();
  say(put(words.wordsMoved, { name: nameOf(block), place: all.indexOf(block) + 1, count: all.length }));
  changed(null);
}

const nameOf = (block) => block.querySelector("[data-label]").textContent;

let gone = null;
function remove(block) {
  const item = itemOf(block.dataset.block);
  gone = { block, item, next: block.nextElementSibling };
  const near = block.nextElementSibling ?? block.previousElementSibling;
  block.remove();
  item.remove();
  const box = document.querySelector("[data-undo]");
  const told = put(words.wordsRemoved, { name: nameOf(block) });
  box.querySelector("[data-undo-words]").textContent = told;
  box.hidden = false;
  if (near) choose(near.dataset.block, { shows: false });
  else choose("page", { shows: false });
  (itemOf(chosen)?.querySelector("a") ?? form.querySelector("[data-item=page] a")).focus();
  changed(null);
}

function putBack() {
  if (!gone) return;
  const { block, item, next } = gone;
  const before = next?.isConnected ? next : null;
  forms.insertBefore(block, before);
  list.insertBefore(item, before ? itemOf(before.dataset.block) : null);
  gone = null;
  document.querySelector("[data-undo]").hidden = true;
  // It was gone from what is kept, so it comes back as a new one.
  block.querySelector("[data-seen]").value = `${block.dataset.block}:`;
  choose(block.dataset.block, { focus: true });
  changed(block);
}

// The label of a block is its heading, as soon as it has one.
function relabel(block) {
  const heading = block.querySelector(`[name="${CSS.escape(block.dataset.block)}.title"]`);
  if (!heading) return;
  const text = heading.value.trim() || block.dataset.name;
  block.querySelector("[data-label]").textContent = text;
  const item = itemOf(block.dataset.block)?.querySelector("[data-label]");
  if (item) item.textContent = text;
}

function dragBlocks() {
  let dragged = null;
  list.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest("li > svg");
    if (!handle || event.button) return;
    event.preventDefault();
    dragged = handle.closest("li");
    dragged.dataset.dragged = "";
    list.setPointerCapture(event.pointerId);
  });
  list.addEventListener("pointermove", (event) => {
    if (!dragged) return;
    const over = document.elementFromPoint(list.getBoundingClientRect().left + 20, event.clientY)?.closest("[data-item]");
    if (!over || over === dragged || over.parentElement !== list) return;
    const half = over.getBoundingClientRect();
    list.insertBefore(dragged, event.clientY > half.top + half.height / 2 ? over.nextElementSibling : over);
    // At the edge of a small screen the list follows the finger.
    dragged.scrollIntoView({ block: "nearest" });
  });
  const drop = () => {
    if (!dragged) return;
    delete dragged.dataset.dragged;
    const [block, next] = [blockOf(dragged.dataset.item), dragged.nextElementSibling];
    dragged = null;
    place(block, next ? blockOf(next.dataset.item) : null);
  };
  list.addEventListener("pointerup", drop);
  list.addEventListener("pointercancel", drop);
}
