// sign_picker.js — every <select data-signs> gets a button that shows the chosen sign and opens all of them as pictures.
// The select stays what forms and other scripts read and write, and all there is without scripts.

const SVG = "http://www.w3.org/2000/svg";
const sprite = document.querySelector("svg.icon use")?.getAttribute("href")?.split("#")[0] ?? "";

function drawn(name) {
  const svg = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  if (name) use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}

function made(kind, attributes) {
  const element = document.createElement(kind);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

function show(select) {
  const chosen = select.selectedOptions[0];
  const word = chosen?.textContent.trim() ?? "";
  const open = select.nextElementSibling.querySelector("[data-open-signs]");
  open.replaceChildren(...(select.value ? [drawn(select.value)] : []), word);
  const label = select.labels[0]?.firstChild?.textContent.trim();
  open.setAttribute("aria-label", label ? `${label}: ${word}` : word);
  for (const sign of select.nextElementSibling.querySelectorAll("[data-sign]")) {
    sign.setAttribute("aria-pressed", String(sign.dataset.sign === select.value));
  }
}

// All signs are drawn when they are asked for: a page may have hundreds of these fields.
function fill(select, list) {
  list.replaceChildren(...[...select.options].map((option) => {
    const word = option.textContent.trim();
    const sign = made("button", { type: "button", class: "sign", "data-sign": option.value, title: word, "aria-label": word });
    sign.append(option.value ? drawn(option.value) : word);
    return sign;
  }));
  show(select);
}

function enhance(select) {
  if (select.nextElementSibling?.matches("[data-signs-of]")) select.nextElementSibling.remove(); // copied with its field
  const field = made("div", { class: "sign-field", "data-signs-of": "" });
  const open = made("button", { type: "button", class: "button", "data-open-signs": "", "aria-haspopup": "dialog" });
  const list = made("dialog", { class: "sign-list" });
  field.append(open, list);
  select.after(field);
  select.classList.add("visually-hidden");
  select.tabIndex = -1;
  select.ariaHidden = "true";
  open.addEventListener("click", () => {
    fill(select, list);
    list.setAttribute("aria-label", select.labels[0]?.firstChild?.textContent.trim() ?? "");
    list.showModal();
    list.querySelector("[aria-pressed=true]")?.focus();
  });
  list.addEventListener("click", (event) => {
    const sign = event.target.closest("[data-sign]");
    if (sign) {
      select.value = sign.dataset.sign;
      select.dispatchEvent(new Event("change", { bubbles: true }));
    }
    if (sign || event.target === list) list.close();
  });
  select.addEventListener("change", () => show(select));
  select.addEventListener("focus", () => open.focus());
  show(select);
}

function enhanceAll(place) {
  if (place.nodeType !== Node.ELEMENT_NODE) return;
  if (place.matches("select[data-signs]")) enhance(place);
  for (const select of place.querySelectorAll("select[data-signs]")) enhance(select);
}

if (sprite) {
  enhanceAll(document.body);
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) addedNodes.forEach(enhanceAll);
  }).observe(document.body, { childList: true, subtree: true });
}
