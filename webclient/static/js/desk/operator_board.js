/**
 * The board: script and hands as one suggested order, each place with its reason. A row calls its office,
 * opens everything else about it, or moves within the script; rows stay put under a pointer.
 */
import { byId, el, icon, show } from "../dom.js";
import { t } from "../t.js";
import { reasonWord } from "../words.js";
import { callSeat } from "./floor.js";
import { Rows, part, write } from "./rows.js";
import { callsOpen, obstacle } from "./sections.js";

/** @typedef {import("./console.js").Console} Console */
/** @typedef {import("./sections.js").Place} Place */
/** @typedef {import("./sections.js").Bersiap} Bersiap */

/** @param {Place} place */
const keyOf = (place) => `${place.seat_id} ${place.request_id ?? ""}`;

/**
 * @param {Console} desk
 * @param {(seatId: string) => void} openSeat
 */
export function bindBoard(desk, openSeat) {
  const list = byId("board", HTMLElement);
  /** @type {Map<string, Place>} */
  const byKey = new Map();
  const rows = new Rows(list, { key: keyOf, make: (place) => makeRow(keyOf(place)), update });
  list.addEventListener("keydown", (event) => moveFocus(event));
  desk.onDraw(() => {
    /** @type {Place[]} */
    const board = desk.session?.status === "ditutup" ? [] : desk.list("board");
    rows.show(board);
    write(byId("board-count", HTMLElement), board.length ? t("{jumlah} menunggu", { jumlah: board.length }) : "");
    const none = byId("board-none", HTMLElement);
    show(none, board.length === 0);
    write(none, desk.session?.status === "ditutup" ? t("Sesi sudah ditutup.") : t("Naskah sudah habis dan tidak ada tangan yang menunggu."));
  });

  /** @param {string} key */
  function makeRow(key) {
    const place = () => /** @type {Place} */ (byKey.get(key));
    const call = el("button", { class: "button", type: "button", "data-part": "call", "data-testid": "panggil" }, t("Panggil"));
    call.addEventListener("click", () => void callSeat(desk, call, place()));
    const button = (/** @type {string} */ name, /** @type {string} */ sign, /** @type {string} */ words, /** @type {() => void} */ run) =>
      el("button", { class: "button button-quiet button-icon", type: "button", "data-part": name, title: words, "aria-label": words, onclick: run }, icon(sign));
    return el(
      "li",
      { class: "board-row", tabindex: "-1", "data-testid": "baris" },
      el("span", { class: "board-place", "data-part": "place" }),
      el(
        "div",
        { class: "board-words" },
        el("p", { class: "board-seat", "data-part": "seat" }),
        el("p", { class: "board-topic", "data-part": "topic" }),
        el("p", { class: "board-reason" }, el("span", { "data-part": "reason" }), el("span", { class: "badge", "data-part": "state" }), el("span", { class: "small", "data-part": "passed" })),
      ),
      el(
        "div",
        { class: "board-keys" },
        el("span", { class: "board-move", "data-part": "move" }, button("up", "up", t("Naikkan dalam naskah"), () => moveInScript(desk, place().seat_id, -1)), button("down", "down", t("Turunkan dalam naskah"), () => moveInScript(desk, place().seat_id, 1))),
        button("more", "people", t("Tentang kantor ini"), () => openSeat(place().seat_id)),
        call,
      ),
    );
  }

  /** @param {HTMLElement} row @param {Place} place */
  function update(row, place) {
    byKey.set(keyOf(place), place);
    const byPhone = place.telepon && place.consent !== "tanpa_rekaman";
    const why = byPhone ? "" : obstacle(place);
    const prepared = /** @type {Bersiap[]} */ (desk.list("bersiap")).some((one) => one.seat_id === place.seat_id);
    row.dataset.seat = place.seat_id;
    row.dataset.kind = place.state;
    write(part(row, "place"), String(place.place));
    write(part(row, "seat"), place.label);
    write(part(row, "topic"), [place.nama, place.topic].filter(Boolean).join(": "));
    write(part(row, "reason"), reasonWord(place.reason, place.label));
    const state = part(row, "state");
    const unseen = place.connected && place.wajah === "belum" && !byPhone;
    write(state, byPhone ? t("Lewat telepon") : why || (unseen ? t("Belum dilihat") : place.ready ? t("Siap") : prepared ? t("Bersiap") : t("Tersambung")));
    state.className = `badge ${why ? (place.connected ? "badge-alarm" : "badge-plain") : unseen ? "badge-unseen" : place.ready ? "badge-good" : prepared ? "badge-ready" : "badge-wait"}`;
    show(part(row, "move"), place.state === "naskah");
    write(part(row, "passed"), place.passed ? t("{kali} kali dilewati", { kali: place.passed }) : "");
    /** @type {HTMLButtonElement} */ (part(row, "call")).disabled = !callsOpen(desk.session) || why !== "";
  }
}

/**
 * Moves an office one place within what remains of the script.
 * @param {Console} desk
 * @param {string} seatId
 * @param {-1 | 1} by
 */
export function moveInScript(desk, seatId, by) {
  const script = scriptOf(desk);
  const from = script.indexOf(seatId);
  const to = from + by;
  if (from < 0 || to < 0 || to >= script.length) return;
  script.splice(to, 0, ...script.splice(from, 1));
  void desk.give("set_script", { seat_ids: script });
}

/**
 * What remains of the script, in order.
 * @param {Console} desk
 */
export function scriptOf(desk) {
  /** @type {Place[]} */
  const board = desk.list("board");
  return board.filter((place) => place.state === "naskah").map((place) => place.seat_id);
}

/**
 * Arrows walk the rows; Enter calls, L or Shift+Enter opens (the reason has the focus there), brackets move within the script.
 * @param {KeyboardEvent} event
 */
function moveFocus(event) {
  const row = event.target instanceof HTMLElement ? event.target.closest("li") : null;
  if (!row || event.ctrlKey || event.altKey || event.metaKey) return;
  const onRow = event.target === row;
  const press = (/** @type {string} */ name) => row.querySelector(`[data-part="${name}"]:not([disabled])`);
  /** @type {Record<string, Element | null>} */
  const walks = { ArrowDown: row.nextElementSibling, ArrowUp: row.previousElementSibling };
  /** @type {Record<string, Element | null>} */
  const presses = { Enter: !onRow ? null : press(event.shiftKey ? "more" : "call"), l: press("more"), "[": press("up"), "]": press("down") };
  const walk = walks[event.key];
  const pressed = presses[event.key];
  if (walk instanceof HTMLElement) walk.focus();
  else if (pressed instanceof HTMLElement) pressed.click();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

/** Puts the keyboard on the first row. */
export function focusBoard() {
  const first = byId("board", HTMLElement).firstElementChild;
  if (first instanceof HTMLElement) first.focus();
}
