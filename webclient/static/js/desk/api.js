/**
 * The HTTP side of a personal link: JSON in, JSON out, refusals as one exception that carries the
 * server's words and its message per field. A line that is down is told apart from a refusal, since
 * only then may the page keep trying by itself.
 */
import { t } from "../t.js";

/** @typedef {"usulan" | "keluhan" | "pertanyaan" | "arahan"} Jenis */
/** @typedef {{id: string, jenis: Jenis, ucapan: string, judul: string, masalah: string, gagasan: string, bidang: string, sub_bidang: string, kode_wilayah: string, seat_id: string | null, label: string, kecamatan: string, dusun: string, alamat: string, volume: string | null, satuan: string, perkiraan_biaya: number | null, sumber_dana: string, opd_tujuan: string, jumlah_terdampak: number | null, pengusul_nama: string, pengusul_jabatan: string, urgensi: string, status_lahan: string, pola: string, kontak: string, lat: number | null, lng: number | null, kanal: string, tahap: string, putusan: string, penanggung_jawab: string, tenggat: string | null, keliru: string, version: number, created_at: number, diprioritaskan_at: number | null, foto: string[], lampiran: {id: string, jenis: string, tipe: string, halaman: number}[], penyebutan: import("./timeline.js").Mention[], riwayat?: {at: number, by: string, field: string, old: string, new: string, note: string}[]}} Catatan */
/** @typedef {{items: Catatan[], total: number, version: number}} CatatanList */
/** @typedef {{id: string, updated_at: number, body: Record<string, unknown>}} Konsep */

export const PATIENCE_MS = 30_000;
const PATIENCE_PHOTO_MS = 180_000;

/** The server said no; nothing was changed. */
export class Refusal extends Error {
  /**
   * @param {number} status
   * @param {string} code
   * @param {string} message
   * @param {Record<string, string>} fields
   * @param {Catatan | null} stored of a conflict: the note as it is
   * @param {{baris: number, kata: string}[]} salah lines of a file that are wrong
   */
  constructor(status, code, message, fields, stored = null, salah = []) {
    super(message);
    this.salah = salah;
    this.stored = stored;
    this.status = status;
    this.code = code;
    this.fields = fields;
  }
}

/** The server could not be reached, or could not answer; the same request may be sent again. */
export class Unreachable extends Error {}

/**
 * @param {string} method
 * @param {string} url
 * @param {unknown} [body] sent as JSON; a Blob as it is
 * @param {AbortSignal} ends it; a line that just hangs would hold what waits for it for good
 * @returns {Promise<any>}
 */
export async function request(method, url, body, ends = AbortSignal.timeout(body instanceof Blob ? PATIENCE_PHOTO_MS : PATIENCE_MS)) {
  /** @type {Response} */
  let answer;
  try {
    const plain = body === undefined || body instanceof Blob;
    answer = await fetch(url, {
      method,
      headers: plain ? {} : { "Content-Type": "application/json" },
      body: plain ? (body ?? null) : JSON.stringify(body),
      credentials: "same-origin",
      signal: ends,
    });
  } catch {
    throw new Unreachable(t("Sambungan terputus"));
  }
  if (answer.status >= 500 || answer.status === 429) throw new Unreachable(t("Peladen sedang tidak menjawab"));
  if (answer.status === 204) return null;
  const content = await answer.json().catch(() => null);
  if (answer.ok && content === null) throw new Unreachable(t("Sambungan terputus"));
  if (answer.ok) return content;
  throw new Refusal(answer.status, content?.code ?? "", content?.title ?? t("Permintaan ditolak"), content?.fields ?? {}, content?.stored ?? null, content?.salah ?? []);
}

/**
 * @param {string} url
 * @returns {Promise<any>}
 */
export const get = (url) => request("GET", url);
