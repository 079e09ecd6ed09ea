/**
 * Who is at an office's device: whether a desk has looked (R94), what it says of it, and the question before an
 * office is put on air that nobody has looked at. A link may have been passed on; the desks know faces.
 */
import { t } from "../t.js";
import { ask } from "./ask.js";

/** @typedef {import("./console.js").Console} Console */
/** @typedef {import("./sections.js").Seat} Seat */

/** Devices of which this desk has said Kenal: a call right after it is not asked about. @type {Set<string>} */
const saidKnown = new Set();
/** @param {Seat} seat */
const deviceOf = (seat) => `${seat.seat_id} ${seat.alat}`;

/** @param {Console} desk @param {string} seatId @returns {Seat | undefined} */
export function seatOf(desk, seatId) {
  return desk.list("seats").find((/** @type {Seat} */ one) => one.seat_id === seatId);
}

/** Nobody has looked yet at who is there. @param {Seat | undefined} seat */
export function unseen(seat) {
  return seat?.connected === true && seat.wajah === "belum";
}

/** @param {Seat} seat */
export function faceWord(seat) {
  if (!seat.connected) return "";
  switch (seat.wajah) {
    case "belum": return t("belum dilihat petugas");
    case "dikenal": return t("dikenal petugas");
    case "bukan": return t("ditahan: bukan kantor ini");
    default: return "";
  }
}

/**
 * Says of the device that is there now whether it is the office's; refused when another one has come meanwhile.
 * @param {Console} desk
 * @param {HTMLButtonElement | null} button
 * @param {string} seatId
 * @param {boolean} known
 */
export async function recognise(desk, button, seatId, known) {
  const seat = seatOf(desk, seatId);
  if (!seat) return;
  if (known) saidKnown.add(deviceOf(seat));
  const done = await desk.giveBy(button, "recognise_seat", { seat_id: seatId, alat: seat.alat, dikenal: known });
  if (!done) saidKnown.delete(deviceOf(seat));
  if (done && !known) desk.toast(t("{tempat} ditahan di luar siaran. Bila keliru, buka kantor itu lalu tekan Kenal.", { tempat: seat.label }));
}

/** Whether to go on and call: asks where nobody has looked. Enter calls. @param {Console} desk @param {string} seatId */
export async function seenOrWilling(desk, seatId) {
  const seat = seatOf(desk, seatId);
  if (!seat || !unseen(seat) || saidKnown.has(deviceOf(seat))) return true;
  return ask(
    t("Belum ada petugas yang melihat {tempat}", { tempat: seat.label }),
    t("Tautan kantor dapat diteruskan kepada orang lain. Lihat dahulu gambarnya dan tekan Kenal, atau panggil sekarang juga."),
    t("Panggil saja"), true,
  );
}
