/**
 * Meja Operator: the whole meeting at one desk, each action on one key. The panels live in their own files;
 * this one only puts them together and names the keys.
 */
import { byId } from "../dom.js";
import { t } from "../t.js";
import { bindPresent } from "./attendance.js";
import { bindHelp } from "./bantuan.js";
import { followChecks } from "./checks.js";
import { openConsole } from "./console.js";
import { bindTurnButtons } from "./floor.js";
import { bindHandDialog } from "./hands.js";
import { bindHold } from "./hold.js";
import { bindReplyButton } from "./interjection.js";
import { bindKeys, press } from "./keys.js";
import { bindLead, followLead } from "./lead.js";
import { joinStage } from "./media.js";
import { bindNoted } from "./noted.js";
import { bindPrepared } from "./operator_bersiap.js";
import { bindBoard, focusBoard } from "./operator_board.js";
import { bindSeatDialog } from "./operator_seat.js";
import { bindSession } from "./operator_session.js";
import { bindSide, focusFirst, focusSearch, openTab } from "./operator_side.js";
import { bindPanel } from "./operator_panel.js";
import { bindPoints } from "./points.js";
import { bindReply } from "./reply.js";
import { bindSanction } from "./sanction.js";
import { bindScreen } from "./screen.js";
import { bindSeal } from "./seal.js";
import { bindSlides } from "./slides.js";
import { followStage } from "./stage.js";
import { bindUndo } from "./undo.js";
import { bindWritten } from "./written.js";

const desk = openConsole();
followStage(desk);
followLead(desk);
const hold = bindHold(desk);
const turn = bindTurnButtons(desk, hold.message);
const reply = bindReplyButton(desk, bindReply(desk));
const undo = bindUndo(desk);
const points = bindPoints(desk);
const lead = bindLead(desk);
const session = bindSession(desk);
const [first, second] = bindPrepared(desk);
const openSanction = bindSanction(desk);
const written = bindWritten(desk);
const openHand = bindHandDialog(desk, { openSanction, openWritten: written.open });
const checkOf = followChecks(desk);
const openOffice = bindSeatDialog(desk, checkOf, { openHand, openSanction });
/** @param {string} seatId */
const openSeat = (seatId) => {
  openOffice(seatId);
  showMessages(seatId);
};
const seal = bindSeal(desk);
const screen = bindScreen(desk);
const slides = bindSlides(desk);
const prioritise = bindNoted(desk);
bindBoard(desk, openSeat);
bindSide(desk, checkOf, { openSeat, openHand });
bindPresent(desk);
const showMessages = bindHelp(desk, checkOf, openSeat);

/** @param {HTMLButtonElement | undefined} button */
const pressed = (button) => () => {
  if (button) press(button);
};

