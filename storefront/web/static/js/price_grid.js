// price_grid.js: the table of prices edits like a spreadsheet and keeps each change at once.
// Without it the same table is a form with a button.

const table = document.querySelector("table.sheet");
const form = document.querySelector("form[data-grid]");
const bulk = document.querySelector("form[data-bulk]");
const filter = document.querySelector("form[data-filter]");
const popover = document.querySelector("[data-why].popover");
const words = table?.dataset ?? {};
const mayEdit = table?.hasAttribute("data-edit") ?? false;
const digits = Number(words.digits ?? 2);
const unit = 10 ** digits;
const MOST = 1_000_000 * unit;
const THIN = 10;
const SAVE_MS = 1_200; // as seldom as the office's rate wants, as soon as nobody notices
const AGAIN_MS = 5_000;

const rows = table ? [...table.tBodies[0].rows] : [];
const cells = new Map();
for (const row of rows) for (const cell of row.querySelectorAll(".cell")) cells.set(cell.name ?? cell.dataset.name, cell);

// ── Amounts ────────────────────────────────────────────────────────────────────────────────────────────────────────

// A number of the smallest unit; null for no price, undefined for what is no amount. The server reads the same way.
function read(typed) {
  let text = typed.replace(/[\s\u00a0\u202f\u2009']/g, "");
  if (/^[-\u2013\u2014]?$/.test(text)) return null;
  for (let i = 0; i < 2; i += 1) text = text.replace(/^(?:[A-Z]{3}|[€$£¥]|zł)|(?:[A-Z]{3}|[€$£¥]|zł)$/, "");
  const points = text.match(/[.,]/g) ?? [];
  if (new Set(points).size === 2) {
    const point = points.at(-1);
    if (points.filter((each) => each === point).length > 1) return undefined;
    text = text.replaceAll(point === "." ? "," : ".", "").replace(point, ".");
  } else if (points.length === 1) {
    const tail = text.split(points[0])[1];
    if (tail.length === 3 && digits !== 3) return undefined;
    text = text.replace(",", ".");
  } else if (points.length > 1) return undefined;
  if (!/^[0-9]{1,12}(?:\.[0-9]{1,4})?$/.test(text)) return undefined;
  const [whole, rest = ""] = text.split(".");
  if (/[1-9]/.test(rest.slice(digits))) return undefined;
  const minor = Number(whole) * unit + Number(rest.slice(0, digits).padEnd(digits, "0") || 0);
  return minor > MOST ? undefined : minor;
}

function write(minor) {
  if (minor === null) return "";
  const size = Math.abs(minor);
  const text = digits ? `${Math.floor(size / unit)}${words.point}${String(size % unit).padStart(digits, "0")}` : String(size);
  return (minor < 0 ? "\u2212" : "") + text;
}

const vat = Math.round(Number(words.vat ?? 0) * 1000);
function netOf(minor) {
  if (words.amounts === "net") return minor;
  return Math.floor((2 * minor * 100_000 + (100_000 + vat)) / (2 * (100_000 + vat)));
}

// ── What a cell shows of itself ────────────────────────────────────────────────────────────────────────────────────

const alertIcon = document.querySelector("[data-losses] .icon use")?.getAttribute("href");

function icon(name, label) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  if (label) {
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", label);
  } else svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", (alertIcon ?? "").replace(/#.*/, `#${name}`));
  svg.append(use);
  return svg;
}

function mark(element, name, value) {
  if (value) element.setAttribute(name, value);
  else element.removeAttribute(name);
}

function show(input) {
  const minor = read(input.value);
  const place = input.parentElement;
  mark(input, "aria-invalid", minor === undefined ? "true" : "");
  if (minor === undefined) return;
  place.toggleAttribute("data-changed", String(minor ?? "") !== input.dataset.live);
  const cost = input.dataset.cost === "" ? null : Number(input.dataset.cost);
  const net = minor === null ? null : netOf(minor);
  const left = net === null || cost === null ? null : net - cost;
  const percent = left === null ? null : net ? (left * 100) / net : left ? -100 : 0;
  const tone = left === null ? "" : left < 0 ? "danger" : net && percent < THIN ? "warning" : "";
  const beside = place.nextElementSibling;
  if (beside?.dataset.part !== "left") {
    mark(place, "data-tone", tone);
    return;
  }
  mark(beside, "data-tone", tone);
  beside.replaceChildren(...(tone === "danger" ? [icon("alert", words.wordsLoss), " "] : []), left === null ? "" : write(left));
  const share = Math.round(Math.abs(percent ?? 0));
  beside.nextElementSibling.textContent = percent === null ? "" : `${percent < 0 && share ? "\u2212" : ""}${share}\u00a0%`;
}

const status = document.querySelector("[data-status]");
function tell(sentence) {
  if (status) status.textContent = sentence ?? "";
}

// ── Keeping ────────────────────────────────────────────────────────────────────────────────────────────────────────

const kept = new Map(); // what the server has, by the cell's name
for (const [name, cell] of cells) if (cell.value !== undefined) kept.set(name, cell.value);
const waiting = new Map();
const done = [];
const undone = [];
const undoButton = document.querySelector("[data-undo]");
let timer = 0;
let sending = false;
let isLost = false;

function trouble(sentence) {
  const box = document.querySelector("[data-trouble]");
  box.querySelector("[data-trouble-words]").textContent = sentence;
  box.hidden = false;
  box.scrollIntoView({ block: "nearest" });
}

function revisions() {
  return document.querySelectorAll("[data-revision]");
}

function take(answer) {
  for (const field of revisions()) field.value = answer.revision;
  document.querySelector("[data-figures]").innerHTML = answer.figures;
  document.querySelector("[data-badge]").textContent = answer.badge;
}

async function post(address, values) {
  const answer = await fetch(address, {
    method: "POST",
    body: values,
    headers: { "X-Requested-With": "script", Accept: "application/json" },
  });
  if (answer.ok) return answer.json();
  const said = await answer.json().catch(() => ({}));
  throw Object.assign(new Error(said.title || answer.statusText), { status: answer.status });
}

async function save() {
  clearTimeout(timer);
  if (sending || isLost || waiting.size === 0) return;
  sending = true;
  const batch = new Map(waiting);
  const values = new URLSearchParams({ csrf_token: form.elements.csrf_token.value, revision: revisions()[0].value });
  for (const [name, value] of batch) values.set(name, value);
  tell(words.wordsSaving);
  try {
    take(await post(form.action, values));
    for (const [name, value] of batch) {
      kept.set(name, value);
      if (waiting.get(name) === value) waiting.delete(name);
    }
    tell(words.wordsSaved);
    timer = setTimeout(save, SAVE_MS);
  } catch (no) {
    if (no.status && no.status !== 429 && no.status < 500) {
      isLost = true; // somebody else changed the list, or it was published: trying again would help nobody
      trouble(no.message);
      tell("");
    } else {
      tell(words.wordsLost);
      timer = setTimeout(save, AGAIN_MS);
    }
  } finally {
    sending = false;
  }
}

// Put values into cells, remember how to take that back, and keep them soon. A cell may be of a period not in sight.
function put(changes, { remembers = true } = {}) {
  const step = [];
  for (const [name, value] of changes) {
    const input = cells.get(name);
    const before = waiting.get(name) ?? kept.get(name) ?? "";
    const minor = read(value);
    const text = minor === undefined ? value : write(minor);
    if (input) {
      input.value = text;
      show(input);
    }
    if (minor === undefined) {
      tell(words.wordsWrong);
      continue;
    }
    if (text === before) continue;
    step.push([name, before, text]);
    waiting.set(name, text);
  }
  if (step.length === 0) return;
  if (remembers) {
    done.push(step);
    undone.length = 0;
  }
  undoButton.disabled = done.length === 0;
  clearTimeout(timer);
  timer = setTimeout(save, SAVE_MS);
}

function undo() {
  const step = done.pop();
  if (!step) return;
  undone.push(step);
  put(step.map(([name, before]) => [name, before]), { remembers: false });
  go(cells.get(step[0][0])); // marked again, so that what is typed next replaces it
  undoButton.disabled = done.length === 0;
}

function redo() {
  const step = undone.pop();
  if (!step) return;
  done.push(step);
  put(step.map(([name, , after]) => [name, after]), { remembers: false });
  go(cells.get(step[0][0]));
  undoButton.disabled = false;
}

// ── Moving ─────────────────────────────────────────────────────────────────────────────────────────────────────────

let anchor = null; // the other corner of what is marked
let isTyping = false; // arrows move between cells until somebody says to edit inside one

const shownRows = () => rows.filter((row) => !row.hidden);
const inRow = (row) => [...row.querySelectorAll("td:has(> .cell), td.none")].map((place) => place.querySelector(".cell"));

function placeOf(input) {
  const visible = shownRows();
  const row = input.closest("tr");
  return [visible.indexOf(row), inRow(row).indexOf(input)];
}

function at(row, column) {
  const target = shownRows()[row];
  return target ? (inRow(target)[column] ?? null) : null;
}

function go(input) {
  if (!input) return;
  input.focus();
  input.select?.();
}

// The next cell that can be typed into, in a direction.
function step(input, down, right) {
  let [row, column] = placeOf(input);
  const [height, width] = [shownRows().length, inRow(input.closest("tr")).length];
  for (;;) {
    row += down;
    column += right;
    if (row < 0 || column < 0 || row >= height || column >= width) return null;
    const found = at(row, column);
    if (found) return found;
  }
}

function marked(input) {
  const from = anchor && anchor.isConnected ? anchor : input;
  const [a, b] = [placeOf(from), placeOf(input)];
  const [top, bottom] = [Math.min(a[0], b[0]), Math.max(a[0], b[0])];
  const [left, right] = [Math.min(a[1], b[1]), Math.max(a[1], b[1])];
  return { top, bottom, left, right, isMany: top !== bottom || left !== right };
}

function each({ top, bottom, left, right }) {
  const visible = shownRows();
  const found = [];
  for (let row = top; row <= bottom; row += 1) found.push(inRow(visible[row]).slice(left, right + 1));
  return found;
}

function showMarked(input) {
  for (const place of table.querySelectorAll("td[data-in]")) place.removeAttribute("data-in");
  const area = marked(input);
  if (!area.isMany) return;
  for (const row of each(area)) for (const cell of row) cell?.parentElement.setAttribute("data-in", "");
}

function fillDown(input) {
  const area = marked(input);
  const changes = [];
  const from = area.isMany && area.top !== area.bottom ? area.top : area.top - 1;
  for (let column = area.left; column <= area.right; column += 1) {
    const source = at(from, column);
    if (!source) continue;
    for (let row = from + 1; row <= area.bottom; row += 1) {
      const target = at(row, column);
      if (target) changes.push([target.name, source.value]);
    }
  }
  put(changes);
}

function copyMarked(input) {
  return each(marked(input)).map((row) => row.map((cell) => cell?.value ?? "").join("\t")).join("\n");
}

// A block from a spreadsheet. If its first column names endings, each line goes to its own row, wherever that is.
function paste(input, text) {
  const lines = text.replace(/\r\n?/g, "\n").replace(/\n$/, "").split("\n").map((line) => line.split("\t"));
  const [top, left] = placeOf(input);
  const byEnding = new Map(shownRows().map((row) => [row.dataset.shown, row]));
  const dotted = (word) => `.${word.trim().toLowerCase().replace(/^\./, "")}`;
  const isNamed = lines[0].length > 1 && lines.filter((line) => byEnding.has(dotted(line[0]))).length * 2 > lines.length;
  const area = marked(input);
  const changes = [];
  const one = lines.length === 1 && lines[0].length === 1;
  if (one && area.isMany) {
    for (const row of each(area)) for (const cell of row) if (cell) changes.push([cell.name, lines[0][0]]);
  } else {
    lines.forEach((line, down) => {
      const target = isNamed ? byEnding.get(dotted(line[0])) : shownRows()[top + down];
      if (!target) return;
      const into = inRow(target);
      (isNamed ? line.slice(1) : line).forEach((value, right) => {
        const cell = into[left + right];
        if (cell) changes.push([cell.name, value]);
      });
    });
  }
  put(changes);
  tell(words.wordsPasted);
}

const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

function key(event) {
  const input = event.target;
  const wholly = event.ctrlKey || event.metaKey;
  if (event.key in MOVES && !(isTyping && MOVES[event.key][1]) && !event.altKey) {
    const [down, right] = MOVES[event.key];
    const next = step(input, down, right);
    event.preventDefault();
    if (!next) return;
    const from = anchor ?? input;
    go(next);
    anchor = event.shiftKey ? from : next;
    showMarked(next);
  } else if (event.key === "Enter") {
    event.preventDefault();
    if (isTyping || input.value !== (waiting.get(input.name) ?? kept.get(input.name))) go(step(input, event.shiftKey ? -1 : 1, 0));
    else {
      isTyping = true;
      input.setSelectionRange(input.value.length, input.value.length);
    }
  } else if (event.key === "F2") {
    isTyping = true;
    input.setSelectionRange(input.value.length, input.value.length);
  } else if (event.key === "Escape") {
    input.value = waiting.get(input.name) ?? kept.get(input.name) ?? "";
    show(input);
    isTyping = false;
    input.select();
    hideWhy();
  } else if ((event.key === "Delete" || event.key === "Backspace") && !isTyping && marked(input).isMany) {
    event.preventDefault();
    put(each(marked(input)).flat().filter(Boolean).map((cell) => [cell.name, ""]));
  } else if (wholly && event.key.toLowerCase() === "d") {
    event.preventDefault();
    put([[input.name, input.value]]);
    fillDown(input);
    input.select();
  } else if (wholly && event.key.toLowerCase() === "z") {
    event.preventDefault();
    if (event.shiftKey) redo();
    else undo();
  } else if (wholly && event.key.toLowerCase() === "y") {
    event.preventDefault();
    redo();
  } else if (event.key === "PageDown" || event.key === "PageUp") {
    event.preventDefault();
    const [row, column] = placeOf(input);
    const target = Math.max(0, Math.min(shownRows().length - 1, row + (event.key === "PageDown" ? 12 : -12)));
    go(at(target, column) ?? input);
  }
}

// ── Why this price? ────────────────────────────────────────────────────────────────────────────────────────────────

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

// ── Many at once ───────────────────────────────────────────────────────────────────────────────────────────────────

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
    if (no.status === 409) trouble(no.message);
  }
}

