// page_editor/saved.js: what is typed goes to the server a second after the last keystroke, brought together there.

const REST_MS = 1_000;
const LEAST_MS = 1_250; // as often as the office's rate wants
const AGAIN_MS = 5_000;
const LATER_MS = 20_000; // somebody has to do something first

let timer = 0;
let sending = null;
let isDirty = false;
let isStopped = false; // until somebody has chosen between two texts
let isTooOften = false;
let lastSent = 0;
const touched = new Set(); // blocks typed in since the last words went out

// Something was typed or moved. Without a block it is their order that changed.
function changed(block) {
  if (block) {
    readPart(block);
    touched.add(block.dataset.block);
  }
  isDirty = true;
  keepCopy(everything());
  if (isStopped) return;
  tell(words.wordsUnsaved);
  clearTimeout(timer);
  timer = setTimeout(save, Math.max(REST_MS, lastSent + LEAST_MS - Date.now()));
}

async function post(address, values, more = {}) {
  const answer = await fetch(address, {
    method: "POST",
    body: values,
    headers: { "X-Requested-With": "script", Accept: "application/json" },
    ...more,
  });
  const told = answer.status === 204 ? {} : await answer.json().catch(() => ({}));
  if (answer.ok) return told;
  // Whoever signed in again in another window has another token; what was typed here goes on with it.
  if (told.token && told.token !== values.get("csrf_token")) {
    form.elements.csrf_token.value = told.token;
    values.set("csrf_token", told.token);
    return post(address, values, more);
  }
  throw Object.assign(new Error(told.title ?? ""), { status: answer.status, told });
}

function save(verb = "save") {
  clearTimeout(timer);
  if (sending) return sending.then(() => (isDirty || verb !== "save" ? save(verb) : undefined));
  if (isStopped && verb === "save") return Promise.resolve();
  sending = send(verb).finally(() => { sending = null; });
  return sending;
}

async function send(verb) {
  const body = everything();
  const values = new URLSearchParams(body);
  values.set("csrf_token", form.elements.csrf_token.value);
  values.set("do", verb);
  touched.clear();
  isDirty = isTooOften = false;
  lastSent = Date.now();
  tell(words.wordsSaving);
  try {
    take(await post(form.action, values));
    calm();
    if (isDirty) return;
    dropCopy();
    tellSaved();
  } catch (no) {
    isDirty = true;
    keepCopy(everything());
    fail(no);
  }
}

// What was typed did not arrive: it lies on this device, and here is why and what helps. Sent again where that may help.
function fail(no) {
  if (no.status === 409 && no.told.clashes) {
    showClashes(no.told);
    return;
  }
  tell(words.wordsUnsaved);
  isTooOften = no.status === 429;
  const why = { 401: words.wordsSignedOut, 404: `${no.message} ${words.wordsKeptHere}`, 403: `${no.message} ${words.wordsKeptHere}` };
  if (!no.status || no.status >= 500) alarm(words.wordsLost);
  else if (!isTooOften) alarm(why[no.status] ?? `${no.message || words.wordsLost} ${words.wordsKeptHere}`, no.status);
  clearTimeout(timer);
  timer = setTimeout(save, no.status && no.status < 500 && !isTooOften ? LATER_MS : AGAIN_MS);
}

// An alarm is no grey line: what it says, and the way to what helps.
const alarmed = form.querySelector("[data-alarm]");
function alarm(sentence, status = 0) {
  const line = alarmed.querySelector("p");
  if (line.textContent !== sentence) line.textContent = sentence;
  for (const way of alarmed.querySelectorAll("[data-when]")) way.hidden = way.dataset.when !== String(status);
  alarmed.hidden = false;
}

function calm() {
  alarmed.hidden = alarmed.querySelector("[data-not-done]").hidden = true;
}

// What the server kept: marks of what is seen now, blocks that others changed, what is still to be done.
function take(answer) {
  isStopped = false;
  for (const [id, html] of Object.entries(answer.fetched)) if (!touched.has(id)) takeBlock(id, html);
  for (const block of blocks()) {
    const id = block.dataset.block;
    if (!answer.order.includes(id) && !touched.has(id)) {
      itemOf(id)?.remove();
      parts.delete(id);
      block.remove();
    }
  }
  for (const [id, mark] of Object.entries(answer.seen)) {
    const seen = blockOf(id)?.querySelector("[data-seen]");
    if (seen && seen.value !== `${id}:${mark}`) {
      seen.value = `${id}:${mark}`;
      parts.delete(id);
    }
  }
  if (Object.keys(answer.fetched).length > 0) order(answer.order);
  takeWords(answer);
  showSide(answer.side);
  form.querySelector("[data-badge]").innerHTML = answer.badge;
  showHere(answer.here);
  if (!blockOf(chosen)) choose(blocks()[0]?.dataset.block ?? "page", { shows: false });
  refreshFrame();
}

