// media_picker.js — every <select data-media> gets a small picture and a button that opens the library. The select stays
// what forms and other scripts read and write. Where a row of a list begins with it, several can be chosen at once; in an
// editor of pages one says beside the picture what it shows.

const told = document.getElementById("media-picker");
let dialog = null;
let target = null;
const ticked = new Map(); // of several that are chosen at once: id and name

const fieldOf = (select) => select.nextElementSibling;

// Say what is chosen, with a picture of it where it is one.
function show(select) {
  const field = fieldOf(select);
  const chosen = select.selectedOptions[0];
  const picture = field.querySelector("[data-chosen-picture]");
  const isSome = Boolean(select.value);
  const isPicture = isSome && !/\.pdf$/i.test(chosen.textContent.trim()); // a document has no small picture of it
  field.querySelector("[data-chosen-name]").textContent = isSome ? chosen.textContent : told.dataset.nothing;
  field.querySelector("[data-clear]").hidden = !isSome;
  picture.hidden = !isPicture;
  if (isPicture) picture.src = `${told.dataset.library}${select.value}/thumb`;
  else picture.removeAttribute("src");
  showWords(select, field, isPicture);
}

// What the picture shows, in the language of the page: asked for when somebody comes near, kept when they leave.
const localeOf = (select) => select.closest("[data-key]")?.dataset.key.split(":").at(-1) ?? "";
const wordsOf = (select) => `${told.dataset.library}${select.value}/words`;

function showWords(select, field, isPicture) {
  const box = field.querySelector("[data-words]");
  const typed = box.querySelector("[data-words-typed]");
  box.hidden = !isPicture || !localeOf(select);
  box.querySelector("[data-words-problem]").hidden = true;
  if (box.hidden || box.dataset.of === select.value) return;
  box.dataset.of = select.value;
  typed.value = "";
  typed.disabled = true;
  const ask = async () => {
    const of = select.value;
    const answer = await fetch(`${wordsOf(select)}?locale=${localeOf(select)}`, { headers: { Accept: "application/json" } }).catch(() => null);
    if (!answer?.ok || of !== select.value) return;
    const { alt } = await answer.json();
    typed.defaultValue = alt;
    typed.value = alt;
    typed.disabled = false;
  };
  // Not for a hundred pictures at once: each when it comes into view.
  const watch = new IntersectionObserver((seen) => {
    if (!seen.some((each) => each.isIntersecting)) return;
    watch.disconnect();
    ask();
  });
  watch.observe(box);
}

async function keepWords(select, field) {
  const box = field.querySelector("[data-words]");
  const typed = box.querySelector("[data-words-typed]");
  if (typed.value === typed.defaultValue) return;
  const sent = typed.value;
  const body = new URLSearchParams({ csrf_token: told.dataset.token, locale: localeOf(select), alt: sent });
  const answer = await fetch(wordsOf(select), { method: "POST", body, headers: { Accept: "application/json" } }).catch(() => null);
  const { problem = told.dataset.failed } = (await answer?.json().catch(() => null)) ?? {};
  const complaint = box.querySelector("[data-words-problem]");
  complaint.hidden = Boolean(answer?.ok);
  if (!answer?.ok) {
    complaint.textContent = problem || told.dataset.failed;
    return;
  }
  typed.defaultValue = sent;
  box.querySelector("[data-words-hint]").textContent = told.dataset.kept;
  // Where the same picture stands once more, it says the same now.
  for (const other of document.querySelectorAll("select[data-media]")) {
    const [theirs] = other === select || other.value !== select.value ? [] : fieldOf(other)?.querySelectorAll("[data-words]") ?? [];
    if (!theirs) continue;
    delete theirs.dataset.of;
    show(other);
  }
  // The page itself has not changed, but what is in its way may have.
  select.dispatchEvent(new Event("change", { bubbles: true }));
}

function set(select, value, name) {
  for (const each of document.querySelectorAll("select[data-media]")) {
    const isFor = each === select || each.dataset.media === "file" || select.dataset.media === each.dataset.media;
    if (value && isFor && ![...each.options].some((option) => option.value === value)) each.add(new Option(name, value));
  }
  select.value = value;
  show(select);
  select.dispatchEvent(new Event("change", { bubbles: true }));
}

function enhance(select) {
  // A field that was copied with its button gets one of its own.
  if (fieldOf(select)?.matches("[data-chosen]")) fieldOf(select).remove();
  const field = told.content.querySelector("[data-chosen]").cloneNode(true);
  select.after(field);
  select.classList.add("visually-hidden");
  select.tabIndex = -1;
  select.ariaHidden = "true";
  const open = field.querySelector("[data-open]");
  const label = select.labels[0];
  if (label) open.setAttribute("aria-label", `${open.textContent.trim()} ${label.firstChild.textContent.trim()}`);
  for (const said of ["aria-describedby", "aria-invalid"]) {
    if (select.hasAttribute(said)) open.setAttribute(said, select.getAttribute(said));
  }
  field.querySelector("[data-chosen-picture]").addEventListener("error", (event) => { event.currentTarget.hidden = true; });
  open.addEventListener("click", () => choose(select));
  field.querySelector("[data-clear]").addEventListener("click", () => {
    set(select, "", "");
    open.focus();
  });
  select.addEventListener("focus", () => open.focus());
  const typed = field.querySelector("[data-words-typed]");
  typed.id = `${select.id}-shows`;
  field.querySelector("[data-words-label]").htmlFor = typed.id;
  typed.addEventListener("input", (event) => event.stopPropagation());
  typed.addEventListener("change", (event) => {
    event.stopPropagation();
    keepWords(select, field);
  });
  typed.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    keepWords(select, field);
  });
  show(select);
}

