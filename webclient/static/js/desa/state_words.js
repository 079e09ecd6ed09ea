/**
 * The words for what an office is right now. Pure: everything it depends on is an argument.
 */
import { troubleWords } from "../room/words.js";
import { t } from "../t.js";
import { officeWord, reasonWord } from "../words.js";

/** @typedef {import("../room/shapes.js").Own} Own */
/** @typedef {{ own: Own, session: import("../room/shapes.js").Session,
 *   turn: import("../room/shapes.js").Turn | null | undefined,
 *   between: import("../room/shapes.js").Interjection | null | undefined,
 *   opened: import("../devices.js").Opened, soundOn: boolean, away: boolean, onAir: boolean, cut: boolean }} Seen
 *   away: the system has lent the microphone to something else, such as a telephone call; onAir: forwarding stands there; cut: this office speaks by call and its own line is down */

const SUSPENDABLE = new Set(["giliran", "ditahan", "disela", "interupsi", "tanggapan"]);

/** @param {Seen} seen @returns {{ word: string, more: string, look: string }} look: the colour's state */
export function stateWords(seen) {
  const { own, session } = seen;
  if (seen.cut) {
    return { word: t("Sambungan terputus"), more: t("Giliran Bapak/Ibu disimpan sebentar; ruang ini sedang menyambung lagi."), look: "terputus" };
  }
  if (session.status === "diskors" && SUSPENDABLE.has(own.state)) {
    return { word: t("Rapat diskors"), more: t("Giliran dan sisa waktu Bapak/Ibu disimpan sampai rapat dilanjutkan."), look: "ditahan" };
  }
  if (session.status === "ditutup") {
    return { word: t("Rapat sudah ditutup"), more: t("Tangan yang belum terlayani dicatat sebagai masukan tertulis; jawabannya dapat dibaca di Antrean."), look: "menyimak" };
  }
  if (own.held_off) {
    return { word: t("Perangkat ini belum dikenali"), more: t("Petugas belum mengenali siapa yang ada di ruang ini, jadi belum dapat dipanggil. Hubungi petugas bantuan."), look: "ditahan" };
  }
  const undone = own.undone ? t("Panggilan tadi keliru dan dibatalkan; tempat Bapak/Ibu tetap.") : "";
  return { word: head(own), more: [undone, words(seen)].filter(Boolean).join(" "), look: own.state };
}

/** @param {Own} own */
function head(own) {
  switch (own.state) {
    case "menunggu":
      return own.place === null ? officeWord(own.state) : t("Menunggu, urutan ke-{place}", { place: own.place });
    case "giliran": return t("Giliran Bapak/Ibu");
    case "interupsi": return t("Interupsi Bapak/Ibu");
    case "tanggapan": return t("Bapak/Ibu diminta menanggapi");
    default: return officeWord(own.state);
  }
}

/** @param {Seen} seen */
function words(seen) {
  const { own, turn, between, opened, soundOn, away, onAir } = seen;
  switch (own.state) {
    case "menunggu":
      return [own.reason ? t("Dasar urutan: {reason}.", { reason: reasonWord(own.reason, own.label) }) : t("Tangan sudah tercatat."),
        own.passed ? t("Dilewati dulu karena belum siap; tempat Bapak/Ibu tetap dan akan disiapkan lagi.") : "",
        voiceless(seen)].filter(Boolean).join(" ");
    case "bersiap":
      if (away) return awayWords();
      if (opened.audio && !soundOn) return t("Sebentar lagi dipanggil. Mikrofon masih mati: nyalakan sekarang.");
      return t("Sebentar lagi dipanggil. Petugas memeriksa gambar dan suara; belum disiarkan.");
    case "giliran":
      return speaking(turn?.media, seen, speakerWords(seen));
    case "interupsi":
      return speaking(between?.media, seen, t("Silakan sampaikan interupsi: hanya ruang ini yang sedang disiarkan."));
    case "tanggapan":
      return speaking(between?.media, seen, turn
        ? t("Silakan menanggapi {label}: ruang ini sedang disiarkan bersamanya.", { label: turn.label })
        : t("Silakan menanggapi: ruang ini sedang disiarkan."));
    case "disela":
      if (between?.kind === "tanggapan") {
        return onAir ? t("Giliran Bapak/Ibu dijeda, dilanjutkan setelah tanggapan. Ruang ini tetap terlihat dan terdengar; waktunya berhenti.")
          : t("Giliran Bapak/Ibu dijeda, dilanjutkan setelah tanggapan. Waktunya berhenti.");
      }
      return t("Giliran Bapak/Ibu dijeda, dilanjutkan setelah interupsi. Waktunya berhenti; ruang ini tidak disiarkan dahulu.");
    case "ditahan":
      return t("Pimpinan sedang berbicara. Giliran dan sisa waktu Bapak/Ibu disimpan.");
    case "terputus":
      return t("Sambungan tadi terputus. Giliran Bapak/Ibu disimpan sebentar.");
    default:
      return listening(seen);
  }
}

/** @param {string | undefined} by how the turn is held @param {Seen} seen @param {string} live words once on air */
function speaking(by, { soundOn, away, onAir }, live) {
  if (by === "lewat_telepon") return t("Silakan bicara lewat telepon. Suara dan gambar ruang ini tidak disiarkan.");
  if (by === "hadir_di_aula") return t("Silakan bicara di Aula. Suara dan gambar ruang ini tidak disiarkan.");
  if (!soundOn) return t("Mikrofon masih mati, jadi belum terdengar. Nyalakan mikrofon.");
  if (away) return awayWords();
  return onAir ? live : t("Sebentar, sedang disambungkan ke Aula…");
}

function awayWords() {
  return t("Mikrofon sedang dipakai telepon atau aplikasi lain, jadi ruang ini belum terdengar. Sesudah ditutup, suara kembali sendiri.");
}

/** @param {Seen} seen */
function speakerWords({ turn }) {
  if (turn?.overrun) return t("Waktu bicara sudah habis. Mohon disimpulkan; ruang ini masih disiarkan.");
  if (turn?.warned) return t("Pimpinan mengingatkan waktu. Mohon disimpulkan; ruang ini masih disiarkan.");
  return t("Silakan bicara: suara dan gambar ruang ini sedang disiarkan.");
}

/** @param {Seen} seen */
function listening(seen) {
  const { own, session } = seen;
  if (own.consent === "tanpa_rekaman") return t("Hadir tanpa direkam: ruang ini hanya menyimak.");
  if (session.status === "disiapkan") return t("Rapat belum dibuka. Tetaplah di halaman ini.");
  if (session.status === "diskors") return t("Rapat diskors. Tetaplah di halaman ini.");
  if (session.queue_open) return [t("Antrean dibuka: Bapak/Ibu dapat mengangkat tangan."), voiceless(seen)].filter(Boolean).join(" ");
  if (session.item_kind === "dialog") return t("Antrean untuk acara ini sedang ditutup. Tangan yang sudah tercatat tetap menunggu.");
  return t("Suara dan gambar ruang ini tidak disiarkan.");
}

/** A hand may be raised without a microphone, but nobody can be called by picture and sound then; what to do.
 *  @param {Seen} seen */
function voiceless({ own, opened }) {
  if (!own.connected || own.can_publish || own.consent !== "direkam") return "";
  return [t("Tanpa mikrofon, ruang ini belum dapat dipanggil dengan gambar dan suara."), troubleWords(opened),
    t("Petugas juga dapat memanggil Bapak/Ibu lewat telepon.")].filter(Boolean).join(" ");
}
