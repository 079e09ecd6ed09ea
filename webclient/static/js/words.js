/**
 * The screen's words for the stable codes of the wire: states, reasons, kinds. Every page takes them
 * from here, so that one thing has one name everywhere. Codes this page does not know are shown as
 * nothing rather than as a code: a screen never speaks in technical words.
 */
import { t } from "./t.js";

/** @typedef {Record<string, () => string>} Words */

/**
 * @param {Words} words
 * @param {string | null | undefined} code
 */
function word(words, code) {
  const known = code ? words[code] : undefined;
  return known ? known() : "";
}

/** @type {Words} */
const MEETING = {
  disiapkan: () => t("Belum dibuka"),
  berlangsung: () => t("Berlangsung"),
  diskors: () => t("Diskors"),
  ditutup: () => t("Ditutup"),
};

/** What an office is doing; `own.state` of the wire. @type {Words} */
const OFFICE = {
  menyimak: () => t("Menyimak"),
  menunggu: () => t("Menunggu"),
  bersiap: () => t("Bersiap"),
  giliran: () => t("Giliran"),
  ditahan: () => t("Ditahan"),
  terputus: () => t("Terputus"),
  disela: () => t("Giliran dijeda"),
  interupsi: () => t("Interupsi"),
  tanggapan: () => t("Menanggapi"),
};

/** @type {Words} */
const TURN = {
  bicara: () => t("Giliran"),
  disela: () => t("Disela, waktunya berhenti"),
  ditahan: () => t("Ditahan"),
  jeda: () => t("Menunggu tersambung lagi"),
  selesai: () => t("Selesai"),
  ditunda: () => t("Ditunda"),
  putus: () => t("Terputus"),
  dibatalkan: () => t("Dibatalkan"),
};

/** Turns in between; an ordinary one has no word of its own. @type {Words} */
const TURN_KIND = {
  interupsi: () => t("Interupsi"),
  tanggapan: () => t("Tanggapan"),
};

/** @type {Words} */
const SANCTION = {
  peringatan: () => t("Peringatan"),
  larang_bicara: () => t("Dilarang bicara"),
  keluarkan: () => t("Dikeluarkan"),
};

/** @type {Words} */
const REQUEST = {
  antre: () => t("Menunggu"),
  bicara: () => t("Giliran"),
  ditarik: () => t("Ditarik"),
  terlayani: () => t("Selesai"),
  tertulis: () => t("Menjadi usulan tertulis"),
  lewat_camat: () => t("Lewat camat"),
};

/** @type {Words} */
const SEAT = {
  aula: () => t("Aula"),
  dialog: () => t("Dialog"),
  menyimak: () => t("Menyimak"),
  tamu: () => t("Tamu"),
};

/** @type {Words} */
const ITEM = {
  seremoni: () => t("Seremoni"),
  paparan: () => t("Paparan"),
  dialog: () => t("Dialog"),
  penutup: () => t("Penutup"),
};

/** @type {Words} */
const MEDIA = {
  panggilan: () => t("Lewat ruang desa"),
  lewat_telepon: () => t("Lewat telepon"),
  hadir_di_aula: () => t("Hadir di aula"),
};

/** @type {Words} */
const CONSENT = {
  belum: () => t("Belum menjawab soal rekaman"),
  direkam: () => t("Bersedia direkam"),
  tanpa_rekaman: () => t("Tanpa rekaman, hanya menyimak"),
};

/** @type {Words} */
const NOTE = {
  usulan: () => t("Usulan"),
  keluhan: () => t("Keluhan"),
  pertanyaan: () => t("Pertanyaan"),
  arahan: () => t("Arahan"),
};

/** The part of society that somebody speaks for. @type {Words} */
const UNSUR = {
  tokoh_adat: () => t("tokoh adat"),
  tokoh_agama: () => t("tokoh agama"),
  tokoh_masyarakat: () => t("tokoh masyarakat"),
  tokoh_pendidik: () => t("tokoh pendidik"),
  tani: () => t("tani"),
  nelayan: () => t("nelayan"),
  perajin: () => t("perajin"),
  perempuan: () => t("perempuan"),
  pemerhati_anak: () => t("pemerhati anak"),
  masyarakat_miskin: () => t("masyarakat miskin"),
  difabel: () => t("difabel"),
};

