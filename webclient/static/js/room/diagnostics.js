/**
 * `window.rembug`: what the help desk asks for over the phone, and what tests look at. Read-only.
 *
 * In the page's console: `await rembug.slots()`, `rembug.negotiations`, `rembug.call`, `rembug.wire`.
 */

/** @param {import("../protocol.js").Wire} wire @param {import("../call.js").Call | null} call */
export function diagnostics(wire, call) {
  const view = {
    /** How often the call was negotiated; 1 when nothing interrupted it. */
    get negotiations() { return call?.negotiations ?? 0; },
    get repairs() { return call?.repairs ?? 0; },
    get call() { return call?.state ?? "idle"; },
    get wire() { return wire.status; },
    get position() { return wire.position; },
    get applied() { return wire.applied; },
    get workerEpoch() { return call?.workerEpoch ?? -1; },
    /** @param {string} section of the view */
    section: (section) => structuredClone(wire.get(section)),
    /** Frames decoded, sound energy and losses per slot so far. */
    slots: () => call?.slots() ?? Promise.resolve({}),
    /** Packets sent so far on the seat's own lines. */
    sent: () => call?.sent() ?? Promise.resolve({ audio: 0, video: 0, screen: 0 }),
  };
  Object.defineProperty(window, "rembug", { value: Object.freeze(view) });
}
