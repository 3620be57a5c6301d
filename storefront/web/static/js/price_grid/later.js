// price_grid/later.js: a long list comes in parts: what follows is fetched when somebody comes near its end, and all of
// it before something is done to every row.

let later = words.later ?? "";
let fetching = null;

function append(part) {
  const holder = document.createElement("template");
  holder.innerHTML = `<table><tbody>${part.rows}</tbody></table>`;
  for (const row of [...holder.content.querySelectorAll("tr")]) {
    rows.push(row);
    for (const cell of row.querySelectorAll(".cell")) {
      const name = cell.name ?? cell.dataset.name;
      cells.set(name, cell);
      if (cell.value === undefined) continue;
      kept.set(name, cell.value);
      if (!waiting.has(name)) continue;
      cell.value = waiting.get(name); // taken back or set by a rule before the row was here
      show(cell);
    }
    table.tBodies[0].append(row);
  }
  later = part.later;
  narrow();
  watch();
}

async function fetchLater() {
  const answer = await fetch(later, { headers: { "X-Requested-With": "script", Accept: "application/json" } });
  if (!answer.ok) throw new Error(answer.statusText);
  append(await answer.json());
}

function more() {
  fetching ??= fetchLater().finally(() => { fetching = null; });
  return fetching;
}

// Every row, whatever is in sight. Without a line it is what is here.
async function whole() {
  try {
    while (later) await more();
  } catch { /* the next wish tries again */ }
}

const nearEnd = new IntersectionObserver((found) => {
  if (later && found.some((each) => each.isIntersecting)) more().catch(() => {});
}, { root: table?.closest(".sheet-box"), rootMargin: "1000px" });

function watch() {
  nearEnd.disconnect();
  if (later) nearEnd.observe(rows.at(-1));
}
