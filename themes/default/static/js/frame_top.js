// frame_top.js: forms and links that leave the window for the shop itself (target="_top"). Gives a sign-in form its token,
// and where the page around lets nothing leave shows the way into a new window, so that no button is dead. It comes with
// frame.js as one file, before the document is read.
(() => {
  "use strict";
  const FRESH_MS = 25 * 60 * 1000;
  const PATIENCE_MS = 3000;
  let forms = [];
  let asked = null;
  let askedAt = 0;

  document.addEventListener("DOMContentLoaded", begin, { once: true });

  function showWayOut() {
    for (const note of document.querySelectorAll("[data-stuck]")) note.hidden = false;
  }

  const isFresh = () => Date.now() - askedAt < FRESH_MS;

  function fetchToken(form) {
    if (asked && isFresh()) return asked;
    askedAt = Date.now();
    form.elements.token.value = "";
    const body = new URLSearchParams({ frame: form.elements.frame.value });
    asked = fetch(form.dataset.token, { method: "POST", body, headers: { Accept: "application/json" } })
      .then((answer) => (answer.ok ? answer.json() : {}))
      .then(({ token = "", cart = "" }) => {
        form.elements.token.value = token;
        form.elements.cart.value = cart;
      })
      .catch(() => {}); // the shop's own page then asks once more
    return asked;
  }

  // A page that is left is hidden or frozen before the patience is over.
  function watch() {
    const timer = setTimeout(showWayOut, PATIENCE_MS);
    addEventListener("pagehide", () => clearTimeout(timer), { once: true });
  }

  function begin() {
    forms = [...document.querySelectorAll('form[target="_top"]')];
    // In a sandbox without an origin a form arrives as that of a stranger and is refused: better not to fill it in at all.
    if (self.origin === "null") {
      for (const form of document.querySelectorAll('form[method="post"]')) form.hidden = true;
      showWayOut();
      return;
    }
    for (const form of forms) {
      if (form.dataset.token) form.addEventListener("focusin", (event) => {
        // Whoever comes from elsewhere may have filled a cart there in between.
        if (!form.contains(event.relatedTarget)) asked = null;
        fetchToken(form);
      });
      form.addEventListener("submit", (event) => {
        watch();
        if (!form.dataset.token || (form.elements.token.value && isFresh())) return;
        event.preventDefault();
        fetchToken(form).then(() => form.submit());
      });
    }
    for (const link of document.querySelectorAll('a[target="_top"]')) link.addEventListener("click", watch);

    // Without the button of its own that pages without scripts have: a choice that changes the fields below it.
    for (const field of document.querySelectorAll("select[data-press]")) {
      field.addEventListener("change", () => field.form.querySelector(`[name="${field.dataset.press}"]`)?.click());
    }
  }

  // Back from the shop: the token was used.
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    asked = null;
    for (const form of forms) if (form.dataset.token) form.elements.token.value = "";
  });
})();
