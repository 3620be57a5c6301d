// page_editor/words.js: where everything stands, and what is said.

const form = document.querySelector("[data-editor]");
const words = form.dataset;
const shell = form.querySelector(".editor");
const list = form.querySelector("[data-list]");
const forms = form.querySelector("[data-forms]");
const statusLine = form.querySelector("[data-status]");
const notes = form.querySelector("[data-notes]");

const blockOf = (id) => document.getElementById(`block-${id}`);
const itemOf = (id) => list.querySelector(`[data-item="${CSS.escape(id)}"]`);
const blocks = () => [...forms.children];

function put(sentence, values) {
  return Object.entries(values).reduce((text, [name, value]) => text.replace(`--${name}--`, () => String(value)), sentence);
}

// "Saved 4 s ago", counted on while nothing else is to be said.
let savedAt = 0;
function tell(sentence) {
  savedAt = 0;
  if (statusLine.textContent !== sentence) statusLine.textContent = sentence;
}

function tellSaved() {
  tell(words.wordsSaved);
  savedAt = Date.now();
}

setInterval(() => {
  if (!savedAt) return;
  const seconds = Math.round((Date.now() - savedAt) / 1000);
  if (seconds < 4) return;
  // Not a live region's business: only what changes by itself.
  statusLine.setAttribute("role", "none");
  statusLine.textContent = seconds < 60 ? put(words.wordsAgo, { s: seconds }) : put(words.wordsMinutes, { s: Math.round(seconds / 60) });
  statusLine.setAttribute("role", "status");
}, 5_000);

// Said to who does not see it: moves and removals.
const speaker = document.createElement("p");
speaker.className = "visually-hidden";
speaker.setAttribute("role", "status");
form.append(speaker);
function say(sentence) {
  speaker.textContent = sentence;
}

function newId() {
  return `n${crypto.getRandomValues(new Uint32Array(2)).reduce((text, number) => text + number.toString(36), "")}`;
}
