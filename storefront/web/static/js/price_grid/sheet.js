// price_grid/sheet.js: the table of prices edits like a spreadsheet and keeps each change at once; without scripts the
// same table is a form with a button. The parts are joined into one module in the order of bundles.toml; this one finds
// the pieces of the page.

const table = document.querySelector("table.sheet");
const form = document.querySelector("form[data-grid]");
const bulk = document.querySelector("form[data-bulk]");
const filter = document.querySelector("form[data-filter]");
const popover = document.querySelector("[data-why].popover");
const words = table?.dataset ?? {};
const mayEdit = table?.hasAttribute("data-edit") ?? false;

const rows = table ? [...table.tBodies[0].rows] : [];
const cells = new Map();
for (const row of rows) for (const cell of row.querySelectorAll(".cell")) cells.set(cell.name ?? cell.dataset.name, cell);