/** @type {Words} */
const ROLE = {
  pimpinan: () => t("Layar Pimpinan"),
  operator: () => t("Meja Operator"),
  notulis: () => t("Meja Notulis"),
  panitia: () => t("Panitia"),
  bantuan: () => t("Petugas Bantuan"),
  aula: () => t("Aula"),
  desa: () => t("Ruang Desa"),
  peninjau: () => t("Peninjau"),
  replay: () => t("Putar ulang"),
};

/** @type {Words} */
const REASON = {
  naskah: () => t("sesuai naskah"),
  terputus: () => t("tadi terputus"),
  giliran_desa: () => t("giliran desa"),
  belum_bicara: () => t("belum pernah bicara"),
  urutan_datang: () => t("urutan datang"),
  ditunda: () => t("tadi ditunda"),
  disiapkan: () => t("sudah bersiap"),
  dilewati: () => t("dua kali tidak menjawab"),
  lama_menunggu: () => t("sudah lama menunggu"),
  giliran_tersedikit: () => t("paling sedikit giliran"),
  waktu_tersedikit: () => t("paling sedikit waktu bicara"),
};

/** @param {string | null | undefined} code */
export const meetingWord = (code) => word(MEETING, code);
/** @param {string | null | undefined} code */
export const officeWord = (code) => word(OFFICE, code);
/** @param {string | null | undefined} code */
export const turnWord = (code) => word(TURN, code);
/** @param {string | null | undefined} code */
export const turnKindWord = (code) => word(TURN_KIND, code);
/** @param {string | null | undefined} code */
export const sanctionWord = (code) => word(SANCTION, code);
/** @param {string | null | undefined} code */
export const requestWord = (code) => word(REQUEST, code);
/** @param {string | null | undefined} code */
export const seatWord = (code) => word(SEAT, code);
/** @param {string | null | undefined} code */
export const itemWord = (code) => word(ITEM, code);
/** @param {string | null | undefined} code */
export const mediaWord = (code) => word(MEDIA, code);
/** @param {string | null | undefined} code */
export const consentWord = (code) => word(CONSENT, code);
/** @param {string | null | undefined} code */
export const noteWord = (code) => word(NOTE, code);
/** @param {string | null | undefined} code */
export const unsurWord = (code) => word(UNSUR, code);
/** @param {string | null | undefined} code */
export const roleWord = (code) => word(ROLE, code);

/**
 * Kecamatan of a seat's label: `Tamansari, Kec. Licin` -> `Kec. Licin`; empty for the hall.
 * @param {string} label
 */
export function kecamatanOf(label) {
  const comma = label.lastIndexOf(", ");
  return comma < 0 ? "" : label.slice(comma + 2);
}

/**
 * Why a place stands where it stands, in words. The turn of a kecamatan names it.
 * @param {string | null | undefined} code
 * @param {string} [label] label of the place's seat
 */
export function reasonWord(code, label = "") {
  if (code === "giliran_kecamatan") {
    const kecamatan = kecamatanOf(label);
    return kecamatan ? t("giliran {kecamatan}", { kecamatan }) : t("giliran kecamatan");
  }
  return word(REASON, code);
}

/**
 * A clock as people here write it: `10.42`.
 * @param {number} at ms since the epoch
 */
export function clockWord(at) {
  const date = new Date(at);
  return `${String(date.getHours()).padStart(2, "0")}.${String(date.getMinutes()).padStart(2, "0")}`;
}

/**
 * The same with seconds: `10.42.07`.
 * @param {number} at ms since the epoch
 */
export function clockSecondsWord(at) {
  return `${clockWord(at)}.${String(new Date(at).getSeconds()).padStart(2, "0")}`;
}

/**
 * A length as minutes and seconds, `-0.20` when overrun: `3.05`.
 * @param {number} ms
 */
export function lengthWord(ms) {
  const total = Math.floor(Math.abs(ms) / 1000);
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor(total / 60) % 60;
  const seconds = String(total % 60).padStart(2, "0");
  const body = hours ? `${hours}.${String(minutes).padStart(2, "0")}.${seconds}` : `${minutes}.${seconds}`;
  return ms < 0 && total > 0 ? `-${body}` : body;
}
