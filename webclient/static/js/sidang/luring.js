/**
 * The service worker of "Sidang desa": asks the server first and, without an answer, shows what the page kept
 * (`offline.js`). It touches pages and static files alone: what people write goes its own way (`ledger.js`).
 */
const SHELL = "rembug-sidang";
const PATIENCE_MS = 6000;
const worker = /** @type {any} */ (self);

worker.addEventListener("install", () => worker.skipWaiting());
worker.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(worker.clients.claim()));
worker.addEventListener("fetch", (/** @type {any} */ event) => {
  /** @type {Request} */
  const request = event.request;
  const ours = request.mode === "navigate" || new URL(request.url).pathname.startsWith("/static/");
  if (request.method === "GET" && ours) event.respondWith(answer(request));
});

/** @param {Request} request @returns {Promise<Response>} */
async function answer(request) {
  const shell = await caches.open(SHELL);
  const kept = await shell.match(request, { ignoreSearch: true, ignoreVary: true });
  if (!kept) return fetch(request);
  try {
    const fresh = await Promise.race([fetch(request), late()]);
    if (fresh.ok) await shell.put(request, fresh.clone());
    // Who may no longer come in is told so; a server that only stumbles keeps nobody from working.
    return fresh.status >= 500 ? kept : fresh;
  } catch {
    return kept;
  }
}

/** @returns {Promise<never>} */
function late() {
  return new Promise((_, reject) => setTimeout(() => reject(new Error("late")), PATIENCE_MS));
}
