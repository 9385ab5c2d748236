// What is written on a bad line stays on the device and is sent later, once: the form's own key tells the server
import { announce, isBeingTyped, prepare } from "./app.js";

const SHELF = "send-later";
const read = () => { try { return JSON.parse(localStorage.getItem(SHELF)) ?? []; } catch { return []; } };
const keep = (letters) => localStorage.setItem(SHELF, JSON.stringify(letters));
const forget = (text) => keep(read().filter((letter) => letter.text !== text));
const refuse = (text) => keep(read().map((letter) => (letter.text === text ? { ...letter, refused: true } : letter)));
const user = document.body.dataset.user;
const own = () => read().filter((letter) => letter.user === user);
const main = document.querySelector("#main");
const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const element = (name, values) => Object.assign(document.createElement(name), values);
const asked = new URLSearchParams(location.search).get("kept");
let opened = asked && own().find((letter) => letter.id === asked);

const send = ({ address, text }) => fetch(address, {
  method: "POST", body: new URLSearchParams(text), redirect: "manual", signal: AbortSignal.timeout(15000),
});
const isSaved = (answer) => answer.type === "opaqueredirect";
const isSignedOut = (answer) => answer.status === 401;
// Nothing is wrong with the letter itself
const mustWait = (answer) => isSignedOut(answer) || answer.status === 429 || answer.status >= 500;

// Before the form that was just emptied, where the user looks and goes on; otherwise where the last one stands
function tell(state, { fill, form } = {}) {
  const id = state === "refused" ? "kept-refused" : "kept", before = document.querySelector(`#${id}`);
  const note = document.querySelector("#later-note").content.firstElementChild.cloneNode(true);
  note.id = id;
  for (const part of note.querySelectorAll("[data-state]")) part.hidden = !part.dataset.state.split(" ").includes(state);
  fill?.(note);
  if (form) { before?.remove(); form.before(note); return note.focus(); }
  before ? before.replaceWith(note) : main.prepend(note);
  announce(note.innerText);
}

// People are known to the server by their ids; what was written stays out of the address
function tellRefused({ id, again, text }) {
  const people = new URLSearchParams(text).getAll("people").map((person) => ["people", person]);
  tell("refused", { fill: (note) => {
    note.querySelector("a").href = `${again}?${new URLSearchParams([["kept", id], ...people])}`;
    note.querySelector("button").addEventListener("click", () => { forget(text); note.remove(); showNext(); });
  } });
}

function showNext() {
  const letter = own().find((one) => one.refused && one.id !== opened?.id);
  if (letter) tellRefused(letter);
}

function shelve(letter, form) {
  keep([...read().filter((one) => one.id !== opened?.id), letter]);
  opened = null;
  form.reset();
  if (form.elements.key) begin(form);
  prepare(document);
  tell("waiting", { form });
}

// The next contact is one of its own
function begin(form) {
  form.elements.key.value = newKey();
  form.querySelector("#who")?.replaceChildren();
  for (const name of ["who", "text", "follow_up", "due"]) if (form.elements[name]) form.elements[name].value = "";
}

function putBack(form, text) {
  const values = new URLSearchParams(text), who = form.querySelector("#who");
  for (const name of who ? values.getAll("new_people") : []) {
    const label = element("label", { className: "choice" });
    label.append(element("input", { type: "checkbox", name: "new_people", value: name, checked: true }), name);
    who.append(label);
  }
  for (const box of form.elements) {
    const given = values.getAll(box.name);
    if (!box.name || box.type === "submit" || box.closest("#who")) continue;
    if (/checkbox|radio/.test(box.type)) box.checked = given.includes(box.value);
    else if (box.multiple) for (const option of box.options) option.selected = given.includes(option.value);
    else if (given.length) box.value = given[0];
  }
  for (const part of form.querySelectorAll("details")) part.open = true;
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
  const letter = { id: newKey(), user, address: form.action, again: form.dataset.sendLater, text };
  form.inert = true;
  try {
    const answer = await send(letter);
    if (isSaved(answer)) {
      if (opened) forget(opened.text);
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
  const sent = [];
  for (const letter of own().filter((one) => !one.refused)) {
    try {
      const answer = await send(letter);
      if (isSignedOut(answer)) return isBeingTyped() || location.reload();
      if (isSaved(answer)) { forget(letter.text); sent.push(letter); }
      else if (!mustWait(answer)) refuse(letter.text);
      else tell("waiting");
    } catch {
      tell("waiting");
      break;
    }
  }
  if (sent.length) await tellSent(sent);
  else if (own().every((one) => one.refused)) document.querySelector("#kept")?.remove();
  showNext();
}

// What stands on the page is as old as the line was bad; what is being typed comes first
async function tellSent(sent) {
  const answer = isBeingTyped() ? null : await fetch(location.href).catch(() => null);
  const within = main.contains(document.activeElement);
  if (answer?.ok && !answer.redirected && !isBeingTyped()) {
    await show(answer);
    main.querySelector(".flashes")?.remove(); // says of each what the note says of all
  }
  const words = sent.map(({ text }) => new URLSearchParams(text).get("text") || "–");
  tell("sent", { fill: (note) => note.querySelector("ul").append(...words.map((said) => element("li", { textContent: said.length > 80 ? `${said.slice(0, 80)}…` : said }))) });
  if (within && document.activeElement === document.body) document.querySelector("#kept").focus();
}

// Two windows are not to send the same; without the lock the form's key still keeps it single
const alone = () => (navigator.locks ? navigator.locks.request(SHELF, sendKept) : sendKept());
const form = opened && document.querySelector(`form[data-send-later="${location.pathname}"]`);
if (form) putBack(form, opened.text);
addEventListener("online", alone);
alone();
