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
    const more = words(own, wire.get("session"), media, onAir);
    const text = head(own) + more;
    if (text === shown) return;
    shown = text;
    root.dataset["state"] = own.state;
    root.dataset["onair"] = String(onAir);
    refill(root, el("span", { class: "state-word" }, head(own)), el("span", { class: "state-more" }, more));
    announce(`${head(own)}. ${more}`);
    document.title = own.state === "menyimak" ? title : `${officeWord(own.state)} · ${title}`;
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

/** @param {Own} own @param {import("../room/shapes.js").Session | undefined} session @param {OwnMedia} media
 *  @param {boolean} onAir */
function words(own, session, media, onAir) {
  switch (own.state) {
    case "menunggu":
      return own.reason ? t("Dasar urutan: {reason}.", { reason: reasonWord(own.reason, own.label) }) : t("Tangan sudah tercatat.");
    case "bersiap":
      if (media.opened.audio && !media.soundOn) return t("Sebentar lagi dipanggil. Suara masih mati: nyalakan sekarang.");
      return t("Sebentar lagi dipanggil. Petugas memeriksa gambar dan suara; belum disiarkan.");
    case "giliran":
      if (!media.soundOn) return t("Suara masih mati, jadi belum terdengar. Nyalakan suara.");
      return onAir ? t("Silakan bicara: suara dan gambar ruang ini sedang disiarkan.") : t("Sebentar, sedang disambungkan ke Aula…");
    case "ditahan":
      return t("Pimpinan sedang berbicara. Giliran dan sisa waktu Bapak/Ibu disimpan.");
    case "terputus":
      return t("Sambungan tadi terputus. Giliran Bapak/Ibu disimpan sebentar.");
    default:
      if (own.consent === "tanpa_rekaman") return t("Hadir tanpa direkam: ruang ini hanya menyimak.");
      if (session?.status === "disiapkan") return t("Rapat belum dibuka. Tetaplah di halaman ini.");
      if (session?.status === "ditutup") return t("Rapat sudah ditutup. Tangan yang belum terlayani dicatat sebagai masukan tertulis.");
      return session?.queue_open ? t("Antrean dibuka: Bapak/Ibu dapat mengangkat tangan.") : t("Suara dan gambar ruang ini tidak disiarkan.");
  }
}

/** @param {string} before @param {string} now */
function sound(before, now) {
  if (now === "bersiap" || now === "giliran" || now === "ditahan") chime(now);
  else if (before === "giliran") chime("selesai");
}
