/**
 * Which offices need help now and why, the worst first: what Petugas Bantuan looks at. Pure.
 */
import { t } from "../t.js";
import { verdictOf } from "../sambungan.js";

/** @typedef {import("./sections.js").Seat} Seat */
/** @typedef {{ lost: number, seen: boolean, speaking: boolean, narrow: boolean }} Health */
/** @typedef {{ seat: Seat, weight: number, words: string[] }} Trouble weight: the largest first */
/** @typedef {{ health: Health | undefined, check: import("../sambungan.js").Check | undefined, asks: boolean, near: boolean, came: boolean, began: boolean }} About
 *  asks: it wrote and has no answer; near: it speaks or is prepared; came: it was there before; began: the meeting is open */

const MUCH_LOST = 0.05;
/** An office that is on air or about to be comes before others with the same trouble. */
const NEAR = 1.5;

/** @param {Seat} seat @param {About} about @returns {Trouble | null} null: nothing is the matter */
export function troubleOf(seat, { health, check, asks, near, came, began }) {
  /** @type {[number, string][]} */
  const found = [];
  if (asks) found.push([100, t("Minta bantuan")]);
  if (seat.connected && seat.wajah === "bukan") found.push([90, t("Ditahan: bukan kantor ini")]);
  if (!seat.connected) {
    if (came) found.push([80, t("Terputus")]);
    else if (began) found.push([seat.kind === "dialog" ? 50 : 20, t("Belum pernah masuk")]);
  } else if (seat.consent !== "tanpa_rekaman") {
    if (!seat.can_publish) found.push([70, t("Tanpa mikrofon")]);
    else if (seat.wajah === "belum") found.push([near ? 60 : 30, t("Belum dilihat")]);
  }
  if (seat.connected && health) {
    if (health.lost >= MUCH_LOST) found.push([60 + 20 * Math.min(1, health.lost), t("Suara hilang {persen} %", { persen: Math.round(100 * health.lost) })]);
    if (health.narrow) found.push([45, t("Jaringan hanya cukup untuk suara")]);
    if (seat.panel && !health.seen) found.push([40, t("Gambar tidak sampai")]);
  }
  // What its door found out matters as long as nothing newer is known.
  if (check && !health && ["sulit", "buntu", "putus"].includes(verdictOf(check))) found.push([35, t("Sambungan buruk saat masuk")]);
  if (!found.length) return null;
  found.sort((a, b) => b[0] - a[0]);
  return { seat, weight: /** @type {[number, string]} */ (found[0])[0] * (near ? NEAR : 1), words: found.map(([, words]) => words) };
}

/** @param {(Trouble | null)[]} troubles @returns {Trouble[]} */
export function worstFirst(troubles) {
  return troubles.filter((one) => one !== null).sort((a, b) => b.weight - a.weight || a.seat.label.localeCompare(b.seat.label, "id"));
}
