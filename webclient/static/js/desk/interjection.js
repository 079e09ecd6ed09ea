/**
 * Who speaks in between: a point of order that was granted, or an answer that the chair asked for. Its clock
 * counts up while the speaker's stands; one button asks for an answer and, while somebody gives one, returns
 * to the speaker.
 */
import { minutes, spokenMs } from "../clock.js";
import { byId, show } from "../dom.js";
import { t } from "../t.js";
import { aimButton, part, write } from "./rows.js";

/** @typedef {import("./console.js").Console} Console */
/** @typedef {import("./sections.js").Interjection} Interjection */

const TICK_MS = 250;

/** Draws the interjection of the page's turn panel from now on. @param {Console} desk */
export function followInterjection(desk) {
  const panel = byId("interjection", HTMLElement);
  const drawTimer = () => {
    const one = desk.interjection;
    if (one) write(part(panel, "timer"), minutes(lengthOf(one, desk.wire.serverNow())));
  };
  desk.onDraw(() => {
    const one = desk.interjection;
    show(panel, one !== null);
    if (!one) return;
    panel.dataset.kind = one.kind;
    write(part(panel, "kind"), one.kind === "interupsi" ? t("Interupsi") : t("Tanggapan"));
    write(part(panel, "who"), [one.nama, one.jabatan, one.label].filter(Boolean).join(", "));
    write(part(panel, "reason"), one.reason ?? "");
    drawTimer();
  });
  setInterval(drawTimer, TICK_MS);
}

/** Whole seconds that have passed, so that it begins with 0:00. @param {Interjection} one @param {number} now */
function lengthOf(one, now) {
  const ms = spokenMs({ ...one, limit_s: 0, warned: false, overrun: false }, now);
  return Math.floor(ms / 1000) * 1000;
}

/**
 * @param {Console} desk
 * @param {() => void} askForReply opens the choice of who answers
 * @returns {HTMLButtonElement}
 */
export function bindReplyButton(desk, askForReply) {
  const button = byId("reply", HTMLButtonElement);
  button.addEventListener("click", () => {
    const one = desk.interjection;
    if (one) void desk.giveBy(button, "end_interjection", { turn_id: one.turn_id });
    else askForReply();
  });
  desk.onDraw(() => {
    const { interjection, turn, session } = desk;
    const open = session?.status === "berlangsung";
    // Changes its meaning with the interjection, and then refuses the press for a moment.
    aimButton(button, !open ? "" : interjection ? interjection.turn_id : turn?.state === "bicara" ? `reply ${turn.turn_id}` : "");
    button.classList.toggle("button-primary", interjection !== null);
    write(part(button, "reply-word"), !interjection ? t("Minta tanggapan") : turn ? t("Kembali ke pembicara") : t("Selesai interupsi"));
  });
  return button;
}
