/**
 * A list of usulan that an office has as a CSV file, read on its own device: line by line, checked whole before
 * anything of it is kept. The Panitia's lists are read by the server (`server/planning/impor.py`, `impor_usulan.py`);
 * columns, complaints and ids are the same here, so that a file which comes both ways is there once.
 */
import { bidang, sumberDana } from "../desk/bidang.js";
import { degrees, pola, statusLahan, urgensi } from "../lengkap.js";
import { t } from "../t.js";
import { sha1 } from "./sha1.js";

/** @typedef {import("../merge.js").Typed} Typed */
/** @typedef {{ baris: number, kata: string }} Wrong */
/** @typedef {{ line: number, cells: string[] }} Line */

const LONG = ["masalah", "gagasan"];
const WHOLE = ["perkiraan_biaya", "jumlah_terdampak"];
const COLUMNS = ["judul", "masalah", "gagasan", "bidang", "sub_bidang", "dusun", "alamat", "volume", "satuan", "perkiraan_biaya",
  "sumber_dana", "jumlah_terdampak", "pengusul_nama", "pengusul_jabatan", "urgensi", "status_lahan", "pola", "lat", "lng", "kontak"];
/** Columns of degrees, and how far they go. */
const MOST_DEGREES = new Map([["lat", 90], ["lng", 180]]);
const MOST_LONG = 4000;
const MOST_CHARS = 200;
export const MOST_LINES = 500;
const UNSTORABLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
/** What `uuid5` of the server's reader starts from. */
const NAMESPACE = "a4c0d2b44b585d559d0e3f5b8f6b7c11";

/** Nothing of this file can be read; says why. */
export class BadFile extends Error {}

/**
 * @param {ArrayBuffer} bytes of the file
 * @param {string} kode of the office
 * @returns {{ rows: Typed[], wrong: Wrong[] }} rows: what stands in inputs, in the order of the file. Throws BadFile.
 */
export function readList(bytes, kode) {
  const [heading, ...lines] = linesOf(decoded(bytes));
  const names = (heading?.cells ?? []).map((name) => name.trim().toLowerCase());
  if (new Set(names).size < names.length || names.includes("")) throw new BadFile(t("Setiap kolom di baris judul perlu nama sendiri."));
  if (!names.includes("judul")) throw new BadFile(t("Baris judul tidak memuat kolom: {kolom}.", { kolom: "judul" }));
  /** @type {Map<string, number>} */
  const first = new Map();
  /** @type {Typed[]} */
  const rows = [];
  /** @type {Wrong[]} */
  const wrong = [];
  const known = listed();
  for (const { line, cells } of lines) {
    const texts = cells.map((cell) => cell.split(/\s+/).join(" ").trim());
    if (!texts.some(Boolean)) continue;
    /** @type {Typed} */
    const read = Object.fromEntries(names.map((name, at) => [name, texts[at] ?? ""]));
    const beyond = texts.slice(names.length).some(Boolean) ? t("isiannya lebih banyak daripada kolomnya; beri tanda kutip bila ada koma") : "";
    const kata = beyond || complaint(read, kode, known) || repeated(read, line, first);
    if (kata) wrong.push({ baris: line, kata });
    else rows.push(asTyped(read));
  }
  if (rows.length > MOST_LINES) throw new BadFile(t("Berkas ini memuat lebih dari {banyak} usulan.", { banyak: MOST_LINES }));
  return { rows, wrong };
}

/** What no two lines of one office have in common. @param {Typed} words */
export function same(words) {
  return [words.judul, words.dusun, words.alamat].map((text) => (text ?? "").trim().toLowerCase()).join("\n");
}

