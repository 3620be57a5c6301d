// doctor.js: looks at a host again while its page is open. Without it the page asks again by itself.

const LOOK_MS = 11_000; // the server looks at most every ten seconds
const SHOW_MS = 2_000;

const pause = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

async function askForLook(form) {
  const headers = { "X-Requested-With": "script", Accept: "text/html" };
  await fetch(form.action, { method: "POST", body: new FormData(form), headers });
}

// What changed takes the place of what was there; a reader who stands on a button there stays on it.
async function show(address) {
  const here = document.getElementById("doctor");
  const from = new URL(address, location.href);
  from.searchParams.set("since", here.dataset.stamp);
  const answer = await fetch(from, { headers: { Accept: "text/html" } });
  if (answer.status !== 200) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("doctor");
  if (!fresh) return;
  const held = document.activeElement?.closest("#doctor") ? document.activeElement.dataset.copy : undefined;
  here.replaceWith(fresh);
  if (held !== undefined) [...fresh.querySelectorAll("[data-copy]")].find((button) => button.dataset.copy === held)?.focus();
}

async function follow(form) {
  let lookedAt = 0;
  while (document.getElementById("doctor")?.dataset.waiting !== undefined) {
    if (!document.hidden) {
      try {
        if (Date.now() - lookedAt >= LOOK_MS) {
          lookedAt = Date.now();
          await askForLook(form);
        }
        await show(form.dataset.state);
      } catch { /* the line is gone for a moment */ }
    }
    await pause(SHOW_MS);
  }
}

const form = document.querySelector("form[data-look]");
if (form) follow(form);
