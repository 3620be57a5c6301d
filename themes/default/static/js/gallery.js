// gallery.js: a picture of a gallery opens large in a dialog, with the ones beside it; without it the link leads to it.

function large(link) {
  const small = link.querySelector("img");
  const image = new Image();
  image.alt = small.alt;
  if (small.hasAttribute("width")) [image.width, image.height] = [small.getAttribute("width"), small.getAttribute("height")];
  image.src = link.href;
  return image;
}

function prepare(gallery) {
  const dialog = gallery.parentElement.querySelector("dialog.lightbox");
  const links = [...gallery.querySelectorAll("figure > a")];
  const turns = [...dialog.querySelectorAll("[data-turn]")];
  let here = 0;

  function show(number) {
    here = (number + links.length) % links.length;
    const caption = links[here].parentElement.querySelector("figcaption")?.textContent ?? "";
    dialog.querySelector("[data-shown]").replaceChildren(large(links[here]));
    dialog.querySelector("[data-caption]").textContent = caption;
    dialog.querySelector("[data-place]").textContent = `${here + 1} / ${links.length}`;
  }

  links.forEach((link, number) => link.addEventListener("click", (event) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    show(number);
    dialog.showModal(); // the browser keeps the focus inside, and Escape closes it
  }));
  turns.forEach((button) => {
    button.hidden = links.length < 2;
    button.addEventListener("click", () => show(here + Number(button.dataset.turn)));
  });
  dialog.addEventListener("keydown", (event) => {
    const turn = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!turn || links.length < 2) return;
    event.preventDefault();
    show(here + turn);
  });
  // The picture itself stays; a click beside it means "enough".
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
  });
  dialog.addEventListener("close", () => {
    dialog.querySelector("[data-shown]").replaceChildren();
    links[here].focus();
  });
}

document.querySelectorAll("[data-gallery]:not([data-ready])").forEach((gallery) => {
  gallery.dataset.ready = "";
  prepare(gallery);
});
