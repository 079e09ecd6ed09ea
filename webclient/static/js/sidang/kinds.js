/**
 * The kinds of record of an office's own meeting: their fields, and how what stands in inputs becomes what the server takes.
 */
import { content, fields as usulanFields, typedOf } from "../desa/usulan_fields.js";
import { t } from "../t.js";
import { hakCodes, hakWord, sexWord, unsurCodes } from "../person.js";
import { unsurWord } from "../words.js";

/** @typedef {import("../merge.js").Typed} Typed */
/** @typedef {Omit<import("../desa/usulan_fields.js").Field, "kind"> & { kind?: "text" | "long" | "number" | "choice" | "degrees" | "date" | "time" }} Field */
/** @typedef {{ path: (one: string) => string, fields: () => Field[], body: (words: Typed) => Record<string, unknown>, words: (stored: any) => Typed }} Shape */

const yes = (/** @type {boolean} */ is) => (is ? "ya" : "");
const gone = () => ({ name: "hapus", words: t("Dihapus dari daftar"), say: (/** @type {string} */ v) => (v ? t("ya") : t("tidak")) });
/** What the form does not show and the record keeps. */
const BESIDE = ["sub_bidang", "sumber_dana", "kanal"];

/** @type {Shape} */
const usulan = {
  path: (one) => `/usulan/${one}`,
  // The kamus is searched at the server, which an office at its own meeting may be without.
  fields: () => [...usulanFields().filter(({ name }) => name !== "kamus_usulan"), { name: "kanal", words: t("Dari mana"), kind: "choice", choices: kanal(), say: (v) => kanal().find(([code]) => code === v)?.[1] ?? v }, gone()],
  body: (words) => ({
    ...content(words),
    kamus_usulan: undefined,
    sub_bidang: words.sub_bidang?.startsWith(`${words.bidang}.`) ? words.sub_bidang : "",
    sumber_dana: words.sumber_dana ?? "",
    kanal: words.kanal || "sidang_desa",
    hapus: words.hapus === "ya",
  }),
  words: (stored) => ({ ...typedOf(stored), ...Object.fromEntries(BESIDE.map((name) => [name, stored[name]])), hapus: yes(stored.hapus),
    tahap: stored.tahap, putusan: stored.putusan, terkunci: yes(stored.terkunci), disebut: String(stored.disebut) }),
};

/** @returns {[string, string][]} */
function kanal() {
  return [["sidang_desa", t("Dibahas dalam sidang ini")], ["susulan", t("Disusulkan dari kertas")]];
}

const PERSON = ["nama", "jabatan", "jenis_kelamin", "unsur", "asal", "hak"];
/** @type {Shape} */
const hadir = {
  path: (one) => `/hadir/${one}`,
  fields: () => [
    { name: "nama", words: t("Nama"), wide: true },
    { name: "jabatan", words: t("Jabatan atau lembaga") },
    { name: "asal", words: t("Asal (dusun, RT/RW)") },
    { name: "jenis_kelamin", words: t("Laki-laki atau perempuan"), kind: "choice", choices: [["", t("Tidak disebut")], ["L", sexWord("L")], ["P", sexWord("P")]], say: sexWord },
    { name: "unsur", words: t("Mewakili unsur"), kind: "choice", choices: [["", t("Tidak disebut")], ...unsurCodes()], say: unsurWord },
    { name: "hak", words: t("Hak dalam sidang"), kind: "choice", choices: [["", t("Tidak disebut")], ...hakCodes()], say: hakWord },
    gone(),
  ],
  body: (words) => ({ ...only(PERSON, words), hapus: words.hapus === "ya" }),
  words: (stored) => ({ ...only(PERSON, stored), hapus: yes(stored.hapus) }),
};

const ABOUT = ["nomor", "tanggal", "jam_mulai", "jam_selesai", "tempat", "pimpinan", "notulis", "narasumber", "materi", "cara"];
/** @type {Shape} */
const pokok = {
  path: () => "",
  fields: () => [
    { name: "tanggal", words: t("Tanggal"), kind: "date" },
    { name: "tempat", words: t("Tempat"), hint: t("Contoh: balai desa") },
    { name: "jam_mulai", words: t("Mulai pukul"), kind: "time" },
    { name: "jam_selesai", words: t("Selesai pukul"), kind: "time" },
    { name: "pimpinan", words: t("Pimpinan musyawarah") },
    { name: "notulis", words: t("Notulis") },
    { name: "narasumber", words: t("Narasumber") },
    { name: "nomor", words: t("Nomor berita acara") },
    { name: "materi", words: t("Materi yang dibahas"), kind: "long", wide: true },
    { name: "cara", words: t("Cara pengambilan keputusan"), kind: "choice", choices: cara(), say: (v) => cara().find(([code]) => code === v)?.[1] ?? v, wide: true },
    { name: "selesai", words: t("Sidang sudah ditutup"), say: (v) => (v ? t("ya") : t("belum")) },
  ],
  body: (words) => ({ ...only(ABOUT, words), tanggal: words.tanggal || null, selesai: words.selesai === "ya" }),
  words: (stored) => ({ ...only(ABOUT, stored), selesai: yes(stored.selesai), selesai_at: String(stored.selesai_at ?? "") }),
};

/** @returns {[string, string][]} */
function cara() {
  return [["", t("Belum diisi")], ["mufakat", t("Musyawarah mufakat")], ["suara", t("Pemungutan suara")]];
}

/** @type {Shape} */
const urutan = {
  path: () => "/urutan",
  fields: () => [{ name: "ids", words: t("Urutan prioritas") }],
  body: (words) => ({ ids: idsOf(words) }),
  words: (stored) => ({ ids: stored.ids.join(" ") }),
};

export const KINDS = { pokok, hadir, usulan, urutan };

/** @param {Typed} words of an order */
export const idsOf = (words) => (words.ids ?? "").split(" ").filter(Boolean);

/** @param {string[]} names @param {Record<string, any>} of @returns {Typed} */
function only(names, of) {
  return Object.fromEntries(names.map((name) => [name, String(of[name] ?? "").trim()]));
}
