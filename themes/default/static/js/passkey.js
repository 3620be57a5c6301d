// passkey.js: <form data-passkey="create|get" data-options="JSON"> asks the device before it is sent, and sends what the
// device answered in its field "credential". The server made the options and checks the answer (WebAuthn Level 2).

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.codePointAt(0));
const text = (buffer) => btoa(String.fromCodePoint(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const described = (list) => (list ?? []).map((each) => ({ ...each, id: bytes(each.id) }));

let asking = null; // a browser asks for one passkey at a time: who presses again takes the question back that hangs

async function askDevice(form, signal) {
  const options = JSON.parse(form.dataset.options);
  options.challenge = bytes(options.challenge);
  if (form.dataset.passkey === "create") {
    options.user.id = bytes(options.user.id);
    options.excludeCredentials = described(options.excludeCredentials);
    return navigator.credentials.create({ publicKey: options, signal });
  }
  options.allowCredentials = described(options.allowCredentials);
  return navigator.credentials.get({ publicKey: options, signal });
}

function written(credential) {
  const { response } = credential;
  const parts = { clientDataJSON: text(response.clientDataJSON) };
  if (response.attestationObject) parts.attestationObject = text(response.attestationObject);
  else {
    parts.authenticatorData = text(response.authenticatorData);
    parts.signature = text(response.signature);
    if (response.userHandle) parts.userHandle = text(response.userHandle);
  }
  return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response: parts });
}

async function prove(event) {
  const form = event.currentTarget;
  const field = form.elements.credential;
  if (field.value) return; // the second time, with the answer in it
  event.preventDefault();
  const failed = form.querySelector("[data-passkey-failed]");
  failed.hidden = true;
  asking?.abort();
  const mine = new AbortController();
  asking = mine;
  try {
    field.value = written(await askDevice(form, mine.signal));
  } catch {
    if (mine.signal.aborted) return; // the press after this one tells
    failed.hidden = false;
    failed.scrollIntoView({ block: "nearest" });
    return;
  }
  form.requestSubmit(form.querySelector("button:not([type=button])"));
}

document.querySelectorAll("form[data-passkey]").forEach((form) => form.addEventListener("submit", prove));
addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-passkey]").forEach((form) => { form.elements.credential.value = ""; });
});
