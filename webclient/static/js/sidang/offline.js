/**
 * The page itself on this device: opened once with a line, it opens again without one. Only where a browser keeps
 * pages at all (over TLS, or on this very machine); elsewhere it works as long as it stays open.
 */

/** Where `luring.js`, the service worker, finds it. */
const SHELL = "rembug-sidang";

/** @returns {Promise<boolean>} whether it opens without a line from now on */
export async function keepShell() {
  if (!("serviceWorker" in navigator) || !("caches" in window)) return false;
  try {
    await navigator.serviceWorker.register("luring.js");
    const shell = await caches.open(SHELL);
    const parts = performance.getEntriesByType("resource").map((one) => new URL(one.name));
    const own = parts.filter((one) => one.origin === location.origin && one.pathname.startsWith("/static/"));
    const wanted = new Set([location.pathname, ...own.map((one) => one.pathname)]);
    await shell.addAll([...wanted]);
    for (const { url } of await shell.keys()) {
      const { pathname } = new URL(url);
      if (pathname.startsWith("/static/") && !wanted.has(pathname)) await shell.delete(url);
    }
    return true;
  } catch {
    // Without a line nothing new is kept; what was kept before stays.
    return navigator.serviceWorker.controller !== null;
  }
}
