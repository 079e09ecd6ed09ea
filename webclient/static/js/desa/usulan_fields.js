/**
 * The fields of an office's usulan, and how what was typed becomes what the server takes.
 */
import { degrees, lengkap } from "../lengkap.js";
import { t } from "../t.js";

/** @typedef {{ name: string, words: string, kind?: "text" | "long" | "number" | "choice" | "degrees", hint?: string,
 *   choices?: [string, string][], wide?: boolean, say?: (value: string) => string }} Field */

/** @returns {Field[]} */
export function fields() {
  /** @type {[string, string][]} */
  const bidang = [
    ["", t("Belum tahu")], ["1", t("Penyelenggaraan pemerintahan")], ["2", t("Pelaksanaan pembangunan")],
    ["3", t("Pembinaan kemasyarakatan")], ["4", t("Pemberdayaan masyarakat")], ["5", t("Bencana, darurat, dan mendesak")]];
  return [
    { name: "judul", words: t("Apa yang diusulkan?"), hint: t("Contoh: pembangunan jembatan gantung Dusun Krajan"), wide: true },
    { name: "kamus_usulan", words: t("Kamus usulan (boleh kosong)"), hint: t("Ketik beberapa kata, lalu pilih"), wide: true },
    { name: "masalah", words: t("Masalahnya"), kind: "long", wide: true },
    { name: "gagasan", words: t("Gagasan penyelesaiannya"), kind: "long", wide: true },
    { name: "bidang", words: t("Bidang"), kind: "choice", wide: true, choices: bidang, say: (value) => bidang.find(([code]) => code === value)?.[1] ?? value },
    { name: "dusun", words: t("Dusun / RT / RW") },
    { name: "alamat", words: t("Alamat") },
    { name: "volume", words: t("Volume"), hint: t("Contoh: 120 atau 12,5") },
    { name: "satuan", words: t("Satuan"), hint: t("Contoh: meter, unit") },
    { name: "perkiraan_biaya", words: t("Perkiraan biaya (Rp)"), kind: "number" },
    { name: "jumlah_terdampak", words: t("Warga yang terbantu"), kind: "number" },
    { name: "pengusul_nama", words: t("Nama pengusul") },
    { name: "pengusul_jabatan", words: t("Jabatan pengusul") },
    ...lengkap(),
  ];
}

/** @param {Record<string, string>} words what stands in the inputs @returns {Record<string, unknown>} */
export function content(words) {
  /** @type {Record<string, unknown>} */
  const note = {};
  for (const { name, kind } of fields()) {
    const text = (words[name] ?? "").trim();
    if (kind === "number") {
      const digits = text.replace(/[^\d]/g, "");
      note[name] = digits ? Number(digits) : null;
    } else if (kind === "degrees") note[name] = degrees(text);
    else note[name] = name === "volume" ? text || null : text;
  }
  return note;
}

/** What stands in the inputs when a note is opened. @param {import("../desk/api.js").Catatan} note @returns {Record<string, string>} */
export function typedOf(note) {
  /** @type {Record<string, string>} */
  const typed = {};
  for (const { name } of fields()) {
    const value = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (note))[name];
    typed[name] = value === null || value === undefined ? "" : String(value);
  }
  for (const name of ["volume", "lat", "lng"]) typed[name] = (typed[name] ?? "").replace(".", ",");
  return typed;
}
