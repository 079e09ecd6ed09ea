/**
 * The buttons that act on the floor, the same on Layar Pimpinan and Meja Operator: they name the turn they
 * were pressed for, so that a press that comes late never ends another turn.
 */
import { newId } from "../protocol.js";
import { t } from "../t.js";
import { seatOf, seenOrWilling } from "./faces.js";
import { aimButton, part, write } from "./rows.js";

/** @typedef {import("./console.js").Console} Console */

const EXTEND_S = 60;

/** @typedef {"extend" | "warn" | "hold" | "postpone" | "end"} Action */

/**
 * Wires those of extend, warn, hold, postpone and end that the page has.
 * @param {Console} desk
 * @param {() => string} message what the held office reads
 * @returns {Partial<Record<Action, HTMLButtonElement>>}
 */
export function bindTurnButtons(desk, message) {
  /** @type {Record<Action, () => [string, Record<string, unknown>?]>} */
  const commands = {
    extend: () => ["extend_turn", { seconds: EXTEND_S }],
    warn: () => ["warn_turn"],
    hold: () => (desk.turn?.state === "ditahan" ? ["continue_turn"] : ["hold_turn", { message: message() }]),
    postpone: () => ["postpone_turn"],
    end: () => ["end_turn"],
  };
  /** @type {Partial<Record<Action, HTMLButtonElement>>} */
  const buttons = {};
  for (const name of /** @type {Action[]} */ (Object.keys(commands))) {
    const node = document.getElementById(name);
    if (!(node instanceof HTMLButtonElement)) continue;
    buttons[name] = node;
    node.addEventListener("click", () => {
      const [type, fields] = commands[name]();
      if (desk.turn) void desk.giveBy(node, type, { turn_id: desk.turn.turn_id, ...fields });
    });
  }
  const aim = (/** @type {Action} */ name, /** @type {string} */ at) => {
    const node = buttons[name];
    if (node) aimButton(node, at);
  };
  desk.onDraw(() => {
    const { turn, session } = desk;
    const running = session?.status === "berlangsung" ? turn : null;
    const held = running?.state === "ditahan";
    const id = running?.turn_id ?? "";
    aim("extend", id);
    aim("postpone", id);
    aim("end", id);
    aim("warn", running?.state === "bicara" ? id : "");
    aim("hold", running ? `${id} ${held}` : "");
    if (!buttons.hold) return;
    write(part(buttons.hold, "hold-word"), held ? t("Lanjut") : t("Tahan"));
    buttons.hold.querySelector("use")?.setAttribute("href", held ? "#i-play" : "#i-pause");
    buttons.hold.classList.toggle("button-primary", held);
  });
  return buttons;
}

/**
 * Panggil. The seat is live at once; a turn that runs ends first.
 * @param {Console} desk
 * @param {HTMLButtonElement | null} button
 * @param {{seat_id: string, request_id?: string | null}} whom
 * @param {string} [media] by its own device if nothing is said, unless it is reached by telephone
 * @param {string} [reason] why out of the suggested order; for the desks only
 */
export async function callSeat(desk, button, whom, media = seatOf(desk, whom.seat_id)?.telepon ? "lewat_telepon" : "panggilan", reason = "") {
  if (media === "panggilan" && !(await seenOrWilling(desk, whom.seat_id))) return false;
  return desk.giveBy(button, "call_seat", {
    turn_id: newId(),
    seat_id: whom.seat_id,
    request_id: whom.request_id ?? null,
    media,
    reason,
  });
}
