/**
 * The buttons that act on the floor, the same on Layar Pimpinan and Meja Operator: they name the turn they
 * were pressed for, so that a press that comes late never ends another turn.
 */
import { byId } from "../dom.js";
import { newId } from "../protocol.js";
import { t } from "../t.js";
import { aimButton, part, write } from "./rows.js";

/** @typedef {import("./console.js").Console} Console */

const EXTEND_S = 60;

/**
 * Wires extend, warn, hold, postpone and end.
 * @param {Console} desk
 * @returns {{extend: HTMLButtonElement, warn: HTMLButtonElement, hold: HTMLButtonElement, postpone: HTMLButtonElement, end: HTMLButtonElement}}
 */
export function bindTurnButtons(desk) {
  const button = (/** @type {string} */ id) => byId(id, HTMLButtonElement);
  const buttons = { extend: button("extend"), warn: button("warn"), hold: button("hold"), postpone: button("postpone"), end: button("end") };
  /** @type {Record<string, () => [string, Record<string, unknown>?]>} */
  const commands = {
    extend: () => ["extend_turn", { seconds: EXTEND_S }],
    warn: () => ["warn_turn"],
    hold: () => [desk.turn?.state === "ditahan" ? "continue_turn" : "hold_turn"],
    postpone: () => ["postpone_turn"],
    end: () => ["end_turn"],
  };
  for (const [name, node] of Object.entries(buttons)) {
    node.addEventListener("click", () => {
      const [type, fields] = /** @type {() => [string, Record<string, unknown>?]} */ (commands[name])();
      if (desk.turn) void desk.giveBy(node, type, { turn_id: desk.turn.turn_id, ...fields });
    });
  }
  desk.onDraw(() => {
    const { turn, session } = desk;
    const running = session?.status === "berlangsung" ? turn : null;
    const held = running?.state === "ditahan";
    const aim = running?.turn_id ?? "";
    for (const node of [buttons.extend, buttons.postpone, buttons.end]) aimButton(node, aim);
    aimButton(buttons.warn, running?.state === "bicara" ? aim : "");
    aimButton(buttons.hold, running && running.state !== "jeda" ? `${aim} ${running.state}` : "");
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
 * @param {string} [media]
 */
export function callSeat(desk, button, whom, media = "panggilan") {
  return desk.giveBy(button, "call_seat", {
    turn_id: newId(),
    seat_id: whom.seat_id,
    request_id: whom.request_id ?? null,
    media,
    reason: "",
  });
}
