/**
 * Longer words of the rooms: what a device cannot do and what to do about it, where a usulan stands.
 */
import { t } from "../t.js";

/** Where a usulan stands. @param {string} tahap @param {string} putusan */
export function tahapWords(tahap, putusan) {
  switch (putusan) {
    case "ditolak": return t("Ditolak");
    case "dikembalikan": return t("Dikembalikan untuk diperbaiki");
    case "cadangan": return t("Cadangan");
    case "dibatalkan": return t("Dibatalkan");
    case "diakomodir": return t("Diakomodir");
    case "belum_diakomodir": return t("Belum diakomodir");
  }
  switch (tahap) {
    case "catatan_langsung": return t("Menunggu konfirmasi desa");
    case "draf": return t("Draf");
    case "desa": return t("Di desa");
    case "mitra_bappeda": return t("Diperiksa Bappeda");
    case "kecamatan": return t("Di kecamatan");
    case "forum_pd": return t("Di forum perangkat daerah");
    case "kabupaten": return t("Di kabupaten");
    case "tapd": return t("Di TAPD");
    case "selesai": return t("Selesai");
    default: return tahap;
  }
}

/** Why something is missing and what to do about it; empty when nothing is. @param {import("../devices.js").Opened} opened */
export function troubleWords(opened) {
  const why = {
    ditolak: t("Izin kamera atau mikrofon ditolak di peramban ini. Ketuk gambar gembok di samping alamat halaman, izinkan, lalu coba lagi."),
    tidak_ada: t("Kamera atau mikrofon tidak ditemukan. Periksa kabelnya, lalu coba lagi."),
    terpakai: t("Kamera atau mikrofon belum dapat dibuka; mungkin sedang dipakai program lain. Tutup program itu: halaman ini mencobanya lagi dengan sendirinya."),
    belum_menjawab: t("Kamera dan mikrofon belum menjawab; keduanya dipakai begitu menjawab. Bila peramban bertanya, pilih Izinkan. Bila tetap diam, tutup program lain yang memakainya atau muat ulang halaman ini."),
    tidak_aman: t("Halaman ini harus dibuka dengan alamat yang diawali https agar kamera dapat dipakai. Hubungi petugas bantuan."),
  };
  return opened.trouble ? why[opened.trouble] : "";
}

/** What a device cannot do, and what to do about it. @param {import("../devices.js").Opened} opened */
export function deviceWords(opened) {
  const trouble = troubleWords(opened);
  // It may still come, so nothing is said yet of what cannot be done.
  if (opened.trouble === "belum_menjawab") return trouble + " " + t("Bapak/Ibu boleh masuk dahulu.");
  switch (opened.reach) {
    case "lengkap": return t("Kamera dan mikrofon siap.");
    case "suara_saja": return t("Tanpa kamera: Bapak/Ibu tetap dapat berbicara dengan suara saja.") + " " + trouble;
    case "gambar_saja": return t("Tanpa mikrofon: Bapak/Ibu hanya dapat menyimak.") + " " + trouble;
    case "menyimak": return t("Tanpa kamera dan mikrofon: Bapak/Ibu hanya dapat menyimak.") + " " + trouble;
  }
}
