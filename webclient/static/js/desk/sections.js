/**
 * The shapes of a console's view, as PROTOCOL.md tells them, and the few questions that every console
 * asks of them. Pure.
 */
import { t } from "../t.js";

/** @typedef {{holder: "pimpinan" | "protokol" | "pengganti", nama: string | null, since: number | null, dropped: boolean, until: number | null}} Lead */
/** @typedef {{title: string, status: "disiapkan" | "berlangsung" | "diskors" | "ditutup", item_id: string | null, item_kind: string | null, queue_open: boolean, off_record: boolean, chair: Lead, quorum: Quorum, settings: {turn_limit_s: number, warn_before_s: number, grace_s: number, bersiap: number}}} Session */
/** @typedef {{item_id: string, kind: string, title: string, state: "belum" | "berjalan" | "selesai"}} Item */
/** @typedef {{seq: number, slots: Record<string, string | null>}} Stage */
/** @typedef {{turn_id: string, seat_id: string, label: string, nama: string, jabatan: string, topic: string, state: "bicara" | "disela" | "ditahan" | "jeda", media: string, limit_s: number, spoken_ms: number, running_since: number | null, limit_at: number | null, warned: boolean, overrun: boolean, grace_until: number | null, undo_until?: number | null, message?: string | null}} Turn */
/** @typedef {{turn_id: string, kind: "interupsi" | "tanggapan", seat_id: string, label: string, nama: string | null, jabatan: string | null, reason: string | null, state: string, running_since: number | null, spoken_ms: number}} Interjection */
/** @typedef {{point_id: string, seat_id: string, label: string, nama: string | null, reason: string | null, raised_at: number}} Point */
/** @typedef {{seat_id: string, label: string, ready: boolean}} Bersiap */
/** @typedef {{place: number, seat_id: string, label: string, request_id: string | null, nama: string, topic: string, reason: string, connected: boolean, can_publish: boolean, consent: string, ready: boolean, telepon: boolean, wajah: Face, passed: number, state: "naskah" | "antre"}} Place */
/** @typedef {{request_id: string, seat_id: string, label: string, peserta_id: string, nama: string, topic: string, state: string, requested_at: number, jawaban: string | null, answered_at: number | null}} Hand */
/** @typedef {{seat_id: string, kind: string, label: string, kode_wilayah: string, connected: boolean, can_publish: boolean, consent: string, di_aula: boolean, telepon: boolean, wajah: Face, alat: number, panel: boolean, turns: number, spoken_ms: number}} Seat */
/** @typedef {{turn_id: string, seat_id: string, label: string, nama: string, topic: string, started_at: number, ended_at: number | null, outcome: string | null, spoken_ms: number, kind?: string}} Past */
/** @typedef {{peserta_id: string, seat_id: string, nama: string, jabatan: string, unsur: string, jenis_kelamin: string, hak: string, sanksi: string, peringatan: number, alasan: string}} Peserta */
/** @typedef {{seal_id: string, from: number, to: number, sealed_at: number, alasan: string}} Seal */
/** @typedef {{present: number, invited: number, needed: number, met: boolean, blocking: boolean}} Quorum */

/** @typedef {"belum" | "dikenal" | "bukan" | null} Face whether a desk has looked at who is there; null: nobody needs to */
/** @typedef {{connected: boolean, can_publish: boolean, consent: string, wajah: Face}} Presence */

/**
 * Why a seat cannot be put on air now, in words; empty when it can (rules R22, R95).
 * @param {Presence} seat
 */
export function obstacle(seat) {
  if (seat.consent === "tanpa_rekaman") return t("Tanpa rekaman, hanya menyimak");
  if (!seat.connected) return t("Belum tersambung");
  if (seat.wajah === "bukan") return t("Ditahan: bukan kantor ini");
  if (seat.consent !== "direkam") return t("Belum menjawab soal rekaman");
  if (!seat.can_publish) return t("Tanpa kamera dan mikrofon");
  return "";
}

/**
 * Whether a seat may be called now. A queue that is shut takes no new hands; those who wait are still called.
 * @param {Session | null} session
 */
export function callsOpen(session) {
  return session?.status === "berlangsung" && session.item_kind === "dialog";
}

/**
 * The first place whose office could be called: what the order suggests (rule R43).
 * @param {Place[]} board
 */
export function suggested(board) {
  return board.find((place) => obstacle(place) === "") ?? null;
}

/**
 * The places a chair would take next: those that are prepared, in the board's order; when nobody can be
 * put on air yet, the head of the board, so that one sees who is missing. Who was let in between now is heard
 * already, and is not who comes next.
 * @param {Place[]} board
 * @param {Bersiap[]} bersiap
 * @param {string} [between] the seat of an interruption or an answer that runs
 * @returns {Place[]}
 */
export function nextPlaces(board, bersiap, between = "") {
  const others = board.filter((place) => place.seat_id !== between);
  const prepared = bersiap.flatMap((one) => others.find((place) => place.seat_id === one.seat_id) ?? []);
  return prepared.length ? prepared : others.slice(0, 1);
}
