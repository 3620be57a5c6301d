// frames.js: the generator of frames shows each choice at once. Without it the same form shows it at a press.

const form = document.querySelector("form[data-maker]");
const shown = document.querySelector("iframe[data-preview]");
const PAUSE_MS = 250;
const HEX = /^#?([0-9a-f]{6})$/i;
const TALLEST = 5000;
const LEFT_OUT = new Set(["csrf_token", "name", "where", "sites", "do"]);

// What the form says of the window, as the preview's address understands it.
function query() {
  const found = new URLSearchParams(shown.dataset.always);
  for (const field of form.elements) {
    if (!field.name || LEFT_OUT.has(field.name) || (field.type === "radio" && !field.checked)) continue;
    if (field.value.trim()) found.set(field.name, field.value.trim().toLowerCase());
  }
  return found.toString();
}

// The ground counts as the scheme of the page around does: a window that looks as the shop does follows it.
const around = document.querySelector(".imitation-page");
let soon = 0;
let last = "";
function change() {
  clearTimeout(soon);
  soon = setTimeout(() => {
    const now = `${query()}&ground=${around.dataset.ground}#scheme=${around.dataset.ground}`;
    if (now === last) return;
    last = now;
    shown.src = `${shown.dataset.preview}?${now}`;
  }, PAUSE_MS);
}

// The picker and the text beside it are one value.
function pair(picker) {
  const text = document.getElementById(picker.dataset.picks);
  picker.addEventListener("input", () => {
    text.value = picker.value;
    change();
  });
  text.addEventListener("input", () => {
    const found = text.value.trim().match(HEX)?.[1];
    if (found) picker.value = `#${found.toLowerCase()}`;
  });
}

function press(button, name) {
  for (const each of button.parentNode.children) each.setAttribute("aria-pressed", String(each === button));
  around.dataset[name] = button.dataset[name];
}

if (form && shown) {
  last = `${query()}&ground=light#scheme=light`;
  form.addEventListener("input", (event) => { if (!event.target.dataset.picks) change(); });
  document.querySelectorAll("[data-picks]").forEach(pair);
  document.querySelectorAll("button[data-ground]").forEach((button) => button.addEventListener("click", () => { press(button, "ground"); change(); }));
  document.querySelectorAll("button[data-width]").forEach((button) => button.addEventListener("click", () => press(button, "width")));
  // The window is up to date already; on a telephone it stands far below.
  form.querySelector("[name=do][value=look]").addEventListener("click", (event) => {
    event.preventDefault();
    shown.closest("section").scrollIntoView({ block: "start" });
  });
  addEventListener("message", (event) => {
    if (event.origin !== location.origin || event.source !== shown.contentWindow) return;
    const told = event.data;
    if (told?.v === 1 && told.type === "resize" && Number.isFinite(told.height)) {
      shown.style.height = `${Math.min(Math.max(Math.ceil(told.height), 60), TALLEST)}px`;
    }
  });
}
