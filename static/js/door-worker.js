// Keeps the page of the reception desk, and what it is drawn with, for when the network is gone.
const STORE = "meguri-door-1";
const isDoor = (url) => /^\/events\/[0-9a-f-]{36}\/door$/.test(url.pathname);

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

// What the page says it is made of: at a first visit it was there before this worker.
async function keep({ page, parts, away }) {
  const store = await caches.open(STORE), { pathname } = new URL(page, location.origin);
  const put = async (key, address) => { const answer = await fetch(address); if (answer.ok && !answer.redirected) await store.put(key, answer); };
  await store.put("/events/away", new Response(away, { headers: { "content-type": "text/html; charset=utf-8" } }));
  const missing = (await Promise.all(parts.map(async (part) => (await store.match(part)) ? null : part))).filter(Boolean);
  await Promise.allSettled([put(pathname, page), ...missing.map((part) => put(part, part))]);
}

self.addEventListener("message", (event) => {
  if (event.data?.page) event.waitUntil(keep(event.data).then(() => event.ports[0]?.postMessage("kept")));
});

async function elsewhere(request) {
  try { return await fetch(request); } catch (fault) {
    const kept = await (await caches.open(STORE)).match("/events/away");
    if (kept) return kept;
    throw fault;
  }
}

async function networkFirst(request) {
  const store = await caches.open(STORE), key = new URL(request.url).pathname;
  try {
    const answer = await fetch(request);
    if (answer.ok && !answer.redirected) await store.put(key, answer.clone());
    else if (answer.redirected || answer.status === 401 || answer.status === 403) await store.delete(key);
    return answer;
  } catch (fault) {
    const kept = await store.match(key);
    if (kept) return kept;
    throw fault;
  }
}

// Their addresses carry a version, so what is kept is right for ever.
async function keptFirst(request) {
  const store = await caches.open(STORE);
  const kept = await store.match(request.url);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await store.put(request.url, answer.clone());
  return answer;
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  if (isDoor(url) && event.request.mode === "navigate") event.respondWith(networkFirst(event.request));
  else if (event.request.mode === "navigate") event.respondWith(elsewhere(event.request));
  else if (url.pathname.startsWith("/static/") && url.searchParams.has("v")) event.respondWith(keptFirst(event.request));
});
