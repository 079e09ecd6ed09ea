/**
 * Where a note belongs: a turn of this session, an office without a turn, or the hall. One select offers all
 * three, and its value is the pair that the wire wants.
 */
import { clockWord } from "../words.js";
import { t } from "../t.js";

/** @typedef {import("./console.js").Console} Console */
/** @typedef {import("./sections.js").Past} Past */
/** @typedef {import("./sections.js").Seat} Seat */
/** @typedef {{seat_id: string | null, turn_id: string | null}} Where */

/** @param {Where} where */
export const valueOf = (where) => (where.turn_id ? `turn ${where.turn_id} ${where.seat_id ?? ""}` : where.seat_id ? `seat ${where.seat_id}` : "");

/** @param {string} value @returns {Where} */
export function whereOf(value) {
  const [kind, first = "", second = ""] = value.split(" ");
  if (kind === "turn") return { turn_id: first, seat_id: second || null };
  return { turn_id: null, seat_id: kind === "seat" ? first : null };
}

/**
 * Fills the select with what the session knows now, and keeps what is chosen.
 * @param {Console} desk
 * @param {HTMLSelectElement} select
 * @param {Where} chosen
 */
export function fillPlaces(desk, select, chosen) {
  /** @type {Past[]} */
  const turns = [...desk.list("history")].reverse();
  /** @type {Seat[]} */
  const seats = [...desk.list("seats")].sort((a, b) => Number(b.kind === "aula") - Number(a.kind === "aula") || a.label.localeCompare(b.label, "id"));
  const value = valueOf(chosen);
  const signature = JSON.stringify([turns.map((turn) => turn.turn_id), seats.length, value]);
  if (select.dataset.signature === signature) return;
  select.dataset.signature = signature;
  const options = turns.map((turn) => new Option(`${clockWord(turn.started_at)} ${turn.label}`, valueOf(turn)));
  const offices = seats.map((seat) => new Option(seat.label, valueOf({ seat_id: seat.seat_id, turn_id: null })));
  select.replaceChildren(new Option(t("Tanpa kantor"), ""), group(t("Giliran"), options), group(t("Kantor, tanpa giliran"), offices));
  select.value = value;
  // A note on another seat than its turn's (an answer from the hall) is still shown where it stands.
  if (select.value !== value) {
    select.append(new Option(labelOf(desk, chosen), value));
    select.value = value;
  }
}

/**
 * @param {Console} desk
 * @param {Where} where
 */
export function labelOf(desk, where) {
  /** @type {Seat | undefined} */
  const seat = desk.list("seats").find((/** @type {Seat} */ one) => one.seat_id === where.seat_id);
  return seat?.label ?? t("Tanpa kantor");
}

/** @param {string} label @param {HTMLOptionElement[]} options */
function group(label, options) {
  const node = document.createElement("optgroup");
  node.label = label;
  node.append(...options);
  return node;
}
