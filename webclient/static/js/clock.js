/**
 * Time of a turn, counted on the server's clock: how long it has run, what is left, how to say it.
 *
 * Pure: instants are arguments. Durations are ms unless a name ends in _s.
 */

/** @typedef {{ limit_s: number, spoken_ms: number, running_since: number | null, warned: boolean,
 *              overrun: boolean }} TurnTime */

/** @param {TurnTime} turn @param {number} now @returns {number} ms spoken, held time not counted */
export function spokenMs(turn, now) {
  return turn.spoken_ms + (turn.running_since === null ? 0 : Math.max(0, now - turn.running_since));
}

/** @param {TurnTime} turn @param {number} now @returns {number} ms left; negative once over the limit */
export function leftMs(turn, now) {
  return turn.limit_s * 1000 - spokenMs(turn, now);
}

/** @param {TurnTime} turn @param {number} now @param {number} warnBefore_s
 *  @returns {"lapang" | "hampir" | "lewat"} */
export function timeMood(turn, now, warnBefore_s) {
  const left = leftMs(turn, now);
  if (left <= 0) return "lewat";
  return turn.warned || left <= warnBefore_s * 1000 ? "hampir" : "lapang";
}

/** "2:05", "-0:12"; whole seconds, counted so that a full minute shows as full. @param {number} ms */
export function minutes(ms) {
  const s = ms >= 0 ? Math.ceil(ms / 1000) : Math.floor(ms / 1000);
  const abs = Math.abs(s);
  return `${s < 0 ? "-" : ""}${Math.floor(abs / 60)}:${String(abs % 60).padStart(2, "0")}`;
}
