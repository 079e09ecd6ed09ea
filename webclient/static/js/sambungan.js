/**
 * What a line is good for, judged by what was found out about it, and the words for it: those of the office's door,
 * with what to do about it, and those of the desks. Pure.
 */
import { t } from "./t.js";
import { clockWord } from "./words.js";

/** @typedef {import("./probe.js").Found} Found */
/** @typedef {Found & { checked_at: number, device: string }} Check one that the server keeps */
/** @typedef {"baik" | "tersambung" | "memutar" | "jauh" | "hemat" | "suara" | "putus" | "sulit" | "buntu"} Verdict
 *  tersambung: it comes through, more is not known */

/** Of speech; from here on people notice. */
const MUCH_LOST = 0.05;
/** kbit/s: of sound that carries its last packets along, of the small pictures beside it, of the middle ones. */
const SOUND_KBIT = 100;
const SMALL_KBIT = 300;
const FULL_KBIT = 800;
/** From here on people talk into each other's words. */
const FAR_MS = 700;

/** The worst that is true of it. @param {Found} found @returns {Verdict} */
export function verdictOf({ path, lost, down_kbit, rtt_ms, wire_ms }) {
  if (path === "none") return "buntu";
  if (down_kbit !== null && down_kbit < SOUND_KBIT) return "sulit";
  if (lost !== null && lost >= MUCH_LOST) return "putus";
  if (down_kbit !== null && down_kbit < SMALL_KBIT) return "suara";
  if (down_kbit !== null && down_kbit < FULL_KBIT) return "hemat";
  if ((rtt_ms ?? wire_ms ?? 0) > FAR_MS) return "jauh";
  if (path !== "udp") return "memutar";
  return down_kbit === null || lost === null ? "tersambung" : "baik";
}

/** @param {Verdict} verdict @returns {{ tone: "good" | "warn" | "alarm", words: string, remedy: string }} */
export function doorWords(verdict) {
  const other = t("Coba jaringan lain, misalnya paket data ponsel.");
  switch (verdict) {
    case "baik":
      return { tone: "good", words: t("Sambungan baik: suara dan gambar lancar."), remedy: "" };
    case "tersambung":
      return { tone: "good", words: t("Tersambung. Kuatnya sambungan belum sempat diukur."), remedy: "" };
    case "memutar":
      return { tone: "good", words: t("Tersambung lewat jalan memutar: suara dapat terlambat sesaat."), remedy: "" };
    case "jauh":
      return {
        tone: "warn", words: t("Suara sampai agak terlambat."),
        remedy: t("Tunggu sejenak sesudah orang lain selesai bicara, baru menjawab."),
      };
    case "hemat":
      return {
        tone: "warn", words: t("Sambungan cukup untuk suara dan gambar kecil."),
        remedy: t("Hentikan unduhan dan video lain di kantor ini. Bila gambar tersendat, pilih Gambar: Hemat sesudah masuk."),
      };
    case "suara":
      return {
        tone: "warn", words: t("Sambungan hanya cukup untuk suara."),
        remedy: t("Hentikan unduhan dan video lain di kantor ini, atau pilih Gambar: Suara sesudah masuk."),
      };
    case "putus":
      return {
        tone: "warn", words: t("Sambungan putus-putus: suara dapat terpotong."),
        remedy: `${t("Dekatkan perangkat ini ke pemancar Wi-Fi, atau pasang kabel.")} ${other}`,
      };
    case "sulit":
      return {
        tone: "alarm", words: t("Sambungan terlalu lambat: suara akan tersendat."),
        remedy: `${other} ${t("Giliran bicara juga dapat lewat telepon: hubungi petugas bantuan.")}`,
      };
    case "buntu":
      return {
        tone: "alarm", words: t("Suara dan gambar belum dapat lewat di jaringan ini."),
        remedy: `${other} ${t("Antrean dan usulan tetap dapat dipakai; giliran bicara dapat lewat telepon.")}`,
      };
  }
}

/** @type {Record<Verdict, () => string>} */
const SHORT = {
  baik: () => t("sambungan baik"),
  tersambung: () => t("sambungan belum diukur"),
  memutar: () => t("sambungan memutar"),
  jauh: () => t("suara terlambat"),
  hemat: () => t("cukup untuk gambar kecil"),
  suara: () => t("cukup untuk suara saja"),
  putus: () => t("sambungan putus-putus"),
  sulit: () => t("sambungan terlalu lambat"),
  buntu: () => t("suara dan gambar tidak lewat"),
};

/** For a row of a desk's list: what and when; empty for a seat that has never checked.
 *  @param {Check | undefined} check @param {Date} [now] */
export function checkWord(check, now = new Date()) {
  if (!check) return "";
  const day = new Date(check.checked_at);
  const date = day.toDateString() === now.toDateString() ? "" : `${day.getDate()}/${day.getMonth() + 1} `;
  return `${SHORT[verdictOf(check)]()} (${date}${clockWord(check.checked_at)})`;
}

/** Likewise with the device. @param {Check | undefined} check */
export function checkSentence(check) {
  return [checkWord(check), check?.device].filter(Boolean).join(", ");
}
