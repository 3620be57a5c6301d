/* Pieces of the shop inside other pages, version 1. Plain script: no dependency, no cookie, no request but the windows.

   <script src="https://shop.example/frames/embed.v1.js" integrity="sha384-…" crossorigin="anonymous" async></script>
   <shop-search frame="…"><a href="https://shop.example/frames/domain-search">Search for a domain name</a></shop-search>

   Attributes: frame, lang, look, accent, email, name, code, campaign, search, height, title, loading, wait, shop,
   data-layer. What a window tells arrives as events "shop:ready", "shop:search" … (events.v1.json, events.v1.d.ts).
   The link inside is what visitors get wherever the window cannot be shown. */
(() => {
  "use strict";
  if (!window.customElements || customElements.get("shop-search")) return; // a second copy has nothing to do

  // What it is; how high it begins, and how high below which width; what it is called.
  const KINDS = {
    "shop-search": ["domain-search", [178, 600, 228, 400, 272], "Search for a domain name"],
    "shop-login": ["user-login", [363, 340, 385], "Sign in"],
    "shop-register": ["user-register", [601, 560, 718, 400, 755], "Create an account"],
    "shop-reset": ["password-reset", [345, 560, 370, 400, 409], "Forgotten password"],
    "shop-order": ["order", [215, 600, 290, 400, 334], "Order"],
    "shop-cart": ["cart", [423, 560, 474, 400, 527], "Cart"],
    "shop-prices": ["price-list", [820, 610, 1745, 352, 2200], "Prices"],
    "shop-whois": ["whois", [184, 400, 238], "Who has this name?"],
    "shop-contact": ["contact", [566, 960, 616, 576, 752, 400, 777, 328, 827], "Write to us"],
  };
  const EVENTS = {"ready": {}, "resize": {"height": "height"}, "search": {"names": "count", "extensions": "endings"}, "result": {"available": "count", "taken": "count", "unknown": "count"}, "cart": {"lines": "count", "value": "amount", "currency": "currency"}, "step": {"step": "step", "number": "count", "of": "count"}, "signed-in": {}, "ordered": {"order": "code", "value": "amount", "currency": "currency", "campaign": "word"}};
  const STEPS = ["choose", "options", "cart", "summary", "details", "code", "password", "sign-in", "sent", "failed", "done"];
  const written = (pattern) => (value) => typeof value === "string" && pattern.test(value);
  const IS = {
    height: (value) => Number.isFinite(value),
    count: (value) => Number.isInteger(value) && value >= 0 && value <= 1e6,
    code: written(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,63}$/),
    amount: written(/^\d{1,12}(\.\d{1,4})?$/),
    currency: written(/^[A-Z]{3}$/),
    word: written(/^[A-Za-z0-9_.-]{0,60}$/),
    endings: (value) => Array.isArray(value) && value.length <= 50 && value.every(written(/^[^\s<>"'&]{1,63}$/)),
    step: (value) => STEPS.includes(value),
  };
  const isKey = written(/^([0-9a-hjkmnp-tv-z]{10})?$/);
  const isKind = written(/^[a-z]{2,20}(-[a-z]{2,20})?$/);
  const isTag = written(/^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i);
  const OPTIONS = ["look", "accent", "email", "name", "code", "campaign", "search"];
  const SANDBOX = "allow-forms allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation";
  const TALLEST = 5000;
  const A_LINK = 100; // higher than the link alone: room that the page keeps
  const SOON = 600; // a window begins so many pixels before it comes into sight
  const WAIT_S = 10;
  const GRACE_MS = 3000;

  // A picture of this name, which visitors may have written into the page, is no script.
  const here = document.currentScript;
  const script = here instanceof HTMLScriptElement ? here : document.querySelector('script[src*="/frames/embed.v1.js"]');
  const home = originOf(script && script.src);
  const places = new Set();
  const ticket = takeTicket();
  const asked = new Set(); // shops of which a window has the ticket: it is good at the one that gave it, and once

  // Only a shop behind https; http where a developer's own machine speaks to itself.
  function originOf(address) {
    try {
      const url = new URL(address);
      const isOwnMachine = /^(.+\.)?localhost$|^127\.0\.0\.1$/.test(url.hostname);
      return url.protocol === "https:" || (url.protocol === "http:" && isOwnMachine) ? url.origin : "";
    } catch {
      return "";
    }
  }

  // What happened at the shop travels back in the fragment, once; nobody shall send it on with the address.
  function takeTicket() {
    const found = /^#shop-ticket=([\w-]{20,100})$/.exec(location.hash);
    if (!found) return "";
    history.replaceState(history.state, "", location.pathname + location.search);
    return found[1];
  }

  // The scheme of the page around, by the colour of its text: light letters mean a dark page.
  function schemeAround(element) {
    const [red, green, blue] = (getComputedStyle(element).color.match(/[\d.]+/g) || [0, 0, 0]).map(Number);
    return 0.299 * red + 0.587 * green + 0.114 * blue > 140 ? "dark" : "light";
  }

  // Copy what an event may say, or return nothing where it is not one of ours.
  function checked(told) {
    if (typeof told !== "object" || told === null || told.v !== 1) return null;
    if (typeof told.type !== "string" || !Object.hasOwn(EVENTS, told.type)) return null;
    if (!isKey(told.frame) || !isKind(told.kind)) return null;
    const event = { v: 1, type: told.type, frame: told.frame, kind: told.kind };
    for (const [name, sort] of Object.entries(EVENTS[told.type])) {
      if (!IS[sort](told[name])) return null;
      event[name] = Array.isArray(told[name]) ? Object.freeze([...told[name]]) : told[name];
    }
    return event;
  }

  class Piece extends HTMLElement {
    #frame = null;
    #link = null;
    #shop = "";
    #lowest = 0;
    #seen = null;
    #slow = 0;
    #times = 0;
    #isReady = false;

    connectedCallback() {
      if (this.#frame || this.#seen) return;
      const kept = this.offsetHeight; // before its link is put away
      if (!this.#link) this.#draw();
      this.#shop = originOf(this.getAttribute("shop") || home) || "";
      this.#keep(this.#reserved(kept));
      const isLazy = this.getAttribute("loading") !== "eager" && "IntersectionObserver" in window;
      const isWaiting = ticket && !asked.has(this.#shop);
      if (!isLazy || isWaiting || this.#isNear) {
        this.#open();
        return;
      }
      this.#seen = new IntersectionObserver((entries) => { if (entries.some((each) => each.isIntersecting)) this.#open(); }, { rootMargin: `${SOON}px` });
      this.#seen.observe(this);
    }

    disconnectedCallback() {
      this.#stopLooking();
      clearTimeout(this.#slow);
      places.delete(this);
      if (this.#frame) this.#frame.remove();
      this.#frame = null;
    }

    // Drawn in a shadow: no style leaks either way.
    #draw() {
      const shadow = this.attachShadow({ mode: "open" });
      const rules = ":host{display:block}:host([hidden]){display:none}";
      try {
        const sheet = new CSSStyleSheet(); // the page's own policy need not allow styles for this
        sheet.replaceSync(rules);
        shadow.adoptedStyleSheets = [sheet];
      } catch {
        shadow.append(Object.assign(document.createElement("style"), { textContent: rules }));
      }
      const box = document.createElement("div");
      box.style.cssText = "position:relative;box-sizing:border-box";
      this.#link = document.createElement("slot");
      this.#link.style.display = "none";
      box.append(this.#link);
      shadow.append(box);
    }

    // How high the window is before it says so: what the page says; the room it keeps; else what such windows need.
    #reserved(kept) {
      const asked = Number.parseInt(this.getAttribute("height"), 10);
      if (asked > 0) return Math.min(asked, TALLEST);
      const [needed, ...steps] = KINDS[this.localName][1];
      const width = this.#link.parentNode.offsetWidth;
      const here = steps.reduce((found, step, at) => (at % 2 === 0 && width < step ? steps[at + 1] : found), needed);
      return Math.min(kept > A_LINK ? kept : here, TALLEST);
    }

    #keep(height) {
      this.#lowest = height;
      this.#link.parentNode.style.minHeight = `${height}px`;
    }

    // In sight, or soon: no need to wait for a first picture of the page.
    get #isNear() {
      const [box] = this.getClientRects();
      return box !== undefined && box.top < innerHeight + SOON && box.bottom > -SOON;
    }

    get #wait() {
      return (Number.parseFloat(this.getAttribute("wait")) || WAIT_S) * 1000;
    }

    get #address() {
      const key = this.getAttribute("frame") || "";
      const tag = this.getAttribute("lang") || "";
      return `${this.#shop}${isTag(tag) ? `/${tag.toLowerCase()}` : ""}/frames/${KINDS[this.localName][0]}${key && isKey(key) ? `/${key}` : ""}`;
    }

    #open() {
      this.#stopLooking();
      // A page may take a frame of its own origin out of its sandbox: such a shop is not shown but linked.
      if (!this.#shop || this.#shop === location.origin) {
        this.#giveUp();
        return;
      }
      const scheme = schemeAround(this);
      const told = new URLSearchParams({ host: "1", scheme, back: location.href.split("#")[0].slice(0, 2000) });
      for (const name of OPTIONS) if (this.getAttribute(name)) told.set(name, this.getAttribute(name).slice(0, 500));
      if (ticket && !asked.has(this.#shop)) {
        told.set("ticket", ticket);
        asked.add(this.#shop);
      }
      const frame = document.createElement("iframe");
      frame.title = this.getAttribute("title") || this.textContent.trim() || KINDS[this.localName][2];
      frame.setAttribute("sandbox", SANDBOX);
      frame.setAttribute("allow", "");
      frame.setAttribute("scrolling", "no");
      frame.referrerPolicy = "strict-origin";
      frame.style.cssText = `display:block;width:100%;height:${this.#lowest}px;border:0;margin:0;background:transparent;visibility:hidden`;
      const look = this.getAttribute("look");
      // Where page and window agree on light or dark, the window may let the page's ground shine through.
      frame.style.colorScheme = look === "light" || look === "dark" ? look : scheme;
      frame.addEventListener("load", () => this.#loaded());
      frame.src = `${this.#address}#${told}`;
      this.#frame = frame;
      places.add(this);
      this.#slow = setTimeout(() => this.#giveUp(), this.#wait);
      this.#link.before(frame);
    }

    #stopLooking() {
      if (this.#seen) this.#seen.disconnect();
      this.#seen = null;
    }

    // A browser's page of error loads too, but says nothing.
    #loaded() {
      if (!this.#isReady) {
        clearTimeout(this.#slow);
        this.#slow = setTimeout(() => this.#giveUp(), Math.min(GRACE_MS, this.#wait));
      }
      this.#isReady = false;
    }

    #giveUp() {
      if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => this.#addLink(), { once: true });
      else this.#addLink();
      if (this.#frame) this.#frame.style.cssText += ";position:absolute;inset:0;visibility:hidden";
      this.#link.style.display = "contents";
    }

    #addLink() {
      if (!this.#shop || this.textContent.trim()) return;
      const link = document.createElement("a");
      link.href = this.#address;
      link.textContent = this.getAttribute("title") || KINDS[this.localName][2];
      this.append(link);
    }

    #show() {
      this.#isReady = true;
      this.#times += 1;
      clearTimeout(this.#slow);
      this.#link.style.display = "none";
      this.#frame.style.position = "static";
      this.#frame.style.visibility = "visible";
      // After a step the window's head comes back into sight, if the visitor had gone below it.
      if (this.#times > 1 && this.getBoundingClientRect().top < 0) this.scrollIntoView({ block: "start" });
    }

    // Whether a message came from this window and nowhere else.
    owns(message) {
      return this.#frame !== null && message.source === this.#frame.contentWindow && message.origin === this.#shop;
    }

    isOf(address) {
      return this.#shop !== "" && (address === this.#shop || address.startsWith(`${this.#shop}/`));
    }

    hear(told) {
      const event = checked(told);
      if (!event) return;
      if (event.type === "ready") this.#show();
      if (event.type === "resize") {
        const wanted = Math.min(Math.max(Math.ceil(event.height), 0), TALLEST);
        // Room that it does not need is given back where nobody sees what follows move, or where it would be a hole.
        const isUnseen = this.#frame.getBoundingClientRect().top + wanted >= innerHeight;
        if (wanted < this.#lowest && (isUnseen || wanted < this.#lowest / 2)) this.#keep(wanted);
        event.height = Math.max(wanted, this.#lowest);
        this.#frame.style.height = `${event.height}px`;
      }
      const detail = Object.freeze(event);
      this.dispatchEvent(new CustomEvent(`shop:${event.type}`, { detail, bubbles: true, composed: true }));
      if (event.type !== "resize" && this.hasAttribute("data-layer")) {
        const name = this.getAttribute("data-layer") || "dataLayer";
        const layer = window[name] === undefined ? (window[name] = []) : window[name];
        if (layer && typeof layer.push === "function") layer.push({ event: `shop_${event.type.replace("-", "_")}`, shop: detail });
      }
    }

    refuse() {
      clearTimeout(this.#slow);
      this.#giveUp();
    }
  }

  addEventListener("message", (message) => {
    if (!message.source) return;
    for (const place of places) if (place.owns(message)) place.hear(message.data);
  });

  // The page's own policy forbids the window: say so at once and do not wait.
  document.addEventListener("securitypolicyviolation", (event) => {
    if (event.disposition !== "enforce" || event.effectiveDirective !== "frame-src") return;
    for (const place of places) if (place.isOf(event.blockedURI)) place.refuse();
  });

  for (const name of Object.keys(KINDS)) customElements.define(name, class extends Piece {});
})();
