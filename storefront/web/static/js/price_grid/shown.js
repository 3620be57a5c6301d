// price_grid/shown.js: what a cell shows of itself: changed, margin, loss.

const THIN = 10;

const alertIcon = document.querySelector("[data-losses] .icon use")?.getAttribute("href");

function icon(name, label) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  if (label) {
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", label);
  } else svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", (alertIcon ?? "").replace(/#.*/, `#${name}`));
  svg.append(use);
  return svg;
}

function mark(element, name, value) {
  if (value) element.setAttribute(name, value);
  else element.removeAttribute(name);
}

function show(input) {
  const minor = read(input.value);
  const place = input.parentElement;
  mark(input, "aria-invalid", minor === undefined ? "true" : "");
  if (minor === undefined) return;
  place.toggleAttribute("data-changed", String(minor ?? "") !== input.dataset.live);
  const cost = input.dataset.cost === "" ? null : Number(input.dataset.cost);
  const net = minor === null ? null : netOf(minor);
  const left = net === null || cost === null ? null : net - cost;
  const percent = left === null ? null : net ? (left * 100) / net : left ? -100 : 0;
  const tone = left === null ? "" : left < 0 ? "danger" : net && percent < THIN ? "warning" : "";
  const beside = place.nextElementSibling;
  if (beside?.dataset.part !== "left") {
    mark(place, "data-tone", tone);
    return;
  }
  mark(beside, "data-tone", tone);
  beside.replaceChildren(...(tone === "danger" ? [icon("alert", words.wordsLoss), " "] : []), left === null ? "" : write(left));
  const share = Math.round(Math.abs(percent ?? 0));
  beside.nextElementSibling.textContent = percent === null ? "" : `${percent < 0 && share ? "\u2212" : ""}${share}\u00a0%`;
}

const status = document.querySelector("[data-status]");
function tell(sentence) {
  if (status) status.textContent = sentence ?? "";
}
