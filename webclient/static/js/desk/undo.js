/**
 * "Batalkan panggilan": stands on the stage for the seconds in which the last call can be undone, counts them
 * down, and is gone by itself. It covers no other button, so nothing jumps when it comes or goes.
 */
import { announce, byId, show } from "../dom.js";
import { t } from "../t.js";
import { part, write } from "./rows.js";

/** @typedef {import("./console.js").Console} Console */

const TICK_MS = 200;

/**
 * @param {Console} desk
 * @returns {HTMLButtonElement} for its key
 */
export function bindUndo(desk) {
  const button = byId("undo", HTMLButtonElement);
  let offered = "";
  const left = () => (desk.session?.status === "berlangsung" ? (desk.turn?.undo_until ?? 0) - desk.wire.serverNow() : 0);
  const draw = () => {
    const ms = left();
    show(button, ms > 0);
    if (ms <= 0) return;
    write(part(button, "left"), String(Math.ceil(ms / 1000)));
    const turn = desk.turn?.turn_id ?? "";
    if (turn !== offered) announce(t("Panggilan {tempat} masih dapat dibatalkan.", { tempat: desk.turn?.label ?? "" }));
    offered = turn;
  };
  button.addEventListener("click", () => {
    if (desk.turn && left() > 0) void desk.giveBy(button, "undo_call", { turn_id: desk.turn.turn_id });
  });
  desk.onDraw(draw);
  setInterval(draw, TICK_MS);
  return button;
}
