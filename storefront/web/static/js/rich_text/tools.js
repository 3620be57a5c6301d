// The tools above a text: one stop of the tabulator, the arrows go on from there, and the keyboard presses like a mouse.

const TOOL = "button:not([data-trix-method])";

function stopAt(bar, tool) {
  for (const each of bar.querySelectorAll(TOOL)) each.tabIndex = each === tool ? 0 : -1;
}

function stopSomewhere(bar) {
  const tools = [...bar.querySelectorAll(TOOL)];
  if (!tools.some((tool) => tool.tabIndex === 0 && !tool.disabled)) stopAt(bar, tools.find((tool) => !tool.disabled));
}

// What people write for an address, as a link needs it.
function address(typed) {
  const said = typed.trim();
  if (!said || /^([a-z][a-z0-9+.-]*:|[/#])/i.test(said)) return said;
  if (/^[^\s/@]+@[^\s/@]+\.[^\s/@]+$/.test(said)) return `mailto:${said}`;
  return /^[^\s/]+\.[^\s/.]{2,}(\/|$)/.test(said) ? `https://${said}` : `/${said}`;
}

function makeTools(bar, editor) {
  bar.addEventListener("click", (event) => {
    // Trix listens for the mouse button; a click of the keyboard comes without one.
    const tool = event.target.closest(TOOL);
    if (tool && event.detail === 0) tool.dispatchEvent(new MouseEvent("mousedown", { bubbles: true, cancelable: true }));
  });
  bar.addEventListener("keydown", (event) => {
    const tool = event.target.closest(TOOL);
    if (!tool) return;
    const tools = [...bar.querySelectorAll(TOOL)].filter((each) => !each.disabled);
    const at = tools.indexOf(tool);
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
    if (event.key === "Escape") editor.focus();
    if (next === undefined) return;
    event.preventDefault();
    const found = tools.at(next % tools.length);
    stopAt(bar, found);
    found.focus();
  });
  const input = bar.querySelector("[data-trix-input]");
  const complete = () => { input.value = address(input.value); };
  bar.addEventListener("click", (event) => event.target.closest("[data-trix-method=setAttribute]") && complete(), true);
  bar.addEventListener("keydown", (event) => event.key === "Enter" && event.target === input && complete(), true);
  new MutationObserver(() => {
    for (const tool of bar.querySelectorAll(`${TOOL}[data-trix-attribute]`)) tool.ariaPressed = tool.hasAttribute("data-trix-active");
    input.ariaInvalid = input.hasAttribute("data-trix-validate");
    stopSomewhere(bar);
  }).observe(bar, { subtree: true, attributeFilter: ["data-trix-active", "data-trix-validate", "disabled"] });
  stopSomewhere(bar);
}
