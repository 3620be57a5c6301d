// price_grid/begun.js: the last part: who listens to what.

function listen() {
  table.addEventListener("focusin", (event) => {
    if (!event.target.matches(".cell")) return;
    offerWhy(event.target);
    reach(event.target);
    isTyping = false;
    if (!event.target.matches("input")) return;
    event.target.select();
    showMarked(event.target);
  });
  asker.addEventListener("click", () => showWhy(asker.parentElement.querySelector(".cell")));
  popover.addEventListener("click", (event) => {
    const use = event.target.closest("[data-use]");
    if (use) put([[use.dataset.name, use.dataset.use]]);
    if (use || event.target.closest("[data-close]")) hideWhy();
  });
  popover.addEventListener("keydown", (event) => { if (event.key === "Escape") hideWhy(); });
  document.addEventListener("pointerdown", (event) => {
    if (!popover.hidden && !popover.contains(event.target) && event.target !== asker) hideWhy();
  });
  filter.elements.q.addEventListener("input", () => { narrow(); whole(); });
  for (const name of ["group", "years", "view"]) filter.elements[name]?.addEventListener("change", () => leave());
  document.querySelector("[data-losses]").addEventListener("click", (event) => {
    onlyLosses = !onlyLosses;
    event.currentTarget.toggleAttribute("data-on", onlyLosses);
    event.currentTarget.setAttribute("aria-pressed", String(onlyLosses));
    narrow();
    whole();
  });
  let remembered = "";
  try {
    remembered = localStorage.getItem("price-columns") ?? "";
  } catch { /* nothing remembered */ }
  for (const box of document.querySelectorAll("[data-column]")) {
    box.checked = !remembered.split(" ").includes(box.dataset.column);
    box.addEventListener("change", setColumns);
  }
  if (remembered) setColumns();
  listenToViews();
}

function edit() {
  table.addEventListener("keydown", (event) => { if (event.target.matches("input.cell")) key(event); });
  table.addEventListener("dblclick", (event) => { isTyping ||= event.target.matches("input.cell"); });
  table.addEventListener("pointerdown", (event) => {
    if (!event.target.matches("input.cell")) return;
    if (event.shiftKey && document.activeElement?.matches("input.cell")) {
      anchor ??= document.activeElement;
      event.preventDefault();
      go(event.target);
    } else anchor = event.target;
  });
  table.addEventListener("input", (event) => { if (event.target.matches("input.cell")) show(event.target); });
  table.addEventListener("change", (event) => { if (event.target.matches("input.cell")) put([[event.target.name, event.target.value]]); });
  table.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!event.target.matches("input.cell") || (isTyping && !/[\t\n]/.test(text))) return;
    event.preventDefault();
    pasteInto(event.target, text);
  });
  table.addEventListener("copy", (event) => {
    if (!event.target.matches("input.cell") || !marked(event.target).isMany) return;
    event.preventDefault();
    event.clipboardData.setData("text/plain", copyMarked(event.target));
  });
  undoButton.addEventListener("click", undo);
  form.addEventListener("submit", (event) => { event.preventDefault(); save(); });
  document.querySelector("[data-leave]").addEventListener("click", (event) => {
    if (waiting.size === 0 || isLost) return;
    event.preventDefault();
    leave(event.currentTarget.href);
  });
  addEventListener("beforeunload", (event) => { if (waiting.size > 0 && !isLost) { save(); event.preventDefault(); } });
  bulk.addEventListener("submit", runBulk);
  document.addEventListener("change", async (event) => {
    if (event.target.matches("input[name=chosen]")) countChosen();
    if (!event.target.matches("[data-all]")) return;
    await whole();
    for (const box of boxes()) box.checked = event.target.checked && !box.closest("tr").hidden;
    countChosen();
  });
  bulk.querySelector("[data-none]").addEventListener("click", () => {
    for (const box of boxes()) box.checked = false;
    countChosen();
  });
  countChosen();
}

if (table && popover) {
  listen();
  if (mayEdit) edit();
  else table.addEventListener("keydown", (event) => { if (event.target.matches(".cell")) look(event); });
  reach();
  watch();
}
