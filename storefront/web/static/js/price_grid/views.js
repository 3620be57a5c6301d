// price_grid/views.js: views that somebody keeps under a name, in this browser: filters and columns together.

const VIEWS = "price-views";
const viewsBox = document.querySelector("[data-views]");

function keptViews() {
  try {
    return JSON.parse(localStorage.getItem(VIEWS) ?? "[]").filter((view) => view.name);
  } catch {
    return []; // nothing kept, or not by us
  }
}

function keepViews(views) {
  try {
    localStorage.setItem(VIEWS, JSON.stringify(views));
  } catch { /* this browser keeps nothing */ }
  showViews();
}

function presentView(name) {
  const search = new URLSearchParams();
  for (const field of ["q", "group", "years", "view"]) {
    const value = filter.elements[field]?.value;
    if (value) search.set(field, value);
  }
  if (onlyLosses) search.set("view", "loss");
  return { name, search: search.toString(), hide: table.dataset.hide ?? "" };
}

async function openView(view) {
  try {
    localStorage.setItem("price-columns", view.hide);
  } catch { /* the filters alone */ }
  await leave(`${location.pathname}?${view.search}`);
}

function viewButton(label, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.addEventListener("click", act);
  button.append(label);
  return button;
}

function showViews() {
  const views = keptViews();
  const list = viewsBox.querySelector("[data-views-list]");
  list.replaceChildren(...views.map((view) => {
    const line = document.createElement("div");
    line.className = "view-line";
    const drop = viewButton(icon("trash"), () => keepViews(keptViews().filter((each) => each.name !== view.name)));
    drop.setAttribute("aria-label", viewsBox.dataset.wordsDrop.replace("\u2026", view.name));
    line.append(viewButton(view.name, () => openView(view)), drop);
    return line;
  }));
  viewsBox.querySelector("[data-views-none]").hidden = views.length > 0;
}

function listenToViews() {
  if (!viewsBox) return;
  const name = viewsBox.querySelector("input");
  const keep = () => {
    const typed = name.value.trim();
    if (!typed) return name.focus();
    keepViews([...keptViews().filter((each) => each.name !== typed), presentView(typed)]);
    name.value = "";
    return undefined;
  };
  viewsBox.querySelector("[data-views-keep]").addEventListener("click", keep);
  name.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    keep();
  });
  showViews();
}
