// The reception desk on this device: finds guests, notes who comes in, and tells the server when there is a network.
// The list lies in IndexedDB until the event is over, the user signs out, or the server no longer lets this user in.
const desk = document.querySelector("#door"), words = document.querySelector("#door-words").content.firstElementChild.dataset;
const box = document.querySelector("#door-q"), found = document.querySelector("#door-found"), card = document.querySelector("#door-card").content.firstElementChild;
const state = document.querySelector("#door-state"), inside = document.querySelector("#door-inside");
const say = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const MOST = 20, AFTER = 12 * 3600 * 1000;

const opened = new Promise((resolve, reject) => {
  const asked = indexedDB.open("meguri-door", 1);
  asked.onupgradeneeded = () => { asked.result.createObjectStore("lists", { keyPath: "event" }); asked.result.createObjectStore("arrivals", { keyPath: "key" }); };
  asked.onsuccess = () => { asked.result.onversionchange = () => asked.result.close(); resolve(asked.result); }; // so that a sign-out can delete it
  asked.onerror = () => reject(asked.error);
});
const within = async (name, mode, act) => {
  const store = (await opened).transaction(name, mode).objectStore(name), asked = act(store);
  return new Promise((resolve, reject) => { asked.onsuccess = () => resolve(asked.result); asked.onerror = () => reject(asked.error); });
};

let list = null, pending = [];

// The same folding as on the server, as far as a name at a door needs it: width, case, kana, accents.
const fold = (text) => text.normalize("NFKC").toLowerCase().replaceAll("ß", "ss").replace(/[\u30a1-\u30f6]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0x60)).normalize("NFD").replace(/[\u0300-\u036f]/g, "").normalize("NFC");
const sounds = (word) => word.replace(/shi/g, "si").replace(/chi/g, "ti").replace(/tsu/g, "tu").replace(/fu/g, "hu").replace(/ji/g, "zi").replace(/sh(?=[auo])/g, "sy").replace(/ch(?=[auo])/g, "ty").replace(/j(?=[auo])/g, "zy").replace(/([ou])h(?![aiueo])/g, "$1").replace(/m(?=[bpm])/g, "n").replace(/l/g, "r").replace(/o[ou]+/g, "o").replace(/e[ei]+/g, "e").replace(/([a-z])\1+/g, "$1");
const fits = (guest, text) => fold(text).split(/\s+/).filter(Boolean).every((word) => guest.words.includes(word) || guest.words.includes(sounds(word)));

function show(guests, alone = false) {
  found.replaceChildren(...guests.slice(0, MOST).map(drawn));
  if (!guests.length && (box.value || alone)) { const line = document.createElement("p"); line.textContent = alone ? words.unknown : words.nobody; found.append(line); }
}

function drawn(guest) {
  const copy = card.cloneNode(true), [name, second] = copy.querySelectorAll("p"), acts = copy.querySelector(".cluster");
  copy.dataset.guest = guest.id;
  name.textContent = guest.name;
  if (guest.honoured) { const tag = document.createElement("span"); tag.className = "tag"; tag.textContent = words.honour; name.append(" ", tag); }
  second.textContent = [guest.reading, guest.place, guest.title].filter(Boolean).join(" · ");
  copy.querySelector(".door-table").textContent = guest.table ? say(words.table, { name: guest.table }) : "";
  const mark = copy.querySelector(".door-mark");
  mark.hidden = !guest.state || guest.inside.includes(0);
  mark.querySelector("span span").textContent = guest.state ? words[`mark${guest.state[0].toUpperCase()}${guest.state.slice(1)}`] : "";
  for (const [place, label] of [[0, guest.name], ...guest.with]) acts.append(...doers(guest, place, label));
  const badge = copy.querySelector(".door-badge");
  badge.href = desk.dataset.badge.replace("GUEST", guest.id) + `?${new URLSearchParams({ q: box.value, at: desk.dataset.at })}`;
  badge.setAttribute("aria-label", say(words.badge, { name: guest.name }));
  return copy;
}