// ── Filters and columns ────────────────────────────────────────────────────────────────────────────────────────────

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

function listen() {
  table.addEventListener("focusin", (event) => {
    if (!event.target.matches(".cell")) return;
    offerWhy(event.target);
    isTyping = false;
    if (!event.target.matches("input")) return;
    event.target.select();
    showMarked(event.target);
  });
  asker.addEventListener("click", () => showWhy(asker.parentElement.querySelector(".cell")));
  popover.addEventListener("click", (event) => {
    const use = event.target.closest("[data-use]");
    if (use) put([[use.dataset.name, use.dataset.use]]);
    if (use || event.target.closest("[data-close]")) hideWhy();
  });
  popover.addEventListener("keydown", (event) => { if (event.key === "Escape") hideWhy(); });
  document.addEventListener("pointerdown", (event) => {
    if (!popover.hidden && !popover.contains(event.target) && event.target !== asker) hideWhy();
  });
  filter.elements.q.addEventListener("input", narrow);
  for (const name of ["group", "years", "view"]) filter.elements[name]?.addEventListener("change", () => leave());
  document.querySelector("[data-losses]").addEventListener("click", (event) => {
    onlyLosses = !onlyLosses;
    event.currentTarget.toggleAttribute("data-on", onlyLosses);
    event.currentTarget.setAttribute("aria-pressed", String(onlyLosses));
    narrow();
  });
  let remembered = "";
  try {
    remembered = localStorage.getItem("price-columns") ?? "";
  } catch { /* nothing remembered */ }
  for (const box of document.querySelectorAll("[data-column]")) {
    box.checked = !remembered.split(" ").includes(box.dataset.column);
    box.addEventListener("change", setColumns);
  }
  if (remembered) setColumns();
}

