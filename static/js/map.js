// <world-map>: pan and zoom by viewBox; once it rests, the server is asked for the circles of the part in view.
const WORLD = [30, 12, 1956, 852], NEAREST = 24, REST = 250, GLIDE = 260;
const STEPS = { ArrowLeft: [-0.25, 0], ArrowRight: [0.25, 0], ArrowUp: [0, -0.25], ArrowDown: [0, 0.25] };
const KEYS = { "+": "in", "=": "in", ";": "in", "-": "out", "0": "world" };
const numbers = (text) => text.split(/[ ,]/).map(Number);
const inside = (at, size, from, whole) =>
  size >= whole ? from + (whole - size) / 2 : Math.min(Math.max(at, from), from + whole - size);

customElements.define("world-map", class extends HTMLElement {
  connectedCallback() {
    this.pointers = new Map();
    this.land = this.querySelector("#map-land");
    this.sheets = new Map([[this.land.dataset.file, this.land.getAttribute("d")]]);
    for (const svg of this.querySelectorAll(".map-drawing")) svg.tabIndex = -1;
    const on = (type, act, options) => this.addEventListener(type, act, options);
    on("wheel", (event) => this.wheel(event), { passive: false });
    on("keydown", (event) => this.key(event));
    on("click", (event) => this.click(event), true);
    on("pointerdown", (event) => this.down(event));
    on("pointermove", (event) => this.move(event));
    for (const type of ["pointerup", "pointercancel"]) on(type, (event) => this.up(event));
    on("dragstart", (event) => event.preventDefault());
    this.watch = new ResizeObserver(() => this.resize());
    this.watch.observe(this);
    this.dataset.live = "";
  }

  disconnectedCallback() { this.watch.disconnect(); clearTimeout(this.timer); this.asked?.abort(); }

  get svg() { return [...this.querySelectorAll(".map-drawing")].find((svg) => svg.clientWidth) ?? this.querySelector(".map-drawing"); }
  get view() { return numbers(this.svg.getAttribute("viewBox")); }

  show([x, y, w, h]) {
    const svg = this.svg, near = Math.min(Math.max(w, NEAREST), WORLD[2]) / w, [mx, my] = [x + w / 2, y + h / 2];
    w *= near; h *= near;
    x = inside(mx - w / 2, w, WORLD[0], WORLD[2]); y = inside(my - h / 2, h, WORLD[1], WORLD[3]);
    svg.setAttribute("viewBox", [x, y, w, h].map((value) => value.toFixed(2)).join(" "));
    this.toggleAttribute("data-near", w < WORLD[2] * 0.99);
    const unit = `scale(${(w / (svg.clientWidth || 1)).toFixed(5)})`;
    for (const mark of svg.querySelectorAll(".map-mark > g")) mark.setAttribute("transform", unit);
    const [left, top, right, bottom] = numbers(this.land.dataset.box);
    if (x < left || y < top || x + w > right || y + h > bottom) this.draw(this.dataset.world, 1, "-9999,-9999,9999,9999");
  }

  async draw(file, scale, box) {
    this.wanted = file;
    if (file && !this.sheets.has(file)) {
      const answer = await fetch(file).catch(() => null);
      if (!answer?.ok) return;
      this.sheets.set(file, await answer.text());
    }
    if (this.wanted !== file) return;
    this.land.setAttribute("d", this.sheets.get(file) ?? "");
    this.land.setAttribute("transform", `scale(${scale})`);
    this.land.dataset.box = box;
  }

  zoom(factor, px = 0.5, py = 0.5) {
    const [x, y, w, h] = this.target ?? this.view, k = Math.min(Math.max(w / factor, NEAREST), WORLD[2]) / w;
    return [x + w * px * (1 - k), y + h * py * (1 - k), w * k, h * k];
  }

  glide(to) {
    cancelAnimationFrame(this.frame);
    this.target = to;
    const from = this.view, start = performance.now();
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const step = (now) => {
      const part = still ? 1 : Math.min((now - start) / GLIDE, 1), eased = 1 - (1 - part) ** 3;
      this.show(from.map((value, i) => value + (to[i] - value) * eased));
      if (part < 1) this.frame = requestAnimationFrame(step); else { this.target = null; this.rest(0); }
    };
    step(start);
  }

  jump(to) { cancelAnimationFrame(this.frame); this.target = null; this.show(to); this.rest(); }

  rest(wait = REST) { clearTimeout(this.timer); this.timer = setTimeout(() => this.ask(), wait); }

  async ask() {
    const url = new URL(location.href), svg = this.svg, view = this.view;
    if (view[2] < WORLD[2] * 0.99) url.searchParams.set("view", view.join(",")); else url.searchParams.delete("view");
    history.replaceState(history.state, "", url);
    url.searchParams.set("width", Math.round(svg.clientWidth));
    this.asked?.abort();
    this.asked = new AbortController();
    try {
      const answer = await fetch(url, { headers: { "X-Fragment": "map" }, signal: this.asked.signal });
      if (answer.ok) this.take(new DOMParser().parseFromString(await answer.text(), "text/html"), svg);
    } catch (error) { if (error.name !== "AbortError") this.removeAttribute("data-near"); }
  }

  take(page, svg) {
    const focused = this.querySelector("[data-map-marks]").parentNode && document.activeElement;
    const address = focused?.closest?.(".map-mark")?.getAttribute("href"), tool = focused?.dataset?.do;
    for (const [part, root] of [["[data-map-marks]", svg], ["[data-map-tools]", this]]) {
      const fresh = page.querySelector(part);
      if (fresh) root.querySelector(part).replaceWith(document.importNode(fresh, true));
    }
    this.querySelector("[data-map-status]").textContent = page.querySelector("[data-map-status]")?.textContent ?? "";
    const land = page.querySelector("#map-land");
    if (land) this.draw(land.dataset.file, land.getAttribute("transform").slice(6, -1), land.dataset.box);
    this.show(this.view);
    if (address) ([...svg.querySelectorAll(".map-mark")].find((mark) => mark.getAttribute("href") === address) ?? svg).focus({ preventScroll: true });
    if (tool) this.querySelector(`[data-do=${tool}]`)?.focus({ preventScroll: true });
  }

  resize() {
    const svg = this.svg, share = svg.clientWidth / svg.dataset.width;
    this.show(this.view);
    if (share < 0.9 || share > 1.35) { svg.dataset.width = svg.clientWidth; this.rest(); }
  }

  act(name) {
    const [x, y, w, h] = this.target ?? this.view;
    if (name === "in") this.glide(this.zoom(2));
    else if (name === "out") this.glide(this.zoom(0.5));
    else if (name === "world") this.glide([WORLD[0], WORLD[1] + (WORLD[3] - WORLD[2] * h / w) / 2, WORLD[2], WORLD[2] * h / w]);
    else this.glide([x + w * STEPS[name][0], y + h * STEPS[name][1], w, h]);
  }

  key(event) {
    const name = KEYS[event.key] ?? (event.key in STEPS && event.key);
    if (!name || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.act(name);
  }

  click(event) {
    const link = event.target.closest("a");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (this.dragged) event.preventDefault();
    else if (link.dataset.do) { event.preventDefault(); this.act(link.dataset.do); }
    else if (link.dataset.view) { event.preventDefault(); this.glide(numbers(link.dataset.view)); }
  }

  at(event) {
    const box = this.svg.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  }

  wheel(event) {
    if (!event.ctrlKey && !event.metaKey && !this.contains(document.activeElement)) return;
    const to = this.zoom(2 ** (-event.deltaY * (event.deltaMode ? 0.05 : event.ctrlKey ? 0.01 : 0.002)), ...this.at(event));
    if (to[2] === this.view[2]) return;
    event.preventDefault();
    this.jump(to);
  }

  down(event) {
    if (event.button || !event.target.closest(".map-drawing")) return;
    if (!this.pointers.size) this.dragged = false;
    this.pointers.set(event.pointerId, this.at(event));
  }

  move(event) {
    const old = this.pointers.get(event.pointerId);
    if (!old) return;
    const now = this.at(event), [x, y, w, h] = this.view, other = [...this.pointers].find(([id]) => id !== event.pointerId)?.[1];
    if (!this.dragged && !other && Math.hypot(now[0] - old[0], now[1] - old[1]) * this.clientWidth < 5) return;
    if (!this.dragged) { this.dragged = true; this.dataset.held = ""; this.setPointerCapture(event.pointerId); }
    this.pointers.set(event.pointerId, now);
    if (!other) return this.jump([x - (now[0] - old[0]) * w, y - (now[1] - old[1]) * h, w, h]);
    const spread = (point) => Math.hypot((point[0] - other[0]) * w, (point[1] - other[1]) * h) || 1;
    this.jump(this.zoom(spread(now) / spread(old), ...other));
  }

  up(event) { this.pointers.delete(event.pointerId); if (!this.pointers.size) this.removeAttribute("data-held"); }
});
