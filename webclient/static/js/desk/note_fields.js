/**
 * The fields of a note: which of them each jenis asks for, how they are typed, and how what was typed becomes
 * what the server takes. Nothing typed is dropped when the jenis changes; it is only not shown.
 */
import { degrees, lengkap } from "../lengkap.js";
import { t } from "../t.js";

/** @typedef {import("./api.js").Jenis} Jenis */
/** @typedef {import("./api.js").Catatan} Catatan */
/** @typedef {{name: string, words: string, kind: "text" | "long" | "number" | "rupiah" | "date" | "bidang" | "dana" | "kamus" | "opd" | "choice" | "degrees", wide?: boolean, hint?: string, max?: number, choices?: [string, string][], say?: (value: string) => string}} Field */

const LONG = 4000;
const SHORT = 200;

/** @returns {Record<string, Field>} */
function fields() {
  return {
    ucapan: { name: "ucapan", words: t("Ucapan"), kind: "long", wide: true, max: LONG, hint: t("Seperti yang diucapkan") },
    judul: { name: "judul", words: t("Judul"), kind: "text", wide: true, max: SHORT },
    kamus_usulan: { name: "kamus_usulan", words: t("Kamus usulan"), kind: "kamus", wide: true, max: SHORT, hint: t("Ketik beberapa kata lalu pilih; boleh kosong") },
    masalah: { name: "masalah", words: t("Masalah"), kind: "long", max: LONG },
    gagasan: { name: "gagasan", words: t("Gagasan"), kind: "long", max: LONG },
    bidang: { name: "bidang", words: t("Bidang"), kind: "bidang", wide: true },
    dusun: { name: "dusun", words: t("Dusun, RT/RW"), kind: "text", max: SHORT },
    alamat: { name: "alamat", words: t("Lokasi"), kind: "text", max: SHORT },
    volume: { name: "volume", words: t("Volume"), kind: "number", max: 20 },
    satuan: { name: "satuan", words: t("Satuan"), kind: "text", max: SHORT, hint: t("m, unit, paket") },
    perkiraan_biaya: { name: "perkiraan_biaya", words: t("Perkiraan biaya (Rp)"), kind: "rupiah", max: 24 },
    sumber_dana: { name: "sumber_dana", words: t("Sumber dana"), kind: "dana" },
    opd_tujuan: { name: "opd_tujuan", words: t("OPD tujuan"), kind: "opd", max: SHORT },
    jumlah_terdampak: { name: "jumlah_terdampak", words: t("Jumlah terdampak (jiwa)"), kind: "rupiah", max: 12 },
    pengusul_nama: { name: "pengusul_nama", words: t("Pengusul"), kind: "text", max: SHORT },
    pengusul_jabatan: { name: "pengusul_jabatan", words: t("Jabatan pengusul"), kind: "text", max: SHORT },
    penanggung_jawab: { name: "penanggung_jawab", words: t("Penanggung jawab"), kind: "text", max: SHORT },
    tenggat: { name: "tenggat", words: t("Tenggat"), kind: "date" },
    ...Object.fromEntries(lengkap().map((field) => [field.name, { ...field, max: SHORT }])),
  };
}

/** @type {Record<Jenis, string[]>} */
const ASKED = {
  usulan: ["ucapan", "judul", "kamus_usulan", "masalah", "gagasan", "bidang", "dusun", "alamat", "volume", "satuan", "perkiraan_biaya", "sumber_dana", "opd_tujuan", "jumlah_terdampak", "pengusul_nama", "pengusul_jabatan", "urgensi", "status_lahan", "pola", "kontak", "lat", "lng"],
  keluhan: ["ucapan", "judul", "masalah", "bidang", "dusun", "alamat", "opd_tujuan", "jumlah_terdampak", "penanggung_jawab", "tenggat", "pengusul_nama", "pengusul_jabatan", "urgensi", "kontak", "lat", "lng"],
  pertanyaan: ["ucapan", "judul", "bidang", "opd_tujuan", "pengusul_nama", "pengusul_jabatan"],
  arahan: ["ucapan", "judul", "bidang", "opd_tujuan", "penanggung_jawab", "tenggat"],
};

/** @param {Jenis} jenis @returns {Field[]} */
export function fieldsOf(jenis) {
  const all = fields();
  const asked = ASKED[jenis].flatMap((name) => all[name] ?? []);
  const pair = asked.some((field) => field.name === "gagasan");
  return asked.map((field) => (field.name === "masalah" && !pair ? { ...field, wide: true } : field));
}

/** @typedef {Record<string, string>} Typed what stands in the inputs, by field; absent is empty */

/**
 * Digits as people write them: `Rp 150.000.000` is a number; anything else is left for the server to refuse.
 * @param {string} text
 */
function whole(text) {
  const digits = text.replace(/^rp/i, "").replace(/[\s.]/g, "");
  return digits === "" ? null : /^\d+$/.test(digits) ? Number(digits) : text;
}

/**
 * The content of POST and PATCH.
 * @param {Jenis} jenis
 * @param {Typed} typed
 */
export function content(jenis, typed) {
  const text = (/** @type {string} */ name) => typed[name]?.trim() ?? "";
  const code = text("bidang");
  return {
    jenis,
    ucapan: text("ucapan"), judul: text("judul"), masalah: text("masalah"), gagasan: text("gagasan"),
    kamus_usulan: text("kamus_usulan"),
    bidang: code.split(".")[0] ?? "", sub_bidang: code.includes(".") ? code : "",
    dusun: text("dusun"), alamat: text("alamat"),
    volume: text("volume") || null, satuan: text("satuan"),
    perkiraan_biaya: whole(text("perkiraan_biaya")), sumber_dana: text("sumber_dana"),
    opd_tujuan: text("opd_tujuan"), jumlah_terdampak: whole(text("jumlah_terdampak")),
    pengusul_nama: text("pengusul_nama"), pengusul_jabatan: text("pengusul_jabatan"),
    penanggung_jawab: text("penanggung_jawab"), tenggat: text("tenggat") || null,
    urgensi: text("urgensi"), status_lahan: text("status_lahan"), pola: text("pola"), kontak: text("kontak"),
    lat: degrees(text("lat")), lng: degrees(text("lng")),
  };
}

/**
 * What stands in the inputs when a note is opened again.
 * @param {Catatan} note
 * @returns {Typed}
 */
export function typedOf(note) {
  /** @type {Typed} */
  const typed = {};
  for (const name of Object.keys(fields())) {
    const value = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (note))[name];
    typed[name] = value === null || value === undefined ? "" : String(value);
  }
  typed.bidang = note.sub_bidang || note.bidang;
  for (const name of ["volume", "lat", "lng"]) typed[name] = (typed[name] ?? "").replace(".", ",");
  return typed;
}