// Whoever is not inside can be let in; of whoever is, it can be said that it was somebody else.
function doers(guest, place, label) {
  const isInside = guest.inside.includes(place), said = document.createElement("span"), button = document.createElement("button");
  said.className = "status tone-ok";
  said.textContent = say(words.inside, { name: label });
  button.type = "button";
  button.className = isInside ? "button plain" : place ? "button" : "button primary";
  button.textContent = isInside ? words.undo : say(words.in, { name: label });
  if (isInside) button.setAttribute("aria-label", say(words.undone, { name: label }));
  button.addEventListener("click", async () => { await note(guest, place, isInside); redraw(guest); if (!isInside) { box.select(); box.focus(); } });
  return isInside ? [said, button] : [button];
}

// The card of a guest as it is now; who was in it with the keyboard stays in it.
function redraw(guest) {
  for (const old of found.querySelectorAll(`[data-guest="${guest.id}"]`)) {
    const held = old.contains(document.activeElement), fresh = drawn(guest);
    old.replaceWith(fresh);
    if (held) fresh.querySelector("button")?.focus();
  }
}

const toggle = (guest, places, isInside) => { guest.inside = isInside ? [...new Set([...guest.inside, ...places])] : guest.inside.filter((place) => !places.includes(place)); };

// The last word about somebody counts, so every device tells the time by the server's clock.
async function note(guest, place, undone = false) {
  if (guest.inside.includes(place) !== undone) return;
  toggle(guest, [place], !undone);
  if (!place && !undone) welcome(guest);
  const at = new Date(Date.now() + (list.ahead ?? 0)).toISOString();
  const one = { key: `${guest.id} ${place}`, event: desk.dataset.event, guest: guest.id, place, at, door: desk.dataset.at, undone };
  if (guest.walked) Object.assign(one, { name: guest.name, institution: guest.place });
  pending = [...pending.filter((other) => other.key !== one.key), one];
  await within("arrivals", "readwrite", (store) => store.put(one));
  await within("lists", "readwrite", (store) => store.put(list));
  count();
  tell(!("alone" in desk.dataset));
  send();
}

// Somebody who is not on the list is put on it here, under an id of this device's making: told twice, they count once.
const walked = ({ guest, name, institution }) => ({ id: guest, code: "", name, reading: "", place: institution, title: "", words: `${fold(name + institution).replace(/\s/g, "")} ${[name, institution].flatMap((text) => fold(text).split(/\s+/)).map(sounds).join(" ")}`, honoured: false, escort: "", table: "", state: "", with: [], inside: [], walked: true });

async function walkIn(event) {
  event.preventDefault();
  const said = (name) => event.target.elements[name].value.trim().slice(0, 300);
  if (!said("name")) return event.target.elements.name.focus();
  const guest = walked({ guest: crypto.randomUUID(), name: said("name"), institution: said("institution") });
  list.guests.push(guest);
  box.value = guest.name;
  event.target.reset();
  await note(guest, 0);
  show([guest]);
  found.querySelector("button")?.focus();
}

// Whoever stands at the desk and whoever leads a guest of honour in must both hear of it.
const arrived = document.querySelector("#door-arrived");
function welcome(guest) {
  if (!guest.honoured) return;
  const line = document.createElement("p"), name = guest.reading ? `${guest.name} (${guest.reading})` : guest.name;
  line.className = "note tone-key strong";
  line.textContent = [say(words.arrived, { name }), guest.escort && say(words.escort, { name: guest.escort })].filter(Boolean).join(" · ");
  arrived.replaceChildren(line);
}

const count = () => { inside.textContent = list.guests.reduce((sum, guest) => sum + guest.inside.length, 0).toLocaleString(document.documentElement.lang); };

