// Small comforts on every page; each page works without them.
const one = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const typing = (target) => target.closest?.("input, textarea, select, [contenteditable], dialog[open]");
export const announce = (text) => { const live = one("#live"); live.textContent = ""; setTimeout(() => (live.textContent = text), 60); };

// Colours
function choose(value) {
  const root = document.documentElement;
  value ? (root.dataset.theme = value) : delete root.dataset.theme;
  document.cookie = `meguri_theme=${value}; path=/; max-age=${value ? 31536000 : 0}; samesite=lax`;
  for (const button of all("[data-themes] button")) button.setAttribute("aria-pressed", button.value === value);
}

// Rows: j and k walk, Enter opens
function walk(step) {
  const rows = all("[data-row]").filter((row) => row.offsetParent);
  if (!rows.length) return;
  const at = rows.findIndex((row) => "current" in row.dataset);
  const next = rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
  rows[at]?.removeAttribute("data-current");
  next.dataset.current = "";
  one("a[href], button", next)?.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

const shortcuts = {
  "/": () => (all("#site-q, [data-search], #q").find((box) => box.offsetParent))?.focus(),
  j: () => walk(1),
  k: () => walk(-1),
  e: () => one('[data-key="e"]')?.click(),
  n: () => one('[data-key="n"]')?.click(),
  c: () => one('[data-key="c"]')?.click(),
  "?": () => one("#help")?.showModal(),
};

// Picking people: whoever is ticked stays, and the box is free for the next name
document.addEventListener("change", ({ target }) => {
  const box = target.closest?.("#who") && one("input[type=search]", target.closest("[data-picker]"));
  if (box && target.checked) { box.value = ""; box.focus(); }
});

// Suggestions under a box: the arrows walk them, Escape leaves them
document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("[data-suggest]");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!form || event.isComposing) return;
  if (event.key === "Escape") return document.activeElement.blur();
  if (!step) return;
  event.preventDefault();
  const places = all("input[type=search], .drop-panel a", form);
  places[Math.min(Math.max(places.indexOf(event.target) + step, 0), places.length - 1)].focus();
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") for (const drop of all("details.drop[open]")) { drop.open = false; one("summary", drop).focus(); }
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target) || !(event.key in shortcuts)) return;
  event.preventDefault();
  shortcuts[event.key]();
});

document.addEventListener("click", async (event) => {
  for (const drop of all("details.drop[open]")) if (!drop.contains(event.target)) drop.open = false;
  const button = event.target.closest?.("button");
  if (!button) return;
  if (button.closest("[data-themes]")) choose(button.value);
  if (button.dataset.open) one(`#${button.dataset.open}`)?.showModal();
  if ("copy" in button.dataset) {
    await navigator.clipboard.writeText(button.dataset.copy);
    const word = one("span", button), before = word.textContent;
    word.textContent = button.dataset.done;
    announce(button.dataset.done);
    setTimeout(() => (word.textContent = before), 2500);
  }
});

// Forms: nothing typed is lost
const typed = (form) => JSON.stringify([...new FormData(form)].filter(([, value]) => typeof value === "string"));
const kept = (form) => `draft:${location.pathname}:${form.dataset.draft}`;
const store = (act) => { try { return act(localStorage); } catch { return null; } };
const fresh = new WeakMap();

function bring(form) {
  fresh.set(form, typed(form));
  if (!("draft" in form.dataset) || one("[aria-invalid]", form)) return;
  const draft = store((box) => JSON.parse(box.getItem(kept(form))));
  if (!draft || JSON.stringify(draft) === fresh.get(form)) return;
  const values = new Map();
  for (const [name, value] of draft) values.set(name, [...(values.get(name) ?? []), value]);
  for (const box of form.elements) {
    if (!box.name || /hidden|password|file/.test(box.type)) continue;
    const given = values.get(box.name) ?? [];
    if (/checkbox|radio/.test(box.type)) box.checked = given.includes(box.value);
    else if (box.multiple) for (const option of box.options) option.selected = given.includes(option.value);
    else if (values.has(box.name)) box.value = given.shift() ?? box.value;
  }
  const note = one("#draft-note")?.content.firstElementChild.cloneNode(true);
  if (!note) return;
  form.prepend(note);
  one("button", note).addEventListener("click", () => { store((box) => box.removeItem(kept(form))); form.reset(); note.remove(); });
}

document.addEventListener("input", ({ target: { form } }) => {
  if (!form || !("draft" in form.dataset)) return;
  const fields = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && form.elements[name]?.type !== "password");
  store((box) => box.setItem(kept(form), JSON.stringify(fields)));
});

document.addEventListener("submit", ({ target: form }) => {
  fresh.delete(form);
  if ("draft" in form.dataset) store((box) => box.removeItem(kept(form)));
  if ("forget" in form.dataset) {
    store((box) => Object.keys(box).filter((key) => key.startsWith("draft:")).forEach((key) => box.removeItem(key)));
    globalThis.indexedDB?.deleteDatabase("meguri-door"); // what door.js keeps for an evening
    globalThis.caches?.delete("meguri-door-1");
  }
});

const changed = (form) => fresh.has(form) && typed(form) !== fresh.get(form);
addEventListener("beforeunload", (event) => {
  if (all("form[data-guard]").some(changed)) event.preventDefault();
});

const differs = (box) => (/checkbox|radio/.test(box.type) ? box.checked !== box.defaultChecked : "defaultValue" in box && box.type !== "hidden" && box.value !== box.defaultValue);
export const isBeingTyped = () => Boolean(one("#main :is(input, textarea, select):focus")) || all("#main form").some((form) => changed(form) || [...form.elements].some(differs));

// What htmx brings in is prepared like the page itself
export function prepare(root) {
  for (const form of all("form[data-guard], form[data-draft]", root)) if (!fresh.has(form)) bring(form);
  for (const button of all("[data-copy][hidden], [data-open][hidden], [data-themes][hidden]", root)) button.hidden = false;
  for (const time of all("time[data-local]", root)) time.textContent = new Date(time.dateTime).toLocaleString(document.documentElement.lang.replace(/^en$/, "en-GB"), { dateStyle: "full", timeStyle: "short" });
  one(".tabs a[aria-current]", root)?.scrollIntoView({ block: "nearest", inline: "center" });
  one("[data-focus]", root)?.focus();
}

document.addEventListener("htmx:after:swap", ({ detail }) => {
  const target = detail?.ctx?.target;
  prepare(document);
  const said = one("[data-say]", target?.isConnected ? target : document) ?? (target?.id === "main" && one(".page-head p"));
  if (said) announce(said.textContent);
});

prepare(document);
