// sorted.js: entries of a list with data-sortable are dragged by a handle. The buttons beside them do the same without
// a pointer; who listens hears "input" on the form, as if something had been typed, and "sorted" on the list.

const told = document.querySelector("meta[name=sortable]");
const known = new WeakSet();

function addHandle(item) {
  if (item.nodeType !== Node.ELEMENT_NODE || item.querySelector(":scope > .sort-handle")) return;
  const handle = document.createElement("span");
  handle.className = "sort-handle";
  handle.setAttribute("aria-hidden", "true");
  const sign = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  sign.setAttribute("class", "icon");
  use.setAttribute("href", told.dataset.sign);
  sign.append(use);
  handle.append(sign);
  item.prepend(handle);
}

function sort(list) {
  if (known.has(list)) return;
  known.add(list);
  for (const item of list.children) addHandle(item);
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) addedNodes.forEach(addHandle);
  }).observe(list, { childList: true });
  window.Sortable.create(list, {
    handle: ".sort-handle",
    animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 150,
    ghostClass: "sort-ghost",
    onEnd: ({ item, oldIndex, newIndex }) => {
      if (oldIndex === newIndex) return;
      list.dispatchEvent(new CustomEvent("sorted", { bubbles: true, detail: { item, oldIndex, newIndex } }));
      (item.querySelector("input, textarea, select") ?? item).dispatchEvent(new Event("input", { bubbles: true }));
    },
  });
}

const sortAll = (place) => {
  if (place.nodeType !== Node.ELEMENT_NODE) return;
  if (place.matches("[data-sortable]")) sort(place);
  place.querySelectorAll("[data-sortable]").forEach(sort);
};

if (told) {
  import(told.content).then(() => {
    sortAll(document.body);
    new MutationObserver((changes) => {
      for (const { addedNodes } of changes) addedNodes.forEach(sortAll);
    }).observe(document.body, { childList: true, subtree: true });
  });
}
