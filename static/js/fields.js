// Fields in braces of a letter: put in at the cursor, and checked while one types. On saving the server checks again.
const FIELD = /\{([^{}\n]*)\}/g;
const WAIT = 400;

function faults(text, known, words) {
  const unknown = [...text.matchAll(FIELD)].map((found) => found[1]).filter((name) => !known.has(name.trim()));
  const said = [...new Set(unknown)].map((name) => words.unknown.replace("{field}", () => `{${name}}`));
  return /[{}]/.test(text.replace(FIELD, "")) ? [...said, words.open] : said;
}

function insert(box, text) {
  box.focus();
  box.setRangeText(text, box.selectionStart, box.selectionEnd, "end");
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

function prepare(group) {
  const boxes = [...group.querySelectorAll("input, textarea")], buttons = [...group.querySelectorAll("[data-insert]")];
  const known = new Set(buttons.map((button) => button.dataset.insert)), fault = group.querySelector("[data-fault]");
  let last = boxes.at(-1), timer = 0;
  const look = () => {
    const wrong = boxes.map((box) => faults(box.value, known, group.dataset));
    boxes.forEach((box, at) => (wrong[at].length ? box.setAttribute("aria-invalid", "true") : box.removeAttribute("aria-invalid")));
    fault.textContent = [...new Set(wrong.flat())].join(" ");
  };
  for (const box of boxes) {
    box.addEventListener("focus", () => { last = box; });
    box.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(look, WAIT); });
  }
  for (const button of buttons) {
    button.disabled = false;
    button.addEventListener("click", () => insert(last, `{${button.dataset.insert}}`));
  }
}

for (const group of document.querySelectorAll("[data-fields]")) prepare(group);