function build() {
  dialog = told.content.querySelector("dialog").cloneNode(true);
  document.body.append(dialog);
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
    const picked = event.target.closest("[data-pick]");
    if (picked) take(picked.dataset.pick, picked.dataset.name);
    const more = event.target.closest("[data-more]");
    if (more) load(more.dataset.more, more);
  });
  dialog.addEventListener("change", (event) => {
    const { tick, name } = event.target.dataset;
    if (!tick) return;
    if (event.target.checked) ticked.set(tick, name);
    else ticked.delete(tick);
    dialog.querySelector("[data-several]").hidden = !ticked.size;
  });
  dialog.querySelector("[data-take]").addEventListener("click", () => takeAll([...ticked].map(([id, name]) => ({ id, name }))));
  dialog.addEventListener("close", () => fieldOf(target)?.querySelector("[data-open]").focus());
  dialog.querySelector("[data-search-form]").addEventListener("submit", (event) => {
    event.preventDefault();
    load(address(event.currentTarget.elements.q.value));
  });
  dialog.querySelector("[data-upload-form]").addEventListener("submit", (event) => {
    event.preventDefault();
    upload(event.currentTarget);
  });
}

const address = (wanted = "") => `${told.dataset.choose}?${new URLSearchParams({ state: target.dataset.media === "picture" ? "pictures" : "", q: wanted })}`;

function choose(select) {
  if (!dialog) build();
  target = select;
  for (const each of dialog.querySelectorAll("[data-for]")) each.hidden = each.dataset.for !== select.dataset.media;
  const input = dialog.querySelector("[name=files]");
  const pictures = told.content.querySelector("[name=files]").accept;
  const isFirstOfRow = select.closest("[data-row]")?.querySelector("input:not([type=hidden]), textarea, select") === select;
  dialog.toggleAttribute("data-many", isFirstOfRow);
  input.multiple = isFirstOfRow;
  ticked.clear();
  dialog.querySelector("[data-several]").hidden = true;
  input.accept = select.dataset.media === "file" ? pictures + input.dataset.documents : pictures;
  for (const each of dialog.querySelectorAll("form")) each.reset();
  complain("");
  dialog.showModal();
  load(address());
}

// Show a piece of the library; what comes after another piece stands below it.
async function load(from, more = null) {
  const place = dialog.querySelector("[data-choices]");
  try {
    const answer = await fetch(from, { headers: { Accept: "text/html" } });
    if (!answer.ok) throw new Error(answer.status);
    const made = document.createElement("template");
    made.innerHTML = await answer.text();
    if (more) more.replaceWith(made.content);
    else place.replaceChildren(made.content);
    for (const each of place.querySelectorAll("[data-tick]")) each.checked = ticked.has(each.dataset.tick);
  } catch {
    complain(told.dataset.failed);
  }
}

function complain(sentence) {
  const problem = dialog.querySelector("[data-problem]");
  problem.textContent = sentence;
  problem.hidden = !sentence;
}

function take(id, name) {
  set(target, id, name);
  dialog.close();
}

// The first where nothing was chosen yet; whoever made the rows makes one for each of the others.
function takeAll(files) {
  const others = target.value ? files : files.slice(1);
  if (!target.value && files.length) set(target, files[0].id, files[0].name);
  if (others.length) target.dispatchEvent(new CustomEvent("media:more", { bubbles: true, detail: others }));
  dialog.close();
}

async function upload(form) {
  const values = new FormData(form);
  const button = form.querySelector("[type=submit]");
  values.set("csrf_token", told.dataset.token);
  button.disabled = true;
  complain("");
  try {
    const answer = await fetch(told.dataset.upload, { method: "POST", body: values, headers: { Accept: "application/json" } });
    const { files = [], problems = [] } = await answer.json();
    if (files.length > 1) takeAll(files);
    else if (files.length) take(files[0].id, files[0].name);
    if (problems.length || !files.length) complain(problems.join(" ") || told.dataset.failed);
  } catch {
    complain(told.dataset.failed);
  }
  button.disabled = false;
}

const enhanceAll = (place) => {
  if (place.nodeType !== Node.ELEMENT_NODE) return;
  if (place.matches("select[data-media]")) enhance(place);
  for (const select of place.querySelectorAll("select[data-media]")) enhance(select);
};

if (told) {
  enhanceAll(document.body);
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) addedNodes.forEach(enhanceAll);
  }).observe(document.body, { childList: true, subtree: true });
}