function tell(online) {
  state.hidden = false;
  desk.toggleAttribute("data-alone", !online);
  state.className = `status tone-${online ? "ok" : "warn"}`;
  state.firstElementChild.textContent = [online ? words.online : words.offline, pending.length ? say(words.waiting, { number: pending.length }) : ""].filter(Boolean).join(" · ");
}

// Whoever is not let in any more (signed out, device reported lost) must not keep the list.
async function forget() {
  for (const name of ["lists", "arrivals"]) await within(name, "readwrite", (store) => store.clear());
  await caches.delete("meguri-door-1");
  list = null;
  location.reload();
}

let sending = false;
async function send() {
  if (sending) return;
  sending = true;
  try {
    const told = pending, arrivals = told.map(({ guest, place, at, door, undone, name, institution }) => ({ guest, place, at, door, undone, name, institution }));
    const answer = await fetch(desk.dataset.sync, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ arrivals, since: list.as_of, known: list.known }) });
    if (answer.redirected || [401, 403, 404].includes(answer.status)) return await forget();
    if (!answer.ok) throw new Error(answer.status);
    const said = await answer.json();
    pending = pending.filter((one) => !told.includes(one));
    await hear(said);
    for (const { key } of told) if (!pending.some((one) => one.key === key)) await within("arrivals", "readwrite", (store) => store.delete(key));
    count();
    tell(true);
  } catch { return tell(false); } finally { sending = false; }
  if (pending.length) await send(); // noted while the last word was on its way
}

// What the other doors have said, and who is new on the list. What was noted here in the meantime is younger, and stays.
async function hear({ there, gone, guests, as_of }) {
  const changed = [], fresh = (guests ?? []).filter(({ id }) => !list.guests.some((guest) => guest.id === id));
  list.guests.push(...fresh);
  if (guests) list.known = as_of;
  list.as_of = as_of;
  list.ahead = Date.parse(as_of) - Date.now();
  for (const guest of list.guests) {
    const before = guest.inside.join(), own = pending.filter((one) => one.guest === guest.id);
    toggle(guest, there[guest.id] ?? [], true);
    toggle(guest, gone[guest.id] ?? [], false);
    for (const one of own) toggle(guest, [one.place], !one.undone);
    if (guest.inside.join() === before) continue;
    changed.push(guest);
    if (guest.inside.includes(0) && !before.split(",").includes("0")) welcome(guest);
  }
  if (changed.length || fresh.length) await within("lists", "readwrite", (store) => store.put(list));
  changed.forEach(redraw);
  if (fresh.some((guest) => box.value.trim() && fits(guest, box.value)) && !found.contains(document.activeElement)) search();
}

async function load() {
  const all = await within("arrivals", "readonly", (store) => store.getAll());
  pending = all.filter((one) => one.event === desk.dataset.event);
  try {
    const answer = await fetch(desk.dataset.list);
    if (answer.redirected || [401, 403, 404].includes(answer.status)) return forget();
    list = await answer.json();
    list.known = list.as_of;
    list.ahead = Date.parse(list.as_of) - Date.now();
    for (const one of pending) {
      let guest = list.guests.find(({ id }) => id === one.guest);
      if (!guest && one.name) list.guests.push(guest = walked(one));
      if (guest) toggle(guest, [one.place], !one.undone);
    }
    await within("lists", "readwrite", (store) => store.put(list));
    await send();
  } catch {
    list = await within("lists", "readonly", (store) => store.get(desk.dataset.event));
    tell(false);
  }
  if (list && Date.now() > Date.parse(list.until) + AFTER && !pending.length) await within("lists", "readwrite", (store) => store.delete(list.event));
  if (list) { count(); ready(); }
}

function ready() {
  box.form.addEventListener("submit", (event) => { event.preventDefault(); search(); });
  box.addEventListener("input", search);
  if (globalThis.crypto?.randomUUID) document.querySelector("#door-walk-in").addEventListener("submit", walkIn);
  desk.dataset.ready = "";
  if (box.value) search();
  setInterval(send, 10_000);
  addEventListener("online", send);
}

