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
  const SLACK = 6;
  let dragged = null;
  let marked = null;
  let began = 0;

  const unmark = () => {
    if (marked) delete marked.dataset.drop;
    marked = null;
  };

  const rowAt = (y) => {
    const box = tree.getBoundingClientRect();
    return document.elementFromPoint(box.left + box.width / 2, y)?.closest(".tree-row");
  };

  tree.addEventListener("keydown", (event) => {
    const handle = event.target.closest(".tree-handle");
    const to = STEPS[event.key];
    if (!handle || !to || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    send(handle.dataset.step, { to });
  });

  // The same for mouse, pen and finger: browsers drag nothing by a finger themselves.
  tree.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest(".tree-handle");
    if (!handle || event.button || dragged) return;
    handle.setPointerCapture(event.pointerId);
    dragged = pageOf(handle);
    began = event.clientY;
  });

  tree.addEventListener("pointermove", (event) => {
    if (!dragged || (!("dragged" in dragged.dataset) && Math.abs(event.clientY - began) < SLACK)) return;
    dragged.dataset.dragged = "";
    const row = rowAt(event.clientY);
    unmark();
    if (!row || !tree.contains(row) || dragged.contains(row)) return;
    marked = row;
    row.dataset.drop = landing(row, event.clientY);
    // A row at the edge of the screen comes into view, and with its margin the next one.
    row.scrollIntoView({ block: "nearest" });
  });

  const letGo = () => {
    unmark();
    if (dragged) delete dragged.dataset.dragged;
    dragged = null;
  };

  tree.addEventListener("pointerup", () => {
    const [row, page] = [marked, dragged];
    const where = row?.dataset.drop;
    letGo();
    if (!row) return;
    const target = pageOf(row);
    const parent = where === "in" ? target.dataset.page : target.dataset.parent;
    const before = { before: target.dataset.page, after: nextOf(target), in: "" }[where];
    const handle = page.querySelector(".tree-handle");
    send(handle.dataset.move, { parent, before: before === page.dataset.page ? nextOf(page) : before });
  });
  tree.addEventListener("pointercancel", letGo);
  addEventListener("keydown", (event) => event.key === "Escape" && letGo());

  // After a step the page is loaded again: the handle keeps the focus, so that the next key goes on. Browsers take the
  // focus away when they scroll to the part that the address names, which they do last of all.
  const page = location.hash.startsWith("#p-") && document.getElementById(location.hash.slice(1));
  if (page && tree.contains(page)) {
    addEventListener("load", () => setTimeout(() => page.querySelector(".tree-handle")?.focus({ preventScroll: true })));
  }
}
