// price_grid/why.js: why this price? The popover beside a cell.

const asker = document.createElement("button");
asker.type = "button";
asker.className = "cell-why";
asker.setAttribute("aria-label", words.wordsWhy ?? "");
let asked = null;

function offerWhy(cell) {
  if (asker.childElementCount === 0) asker.append(icon("question"));
  cell.parentElement.prepend(asker);
}

function hideWhy() {
  if (!popover || popover.hidden) return;
  popover.hidden = true;
  asked?.parentElement.removeAttribute("data-open");
  asked?.focus();
  asked = null;
}

async function showWhy(cell) {
  hideWhy();
  await save();
  const answer = await fetch(`${words.why}?${new URLSearchParams({ cell: cell.name ?? cell.dataset.name })}`, {
    headers: { "X-Requested-With": "script" },
  });
  if (!answer.ok) return;
  popover.innerHTML = await answer.text();
  asked = cell;
  cell.parentElement.setAttribute("data-open", "");
  popover.hidden = false;
  const area = popover.parentElement.getBoundingClientRect();
  const spot = cell.getBoundingClientRect();
  const isRight = spot.left + spot.width / 2 > area.left + area.width / 2;
  popover.style.setProperty("--at", `${Math.max(0, Math.min(spot.bottom - area.top + 6, area.height - popover.offsetHeight - 8))}px`);
  popover.toggleAttribute("data-left", isRight);
  popover.focus();
}
