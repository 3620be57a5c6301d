// price_grid/narrowed.js: which rows and columns are in sight.

function fits(shown, pattern) {
  const wanted = pattern.toLowerCase().split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return true;
  return wanted.some((word) => {
    if (!/[*?]/.test(word)) return shown.includes(word);
    const shape = word.replace(/[.+^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*").replaceAll("?", ".");
    return new RegExp(`^${shape}$`).test(shown);
  });
}

let onlyLosses = false;
function narrow() {
  const pattern = filter.elements.q.value;
  for (const row of rows) {
    row.hidden = !fits(row.dataset.shown, pattern) || (onlyLosses && !row.querySelector("td[data-tone=danger]"));
  }
  reach();
}

async function leave(address) {
  await save();
  if (address) location.assign(address);
  else filter.requestSubmit();
}

function setColumns() {
  const hidden = [...document.querySelectorAll("[data-column]")].filter((box) => !box.checked).map((box) => box.dataset.column);
  mark(table, "data-hide", hidden.join(" "));
  for (const head of table.querySelectorAll("thead th[colspan]")) {
    head.dataset.span ??= head.getAttribute("colspan");
    const parts = head.dataset.span === "4" ? ["cost", "left", "share"] : ["cost"];
    head.colSpan = Number(head.dataset.span) - parts.filter((part) => hidden.includes(part)).length;
  }
  try {
    localStorage.setItem("price-columns", hidden.join(" "));
  } catch { /* not remembered, still set */ }
}
