// frame.js: the script of every window. Puts on the look that the page around asks for before the first paint, fills in
// what it says, and tells it by name what happens here. Without it the window works as it stands.
(() => {
  "use strict";
  const EVENTS = {"ready": {}, "resize": {"height": "height"}, "search": {"names": "count", "extensions": "endings"}, "result": {"available": "count", "taken": "count", "unknown": "count"}, "cart": {"lines": "count", "value": "amount", "currency": "currency"}, "step": {"step": "step", "number": "count", "of": "count"}, "signed-in": {}, "ordered": {"order": "code", "value": "amount", "currency": "currency", "campaign": "word"}};
  const OPTIONS = ["look", "scheme", "accent", "email", "name", "code", "campaign", "search", "back", "host", "shown"];
  const LOOKS = ["inherit", "light", "dark", "transparent", "transparent-dark"];
  const TALLEST = 5000;
  const root = document.documentElement;
  const isFramed = window.parent !== window;
  const { told, ticket } = takeOptions();
  // Forms that ask for both take the last word of a name for the family's.
  const [, given = "", family = ""] = /^(?:(.*)\s)?(\S+)$/.exec((told.get("name") ?? "").trim()) ?? [];
  const NAMES = { given, family };
  const heard = new WeakMap();
  let height = 0;

  root.dataset.scripts = "";
  if (isFramed) root.dataset.framed = "";
  putOnLook();
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin, { once: true });
  else begin();

  // What the page around asks for comes in the fragment, which no server sees, and stays in the frame's own name for the
  // next documents in it; storage may be forbidden here, and is shared by all windows of a page.
  function takeOptions() {
    const found = new URLSearchParams(location.hash.slice(1));
    const given = new Map(OPTIONS.filter((name) => found.has(name)).map((name) => [name, found.get(name)]));
    const ticket = found.get("ticket") ?? "";
    if (given.size || ticket) {
      history.replaceState(history.state, "", location.pathname + location.search);
      if (isFramed) window.name = `shop:${new URLSearchParams([...given])}`;
      return { told: given, ticket };
    }
    const isKept = isFramed && window.name.startsWith("shop:");
    return { told: new Map(isKept ? new URLSearchParams(window.name.slice(5)) : []), ticket };
  }

  function putOnLook() {
    const look = told.get("look");
    if (LOOKS.includes(look)) root.dataset.look = look;
    const worn = root.dataset.look ?? "";
    const scheme = ["light", "dark"].includes(told.get("scheme")) ? told.get("scheme") : "";
    if (worn === "light" || worn === "dark") root.dataset.scheme = worn;
    else if (worn.startsWith("transparent")) root.dataset.scheme = scheme || (worn === "transparent" ? "light" : "dark");
    else if (scheme && !root.dataset.scheme) root.dataset.scheme = scheme;
    const accent = told.get("accent");
    if (/^#[0-9a-f]{6}$/i.test(accent ?? "")) root.style.setProperty("--brand", accent);
  }

  // A window names each page it speaks to; where the browser says which one is around, the others are left out.
  function targets() {
    const allowed = (root.dataset.origins ?? "").split(" ").filter(Boolean);
    const around = location.ancestorOrigins?.[0];
    return around ? allowed.filter((each) => each === around) : allowed;
  }

  function tell(type, facts = {}) {
    if (!isFramed || !Object.hasOwn(EVENTS, type)) return;
    const event = { v: 1, type, frame: root.dataset.frame ?? "", kind: root.dataset.kind ?? "" };
    for (const name of Object.keys(EVENTS[type])) {
      if (facts[name] === undefined) return;
      event[name] = facts[name];
    }
    for (const origin of targets()) window.parent.postMessage(event, origin);
  }

  function tellHeight() {
    const now = Math.ceil(root.getBoundingClientRect().height);
    if (now === height || now === 0) return;
    height = now;
    // Beyond what a page gives, the window scrolls by itself.
    if (told.get("host") && now > TALLEST) Object.assign(document.body.style, { maxHeight: `${TALLEST}px`, overflowY: "auto" });
    tell("resize", { height: Math.min(now, TALLEST) });
  }

  // Pages say what happened by an element with data-event; each is told once.
  function hearDocument() {
    for (const element of document.querySelectorAll("[data-event]")) {
      const said = element.dataset.event;
      if (heard.get(element) === said) continue;
      heard.set(element, said);
      try {
        const { type, ...facts } = JSON.parse(said);
        tell(type, facts);
        if (type === "cart" && root.dataset.shown) tellCarts();
      } catch { /* half a document: nothing is told */ }
    }
  }

  function fillIn() {
    for (const field of document.querySelectorAll("[data-prefill]")) {
      const value = told.get(field.dataset.prefill) ?? NAMES[field.dataset.prefill];
      if (value && !field.value && !field.dataset.filled) field.value = value;
      field.dataset.filled = "";
    }
    const back = told.get("back") || around();
    if (back) keep("back", back);
    for (const field of document.querySelectorAll('input[name="back"]')) if (!field.value) field.value = back;
  }

  // The next documents in this window know it as well.
  function keep(name, value) {
    if (told.get(name) === value) return;
    told.set(name, value);
    window.name = `shop:${new URLSearchParams([...told])}`;
  }

  // Where no script of ours is around, the browser still tells the first document which site it is.
  function around() {
    try {
      const { origin } = new URL(document.referrer);
      return isFramed && origin !== location.origin ? `${origin}/` : "";
    } catch {
      return "";
    }
  }

  // Windows of one page share a cart. What a press in one changed, the cart in another shows once it is in sight: the page
  // around brings the head of a window that loads itself again back into view, and nobody shall be taken away by that.
  function tellCarts() {
    try {
      const carts = new BroadcastChannel("cart");
      carts.postMessage("");
      carts.close();
    } catch { /* a window without an origin shares nothing */ }
  }

  function followCart() {
    const shown = new URLSearchParams(location.search);
    const isCart = root.dataset.kind === "cart" && ["", "cart"].includes(shown.get("step") ?? "");
    // A window that carries its cart in its address shares it with nobody.
    if (!isFramed || !root.dataset.shown || !isCart || shown.has("cart")) return;
    try {
      const carts = new BroadcastChannel("cart");
      const eye = new IntersectionObserver(([head]) => { if (head.isIntersecting) location.replace(location.pathname); }, { threshold: 1 });
      carts.onmessage = () => eye.observe(document.querySelector("h1"));
      // An open one would keep the page around from being kept for the way back.
      addEventListener("pagehide", () => carts.close(), { once: true });
    } catch { /* as before: it follows when it is loaded again */ }
  }

  // What happened at the shop itself is told when the visitor comes back, for a ticket that counts once.
  async function redeem() {
    if (!ticket || !root.dataset.told) return;
    try {
      const body = new URLSearchParams({ ticket, frame: root.dataset.frame ?? "" });
      const answer = await fetch(root.dataset.told, { method: "POST", body, credentials: "omit" });
      if (!answer.ok) return;
      for (const { type, ...facts } of (await answer.json()).events) tell(type, facts);
    } catch { /* nobody is told; the order stands all the same */ }
  }

  function countOnceSeen() {
    if (!isFramed || !root.dataset.shown || told.get("shown") || !("IntersectionObserver" in window)) return;
    const eye = new IntersectionObserver((entries) => {
      if (!entries.some((each) => each.isIntersecting)) return;
      eye.disconnect();
      navigator.sendBeacon?.(root.dataset.shown);
      keep("shown", "1");
    });
    eye.observe(document.body);
  }

  async function begin() {
    // Before its sheets are there, the window has another height.
    const late = [...document.querySelectorAll('link[rel="stylesheet"]')].filter((link) => !link.sheet);
    await Promise.all(late.map((link) => new Promise((done) => { link.onload = done; link.onerror = done; })));
    for (const whole of document.querySelectorAll("[data-whole]")) whole.hidden = !isFramed;
    fillIn();
    tellHeight();
    tell("ready");
    hearDocument();
    new ResizeObserver(tellHeight).observe(root);
    new MutationObserver(() => {
      fillIn();
      hearDocument();
    }).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-event"] });
    document.addEventListener("frame:event", (event) => {
      const { type, ...facts } = event.detail ?? {};
      tell(type, facts);
    });
    countOnceSeen();
    followCart();
    redeem();
  }

  addEventListener("pageshow", (event) => { if (event.persisted) { height = 0; tellHeight(); tell("ready"); followCart(); } });
})();
