// price_table.js: a long table of prices shows its first rows, the others at a press or when their ending is typed.

function prepare(part) {
  const [find, none, more] = ["find", "none", "more"].map((name) => part.querySelector(`[data-price-${name}]`));
  const rows = [...part.querySelectorAll("tbody > tr")];
  const first = Number(part.dataset.priceTable);
  const names = rows.map((row) => row.querySelector("th").textContent.trim().toLowerCase());
  let isWhole = false;

  function show() {
    const wanted = find.querySelector("input").value.trim().toLowerCase().replace(/^\.+|\.+$/g, "");
    let shown = 0;
    rows.forEach((row, number) => {
      row.hidden = wanted ? !names[number].includes(wanted) : !isWhole && number >= first;
      shown += row.hidden ? 0 : 1;
    });
    none.hidden = shown > 0;
    more.hidden = isWhole || wanted !== "";
  }

  find.hidden = false;
  find.addEventListener("input", show);
  more.querySelector("button").addEventListener("click", () => {
    isWhole = true;
    show();
    // The button is gone: whoever works by keyboard goes on with the first row that came.
    const next = rows[first];
    next.tabIndex = -1;
    next.focus({ preventScroll: true });
  });
  show();
}

document.querySelectorAll("[data-price-table]:not([data-ready])").forEach((part) => {
  part.dataset.ready = "";
  prepare(part);
});
