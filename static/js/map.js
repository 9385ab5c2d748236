// <world-map>: pan and zoom by viewBox; once it rests, the server is asked for the circles of the part in view.
const WORLD = [30, 12, 1956, 852], NEAREST = 24, REST = 250, GLIDE = 260, WHOLE = WORLD[2] * 0.99;
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const KEYS = { "+": "in", "=": "in", ";": "in", "-": "out", 0: "world" };
const numbers = (text) => text.split(/[ ,]/).map(Number);
const between = (value, low, high) => Math.min(Math.max(value, low), high);
const inside = (at, size, from, whole) => (size < whole ? between(at, from, from + whole - size) : from + (whole - size) / 2);

customElements.define("world-map", class extends HTMLElement {
  connectedCallback() {
    this.held = new Map();
    this.land = this.querySelector("#map-land");
    this.sheets = { [this.land.dataset.file]: this.land.getAttribute("d") };
    for (const svg of this.querySelectorAll(".map-drawing")) svg.tabIndex = -1;
    for (const [types, act] of [["wheel", this.wheel], ["keydown", this.key], ["pointerdown", this.down], ["pointermove", this.move], ["pointerup pointercancel", this.up]])
      for (const type of types.split(" ")) this.addEventListener(type, act, { passive: false });
    this.addEventListener("click", this.click, true);
    this.addEventListener("dragstart", (event) => event.preventDefault());
    (this.watch = new ResizeObserver(() => this.resize())).observe(this);
    this.dataset.live = "";
  }

  disconnectedCallback() {
    this.watch.disconnect();
    clearTimeout(this.timer);
    this.asked?.abort();
  }

  get svg() {
    const all = [...this.querySelectorAll(".map-drawing")];
    return all.find((svg) => svg.clientWidth) ?? all[0];
  }

  get view() { return numbers(this.svg.getAttribute("viewBox")); }

  show([x, y, w, h]) {
    const svg = this.svg, near = between(w, NEAREST, WORLD[2]) / w, [left, top, right, bottom] = numbers(this.land.dataset.box);
    x = inside(x + (w - w * near) / 2, w * near, WORLD[0], WORLD[2]);
    y = inside(y + (h - h * near) / 2, h * near, WORLD[1], WORLD[3]);
    w *= near; h *= near;
    svg.setAttribute("viewBox", [x, y, w, h].map((value) => value.toFixed(2)).join(" "));
    this.toggleAttribute("data-near", w < WHOLE);
    for (const mark of svg.querySelectorAll(".map-mark > g")) mark.setAttribute("transform", `scale(${(w / (svg.clientWidth || 1)).toFixed(5)})`);
    if (x < left || y < top || x + w > right || y + h > bottom) this.draw(this.dataset.world, "scale(1)", "-9999,-9999,9999,9999");
  }

  async draw(file, scale, box) {
    this.wanted = file;
    if (file) this.sheets[file] ??= await fetch(file).then((answer) => (answer.ok ? answer.text() : undefined), () => undefined);
    if (this.wanted !== file || (file && !this.sheets[file])) return;
    this.land.setAttribute("d", this.sheets[file] ?? "");
    this.land.setAttribute("transform", scale);
    this.land.dataset.box = box;
  }

  zoom(factor, px = 0.5, py = 0.5) {
    const [x, y, w, h] = this.target ?? this.view, k = between(w / factor, NEAREST, WORLD[2]) / w;
    return [x + w * px * (1 - k), y + h * py * (1 - k), w * k, h * k];
  }

  glide(to) {
    const from = this.view, start = performance.now(), still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const step = (now) => {
      const part = still ? 1 : between((now - start) / GLIDE, 0, 1), eased = 1 - (1 - part) ** 3;
      this.show(from.map((value, i) => value + (to[i] - value) * eased));
      if (part < 1) this.frame = requestAnimationFrame(step);
      else { this.target = null; this.rest(0); }
    };
    cancelAnimationFrame(this.frame);
    this.target = to;
    step(start);
  }

  jump(to) {
    cancelAnimationFrame(this.frame);
    this.target = null;
    this.show(to);
    this.rest();
  }

  rest(wait = REST) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), wait);
  }

  async ask() {
    const url = new URL(location), svg = this.svg, view = this.view;
    if (view[2] < WHOLE) url.searchParams.set("view", view); else url.searchParams.delete("view");
    history.replaceState(history.state, "", url);
    url.searchParams.set("width", Math.round(svg.clientWidth));
    this.asked?.abort();
    this.asked = new AbortController();
    try {
      const answer = await fetch(url, { headers: { "X-Fragment": "map" }, signal: this.asked.signal });
      if (answer.ok) this.take(new DOMParser().parseFromString(await answer.text(), "text/html"), svg);
    } catch { /* Replaced by a newer question, or off line: the circles stay as they are. */ }
  }

  take(page, svg) {
    const focus = this.contains(document.activeElement) && document.activeElement, land = page.querySelector("#map-land");
    for (const [part, root] of [["[data-map-marks]", svg], ["[data-map-tools]", this], ["[data-map-status]", this]]) {
      const old = root.querySelector(part), fresh = page.querySelector(part);
      if (old && fresh) old.replaceChildren(...fresh.childNodes);
    }
    this.show(this.view);
    if (land) this.draw(land.dataset.file, land.getAttribute("transform"), land.dataset.box);
    if (!focus || focus.isConnected) return;
    const same = [...this.querySelectorAll("a")].find((link) => (focus.dataset.do ? link.dataset.do === focus.dataset.do : link.ariaLabel === focus.ariaLabel));
    (same ?? svg).focus({ preventScroll: true });
  }

  resize() {
    const svg = this.svg, share = svg.clientWidth / svg.dataset.width;
    this.show(this.view);
    if (share > 0.95 && share < 1.35) return;
    svg.dataset.width = svg.clientWidth;
    this.rest();
  }

  act(name) {
    const [x, y, w, h] = this.target ?? this.view, [right, down] = MOVES[name] ?? [0, 0];
    if (name === "world") this.glide(this.zoom(w / WORLD[2]).with(0, WORLD[0]).with(1, WORLD[1] + (WORLD[3] - (WORLD[2] * h) / w) / 2));
    else this.glide(name === "in" ? this.zoom(2) : name === "out" ? this.zoom(0.5) : [x + (w * right) / 4, y + (h * down) / 4, w, h]);
  }

  key(event) {
    const name = KEYS[event.key] ?? (event.key in MOVES && event.key);
    if (!name || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.act(name);
  }

  click(event) {
    const link = event.target.closest("a");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const dragged = this.dragged && event.detail;
    if (dragged || link.dataset.do || link.dataset.view) event.preventDefault();
    if (dragged) return;
    if (link.dataset.do && link.hasAttribute("href")) this.act(link.dataset.do);
    if (link.dataset.view) this.glide(numbers(link.dataset.view));
  }

  at(event) {
    const box = this.svg.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  }

  // A wheel turns the page unless the map was clicked or Ctrl is held (a pinch on a touch pad comes with Ctrl too).
  wheel(event) {
    const pinched = event.ctrlKey || event.metaKey, speed = event.deltaMode ? 0.05 : pinched ? 0.01 : 0.002;
    if (!event.target.closest(".map-drawing") || !(pinched || this.contains(document.activeElement))) return;
    const to = this.zoom(2 ** (-event.deltaY * speed), ...this.at(event));
    if (!pinched && to[2] === this.view[2]) return;
    event.preventDefault();
    this.jump(to);
  }

  down(event) {
    if (!this.held.size) this.dragged = false;
    if (event.button || !event.target.closest(".map-drawing")) return;
    this.held.set(event.pointerId, this.at(event));
  }

  move(event) {
    const old = this.held.get(event.pointerId), now = this.at(event), [x, y, w, h] = this.view;
    if (!old) return;
    const other = [...this.held].find(([id]) => id !== event.pointerId)?.[1], from = other ?? [0, 0];
    const far = (a, b) => Math.hypot((a[0] - b[0]) * w, (a[1] - b[1]) * h) || 1e-6;
    if (!this.dragged && !other && (far(now, old) / w) * this.clientWidth < 5) return;
    if (!this.dragged) this.setPointerCapture(event.pointerId);
    this.dragged = true;
    this.dataset.held = "";
    this.held.set(event.pointerId, now);
    this.jump(other ? this.zoom(far(now, from) / far(old, from), ...from) : [x - (now[0] - old[0]) * w, y - (now[1] - old[1]) * h, w, h]);
  }

  up(event) {
    this.held.delete(event.pointerId);
    if (!this.held.size) delete this.dataset.held;
  }
});
