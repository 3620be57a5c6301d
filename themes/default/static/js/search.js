// search.js: puts answers into their rows as they come. Without it the page asks again by itself.
// Pages load it as a module, windows as a plain script: so it keeps its names to itself.
(() => {
  "use strict";

  // While answers keep coming we ask often; each time there is nothing new we wait twice as long. The server says after
  // six seconds that nobody knows, so this ends.
  const FIRST_PAUSE_MS = 250;
  const LONGEST_PAUSE_MS = 2000;
  const MISSES_MOST = 6;

  const pause = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });
  const byName = (list) => new Map([...list.querySelectorAll("[data-name]")].map((row) => [row.dataset.name, row]));

  // Rows never move: each answer takes the place that was kept for it.
  function fillRows(page, piece) {
    const places = byName(page.querySelector("[data-rows]"));
    for (const row of piece.querySelectorAll("[data-rows] > [data-name]")) places.get(row.dataset.name)?.replaceWith(row);
  }

  // Suggestions are only ever added at the end.
  function addSuggestions(page, piece) {
    const list = page.querySelector("[data-close-to]");
    const fresh = piece.querySelector("[data-close-to]");
    if (!list) return;
    const known = byName(list);
    const waiting = list.querySelector("[data-waiting]");
    for (const row of fresh.querySelectorAll("[data-name]")) {
      if (known.has(row.dataset.name)) continue;
      if (waiting) waiting.before(row);
      else list.append(row);
    }
    if (fresh.dataset.more !== undefined) return;
    waiting?.remove();
    if (!list.children.length) list.closest("section").remove();
  }

  function tell(page, piece) {
    const told = piece.querySelector("[data-told]");
    const place = page.querySelector("[data-told]");
    if (place.textContent !== told.textContent) place.textContent = told.textContent;
    const bar = page.querySelector("progress");
    if (bar) bar.value = Number(told.dataset.answered);
  }

  async function ask(page, number) {
    const address = new URL(page.dataset.search, location.href);
    address.searchParams.set("since", number);
    try {
      return await fetch(address, { headers: { Accept: "text/html" } });
    } catch {
      return null; // the line is gone for a moment
    }
  }

  async function follow(page) {
    let number = page.dataset.number;
    let misses = 0;
    let wait = FIRST_PAUSE_MS;
    while (misses < MISSES_MOST) {
      await pause(wait);
      wait = Math.min(wait * 2, LONGEST_PAUSE_MS);
      const answer = await ask(page, number);
      if (answer?.status === 204) continue;
      if (answer?.status === 404) { // nobody remembers this search: begin it anew
        startAgain();
        return;
      }
      if (!answer?.ok) {
        misses += 1;
        continue;
      }
      const piece = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-number]");
      if (!piece) return;
      fillRows(page, piece);
      addSuggestions(page, piece);
      tell(page, piece);
      page.append(...piece.querySelectorAll("[data-event]"));
      number = piece.dataset.number;
      wait = FIRST_PAUSE_MS;
      if (piece.dataset.done !== undefined) {
        page.querySelector("progress")?.remove();
        return;
      }
    }
  }

  // The same words once more: what is known is there at once, and only the rest is asked.
  function startAgain() {
    const address = new URL(location.href);
    address.searchParams.delete("search");
    location.replace(address);
  }

  const page = document.querySelector("[data-search]");
  // A window whose page keeps it apart from its own site may ask nothing: it is opened again with the answers.
  if (page && self.origin === "null") setTimeout(() => location.replace(page.dataset.again), LONGEST_PAUSE_MS);
  else if (page) follow(page);
})();