function edit() {
  table.addEventListener("keydown", (event) => { if (event.target.matches("input.cell")) key(event); });
  table.addEventListener("dblclick", (event) => { isTyping ||= event.target.matches("input.cell"); });
  table.addEventListener("pointerdown", (event) => {
    if (!event.target.matches("input.cell")) return;
    if (event.shiftKey && document.activeElement?.matches("input.cell")) {
      anchor ??= document.activeElement;
      event.preventDefault();
      go(event.target);
    } else anchor = event.target;
  });
  table.addEventListener("input", (event) => { if (event.target.matches("input.cell")) show(event.target); });
  table.addEventListener("change", (event) => { if (event.target.matches("input.cell")) put([[event.target.name, event.target.value]]); });
  table.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!event.target.matches("input.cell") || (isTyping && !/[\t\n]/.test(text))) return;
    event.preventDefault();
    paste(event.target, text);
    event.target.select();
  });
  table.addEventListener("copy", (event) => {
    if (!event.target.matches("input.cell") || !marked(event.target).isMany) return;
    event.preventDefault();
    event.clipboardData.setData("text/plain", copyMarked(event.target));
  });
  undoButton.addEventListener("click", undo);
  form.addEventListener("submit", (event) => { event.preventDefault(); save(); });
  document.querySelector("[data-leave]").addEventListener("click", (event) => {
    if (waiting.size === 0 || isLost) return;
    event.preventDefault();
    leave(event.currentTarget.href);
  });
  addEventListener("beforeunload", (event) => { if (waiting.size > 0 && !isLost) { save(); event.preventDefault(); } });
  bulk.addEventListener("submit", runBulk);
  document.addEventListener("change", (event) => {
    if (event.target.matches("input[name=chosen]")) countChosen();
    if (!event.target.matches("[data-all]")) return;
    for (const box of boxes()) box.checked = event.target.checked && !box.closest("tr").hidden;
    countChosen();
  });
  bulk.querySelector("[data-none]").addEventListener("click", () => {
    for (const box of boxes()) box.checked = false;
    countChosen();
  });
  countChosen();
}

if (table && popover) {
  listen();
  if (mayEdit) edit();
}
