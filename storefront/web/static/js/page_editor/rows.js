// page_editor/rows.js: the entries of a block: add, move and remove them.

function addRow(box, { focus = true } = {}) {
  const block = box.closest("[data-block]");
  const [kind, name] = [block.querySelector(`[name="${CSS.escape(block.dataset.block)}.kind"]`).value, box.dataset.rows];
  const found = document.querySelector(`template[data-row-pattern="${kind}.${name.slice(block.dataset.block.length + 1)}"]`);
  const row = found.content.cloneNode(true).firstElementChild;
  rename(row, "--block--", block.dataset.block);
  rename(row, "--row--", newId());
  box.querySelector("ol").append(row);
  limit(box);
  if (!focus) return row;
  row.querySelector("input:not([type=hidden]), textarea, select")?.focus();
  changed(block);
  return row;
}

// Several pictures were chosen at once: a row for each.
function addFiles(event) {
  const box = event.target.closest("[data-rows]");
  for (const { id, name } of event.detail) {
    if (box.querySelector(":scope > [data-do=more]").disabled) break;
    const select = addRow(box, { focus: false }).querySelector("select[data-media]");
    if (![...select.options].some((option) => option.value === id)) select.add(new Option(name, id));
    select.value = id;
  }
  changed(box.closest("[data-block]"));
}

form.addEventListener("media:more", addFiles);

function moveRow(row, step) {
  const other = step < 0 ? row.previousElementSibling : row.nextElementSibling;
  if (!other) return;
  const focused = document.activeElement;
  row.parentElement.insertBefore(row, step < 0 ? other : other.nextElementSibling);
  focused?.focus();
  changed(row.closest("[data-block]"));
}

function removeRow(row) {
  const [box, block] = [row.closest("[data-rows]"), row.closest("[data-block]")];
  const near = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  (near?.querySelector("input:not([type=hidden]), textarea, select") ?? box.querySelector("[data-do=more]")).focus();
  limit(box);
  changed(block);
}

function limit(box) {
  box.querySelector(":scope > [data-do=more]").disabled = box.querySelectorAll(":scope > ol > [data-row]").length >= Number(box.dataset.most);
}

// Names of fields carry ids of rows; what the server says of them counts them. The field at "b1.items.2.title":
function fieldAt(place) {
  const exact = document.getElementById(place);
  const parts = place.split(".");
  if (parts.length !== 4) return exact;
  const row = document.querySelector(`[data-rows="${CSS.escape(`${parts[0]}.${parts[1]}`)}"]`)?.querySelectorAll(":scope > ol > [data-row]")[Number(parts[2])];
  return row?.querySelector(`[name$=".${CSS.escape(parts[3])}"]`) ?? exact;
}

function goTo(place) {
  const field = fieldAt(place);
  const block = field?.closest("[data-block]");
  if (!block) return;
  choose(block.dataset.block);
  field.focus();
}
