// price_grid/many.js: one rule for all rows that are ticked.

const boxes = () => [...document.querySelectorAll("input[name=chosen]")];

function plural(count) {
  const { one, few, many } = bulk.querySelector("[data-count]").dataset;
  const kind = new Intl.PluralRules(document.documentElement.lang).select(count);
  const sentence = { one, few }[kind] ?? many;
  return sentence.replace(/\d+/, String(count));
}

function countChosen() {
  let count = 0;
  for (const box of boxes()) {
    box.closest("tr").toggleAttribute("data-chosen", box.checked);
    count += box.checked;
  }
  bulk.toggleAttribute("data-open", count > 0);
  bulk.querySelector("[data-count]").textContent = plural(count);
  bulk.querySelector("[data-preview]").textContent = "";
  const all = document.querySelector("[data-all]");
  const visible = shownRows().length;
  all.checked = count > 0 && count >= visible;
  all.indeterminate = count > 0 && count < visible;
}

async function runBulk(event) {
  event.preventDefault();
  await save();
  const values = new URLSearchParams(new FormData(bulk, event.submitter));
  const said = bulk.querySelector("[data-preview]");
  said.removeAttribute("data-tone");
  try {
    if (event.submitter?.value !== "apply") {
      said.textContent = (await post(bulk.action, values)).words;
      return;
    }
    const answer = await post(bulk.action, values);
    take(answer);
    // Also of periods that are not in sight, so that one step takes all of it back.
    const step = Object.entries(answer.cells).map(([name, text]) => [name, answer.before[name], text]);
    for (const [name, , text] of step) {
      kept.set(name, text);
      const cell = cells.get(name);
      if (!cell) continue;
      cell.value = text;
      show(cell);
    }
    if (step.length > 0) done.push(step);
    undoButton.disabled = done.length === 0;
    tell(words.wordsSaved);
    said.textContent = words.wordsSaved;
  } catch (no) {
    said.textContent = no.message;
    said.dataset.tone = "danger";
    if (no.status === 409) trouble(no.message);
  }
}
