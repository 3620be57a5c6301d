// page_editor/begun.js: the last part: who listens to what.

const LEADS_ON = new Set(["publish", "schedule", "share", "end", "cancel", "translated", "pick", "bring", "fetch"]);

const deeds = {
  add: (button) => add(button.dataset.kindOf),
  up: (button) => move(button.closest("[data-block]"), -1),
  down: (button) => move(button.closest("[data-block]"), 1),
  copy: (button) => duplicate(button.closest("[data-block]")),
  remove: (button) => remove(button.closest("[data-block]")),
  more: (button) => addRow(button.closest("[data-rows]")),
  less: (button) => removeRow(button.closest("[data-row]")),
  earlier: (button) => moveRow(button.closest("[data-row]"), -1),
  later: (button) => moveRow(button.closest("[data-row]"), 1),
  take: decide,
  mine: decide,
};

function onClick(event) {
  const target = event.target;
  const button = target.closest?.("[data-do]");
  if (button) {
    event.preventDefault();
    deeds[button.dataset.do](button);
    return;
  }
  const link = target.closest?.("[data-item] > a");
  if (link) {
    event.preventDefault();
    choose(link.parentElement.dataset.item);
    stayHere();
    return;
  }
  const place = target.closest?.("[data-place]");
  if (place) {
    event.preventDefault();
    goTo(place.dataset.place);
    return;
  }
  const pane = target.closest?.("[data-show]");
  if (pane) showPane(pane.dataset.show);
  if (target.closest?.("[data-next]")) nextStale();
}

// How many characters a title or a description has, of how many; read out only when it grows too long.
function count(field) {
  const most = Number(field.dataset.counted);
  let line = field.parentElement.querySelector(":scope > [data-counter]");
  if (!line) {
    line = document.createElement("p");
    line.className = "hint";
    line.dataset.counter = "";
    field.after(line);
  }
  const letters = [...field.value.trim().replace(/\s+/g, " ")].length;
  line.textContent = put(words.wordsCounted, { n: letters, most });
  if (letters > most) line.dataset.tone = "danger";
  else delete line.dataset.tone;
  line.setAttribute("role", letters > most ? "status" : "none");
}

form.querySelectorAll("[data-counted]").forEach(count);
form.addEventListener("input", (event) => event.target.matches("[data-counted]") && count(event.target));

// The next text of the translation that somebody should look at, behind where one is.
function nextStale() {
  const all = [...form.querySelectorAll("[data-stale]")];
  const here = document.activeElement?.closest("[data-stale]");
  const next = all[(all.indexOf(here) + 1) % all.length];
  if (!next) return;
  choose(next.closest("[data-block]").dataset.block);
  next.querySelector(".input, trix-editor")?.focus();
}

function onKey(event) {
  if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
    const block = blockOf(event.target.closest?.("[data-item]")?.dataset.item ?? event.target.closest?.("[data-block]")?.dataset.block ?? "");
    if (!block || block.dataset.block === "page") return;
    event.preventDefault();
    move(block, event.key === "ArrowUp" ? -1 : 1);
  } else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
    event.preventDefault();
    save();
  }
}

// Buttons that lead on leave the page: only once what was typed is kept, and the server is there to answer.
let isLeaving = false;
async function leadOn(button) {
  if (isLeaving) return;
  isLeaving = true;
  try {
    // The tools of a text tell a moment later what was typed in it: until nothing new has come meanwhile.
    for (let turn = 0; turn < 3; turn += 1) {
      if (isDirty || sending) await saveAtLast();
      else await stay();
      if (!isDirty || isStopped || !alarmed.hidden) break;
    }
    if (isStopped || (isDirty && !alarmed.hidden)) throw Object.assign(new Error(), { isTold: true });
    clearTimeout(timer);
    isDirty = false; // the form takes along what it holds
    calm();
    form.requestSubmit(button);
  } catch (no) {
    isLeaving = false;
    if (!no.isTold) fail(no);
    if (alarmed.hidden) return;
    alarmed.querySelector("[data-not-done]").hidden = false;
    alarmed.scrollIntoView({ block: "nearest" });
  }
}

// The office counts how often it is asked; a press waits for its turn.
async function saveAtLast() {
  for (let turn = 0; turn < 5; turn += 1) {
    await save();
    if (!isTooOften) return;
    await new Promise((done) => { setTimeout(done, LEAST_MS); });
  }
}

function onSubmit(event) {
  const verb = event.submitter?.value.split(":")[0] ?? "save";
  if (!LEADS_ON.has(verb)) {
    event.preventDefault();
    if (!isStopped) {
      isDirty = true;
      save();
    }
    return;
  }
  if (isLeaving) return;
  event.preventDefault();
  leadOn(event.submitter);
}

function onTyped(event) {
  const block = event.target.closest?.("[data-block]");
  if (!block || event.target.name === "do") return;
  const before = parts.get(block.dataset.block);
  readPart(block);
  if (parts.get(block.dataset.block) === before) return; // a field was left as it was
  relabel(block);
  changed(block);
}

function begin() {
  for (const block of [...blocks(), blockOf("page")]) readPart(block);
  form.querySelector("[data-after]").disabled = true;
  offerCopy();
  form.addEventListener("click", onClick);
  form.addEventListener("keydown", onKey);
  form.addEventListener("input", onTyped);
  form.addEventListener("change", onTyped);
  form.addEventListener("submit", onSubmit);
  document.querySelector("[data-undo-button]").addEventListener("click", putBack);
  document.querySelectorAll("main > .stack > .notice [data-place]").forEach((link) => link.addEventListener("click", (event) => { event.preventDefault(); goTo(link.dataset.place); }));
  const late = document.querySelector(".editor-when [aria-invalid=true]");
  if (late) {
    late.closest("details").open = true;
    late.focus();
  }
  dragBlocks();
  beginKinds();
  beginLook();
  const wanted = location.hash.slice(1);
  if (wanted.startsWith("block-") && blockOf(wanted.slice(6))) choose(wanted.slice(6), { shows: false });
  for (const link of form.querySelectorAll("[data-leave]")) {
    link.addEventListener("click", async (event) => {
      if (!isDirty || isStopped) return;
      event.preventDefault();
      await save();
      location.href = link.href;
    });
  }
  addEventListener("beforeunload", (event) => { if (isDirty) { save(); event.preventDefault(); } });
  addEventListener("pagehide", leaveHere);
  addEventListener("online", () => { if (isDirty) save(); });
  addEventListener("focus", () => { if (isDirty && !alarmed.hidden) save(); });
  addEventListener("pageshow", () => { isLeaving = false; });
  document.addEventListener("visibilitychange", () => { if (document.hidden && isDirty) save(); });
  stayHere();
  setInterval(stayHere, 20_000);
}

if (form) begin();
