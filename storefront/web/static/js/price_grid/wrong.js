// price_grid/wrong.js: a cell that holds no amount is named above the grid, with a way to it, until it is mended.

const complaint = document.querySelector("[data-wrong]");

const firstWrong = () => table.querySelector("input.cell[aria-invalid=true]");

function complain() {
  const cell = firstWrong();
  complaint.hidden = cell === null;
  complaint.querySelector("a").textContent = cell?.getAttribute("aria-label") ?? "";
}

complaint?.querySelector("a").addEventListener("click", (event) => {
  event.preventDefault();
  go(firstWrong());
});
