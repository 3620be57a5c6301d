// Drives one browser over WebDriver BiDi for tests/driver/driven.py: a line of JSON is asked, a line of JSON answers.
// Each order names the window by `at`: the number of a frame in the page, or nothing for the page itself.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const { default: puppeteer } = await import(createRequire(`${process.argv[2]}/`).resolve("puppeteer-core"));
const PATIENCE_MS = 20_000;
const STEP_MS = 80;
let browser = null;
let context = null;
let page = null;

const ORDERS = {
  async open(told) {
    browser = await puppeteer.launch({ protocol: "webDriverBiDi", headless: true, acceptInsecureCerts: true, ...told });
    return browser.version();
  },

  // A visitor whom nobody knows: another jar of cookies.
  async begin() {
    await context?.close();
    context = await browser.createBrowserContext();
    page = null;
  },

  // In a tab of its own: one that a window has led away from itself is no longer led anywhere.
  async go({ url }) {
    const former = page;
    page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    page.setDefaultNavigationTimeout(PATIENCE_MS);
    await page.goto(url, { waitUntil: "domcontentloaded" });
    await former?.close();
    await page.bringToFront();
  },

  url: ({ at }) => place(at).url(),
  windows: () => windows().map((each) => each.url()),
  async click(told) {
    await ORDERS.see(told);
    await (await place(told.at).$(`:is(${told.selector}):not([hidden])`)).click();
  },
  async fill(told) {
    await ORDERS.see(told);
    await place(told.at).$eval(told.selector, (field, value) => {
      field.focus();
      field.value = value;
      for (const type of ["input", "change"]) field.dispatchEvent(new Event(type, { bubbles: true }));
    }, told.value);
  },
  see: (told) => until(() => ORDERS.count(told), told.selector),
  count: ({ at, selector }) => place(at).$$eval(selector, (found) => found.filter((each) => each.checkVisibility()).length),
  texts: ({ at, selector }) => place(at).$$eval(selector, (found) => found.map((each) => each.textContent.trim())),
  until: (told) => until(() => ORDERS.run(told), told.script),
  // What is still on its way would be taken for an answer to what is asked next.
  arrive: ({ at, pattern }) => until(() => place(at).evaluate((wanted) => (
    document.readyState === "complete" && new RegExp(wanted).test(location.href)), pattern), pattern),
  run: ({ at, script }) => place(at).evaluate(script),
  cookies: () => context.cookies(),
  close: () => browser.close(),
};

// Ask until it is so: a document that goes while it is asked says nothing, and the next one is asked.
async function until(holds, words) {
  const limit = Date.now() + PATIENCE_MS;
  let reason = "";
  while (Date.now() < limit) {
    try {
      if (await holds()) return;
      reason = "";
    } catch (error) {
      reason = error.message;
    }
    await new Promise((done) => { setTimeout(done, STEP_MS); });
  }
  throw new Error(`${words} did not come at ${page.url()} with ${windows().map((each) => each.url())}; ${reason}`);
}

function windows() {
  return page.frames().filter((each) => each.parentFrame() === page.mainFrame());
}

function place(at) {
  const found = at === undefined ? page.mainFrame() : windows()[at];
  if (!found) throw new Error(`there is no window ${at}`);
  return found;
}

for await (const line of createInterface({ input: process.stdin })) {
  const { order, ...told } = JSON.parse(line);
  let answer = null;
  try {
    answer = { value: (await ORDERS[order](told)) ?? null };
  } catch (error) {
    answer = { error: `${error.message} (${error.cause?.message ?? ""})` };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
await browser?.close();
