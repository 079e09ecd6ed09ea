/**
 * Meja Operator: the whole meeting at one desk, each action on one key. The panels live in their own files;
 * this one only puts them together and names the keys.
 */
import { byId } from "../dom.js";
import { t } from "../t.js";
import { openConsole } from "./console.js";
import { bindTurnButtons } from "./floor.js";
import { bindKeys, press } from "./keys.js";
import { joinStage } from "./media.js";
import { bindPrepared } from "./operator_bersiap.js";
import { bindBoard, focusBoard } from "./operator_board.js";
import { bindSeatDialog } from "./operator_seat.js";
import { bindSession } from "./operator_session.js";
import { bindSide, focusSearch, openTab } from "./operator_side.js";
import { followStage } from "./stage.js";

const desk = openConsole();
followStage(desk);
const turn = bindTurnButtons(desk);
const session = bindSession(desk);
const [first, second] = bindPrepared(desk);
const openSeat = bindSeatDialog(desk);
bindBoard(desk, openSeat);
bindSide(desk, openSeat);

/** @param {HTMLButtonElement | undefined} button */
const pressed = (button) => () => {
  if (button) press(button);
};

bindKeys([
  { key: "p", words: t("Panggil kantor bersiap pertama"), run: pressed(first?.call) },
  { key: "o", words: t("Panggil kantor bersiap kedua"), run: pressed(second?.call) },
  { key: "1", words: t("Kantor bersiap pertama: siap atau belum"), run: pressed(first?.ready) },
  { key: "2", words: t("Kantor bersiap kedua: siap atau belum"), run: pressed(second?.ready) },
  { key: "t", words: t("Tahan atau lanjut"), run: pressed(turn.hold) },
  { key: "c", words: t("Cukup"), run: pressed(turn.end) },
  { key: "+", words: t("Tambah 1 menit"), run: pressed(turn.extend) },
  { key: "i", words: t("Ingatkan"), run: pressed(turn.warn) },
  { key: "d", words: t("Tunda"), run: pressed(turn.postpone) },
  { key: "u", words: t("Ke urutan panggilan; panah memilih, Enter memanggil"), run: focusBoard },
  { key: "l", words: t("Pada baris urutan: tentang kantor itu"), run: focusBoard },
  { key: "[", words: t("Pada baris naskah: naikkan"), run: focusBoard },
  { key: "]", words: t("Pada baris naskah: turunkan"), run: focusBoard },
  { key: "/", words: t("Cari kantor: panggil, daftarkan nama, angkat tangan"), run: focusSearch },
  { key: "g", words: t("Acara"), run: () => openTab("agenda") },
  { key: "h", words: t("Tangan"), run: () => openTab("hands") },
  { key: "n", words: t("Riwayat"), run: () => openTab("history") },
  { key: "a", words: t("Mulai acara berikutnya"), run: pressed(session.nextItem) },
  { key: "b", words: t("Buka sesi"), run: pressed(session.open) },
  { key: "s", words: t("Skors atau lanjutkan sesi"), run: pressed(session.suspend) },
  { key: "r", words: t("Jangan direkam, atau rekam lagi"), run: pressed(session.offRecord) },
  { key: "x", words: t("Tutup sesi (bertanya dulu)"), run: pressed(session.close) },
  { key: "m", words: t("Suara nyala atau mati"), run: pressed(byId("sound", HTMLButtonElement)) },
]);
joinStage(desk, "console");
desk.start();
