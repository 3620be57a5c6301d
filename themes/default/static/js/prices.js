// prices.js: the list of all prices gets shorter while one types; without it the button does the same.

const form = document.querySelector("[data-price-filter]");
const rows = [...document.querySelectorAll("[data-price-row]")];
const none = document.querySelector("[data-price-none]");

function fits(row, wanted, group) {
  const found = !wanted || row.dataset.priceRow.toLowerCase().includes(wanted);
  return found && (!group || row.dataset.groups.split(" ").includes(group));
}

function filter() {
  const wanted = form.elements.q.value.trim().toLowerCase().replace(/^\.+|\.+$/g, "");
  const group = form.elements.group?.value ?? "";
  let shown = 0;
  for (const row of rows) {
    row.hidden = !fits(row, wanted, group);
    shown += row.hidden ? 0 : 1;
  }
  if (none) none.hidden = shown > 0;
}

// A list that the server has shortened already is left to the server.
if (form && rows.length && !location.search) {
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    filter();
  });
  form.querySelector("button").hidden = true;
  filter(); // what a browser filled in again after a reload
}
