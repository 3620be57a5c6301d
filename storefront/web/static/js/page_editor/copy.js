// page_editor/copy.js: a copy of everything typed lies on this device until it is safely kept.

const COPY = `page-editor:${words.key}`;

// What each block would send, so that a keystroke reads one block and not two hundred.
const parts = new Map();

function partOf(element) {
  const pairs = new URLSearchParams();
  for (const field of element.querySelectorAll("[name]")) {
    if (field.name === "do" || field.disabled || (field.type === "checkbox" && !field.checked)) continue;
    pairs.append(field.name, field.value);
  }
  return pairs.toString();
}

function readPart(element) {
  parts.set(element.dataset.block, partOf(element));
}

function everything() {
  const ids = [...blocks().map((each) => each.dataset.block), "page"];
  return ids.map((id) => parts.get(id) ?? (readPart(blockOf(id)), parts.get(id))).filter(Boolean).join("&");
}

function keepCopy(body) {
  try {
    localStorage.setItem(COPY, JSON.stringify({ at: Date.now(), body }));
  } catch { /* no room or not allowed: the page itself still has it */ }
}

function dropCopy() {
  try {
    localStorage.removeItem(COPY);
  } catch { /* nothing to drop */ }
}

function findCopy() {
  try {
    return JSON.parse(localStorage.getItem(COPY));
  } catch {
    return null;
  }
}

// Brought together with what is kept by now; the copy is dropped once that is done, and never before.
async function bringBack(body) {
  const values = new URLSearchParams(body);
  values.set("csrf_token", form.elements.csrf_token.value);
  values.set("do", "save");
  try {
    await post(form.action, values);
    dropCopy();
    isDirty = false;
    location.replace(form.action);
  } catch (no) {
    if (no.status === 409) sendCopy(body);
    else alarm(no.status === 401 ? words.wordsSignedOut : no.message || words.wordsLost, no.status);
  }
}

// Sent as the form itself would be: the server shows both where somebody else changed the same.
function sendCopy(body) {
  const sender = document.createElement("form");
  sender.method = "post";
  sender.action = form.action;
  const values = [...new URLSearchParams(body), ["csrf_token", form.elements.csrf_token.value], ["do", "save"]];
  for (const [name, value] of values) {
    const field = document.createElement("textarea");
    field.name = name;
    field.value = value;
    sender.append(field);
  }
  sender.hidden = true;
  document.body.append(sender);
  sender.submit();
}

// What somebody typed, without the marks of what they had before them.
const typedIn = (body) => body.split("&").filter((pair) => !/^seen(_words)?=/.test(pair)).join("&");

function offerCopy() {
  const found = findCopy();
  const box = form.querySelector("[data-rescue]");
  if (form.querySelector("[data-clash]")) return; // what was typed stands in the form already
  if (!found?.body || typedIn(found.body) === typedIn(everything())) return dropCopy();
  box.querySelector("[data-rescue-time]").textContent = new Date(found.at).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  box.hidden = false;
  box.querySelector("[data-rescue-take]").addEventListener("click", () => bringBack(found.body));
  box.querySelector("[data-rescue-drop]").addEventListener("click", () => { dropCopy(); box.hidden = true; });
}