// The list of what is to be done; what somebody had opened in it stays open.
function showSide(html) {
  const side = form.querySelector("[data-side]");
  const wasOpen = side.querySelector("details")?.open ?? false;
  side.innerHTML = html;
  const folded = side.querySelector("details");
  if (folded) folded.open = wasOpen;
}

function takeBlock(id, html) {
  const made = document.createElement("template");
  made.innerHTML = html;
  const fresh = made.content.querySelector("[data-block]");
  const old = blockOf(id);
  const wasChosen = chosen === id;
  delete fresh.dataset.chosen;
  if (old) {
    old.replaceWith(fresh);
    itemOf(id)?.replaceWith(itemFor(fresh));
  } else insert(fresh, "");
  readPart(fresh);
  if (wasChosen) choose(id, { shows: false });
}

function order(ids) {
  for (const id of ids) {
    const block = blockOf(id);
    if (!block) continue;
    forms.append(block);
    list.append(itemOf(id));
  }
}

function takeWords(answer) {
  const page = blockOf("page");
  for (const [name, mark] of Object.entries(answer.words)) {
    const seen = page.querySelector(`[data-seen-word="${CSS.escape(name)}"]`);
    if (seen) seen.value = `${name}:${mark}`;
  }
  for (const [name, value] of Object.entries(answer.kept)) {
    const field = form.elements[name];
    if (Array.isArray(value)) {
      if (!touched.has("page")) for (const box of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) box.checked = value.includes(box.value);
      continue;
    }
    if (!field || touched.has("page") || document.activeElement === field) continue;
    if (field.type === "checkbox") field.checked = Boolean(value);
    else if (field.value !== String(value)) field.value = value;
  }
  const path = document.getElementById("path");
  if (path) {
    path.toggleAttribute("aria-invalid", "path" in answer.wrong);
    path.setCustomValidity(answer.wrong.path ?? "");
    let told = document.getElementById("path-error");
    if (answer.wrong.path && !told) {
      told = document.createElement("p");
      told.id = "path-error";
      told.className = "error";
      told.dataset.tone = "danger";
      path.after(told);
    }
    if (told) told.textContent = answer.wrong.path ?? "";
    if (answer.wrong.path) path.setAttribute("aria-invalid", "true");
    else path.removeAttribute("aria-invalid");
  }
  readPart(page);
}

// Both changed the same: mine stays in the form, theirs is shown above it, and nothing is sent until somebody chose.
function showClashes(told) {
  isStopped = true;
  tell(told.title);
  for (const [key, { html, mark }] of Object.entries(told.clashes)) {
    const block = blockOf(key) ?? blockOf("page");
    for (const old of block.querySelectorAll(`[data-clash="${CSS.escape(key)}"]`)) old.remove();
    block.querySelector(".editor-fields").insertAdjacentHTML("beforebegin", html);
    block.querySelector(`[data-clash="${CSS.escape(key)}"]`).dataset.mark = mark;
  }
  const first = Object.keys(told.clashes)[0];
  choose(blockOf(first) ? first : "page");
}

function decide(button) {
  const box = button.closest("[data-clash]");
  const key = box.dataset.clash;
  const block = box.closest("[data-block]");
  box.remove();
  const isLast = !form.querySelector("[data-clash]");
  if (button.dataset.do === "mine") {
    const seen = block.querySelector(block.dataset.block === "page" ? `[data-seen-word="${CSS.escape(key)}"]` : "[data-seen]");
    seen.value = `${key}:${box.dataset.mark}`;
    readPart(block);
    isStopped = !isLast;
    if (isLast) changed(block);
  } else {
    touched.delete(key);
    save(`take:${key}`).then(() => { if (isDirty) changed(null); });
  }
}

// Who else is here, said every twenty seconds and when the page is left.
function showHere(others) {
  notes.replaceChildren(...others.map((other) => {
    const box = document.createElement("div");
    box.className = "notice";
    box.dataset.tone = "warning";
    const line = document.createElement("p");
    const block = blockOf(other.block);
    line.textContent = block && other.block !== "page"
      ? put(words.wordsHereIn, { name: other.name, block: nameOf(block) })
      : put(words.wordsHere, { name: other.name });
    box.append(line);
    return box;
  }));
}

async function stay() {
  const values = new URLSearchParams({ csrf_token: form.elements.csrf_token.value, block: chosen });
  showHere((await post(words.here, values)).here);
}

function stayHere() {
  stay().catch(() => { /* it is only a courtesy */ });
}

function leaveHere() {
  const values = new URLSearchParams({ csrf_token: form.elements.csrf_token.value, gone: "1" });
  navigator.sendBeacon(words.here, values);
}
