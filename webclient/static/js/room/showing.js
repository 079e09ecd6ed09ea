/**
 * A screen that only shows: it enters the call by itself, without a touch, and stays in it for as long as the page lives.
 */

/** @param {import("../protocol.js").Wire} wire @param {import("../call.js").Call} call */
export function follow(wire, call) {
  addEventListener("online", () => wire.retryNow());
  wire.on("welcome", (welcome) => call.join(welcome.worker_epoch));
  wire.on("media", (media) => call.follow(media.worker_epoch));
  call.onState((state) => state === "lost" && wire.doubt());
  wire.on("status", (status) => {
    if (status === "ended") call.leave();
  });
}