const search = () => show(box.value.trim() ? list.guests.filter((guest) => fits(guest, box.value)) : []);

// Codes: the browser's own reader where there is one, else a library that is fetched only then
const camera = document.querySelector("#door-camera"), scan = document.querySelector("#door-scan");
let stream = null;

async function reader() {
  if ("BarcodeDetector" in globalThis) { const native = new BarcodeDetector({ formats: ["qr_code"] }); return async () => (await native.detect(camera))[0]?.rawValue; }
  if (!globalThis.jsQR) await new Promise((resolve, reject) => { const script = document.createElement("script"); script.src = desk.dataset.reader; script.onload = resolve; script.onerror = reject; document.head.append(script); });
  const canvas = document.createElement("canvas"), pen = canvas.getContext("2d", { willReadFrequently: true });
  return async () => {
    [canvas.width, canvas.height] = [camera.videoWidth, camera.videoHeight];
    if (!canvas.width) return null;
    pen.drawImage(camera, 0, 0);
    return globalThis.jsQR(pen.getImageData(0, 0, canvas.width, canvas.height).data, canvas.width, canvas.height)?.data;
  };
}

export async function seen(text) {
  const code = text.match(/meguri:([0-9a-z]{12})/)?.[1];
  const guest = list.guests.find((one) => one.code === code);
  show(guest ? [guest] : [], true);
  if (guest && !guest.with.length && !guest.state) { await note(guest, 0); show([guest]); }
}

async function watch() {
  if (stream) return stop();
  stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  camera.srcObject = stream;
  camera.hidden = false;
  scan.lastElementChild.textContent = words.stop;
  await camera.play();
  const read = await reader();
  let last = "";
  while (stream) {
    const text = await read().catch(() => null);
    if (text && text !== last) { last = text; await seen(text); }
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
}

function stop() {
  for (const track of stream.getTracks()) track.stop();
  stream = null;
  camera.hidden = true;
}

if (navigator.mediaDevices?.getUserMedia) { scan.hidden = false; scan.addEventListener("click", () => watch().catch(() => { scan.hidden = true; })); }

// On a first visit nothing of this page has passed through the worker: it is told what to keep, so that no second is needed.
async function keep() {
  await navigator.serviceWorker.register(desk.dataset.worker, { scope: "/events/" });
  const { active } = await navigator.serviceWorker.ready, named = [...document.querySelectorAll("link[rel=stylesheet], script[src]")];
  const drawn = new Set([...performance.getEntriesByType("resource").map(({ name }) => name), ...named.map(({ href, src }) => href ?? src), new URL(desk.dataset.reader, location).href]);
  const parts = [...drawn].filter((address) => address.startsWith(`${location.origin}/static/`)), channel = new MessageChannel();
  channel.port1.onmessage = () => { desk.dataset.kept = ""; };
  active.postMessage({ page: location.pathname + location.search, parts, away: away(named.find(({ rel }) => rel === "stylesheet")) }, [channel.port2]);
}

// Instead of the browser's error, should somebody leave the desk while there is no network.
function away(style) {
  const page = document.implementation.createHTMLDocument(words.awayTitle), part = (name, text) => Object.assign(page.createElement(name), { textContent: text });
  page.documentElement.lang = document.documentElement.lang;
  page.head.append(Object.assign(page.createElement("meta"), { name: "viewport", content: "width=device-width" }), style.cloneNode());
  const main = page.body.appendChild(page.createElement("main"));
  main.append(part("h1", words.awayTitle), part("p", words.away), part("p", ""));
  main.lastElementChild.append(Object.assign(part("a", words.back), { href: location.pathname + location.search }));
  return `<!doctype html>${page.documentElement.outerHTML}`;
}

if (navigator.serviceWorker) document.readyState === "complete" ? keep() : addEventListener("load", keep);
load();
