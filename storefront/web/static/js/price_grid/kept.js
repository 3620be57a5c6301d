// price_grid/kept.js: each change goes to the server soon, and can be taken back.

const SAVE_MS = 1_200; // as seldom as the office's rate wants, as soon as nobody notices
const AGAIN_MS = 5_000;

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
  if (answer.figures !== undefined) tellFigures(answer);
}

function tellFigures(answer) {
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

// The figures above the grid are counted when the typing rests, so that no change waits for them.
async function count() {
  const answer = await fetch(location.href, { headers: { "X-Requested-With": "script", Accept: "application/json" } });
  if (answer.ok) tellFigures(await answer.json());
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
    if (waiting.size === 0) count().catch(() => {}); // no line: the next change brings them
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
      continue;
    }
    if (text === before) continue;
    step.push([name, before, text]);
    waiting.set(name, text);
  }
  complain();
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
