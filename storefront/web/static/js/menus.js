// menus.js — moves the lines of a menu: by dragging, and by their buttons without a new page. The order of the fields is
// the order of the menu; what a button cannot do here the server does.

const form = document.querySelector("[data-menu]");
const list = form?.querySelector(".menu-lines");

const renumber = () => {
  const lines = [...list.children];
  lines.forEach((line, number) => {
    for (const button of line.querySelectorAll("button[name=do]")) {
      const step = button.value.split(".")[0];
      button.value = `${step}.${number}`;
      if (step === "up") button.disabled = number === 0;
      if (step === "down") button.disabled = number === lines.length - 1;
    }
  });
};

if (list) {
  let dragged = null;
  let marked = null;

  const unmark = () => {
    if (marked) delete marked.dataset.drop;
    marked = null;
  };

  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=do]");
    const step = button?.value.split(".")[0];
    const line = button?.closest(".menu-line");
    const other = step === "up" ? line?.previousElementSibling : line?.nextElementSibling;
    if (!line || !other || !["up", "down"].includes(step)) return;
    event.preventDefault();
    if (step === "up") other.before(line);
    else other.after(line);
    renumber();
    (button.disabled ? line.querySelector("button[name=do]:not(:disabled)") : button).focus();
  });

  list.addEventListener("dragstart", (event) => {
    const handle = event.target.closest?.(".menu-handle");
    if (!handle) return;
    dragged = handle.closest(".menu-line");
    dragged.dataset.dragged = "";
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", "");
    event.dataTransfer.setDragImage(dragged, 20, 20);
  });

  list.addEventListener("dragover", (event) => {
    const line = event.target.closest(".menu-line");
    unmark();
    if (!dragged || !line || line === dragged) return;
    event.preventDefault();
    const box = line.getBoundingClientRect();
    marked = line;
    line.dataset.drop = event.clientY < box.top + box.height / 2 ? "before" : "after";
  });

  list.addEventListener("drop", (event) => {
    if (!dragged || !marked) return;
    event.preventDefault();
    marked[marked.dataset.drop](dragged);
    unmark();
    renumber();
  });

  list.addEventListener("dragend", () => {
    unmark();
    if (dragged) delete dragged.dataset.dragged;
    dragged = null;
  });
}
