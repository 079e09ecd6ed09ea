/**
 * What this office is right now, in words, colour and sound: Menyimak, Menunggu, Bersiap, Giliran, Ditahan.
 *
 * "Disiarkan" is said only once forwarding stands there.
 */
import { chime } from "../devices.js";
import { announce, el, refill } from "../dom.js";
import { reached } from "../room/stage.js";
import { t } from "../t.js";
import { officeWord, reasonWord } from "../words.js";

/** @typedef {import("../protocol.js").Wire} Wire */
/** @typedef {import("../room/self.js").OwnMedia} OwnMedia */
/** @typedef {import("../room/shapes.js").Own} Own */
/** @typedef {import("../room/shapes.js").Turn} Turn */
/** @typedef {import("../room/shapes.js").Session} Session */

/** @param {Wire} wire @param {OwnMedia} media @param {HTMLElement} root */
export function ownState(wire, media, root) {
  const title = document.title;
  let shown = "";
  /** @type {string | null} */
  let before = null;
  const draw = () => {
    /** @type {Own | undefined} */
    const own = wire.get("own");
    if (!own) return;
    const onAir = wire.get("stage")?.slots.speaker === own.seat_id && reached(wire);
    /** @type {Session | undefined} */
    const session = wire.get("session");
    const paused = session?.status === "diskors" && (own.state === "giliran" || own.state === "ditahan");
    const word = paused ? t("Rapat diskors") : head(own);
    const more = paused
      ? t("Giliran dan sisa waktu Bapak/Ibu disimpan sampai rapat dilanjutkan.")
      : words(own, session, wire.get("turn"), media, onAir);
    const text = word + more;
    if (text === shown) return;
    shown = text;
    root.dataset["state"] = paused ? "ditahan" : own.state;
    root.dataset["onair"] = String(onAir);
    refill(root, el("span", { class: "state-word" }, word), el("span", { class: "state-more" }, more));
    announce(`${word}. ${more}`);
    document.title = own.state === "menyimak" ? title : `${paused ? word : officeWord(own.state)} · ${title}`;
    if (before !== null && before !== own.state) sound(before, own.state);
    before = own.state;
  };
  wire.on("view", draw);
  wire.on("applied", draw);
  media.onChange(draw);
  draw();
}

/** @param {Own} own */
function head(own) {
  if (own.state === "menunggu" && own.place !== null) return t("Menunggu, urutan ke-{place}", { place: own.place });
  if (own.state === "giliran") return t("Giliran Bapak/Ibu");
  return officeWord(own.state);
}

/** @param {Own} own @param {Session | undefined} session @param {Turn | null | undefined} turn @param {OwnMedia} media
 *  @param {boolean} onAir */
function words(own, session, turn, media, onAir) {
  switch (own.state) {
    case "menunggu":
      return own.reason ? t("Dasar urutan: {reason}.", { reason: reasonWord(own.reason, own.label) }) : t("Tangan sudah tercatat.");
    case "bersiap":
      if (media.opened.audio && !media.soundOn) return t("Sebentar lagi dipanggil. Mikrofon masih mati: nyalakan sekarang.");
      return t("Sebentar lagi dipanggil. Petugas memeriksa gambar dan suara; belum disiarkan.");
    case "giliran":
      if (turn?.media === "lewat_telepon") return t("Silakan bicara lewat telepon. Suara dan gambar ruang ini tidak disiarkan.");
      if (turn?.media === "hadir_di_aula") return t("Silakan bicara di Aula. Suara dan gambar ruang ini tidak disiarkan.");
      if (!media.soundOn) return t("Mikrofon masih mati, jadi belum terdengar. Nyalakan mikrofon.");
      if (onAir && turn?.overrun) return t("Waktu bicara sudah habis. Mohon disimpulkan; ruang ini masih disiarkan.");
      if (onAir && turn?.warned) return t("Pimpinan mengingatkan waktu. Mohon disimpulkan; ruang ini masih disiarkan.");
      return onAir ? t("Silakan bicara: suara dan gambar ruang ini sedang disiarkan.") : t("Sebentar, sedang disambungkan ke Aula…");
    case "ditahan":
      return t("Pimpinan sedang berbicara. Giliran dan sisa waktu Bapak/Ibu disimpan.");
    case "terputus":
      return t("Sambungan tadi terputus. Giliran Bapak/Ibu disimpan sebentar.");
    default:
      if (own.consent === "tanpa_rekaman") return t("Hadir tanpa direkam: ruang ini hanya menyimak.");
      if (session?.status === "disiapkan") return t("Rapat belum dibuka. Tetaplah di halaman ini.");
      if (session?.status === "diskors") return t("Rapat diskors. Tetaplah di halaman ini.");
      if (session?.status === "ditutup") return t("Rapat sudah ditutup. Tangan yang belum terlayani dicatat sebagai masukan tertulis.");
      return session?.queue_open ? t("Antrean dibuka: Bapak/Ibu dapat mengangkat tangan.") : t("Suara dan gambar ruang ini tidak disiarkan.");
  }
}

/** @param {string} before @param {string} now */
function sound(before, now) {
  if (now === "bersiap" || now === "giliran" || now === "ditahan") chime(now);
  else if (before === "giliran") chime("selesai");
}
