// price_grid/moves.js: moving, marking, filling, pasting: the keys of a spreadsheet.

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

// A block may name endings that are not here yet, or be longer than what is.
async function pasteInto(input, text) {
  if (later && /[\t\n]/.test(text)) await whole();
  paste(input, text);
  input.select();
}

const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

// A list that stays as it is has prices to look at: one of them is reached by Tab, the others by the arrows.
function reach(wanted = null) {
  if (mayEdit) return;
  const cell = wanted ?? table.querySelector("tr:not([hidden]) .cell[tabindex='0']") ?? shownRows()[0]?.querySelector(".cell");
  if (!cell) return;
  for (const before of table.querySelectorAll(".cell[tabindex='0']")) before.tabIndex = -1;
  cell.setAttribute("role", "button");
  cell.tabIndex = 0;
}

function look(event) {
  const cell = event.target;
  if (event.key in MOVES) {
    const next = step(cell, ...MOVES[event.key]);
    event.preventDefault();
    if (!next) return;
    reach(next);
    go(next);
  } else if (event.key === "?" || event.key === "Enter") {
    event.preventDefault();
    showWhy(cell);
  }
}

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
    complain();
    isTyping = false;
    input.select();
    hideWhy();
  } else if (event.key === "?") { // no amount has one
    event.preventDefault();
    showWhy(input);
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
