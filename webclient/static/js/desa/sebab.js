/**
 * Why an office does not hear or is not heard: the usual causes one after the other, and what was found of each in
 * words that Petugas Bantuan can use. Pure.
 */
import { t } from "../t.js";

/** @typedef {"sambungan" | "pengeras" | "aula" | "mikrofon"} Cause */
/** @typedef {{ sambungan: "baik" | "putus" | "lemah" | null, pengeras: "ya" | "tidak" | null, aula: "terdengar" | "diam" | "dibuka" | "tidak" | null,
 *   mikrofon: "baik" | "mati" | "tanpa" | "senyap" | "telepon" | null }} Found what was found out of each; null: not looked at yet */

/** In this order: what is behind the first explains the others. @type {Cause[]} */
export const CAUSES = ["sambungan", "pengeras", "aula", "mikrofon"];

/** Loudness of a voice on the meter, 0..1. */
export const A_VOICE = 0.2;
const MUCH_LOST = 0.05;

/** @param {string} wire @param {string} call @param {{ lost: number } | null} health @returns {Found["sambungan"]} */
export function lineFound(wire, call, health) {
  if (wire !== "open" || call !== "connected") return "putus";
  return (health?.lost ?? 0) >= MUCH_LOST ? "lemah" : "baik";
}

/** @param {{ audio: unknown }} opened @param {boolean} soundOn @param {boolean} away @param {number} loudest @returns {Found["mikrofon"]} */
export function microphoneFound(opened, soundOn, away, loudest) {
  if (!opened.audio) return "tanpa";
  if (away) return "telepon";
  if (!soundOn) return "mati";
  return loudest >= A_VOICE ? "baik" : "senyap";
}

/** One line for each that was looked at. @param {Found} found @returns {string[]} */
export function foundWords(found) {
  const words = {
    sambungan: { baik: t("Sambungan: baik."), putus: t("Sambungan: terputus."), lemah: t("Sambungan: lemah, suara dapat terpotong.") },
    pengeras: { ya: t("Pengeras suara: nada terdengar."), tidak: t("Pengeras suara: nada tidak terdengar.") },
    aula: {
      terdengar: t("Suara Aula: sampai dan terdengar."), diam: t("Suara Aula: tidak ada yang sampai."),
      dibuka: t("Suara Aula: tadi tertahan di halaman, sudah dibuka."), tidak: t("Suara Aula: sampai, tetapi tidak terdengar."),
    },
    mikrofon: {
      baik: t("Mikrofon: bergerak saat bicara."), mati: t("Mikrofon: dimatikan."), tanpa: t("Mikrofon: tidak ada."),
      senyap: t("Mikrofon: nyala, tetapi tidak ada suara masuk."), telepon: t("Mikrofon: dipakai telepon atau aplikasi lain."),
    },
  };
  return CAUSES.flatMap((cause) => {
    const one = /** @type {Record<string, string>} */ (words[cause])[found[cause] ?? ""];
    return one ? [one] : [];
  });
}
