// What is written on a bad line stays on the device and is sent later, once: the form's own key tells the server
import { prepare } from "./app.js";

const SHELF = "send-later";
const read = () => { try { return JSON.parse(localStorage.getItem(SHELF)) ?? []; } catch { return []; } };
const keep = (letters) => localStorage.setItem(SHELF, JSON.stringify(letters));
const forget = (text) => keep(read().filter((letter) => letter.text !== text));
const user = document.body.dataset.user;
const main = document.querySelector("#main");

const send = ({ address, text }) => fetch(address, {
  method: "POST", body: new URLSearchParams(text), redirect: "manual", signal: AbortSignal.timeout(15000),
});
const isSaved = (answer) => answer.type === "opaqueredirect";
const isSignedOut = (answer) => answer.status === 401;
// Nothing is wrong with the letter itself
const mustWait = (answer) => isSignedOut(answer) || answer.status === 429 || answer.status >= 500;

function tell(letter, refused = false) {
  document.querySelector("#kept")?.remove();
  const note = document.querySelector("#later-note").content.firstElementChild.cloneNode(true);
  note.id = "kept";
  note.querySelector("[data-waiting]").hidden = refused;
  note.querySelector("[data-refused]").hidden = !refused;
  const link = note.querySelector("a");
  link.href = `${letter.again}?${letter.text}`;
  link.addEventListener("click", () => forget(letter.text));
  main.prepend(note);
}

function shelve(letter, form) {
  keep([...read(), letter]);
  form.reset();
  tell(letter);
}

async function show(answer) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  main.replaceChildren(...page.querySelector("#main").childNodes);
  htmx.process(main);
  prepare(document);
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!("sendLater" in form.dataset) || event.submitter?.formMethod === "get") return;
  event.preventDefault();
  const text = new URLSearchParams(new FormData(form)).toString();
  const letter = { user, address: form.action, again: form.dataset.sendLater, text };
  form.inert = true;
  try {
    const answer = await send(letter);
    if (isSaved(answer)) {
      form.reset();
      return form.dataset.onwards ? location.assign(form.dataset.onwards) : location.reload();
    }
    if (!mustWait(answer)) return await show(answer);
    shelve(letter, form);
    if (isSignedOut(answer)) location.reload();
  } catch {
    shelve(letter, form);
  } finally {
    form.inert = false;
  }
});

async function sendKept() {
  let sent = 0;
  for (const letter of read().filter((one) => one.user === user)) {
    try {
      const answer = await send(letter);
      if (isSignedOut(answer)) return location.reload();
      if (isSaved(answer)) { forget(letter.text); sent += 1; }
      else tell(letter, !mustWait(answer));
    } catch {
      tell(letter);
      break;
    }
  }
  if (sent) location.reload();
}

addEventListener("online", sendKept);
sendKept();
