// shop.js: small improvements of pages that work without it. One file, so one request; used by shop and offices.

// The number in the cart comes from a cookie that holds nothing else, so that one cached page serves everybody.
function showCartCount() {
  const link = document.querySelector("[data-cart]");
  const count = Number.parseInt(document.cookie.match(/(?:^|;\s*)cart-count=(\d{1,3})(?:;|$)/)?.[1] ?? "0", 10);
  if (!link || count === 0) return;
  const bubble = link.querySelector("[data-cart-count]");
  bubble.textContent = String(count);
  bubble.hidden = false;
  link.setAttribute("aria-label", `${link.dataset.cart}: ${count}`);
}

// Light or dark, remembered on this device; scheme.js puts it back before the first paint.
function switchSchemes() {
  const root = document.documentElement;
  const buttons = [...document.querySelectorAll("[data-scheme-switch]")];
  const dark = () => (root.dataset.scheme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const show = () => buttons.forEach((button) => button.setAttribute("aria-pressed", String(dark())));
  show();
  buttons.forEach((button) => button.addEventListener("click", () => {
    root.dataset.scheme = dark() ? "light" : "dark";
    show();
    try {
      localStorage.setItem("scheme", root.dataset.scheme);
    } catch { /* not remembered, still switched */ }
  }));
}

// A <details class="menu"> closes with Escape, with a click elsewhere, and when focus leaves it.
function closeMenus() {
  const opened = () => [...document.querySelectorAll("details.menu[open]")];
  const closeOthers = (event) => opened().filter((menu) => !menu.contains(event.target)).forEach((menu) => { menu.open = false; });
  document.addEventListener("click", closeOthers);
  document.addEventListener("focusin", closeOthers);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    opened().forEach((menu) => {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });
}

// <button data-copy="text" data-copied="Copied"> puts the text on the clipboard and says so.
async function copyText(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    return; // not allowed: the text can still be marked by hand
  }
  const told = document.createElement("span");
  told.setAttribute("role", "status");
  told.className = "copied";
  told.textContent = button.dataset.copied ?? "✓";
  button.after(told);
  setTimeout(() => told.remove(), 2000);
}

// A message can be put away; focus goes on to the page.
function dismiss(button) {
  button.closest("[data-dismiss]")?.remove();
  document.getElementById("main")?.focus();
}

// The two buttons beside a number. Without scripts the number is typed.
function limitStepper(field) {
  const [less, more] = field.closest(".stepper").querySelectorAll("[data-step]");
  less.disabled = field.min !== "" && field.valueAsNumber <= Number(field.min);
  more.disabled = field.max !== "" && field.valueAsNumber >= Number(field.max);
}

function step(button) {
  const field = button.closest(".stepper").querySelector("input");
  if (button.dataset.step === "1") field.stepUp();
  else field.stepDown();
  limitStepper(field);
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

// A form is sent once. The server refuses the second one too; this spares the visitor the doubt.
// data-again on a form says that it may be sent as often as one likes (a search, a filter, a download).
function sendOnce(event) {
  const form = event.target;
  if (form.dataset.sent !== undefined) {
    event.preventDefault();
    return;
  }
  if (form.method !== "post" || form.dataset.again !== undefined) return;
  form.dataset.sent = "";
  // After the browser has collected the fields: a disabled button would not send its own name and value.
  setTimeout(() => {
    if (event.defaultPrevented) {
      allowAgain(form);
      return;
    }
    (event.submitter ?? form.querySelector("button:not([type=button])"))?.setAttribute("aria-busy", "true");
    form.querySelectorAll("button:not([type=button])").forEach((button) => { button.disabled = true; });
  });
}

function allowAgain(form) {
  delete form.dataset.sent;
  form.querySelectorAll("button:not([type=button])").forEach((button) => {
    button.disabled = false;
    button.removeAttribute("aria-busy");
  });
}

// <select data-follows="address"> asks for its form again and takes over the part with that id, here the address as
// the chosen country writes it. Without scripts a button beside it does the same with the whole page.
let asked = 0;
async function followChoice(field) {
  const [form, id, turn] = [field.form, field.dataset.follows, ++asked];
  const body = new FormData(form);
  body.set("change_country", "1");
  const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "text/html" } });
  if (!answer.ok || turn !== asked) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(id);
  if (!fresh) return;
  // What was typed while the answer was on its way stays.
  fresh.querySelectorAll("input").forEach((input) => { input.value = form.elements[input.name]?.value ?? input.value; });
  document.getElementById(id).replaceWith(fresh);
  form.elements[field.name].focus();
}

// On a phone menus and tabs are strips: each begins with where one is, not with its first entry.
function showCurrentEntry() {
  for (const strip of document.querySelectorAll(".side, .side-nav, .tabs")) {
    const here = strip.querySelector("[aria-current=page]");
    if (!here || strip.scrollWidth <= strip.clientWidth) continue;
    const from = here.getBoundingClientRect().left - strip.getBoundingClientRect().left;
    strip.scrollLeft += from - (strip.clientWidth - here.offsetWidth) / 2;
  }
}

showCartCount();
switchSchemes();
closeMenus();
showCurrentEntry();
document.querySelectorAll(".stepper input[type=number]").forEach(limitStepper);
document.querySelector("[data-focus]")?.focus(); // the summary of errors, so that it is read first
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-copy], [data-dismiss-button], [data-step]");
  if (!button) return;
  if (button.dataset.copy !== undefined) copyText(button);
  else if (button.dataset.step !== undefined) step(button);
  else dismiss(button);
});
document.addEventListener("input", (event) => {
  if (event.target.matches?.(".stepper input[type=number]")) limitStepper(event.target);
});
document.addEventListener("change", (event) => {
  if (event.target.matches?.("select[data-follows]")) followChoice(event.target).catch(() => {}); // the fields stay as they are
});
document.addEventListener("submit", sendOnce);
addEventListener("pageshow", (event) => {
  if (!event.persisted) return; // only a page that comes back from the browser's memory
  showCartCount();
  document.querySelectorAll("form[data-sent]").forEach(allowAgain);
});
