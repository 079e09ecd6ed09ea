/**
 * Bidang and sub-bidang as the desa's planning books number them, and the sources of money. Codes are what
 * is stored; a sub-bidang belongs to the bidang before its point.
 */
import { t } from "../t.js";

/** @returns {[string, string][]} code and name, in order */
export const bidang = () => [
  ["1", t("Penyelenggaraan Pemerintahan Desa")],
  ["1.1", t("Penghasilan Tetap, Tunjangan dan Operasional Pemerintahan Desa")],
  ["1.2", t("Sarana dan Prasarana Pemerintahan Desa")],
  ["1.3", t("Administrasi Kependudukan, Pencatatan Sipil, Statistik dan Kearsipan")],
  ["1.4", t("Tata Praja Pemerintahan, Perencanaan, Keuangan dan Pelaporan")],
  ["1.5", t("Pertanahan")],
  ["2", t("Pelaksanaan Pembangunan Desa")],
  ["2.1", t("Pendidikan")],
  ["2.2", t("Kesehatan")],
  ["2.3", t("Pekerjaan Umum dan Penataan Ruang")],
  ["2.4", t("Kawasan Permukiman")],
  ["2.5", t("Kehutanan dan Lingkungan Hidup")],
  ["2.6", t("Perhubungan, Komunikasi dan Informatika")],
  ["2.7", t("Energi dan Sumber Daya Mineral")],
  ["2.8", t("Pariwisata")],
  ["3", t("Pembinaan Kemasyarakatan")],
  ["3.1", t("Ketenteraman, Ketertiban Umum dan Pelindungan Masyarakat")],
  ["3.2", t("Kebudayaan dan Keagamaan")],
  ["3.3", t("Kepemudaan dan Olahraga")],
  ["3.4", t("Kelembagaan Masyarakat")],
  ["4", t("Pemberdayaan Masyarakat")],
  ["4.1", t("Kelautan dan Perikanan")],
  ["4.2", t("Pertanian dan Peternakan")],
  ["4.3", t("Peningkatan Kapasitas Aparatur Desa")],
  ["4.4", t("Pemberdayaan Perempuan, Perlindungan Anak dan Keluarga")],
  ["4.5", t("Koperasi, Usaha Mikro, Kecil dan Menengah")],
  ["4.6", t("Dukungan Penanaman Modal")],
  ["4.7", t("Perdagangan dan Perindustrian")],
  ["5", t("Penanggulangan Bencana, Keadaan Darurat dan Mendesak")],
  ["5.1", t("Penanggulangan Bencana")],
  ["5.2", t("Keadaan Darurat")],
  ["5.3", t("Keadaan Mendesak")],
];

/** @returns {[string, string][]} */
export const sumberDana = () => [
  ["pades", t("PADes")],
  ["dd", t("Dana Desa")],
  ["add", t("ADD")],
  ["bhpr", t("Bagi hasil pajak dan retribusi")],
  ["bankeu_provinsi", t("Bantuan keuangan provinsi")],
  ["bankeu_kabupaten", t("Bantuan keuangan kabupaten")],
  ["hibah", t("Hibah")],
  ["swadaya", t("Swadaya")],
  ["lain", t("Lain-lain")],
];

/**
 * A select of bidang with its sub-bidang under it; its value is the finest code chosen.
 * @param {HTMLSelectElement} select
 * @param {string} none words of the empty choice
 */
export function fillBidang(select, none) {
  select.append(new Option(none, ""));
  /** @type {HTMLOptGroupElement | undefined} */
  let group;
  for (const [code, name] of bidang()) {
    if (!code.includes(".")) {
      group = document.createElement("optgroup");
      group.label = `${code} ${name}`;
      group.append(new Option(t("{kode} {nama} (umum)", { kode: code, nama: name }), code));
      select.append(group);
    } else {
      group?.append(new Option(`${code} ${name}`, code));
    }
  }
}

/** @param {string} code @returns {string} its name, empty for an unknown one */
export const bidangWord = (code) => bidang().find(([one]) => one === code)?.[1] ?? "";
