/** What each office's device last found out about its line at the door: asked for once a line, then told. */
import { get } from "./api.js";

/** @typedef {import("../sambungan.js").Check} Check */

/** @param {import("./console.js").Console} desk @returns {(seatId: string) => Check | undefined} */
export function followChecks(desk) {
  /** @type {Map<string, Check>} */
  const checks = new Map();
  /** @param {Record<string, Check>} seats */
  const take = (seats) => {
    for (const [seatId, check] of Object.entries(seats)) {
      // One that was told may be newer than the list that was asked for before.
      if (check.checked_at >= (checks.get(seatId)?.checked_at ?? 0)) checks.set(seatId, check);
    }
    desk.redraw();
  };
  desk.wire.on("sambungan", (message) => take(message.seats));
  desk.wire.on("welcome", async () => {
    const found = await get(`${desk.boot.base}api/sambungan`).catch((why) => console.warn("checks:", why));
    if (found) take(found.seats);
  });
  return (seatId) => checks.get(seatId);
}
