// order.js: what cart, checkout and pay pages do by themselves. Without it there are buttons, and pages ask again.
// Pages load it as a module, windows as a plain script: so it keeps its names to itself.
(() => {
  "use strict";

  // A part with data-waits="/cart?look=…" is not ready: its page is asked again every second and the part taken over.
  // An answer that leads elsewhere (to the gateway, to the paid page) is followed by the whole page.
  async function ask(part) {
    const id = part.id;
    const answer = await fetch(part.dataset.waits, { redirect: "manual", headers: { Accept: "text/html" } });
    if (answer.type === "opaqueredirect") {
      location.assign(part.dataset.waits);
      return;
    }
    if (!answer.ok || part.contains(document.activeElement)) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(id);
    if (fresh) document.getElementById(id).replaceWith(document.importNode(fresh, true));
    else location.assign(part.dataset.waits);
  }

  function waitOn() {
    const part = document.querySelector("[data-waits]");
    if (!part) return;
    setTimeout(async () => {
      try {
        await ask(part);
      } catch { /* the network is away for a moment: ask again */ }
      waitOn();
    }, 1000);
  }

  if (self.origin !== "null") waitOn(); // else a window that may ask nothing

  // A choice that needs no button of its own: another term for a name.
  document.addEventListener("change", (event) => {
    if (event.target.matches?.("select[data-sends]")) event.target.form.requestSubmit();
  });

  // What was just done is said once, also to the page around a window: not again when it is loaded again.
  const address = new URL(location.href);
  if (address.searchParams.has("did")) {
    address.searchParams.delete("did");
    history.replaceState(history.state, "", address);
  }
})();
