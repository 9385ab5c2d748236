// Passkeys: the browser asks for a finger, a face or a PIN; a plain form carries the answer. Where there are none, these
// forms stay hidden, and what stands in their place (data-without) is seen
const able = Boolean(window.PublicKeyCredential?.parseRequestOptionsFromJSON);

async function made(form) {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(JSON.parse(form.dataset.passkeyNew));
  return navigator.credentials.create({ publicKey });
}

async function shown(form) {
  const answer = await fetch(form.dataset.passkeyAsk, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  if (!answer.ok) throw new Error(answer.statusText);
  return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(await answer.json()) });
}

async function carry(event) {
  const form = event.target;
  const trouble = form.querySelector("[data-trouble]");
  event.preventDefault();
  form.inert = true;
  trouble.hidden = true;
  try {
    const key = await (form.dataset.passkeyNew ? made(form) : shown(form));
    form.elements.credential.value = JSON.stringify(key.toJSON());
    form.submit();
  } catch {
    // Also when the user changes their mind: the browser does not tell one from the other
    form.inert = false;
    trouble.hidden = false;
    form.querySelector("button").focus();
  }
}

for (const form of document.querySelectorAll("form[data-passkey-new], form[data-passkey-ask]")) {
  form.hidden = !able;
  form.addEventListener("submit", carry);
}
for (const words of document.querySelectorAll("[data-without]")) words.hidden = able;
