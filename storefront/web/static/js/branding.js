// branding.js: the editor of the look answers at once. Without it the same form keeps a draft and shows that.

const form = document.querySelector("form[data-look]");
const frames = [...document.querySelectorAll("iframe[data-preview]")];
const LARGEST = 5 * 1024 * 1024;
const HEX = /^#?([0-9a-f]{6}|[0-9a-f]{3})$/i;
let shown = document.querySelector("[data-shown][aria-current]")?.dataset.shown ?? "light";
let changed = false;

// What the form says of the look, as an address understands it.
function values() {
  const found = new URLSearchParams({ shown });
  for (const field of form.elements) {
    if (!field.name || field.type === "file" || field.type === "hidden" || field.type === "checkbox") continue;
    if (field.type === "radio" && !field.checked) continue;
    if (field.value) found.set(field.name, field.value.trim());
  }
  if (!found.get("brand")) found.set("brand", form.elements.brand.dataset.derived);
  return found;
}

// A page's own document, or nothing where it is sandboxed away or not yet there.
function inside(frame) {
  try {
    return frame.contentDocument?.documentElement ? frame.contentDocument : null;
  } catch {
    return null;
  }
}

// Put the new sheet beside the old one and take the old one away when the new one is there: nothing flashes.
function swapSheet(page, address) {
  const old = [...page.querySelectorAll("link[rel=stylesheet]")].filter((link) => /previews\/(sheet|paper)\.css/.test(link.href));
  if (old.length === 0) return;
  const fresh = page.createElement("link");
  fresh.rel = "stylesheet";
  fresh.href = address;
  fresh.addEventListener("load", () => {
    old.forEach((link) => link.remove());
    page.documentElement.style.removeProperty("--brand");
  });
  fresh.addEventListener("error", () => fresh.remove());
  old.at(-1).after(fresh);
}

function showAtOnce() {
  const brand = form.elements.brand.value.trim();
  if (!HEX.test(brand)) return;
  for (const frame of frames) inside(frame)?.documentElement.style.setProperty("--brand", brand.startsWith("#") ? brand : `#${brand}`);
}

function showTruly() {
  const asked = values();
  for (const frame of frames) {
    const kind = frame.dataset.preview;
    const page = inside(frame);
    if (kind === "letter") {
      frame.src = `${form.dataset.show}?${asked}`;
    } else if (page) {
      swapSheet(page, `${kind === "invoice" ? form.dataset.paper : form.dataset.sheet}?${asked}`);
      const hero = page.querySelector(".hero");
      if (hero && asked.get("hero_ground")) hero.dataset.ground = asked.get("hero_ground");
      const art = page.querySelector(".hero-art");
      if (art && asked.get("hero_art")) art.dataset.art = asked.get("hero_art");
      if (kind !== "invoice") page.documentElement.dataset.scheme = asked.get("scheme") === "light" || asked.get("scheme") === "dark" ? asked.get("scheme") : shown;
    }
  }
  tellRepairs(asked);
}

async function tellRepairs(asked) {
  const place = document.querySelector("[data-mended]");
  if (!place) return;
  try {
    const answer = await fetch(`${form.dataset.repairs}?${asked}`);
    if (answer.ok) place.innerHTML = await answer.text(); // our own template, everything in it escaped
  } catch { /* offline: the last sentences stay */ }
}

let soon = 0;
function change() {
  changed = true;
  showAtOnce();
  clearTimeout(soon);
  soon = setTimeout(showTruly, 180);
}

// The picker and the text beside it are one value.
function pair() {
  for (const picker of document.querySelectorAll("[data-picks]")) {
    const text = document.getElementById(picker.dataset.picks);
    picker.addEventListener("input", () => {
      text.value = picker.value;
      change();
    });
    text.addEventListener("input", () => {
      const found = text.value.trim().match(HEX)?.[1];
      if (found) picker.value = `#${found.length === 3 ? [...found].map((digit) => digit + digit).join("") : found}`.toLowerCase();
      else if (!text.value.trim()) picker.value = text.dataset.derived;
    });
  }
}

// A chosen picture is sent at once, so that the previews show it; one that is too large is told before it travels.
function sendPictures() {
  for (const field of form.querySelectorAll("input[type=file]")) {
    field.addEventListener("change", () => {
      const file = field.files[0];
      field.setCustomValidity(file && file.size > LARGEST ? field.dataset.largest : "");
      if (!field.reportValidity()) {
        field.value = "";
        return;
      }
      if (!file || form.classList.contains("start-look")) return;
      changed = false;
      form.requestSubmit(form.querySelector("button[value=preview]"));
    });
  }
}

function switchShown() {
  const links = [...document.querySelectorAll("[data-shown]")];
  links.forEach((link) => link.addEventListener("click", (event) => {
    event.preventDefault();
    shown = link.dataset.shown;
    links.forEach((each) => (each === link ? each.setAttribute("aria-current", "true") : each.removeAttribute("aria-current")));
    showTruly();
  }));
}

if (form) {
  pair();
  sendPictures();
  switchShown();
  form.addEventListener("input", (event) => { if (event.target.type !== "file" && !event.target.dataset.picks) change(); });
  form.addEventListener("submit", () => { changed = false; });
  document.querySelectorAll("[data-take]").forEach((button) => button.addEventListener("click", () => {
    form.elements.brand.value = button.dataset.take;
    form.elements.brand.dispatchEvent(new Event("input", { bubbles: true }));
  }));
  addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
}
