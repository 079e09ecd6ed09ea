/**
 * The offices prepared next: the picture of the first two off-air, who is there (Kenal, Bukan), ready or not, the
 * call, or passing over one that is not ready. A card keeps its place; when another office moves into it, its buttons refuse the press for a moment.
 */
import { byId, show } from "../dom.js";
import { t } from "../t.js";
import { recognise, seatOf, unseen } from "./faces.js";
import { callSeat } from "./floor.js";
import { aimButton, part, write } from "./rows.js";
import { callsOpen, nextPlaces } from "./sections.js";

/** @typedef {import("./console.js").Console} Console */
/** @typedef {import("./sections.js").Bersiap} Bersiap */
/** @typedef {import("./sections.js").Place} Place */
/** @typedef {{ready: HTMLButtonElement, call: HTMLButtonElement, pass: HTMLButtonElement, known: HTMLButtonElement, stranger: HTMLButtonElement}} Card */

/**
 * @param {Console} desk
 * @returns {Card[]} the buttons of the cards, for their keys
 */
export function bindPrepared(desk) {
  const cards = [1, 2, 3, 4].map((n, index) => bindCard(desk, byId(`prepared-${n}`, HTMLElement), index));
  desk.onDraw(() => {
    const count = desk.list("bersiap").length;
    const none = byId("prepare-none", HTMLElement);
    show(none, count === 0);
    /** @type {Place | undefined} */
    const head = nextPlaces(desk.list("board"), [])[0];
    write(none, !callsOpen(desk.session) ? t("Kantor disiapkan selama acara Dialog.") : head ? t("Belum ada kantor yang tersambung dan bersedia direkam.") : t("Belum ada yang menunggu giliran."));
  });
  return cards;
}

/**
 * @param {Console} desk
 * @param {HTMLElement} card
 * @param {number} index
 * @returns {Card}
 */
function bindCard(desk, card, index) {
  const ready = /** @type {HTMLButtonElement} */ (part(card, "ready"));
  const call = /** @type {HTMLButtonElement} */ (part(card, "call"));
  const pass = /** @type {HTMLButtonElement} */ (part(card, "pass"));
  const current = () => /** @type {Bersiap | undefined} */ (desk.list("bersiap")[index]);
  ready.addEventListener("click", () => {
    const one = current();
    if (one) void desk.giveBy(ready, "confirm_ready", { seat_id: one.seat_id, ready: !one.ready });
  });
  const placeOf = (/** @type {Bersiap} */ one) => /** @type {Place | undefined} */ (desk.list("board").find((/** @type {Place} */ place) => place.seat_id === one.seat_id));
  call.addEventListener("click", () => {
    const one = current();
    if (one) void callSeat(desk, call, placeOf(one) ?? one);
  });
  pass.addEventListener("click", () => {
    const one = current();
    if (one) void desk.giveBy(pass, "pass_over", { seat_id: one.seat_id });
  });
  const known = /** @type {HTMLButtonElement} */ (part(card, "known"));
  const stranger = /** @type {HTMLButtonElement} */ (part(card, "stranger"));
  for (const [button, yes] of /** @type {[HTMLButtonElement, boolean][]} */ ([[known, true], [stranger, false]])) {
    button.addEventListener("click", () => void recognise(desk, button, current()?.seat_id ?? "", yes));
  }
  desk.onDraw(() => {
    const one = current();
    show(card, one !== undefined);
    const face = one && seatOf(desk, one.seat_id);
    show(part(card, "face"), unseen(face));
    for (const button of [known, stranger]) aimButton(button, face ? `${face.seat_id} ${face.alat}` : "");
    aimButton(ready, one ? one.seat_id : "");
    aimButton(call, one ? one.seat_id : "");
    aimButton(pass, one ? one.seat_id : "");
    if (!one) return;
    card.dataset.ready = String(one.ready);
    const forwarded = desk.stage?.slots[`preview_${index + 1}`] === one.seat_id;
    write(part(card, "name"), one.label);
    if (card.querySelector("video")) write(part(card, "empty"), forwarded ? t("Menunggu gambar…") : t("Gambar disiapkan…"));
    write(part(card, "ready-word"), one.ready ? t("Siap") : t("Tandai siap"));
    ready.setAttribute("aria-pressed", String(one.ready));
    const passed = placeOf(one)?.passed ?? 0;
    write(part(card, "passed"), passed ? t("{kali} kali dilewati", { kali: passed }) : "");
    pass.title = passed ? t("Dilewati lagi: pindah ke akhir urutannya") : t("Belum siap: yang lain dulu, tempatnya tetap");
    ready.title = one.ready ? t("Tandai belum siap") : t("Gambar dan suara sudah diperiksa: tandai siap");
  });
  return { ready, call, pass, known, stranger };
}
