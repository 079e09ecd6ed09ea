/**
 * The session's timeline as pure arithmetic: which clip holds an instant, who was on stage then, where
 * the next recorded moment is. Instants are ms since the epoch (UTC). Nothing here touches the page.
 */

/** @typedef {{clip_id: string, seat_id: string, slot: string, turn_id: string | null, started_at: number, duration_ms: number | null, complete: boolean, url: string}} Clip */
/** @typedef {{from: number, to: number | null}} Interval */
/** @typedef {{seal_id: string, from: number, to: number}} Seal an interval whose words were withdrawn */
/** @typedef {{turn_id: string, kind?: "giliran" | "interupsi" | "tanggapan", seat_id: string, label: string, kecamatan: string, nama: string, topic: string, media: string, started_at: number, ended_at: number | null, outcome: string | null, intervals: Interval[]}} Turn */
/** @typedef {{item_id: string, kind: string, title: string, started_at: number | null, ended_at: number | null}} AgendaSpan */
/** @typedef {{id: string, room_id: string, turn_id: string | null, seat_id: string | null, spoken_at: number, until_at: number | null, spoken: boolean}} Mention */
/** @typedef {{seat_id: string, kind: string, label: string, kode_wilayah: string, kecamatan: string}} Seat */
/** @typedef {{room_id: string, title: string, tanggal: string, status: string, opened_at: number | null, closed_at: number | null, now: number}} Room */
/** @typedef {{room: Room, agenda: AgendaSpan[], turns: Turn[], clips: Clip[], notes: import("./api.js").Catatan[], seats: Seat[], seals?: Seal[], slides?: SlideSpan[]}} Timeline */
/** A page that was seen. @typedef {{deck_id: string, page: number, pages: number, from: number, to: number | null}} SlideSpan */

/** The page that was seen at an instant. @param {Timeline} line @param {number} at @returns {SlideSpan | null} */
export function slideAt(line, at) {
  return line.slides?.find((one) => one.from <= at && at < (one.to ?? Infinity)) ?? null;
}

/** A clip that is still being written is as long as the session is now. */
const GROWING_MARGIN_MS = 1500;

/**
 * @param {Clip} clip
 * @param {number} now the server's clock at the timeline's reading
 */
export function clipEnd(clip, now) {
  if (clip.duration_ms !== null && (clip.complete || clip.duration_ms > 0)) return clip.started_at + clip.duration_ms;
  return Math.max(clip.started_at, now - GROWING_MARGIN_MS);
}

/**
 * @param {Timeline} line
 * @param {"aula" | "speaker" | "responder" | "screen"} slot
 * @param {number} at
 * @returns {Clip | null} the latest begun clip of the slot that holds the instant
 */
export function clipAt(line, slot, at) {
  let found = null;
  for (const clip of line.clips) {
    if (clip.slot !== slot || clip.started_at > at || clipEnd(clip, line.room.now) <= at) continue;
    if (!found || clip.started_at > found.started_at) found = clip;
  }
  return found;
}

/**
 * The clip a note plays from: its turn's own clip when that holds the instant, else the hall's.
 * @param {Timeline} line
 * @param {string | null} turnId
 * @param {number} at
 */
export function clipOfMoment(line, turnId, at) {
  for (const clip of line.clips) {
    if (turnId === null || clip.turn_id !== turnId || clip.slot !== "speaker") continue;
    if (clip.started_at <= at && at < clipEnd(clip, line.room.now)) return clip;
  }
  return clipAt(line, "aula", at);
}

/**
 * @param {Clip} clip
 * @param {number} at
 * @returns {number} seconds into the clip
 */
export const offsetIn = (clip, at) => (at - clip.started_at) / 1000;

/**
 * Who had the stage: a turn's interval, or null for the hall. A call that was undone never had it.
 * @param {Timeline} line
 * @param {number} at
 */
export function turnAt(line, at) {
  const turn = line.turns.find((one) => one.outcome !== "dibatalkan" && one.intervals.some((i) => i.from <= at && at < (i.to ?? Infinity)));
  return turn ?? null;
}

/**
 * The first instant at or after `at` that no seal covers; seals may overlap and touch.
 * @param {Timeline} line
 * @param {number} at
 */
export function unsealed(line, at) {
  const seals = [...(line.seals ?? [])].sort((a, b) => a.from - b.from);
  return seals.reduce((now, seal) => (seal.from <= now && now < seal.to ? seal.to : now), at);
}

/**
 * @param {Timeline} line
 * @param {number} at
 */
export function itemAt(line, at) {
  return line.agenda.find((item) => item.started_at !== null && item.started_at <= at && at < (item.ended_at ?? Infinity)) ?? null;
}

/**
 * The first recorded instant at or after `at`, null when nothing follows.
 * @param {Timeline} line
 * @param {number} at
 */
export function nextRecorded(line, at) {
  let next = null;
  for (const clip of line.clips) {
    if (clipEnd(clip, line.room.now) <= at) continue;
    const from = Math.max(at, clip.started_at);
    if (next === null || from < next) next = from;
  }
  return next;
}

/**
 * First and last instant that the track shows.
 * @param {Timeline} line
 * @returns {{from: number, to: number}}
 */
export function bounds(line) {
  const { room } = line;
  const starts = line.clips.map((clip) => clip.started_at);
  const ends = line.clips.map((clip) => clipEnd(clip, room.now));
  const from = Math.min(room.opened_at ?? room.now, ...starts);
  const to = Math.max(room.closed_at ?? (room.status === "ditutup" ? from : room.now), ...ends, from + 10_000);
  return { from, to };
}

/**
 * The mention by which a note stands on this session's timeline: the first spoken one.
 * @param {import("./api.js").Catatan} note
 * @param {string} roomId
 */
export function mentionIn(note, roomId) {
  const here = note.penyebutan.filter((mention) => mention.room_id === roomId);
  return here.find((mention) => mention.spoken) ?? here[0] ?? null;
}

/**
 * A round step for the ruler, so that labels stay about `gap` px apart.
 * @param {number} msPerPx
 */
export function rulerStep(msPerPx, gap = 90) {
  const wanted = msPerPx * gap;
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600].map((s) => s * 1000);
  return steps.find((step) => step >= wanted) ?? 3_600_000;
}