/** The id that follows from what a line says, on every device. @param {string} room @param {string} seat @param {Typed} words */
export function lineId(room, seat, words) {
  const space = Uint8Array.from(NAMESPACE.match(/../g) ?? [], (pair) => parseInt(pair, 16));
  const name = new TextEncoder().encode(`${room}\n${seat.toLowerCase()}\n${same(words)}`);
  const b = sha1(new Uint8Array([...space, ...name])).slice(0, 16);
  b[6] = (/** @type {number} */ (b[6]) & 0x0f) | 0x50;
  b[8] = (/** @type {number} */ (b[8]) & 0x3f) | 0x80;
  const hex = Array.from(b, (v) => v.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** @param {ArrayBuffer} bytes */
function decoded(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new BadFile(t("Berkas ini bukan teks UTF-8; simpan ulang sebagai CSV UTF-8."));
  }
}

/** RFC 4180, with commas or semicolons. @param {string} text @returns {Line[]} `line` as the file counts them. Throws BadFile. */
export function linesOf(text) {
  const [head = ""] = text.split(/\r?\n/, 1);
  const delimiter = head.split(";").length > head.split(",").length ? ";" : ",";
  const broken = () => new BadFile(t("Berkas ini bukan CSV yang utuh; periksa tanda kutipnya."));
  /** @type {Line[]} */
  const lines = [];
  let at = 0;
  let line = 1;
  while (at < text.length) {
    /** @type {Line} */
    const record = { line, cells: [] };
    for (;;) {
      let cell = "";
      if (text[at] === '"') {
        for (;;) {
          const end = text.indexOf('"', at + 1);
          if (end < 0) throw broken();
          cell += text.slice(at + 1, end);
          at = end + 1;
          if (text[at] !== '"') break;
          cell += '"';
        }
        line += cell.split("\n").length - 1;
        if (at < text.length && text[at] !== delimiter && text[at] !== "\r" && text[at] !== "\n") throw broken();
      } else {
        const start = at;
        while (at < text.length && text[at] !== delimiter && text[at] !== "\r" && text[at] !== "\n") at++;
        cell = text.slice(start, at);
      }
      record.cells.push(cell);
      if (text[at] !== delimiter) break;
      at++;
    }
    if (text[at] === "\r" && text[at + 1] === "\n") at++;
    at++;
    line++;
    lines.push(record);
  }
  return lines;
}

/**
 * @param {Typed} read @param {string} kode @param {Map<string, Set<string>>} known codes by column
 * @returns {string} what is wrong with a line; empty: nothing
 */
function complaint(read, kode, known) {
  if (read.kode_wilayah && read.kode_wilayah !== kode) return t("kode {kode} bukan kantor ini", { kode: read.kode_wilayah });
  if (!read.judul) return t("{kolom} kosong", { kolom: "judul" });
  for (const name of COLUMNS) {
    const text = read[name] ?? "";
    const most = LONG.includes(name) ? MOST_LONG : MOST_CHARS;
    if (text.length > most) return t("{kolom} lebih dari {banyak} huruf", { kolom: name, banyak: most });
    if (WHOLE.includes(name) && text && !/^\d{1,15}$/.test(bare(text))) return t("{kolom} {isi} bukan bilangan bulat", { kolom: name, isi: text });
    if (name === "volume" && text && !/^\d{1,9}([.,]\d{1,3})?$/.test(text)) return t("{kolom} {isi} bukan angka; contoh: 12,5", { kolom: name, isi: text });
    const at = MOST_DEGREES.has(name) ? degrees(text) : null;
    if (typeof at === "string") return t("{kolom} {isi} bukan angka; contoh: {contoh}", { kolom: name, isi: text, contoh: "-8,2192" });
    if (at !== null && Math.abs(at) > (MOST_DEGREES.get(name) ?? 0)) return t("{kolom} {isi} di luar bumi: paling jauh {batas}", { kolom: name, isi: text, batas: MOST_DEGREES.get(name) ?? 0 });
    if (text && known.has(name) && !known.get(name)?.has(text)) return t("{kolom} {isi} tidak ada dalam daftar", { kolom: name, isi: text });
    if (UNSTORABLE.test(text)) return t("{kolom} memuat huruf yang tidak dapat disimpan", { kolom: name });
  }
  const { bidang: whole, sub_bidang: part = "", sumber_dana: money = "" } = read;
  if (whole && part && !part.startsWith(`${whole}.`)) return t("sub_bidang {isi} bukan bagian dari bidang {bidang}", { isi: part, bidang: whole });
  if (!read.lat !== !read.lng) return t("isi lat dan lng, atau kosongkan keduanya");
  if (kode[9] === "1" && ["dd", "add"].includes(money)) return t("kelurahan tidak mempunyai Dana Desa atau ADD");
  return "";
}

/** @param {Typed} read @param {number} line @param {Map<string, number>} first where each was seen first */
function repeated(read, line, first) {
  const before = first.get(same(read));
  if (before === undefined) first.set(same(read), line);
  return before === undefined ? "" : t("usulan “{judul}” sudah ada di baris {baris}", { judul: read.judul ?? "", baris: before });
}

/** @param {Typed} read @returns {Typed} */
function asTyped(read) {
  const words = Object.fromEntries(COLUMNS.map((name) => [name, WHOLE.includes(name) ? bare(read[name] ?? "") : read[name] ?? ""]));
  const paper = ["susulan", "kertas"].includes((read.kanal ?? "").toLowerCase());
  return { ...words, volume: (read.volume ?? "").replace(".", ","), bidang: words.bidang || (words.sub_bidang ?? "").split(".")[0] || "", kanal: paper ? "susulan" : "sidang_desa" };
}

/** `Rp 1.250.000` as people write it. @param {string} text */
const bare = (text) => text.toLowerCase().replace(/^rp/, "").replace(/[.\s]/g, "");

/** @returns {Map<string, Set<string>>} codes by column */
function listed() {
  const whole = bidang().filter(([code]) => !code.includes("."));
  const parts = bidang().filter(([code]) => code.includes("."));
  const offered = { bidang: whole, sub_bidang: parts, sumber_dana: sumberDana(), urgensi: urgensi(), status_lahan: statusLahan(), pola: pola() };
  return new Map(Object.entries(offered).map(([name, known]) => [name, new Set(known.map(([code]) => code))]));
}