bindKeys([
  { key: "p", words: t("Panggil kantor bersiap pertama"), run: pressed(first?.call) },
  { key: "o", words: t("Panggil kantor bersiap kedua"), run: pressed(second?.call) },
  { key: "z", words: t("Batalkan panggilan terakhir (10 detik)"), run: pressed(undo) },
  { key: "1", words: t("Kantor bersiap pertama: siap atau belum"), run: pressed(first?.ready) },
  { key: "2", words: t("Kantor bersiap kedua: siap atau belum"), run: pressed(second?.ready) },
  { key: "5", words: t("Kenal: kantor bersiap yang belum dilihat"), run: () => [first, second].some((one) => one && one.known.offsetParent !== null && (press(one.known), true)) },
  { key: ".", words: t("Bukan kantor itu: tahan di luar siaran"), run: () => [first, second].some((one) => one && one.stranger.offsetParent !== null && (press(one.stranger), true)) },
  { key: "e", words: t("Lewati dulu kantor bersiap pertama"), run: pressed(first?.pass) },
  { key: "f", words: t("Lewati dulu kantor bersiap kedua"), run: pressed(second?.pass) },
  { key: "t", words: t("Tahan atau lanjut"), run: pressed(turn.hold) },
  { key: "w", words: t("Tahan dengan pesan"), run: pressed(hold.open) },
  { key: "j", words: t("Minta tanggapan, atau kembali ke pembicara"), run: pressed(reply) },
  { key: "y", words: t("Beri waktu kepada peminta interupsi"), run: points.grantFirst },
  { key: "k", words: t("Interupsi: tidak sekarang"), run: points.dismissFirst },
  { key: "c", words: t("Cukup"), run: pressed(turn.end) },
  { key: "+", words: t("Tambah 1 menit"), run: pressed(turn.extend) },
  { key: "i", words: t("Ingatkan"), run: pressed(turn.warn) },
  { key: "d", words: t("Tunda"), run: pressed(turn.postpone) },
  { key: "3", words: t("Prioritaskan usulan yang baru dicatat"), run: pressed(prioritise) },
  { key: "4", words: t("Hentikan layar yang dibagikan"), run: pressed(screen) },
  { key: ";", words: t("Bahan paparan"), run: slides.open },
  { key: "pagedown", shown: "PgDn", words: t("Paparan: halaman berikutnya"), run: slides.on },
  { key: "pageup", shown: "PgUp", words: t("Paparan: halaman sebelumnya"), run: slides.back },
  { key: "-", words: t("Hentikan paparan"), run: pressed(slides.stop) },
  { key: "u", words: t("Ke urutan panggilan; panah memilih, Enter memanggil"), run: focusBoard },
  { key: "shift+enter", shown: "⇧ ↵", words: t("Pada baris urutan: panggil dengan alasan"), run: focusBoard },
  { key: "l", words: t("Pada baris urutan: tentang kantor itu"), run: focusBoard },
  { key: "[", words: t("Pada baris naskah: naikkan"), run: focusBoard },
  { key: "]", words: t("Pada baris naskah: turunkan"), run: focusBoard },
  { key: "0", words: t("Tentang kantor yang sedang bicara"), run: () => openSeat(desk.turn?.seat_id ?? "") },
  { key: "/", words: t("Cari kantor: panggil, daftarkan nama, angkat tangan"), run: focusSearch },
  { key: "g", words: t("Acara"), run: () => openTab("agenda") },
  { key: "h", words: t("Tangan: pilah dengan 1, 2, 3"), run: () => focusFirst("hands") },
  { key: "v", words: t("Masukan tertulis dan jawabannya"), run: () => written.open() },
  { key: "n", words: t("Riwayat"), run: () => openTab("history") },
  { key: "6", words: t("Gambar kantor-kantor"), run: () => openTab("pictures") },
  { key: "9", words: t("Kehadiran dan pemerataan"), run: () => openTab("present") },
  { key: ",", words: t("Kantor yang perlu bantuan"), run: () => focusFirst("help") },
  { key: "q", words: t("Tutup atau buka antrean"), run: pressed(session.queue) },
  { key: "7", words: t("Tutup bagian rekaman"), run: () => (openTab("history"), press(seal)) },
  { key: "8", words: t("Siapa memimpin sidang"), run: pressed(lead) },
  { key: "a", words: t("Mulai acara berikutnya"), run: pressed(session.nextItem) },
  { key: "b", words: t("Buka sesi"), run: pressed(session.open) },
  { key: "s", words: t("Skors atau lanjutkan sesi"), run: pressed(session.suspend) },
  { key: "r", words: t("Jangan direkam, atau rekam lagi"), run: pressed(session.offRecord) },
  { key: "x", words: t("Tutup sesi (bertanya dulu)"), run: pressed(session.close) },
  { key: "m", words: t("Suara nyala atau mati"), run: pressed(byId("sound", HTMLButtonElement)) },
]);
bindPanel(desk, joinStage(desk, "console"), openSeat);
desk.start();
