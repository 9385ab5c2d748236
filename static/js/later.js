// What is written on a bad line stays on the device and is sent later, once: the form's own key tells the server
import { prepare } from "./app.js";

const SHELF = "send-later";
const read = () => { try { return JSON.parse(localStorage.getItem(SHELF)) ?? []; } catch { return []; } };
const keep = (letters) => localStorage.setItem(SHELF, JSON.stringify(letters));
const user = document.body.dataset.user;

const send = ({ address, text }) => fetch(address, {
  method: "POST", body: new URLSearchParams(text), redirect: "manual", signal: AbortSignal.timeout(15000),
});

function tell(letter, answer) {
  document.querySelector("#kept")?.remove();
  const note = document.querySelector("#later-note").content.firstElementChild.cloneNode(true);
  note.id = "kept";
  if (answer) {
    note.querySelector("[data-waiting]").hidden = true;
    note.querySelector("[data-refused]").hidden = false;
    note.querySelector("a").href = `${letter.address}/new?${letter.text}`;
  }
  document.querySelector("#main").prepend(note);
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!("sendLater" in form.dataset) || event.submitter?.formMethod === "get") return;
  event.preventDefault();
  const letter = { user, address: form.action, text: new URLSearchParams(new FormData(form)).toString() };
  form.inert = true;
  try {
    const answer = await send(letter);
    if (answer.type === "opaqueredirect") return location.assign(form.dataset.sendLater || location.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.querySelector("#main").replaceChildren(...page.querySelector("#main").childNodes);
    prepare(document);
  } catch {
    keep([...read(), letter]);
    form.reset();
    tell(letter);
  } finally {
    form.inert = false;
  }
});

async function sendKept() {
  const sent = new Set();
  for (const letter of read().filter((one) => one.user === user)) {
    try {
      const answer = await send(letter);
      if (answer.type === "opaqueredirect") sent.add(letter.text);
      else if (answer.status < 500) tell(letter, answer);
    } catch {
      tell(letter);
      break;
    }
  }
  if (!sent.size) return;
  keep(read().filter((letter) => !sent.has(letter.text)));
  location.reload();
}

addEventListener("online", sendKept);
sendKept();
