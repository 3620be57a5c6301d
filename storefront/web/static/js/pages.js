// pages.js — moves pages of the tree by dragging their handles, or by the arrow keys on them. Both send a form of the
// page, so that the server alone decides where a page may lie.

const tree = document.querySelector("[data-page-tree]");
const form = document.querySelector("[data-tree-form]");

const send = (address, values) => {
  for (const field of form.querySelectorAll("input:not([name=csrf_token])")) {
    field.disabled = !(field.name in values);
    field.value = values[field.name] ?? "";
  }
  form.action = address;
  form.submit();
};

const pageOf = (element) => element.closest(".tree-page");
// In a list that shows a part of its level, the last one says what follows it.
const nextOf = (page) => page.nextElementSibling?.dataset.page ?? page.dataset.after ?? "";

// Where a page would land: in the upper part of a row before it, in the lower part behind it, between them below it.
const landing = (row, y) => {
  const box = row.getBoundingClientRect();
  const part = (y - box.top) / box.height;
  if (part < 0.3) return "before";
  return part > 0.7 && !row.nextElementSibling ? "after" : "in";
};

if (tree && form) {
  const STEPS = { ArrowUp: "up", ArrowDown: "down", ArrowRight: "in", ArrowLeft: "out" };
  let dragged = null;
  let marked = null;

  const unmark = () => {
    if (marked) delete marked.dataset.drop;
    marked = null;
  };

  tree.addEventListener("keydown", (event) => {
    const handle = event.target.closest(".tree-handle");
    const to = STEPS[event.key];
    if (!handle || !to || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    send(handle.dataset.step, { to });
  });

  tree.addEventListener("dragstart", (event) => {
    const handle = event.target.closest?.(".tree-handle");
    if (!handle) return;
    dragged = pageOf(handle);
    dragged.dataset.dragged = "";
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.page);
    event.dataTransfer.setDragImage(dragged.firstElementChild, 20, 20);
  });

  tree.addEventListener("dragover", (event) => {
    const row = event.target.closest(".tree-row");
    unmark();
    if (!dragged || !row || dragged.contains(row)) return;
    event.preventDefault();
    marked = row;
    row.dataset.drop = landing(row, event.clientY);
  });

  tree.addEventListener("drop", (event) => {
    const row = marked;
    if (!dragged || !row) return;
    event.preventDefault();
    const page = pageOf(row);
    const where = row.dataset.drop;
    const handle = dragged.querySelector(".tree-handle");
    const parent = where === "in" ? page.dataset.page : page.dataset.parent;
    const before = { before: page.dataset.page, after: nextOf(page), in: "" }[where];
    send(handle.dataset.move, { parent, before: before === dragged.dataset.page ? nextOf(dragged) : before });
  });

  tree.addEventListener("dragend", () => {
    unmark();
    if (dragged) delete dragged.dataset.dragged;
    dragged = null;
  });

  // After a step the page is loaded again: the handle keeps the focus, so that the next key goes on. Browsers take the
  // focus away when they scroll to the part that the address names, which they do last of all.
  const page = location.hash.startsWith("#p-") && document.getElementById(location.hash.slice(1));
  if (page && tree.contains(page)) {
    addEventListener("load", () => setTimeout(() => page.querySelector(".tree-handle")?.focus({ preventScroll: true })));
  }
}
