/**
 * The two offices prepared next: their picture off-air, a face confirmed, and the call. A card keeps its
 * place; when another office moves into it, its buttons refuse the press for a moment.
 */
import { byId, show } from "../dom.js";
import { t } from "../t.js";
import { callSeat } from "./floor.js";
import { aimButton, part, write } from "./rows.js";
import { nextPlaces } from "./sections.js";

/** @typedef {import("./console.js").Console} Console */
/** @typedef {import("./sections.js").Bersiap} Bersiap */
/** @typedef {import("./sections.js").Place} Place */
/** @typedef {{ready: HTMLButtonElement, call: HTMLButtonElement}} Card */

/**
 * @param {Console} desk
 * @returns {Card[]} the buttons of both cards, for their keys
 */
export function bindPrepared(desk) {
  const cards = [1, 2].map((n, index) => bindCard(desk, byId(`prepared-${n}`, HTMLElement), index));
  desk.onDraw(() => {
    const count = desk.list("bersiap").length;
    const none = byId("prepare-none", HTMLElement);
    show(none, count === 0);
    /** @type {Place | undefined} */
    const head = nextPlaces(desk.list("board"), [])[0];
    const dialog = desk.session?.queue_open && desk.session.status === "berlangsung";
    write(none, !dialog ? t("Kantor disiapkan selama acara Dialog.") : head ? t("Belum ada kantor yang tersambung dan bersedia direkam.") : t("Belum ada yang menunggu giliran."));
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
  const current = () => /** @type {Bersiap | undefined} */ (desk.list("bersiap")[index]);
  ready.addEventListener("click", () => {
    const one = current();
    if (one) void desk.giveBy(ready, "confirm_ready", { seat_id: one.seat_id, ready: !one.ready });
  });
  call.addEventListener("click", () => {
    const one = current();
    if (!one) return;
    /** @type {Place[]} */
    const board = desk.list("board");
    void callSeat(desk, call, board.find((place) => place.seat_id === one.seat_id) ?? one);
  });
  desk.onDraw(() => {
    const one = current();
    show(card, one !== undefined);
    aimButton(ready, one ? one.seat_id : "");
    aimButton(call, one ? one.seat_id : "");
    if (!one) return;
    card.dataset.ready = String(one.ready);
    const forwarded = desk.stage?.slots[`preview_${index + 1}`] === one.seat_id;
    write(part(card, "name"), one.label);
    write(part(card, "empty"), forwarded ? t("Menunggu gambar…") : t("Gambar disiapkan…"));
    write(part(card, "ready-word"), one.ready ? t("Siap") : t("Tandai siap"));
    ready.setAttribute("aria-pressed", String(one.ready));
    ready.title = one.ready ? t("Tandai belum siap") : t("Gambar dan suara sudah diperiksa: tandai siap");
  });
  return { ready, call };
}
