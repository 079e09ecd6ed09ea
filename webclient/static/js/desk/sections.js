/**
 * The shapes of a console's view, as PROTOCOL.md tells them, and the few questions that every console
 * asks of them. Pure.
 */
import { t } from "../t.js";

/** @typedef {{title: string, status: "disiapkan" | "berlangsung" | "diskors" | "ditutup", item_id: string | null, item_kind: string | null, queue_open: boolean, off_record: boolean, settings: {turn_limit_s: number, warn_before_s: number, grace_s: number, bersiap: number}}} Session */
/** @typedef {{item_id: string, kind: string, title: string, state: "belum" | "berjalan" | "selesai"}} Item */
/** @typedef {{seq: number, slots: Record<string, string | null>}} Stage */
/** @typedef {{turn_id: string, seat_id: string, label: string, nama: string, jabatan: string, topic: string, state: "bicara" | "ditahan" | "jeda", media: string, limit_s: number, spoken_ms: number, running_since: number | null, limit_at: number | null, warned: boolean, overrun: boolean, grace_until: number | null}} Turn */
/** @typedef {{seat_id: string, label: string, ready: boolean}} Bersiap */
/** @typedef {{place: number, seat_id: string, label: string, request_id: string | null, nama: string, topic: string, reason: string, connected: boolean, can_publish: boolean, consent: string, ready: boolean, state: "naskah" | "antre"}} Place */
/** @typedef {{request_id: string, seat_id: string, label: string, peserta_id: string, nama: string, topic: string, state: string, requested_at: number}} Hand */
/** @typedef {{seat_id: string, kind: string, label: string, kode_wilayah: string, connected: boolean, can_publish: boolean, consent: string, turns: number, spoken_ms: number}} Seat */
/** @typedef {{turn_id: string, seat_id: string, label: string, nama: string, topic: string, started_at: number, ended_at: number | null, outcome: string | null, spoken_ms: number}} Past */
/** @typedef {{peserta_id: string, seat_id: string, nama: string, jabatan: string}} Peserta */

/** @typedef {{connected: boolean, can_publish: boolean, consent: string}} Presence */

/**
 * Why a seat cannot be put on air now, in words; empty when it can (rule R22).
 * @param {Presence} seat
 */
export function obstacle(seat) {
  if (seat.consent === "tanpa_rekaman") return t("Tanpa rekaman, hanya menyimak");
  if (!seat.connected) return t("Belum tersambung");
  if (seat.consent !== "direkam") return t("Belum menjawab soal rekaman");
  if (!seat.can_publish) return t("Tanpa kamera dan mikrofon");
  return "";
}

/**
 * The places a chair would take next: those that are prepared, in the board's order; when nobody can be
 * put on air yet, the head of the board, so that one sees who is missing.
 * @param {Place[]} board
 * @param {Bersiap[]} bersiap
 * @returns {Place[]}
 */
export function nextPlaces(board, bersiap) {
  const prepared = bersiap.flatMap((one) => board.find((place) => place.seat_id === one.seat_id) ?? []);
  return prepared.length ? prepared : board.slice(0, 1);
}
