/**
 * The side of Meja Operator: all seats with a search, all hands, what has been spoken. Reached by tabs, each
 * with its key; choosing a seat opens everything that can be done for it.
 */
import { byId, el, show } from "../dom.js";
import { minutes } from "../clock.js";
import { t } from "../t.js";
import { checkWord } from "../sambungan.js";
import { clockWord, seatWord, turnKindWord, turnWord } from "../words.js";
import { handRow, updateHand } from "./hands.js";
import { Rows, part, write } from "./rows.js";
import { obstacle } from "./sections.js";

/** @typedef {import("./console.js").Console} Console */
/** @typedef {import("./sections.js").Seat} Seat */
/** @typedef {import("./sections.js").Hand} Hand */
/** @typedef {import("./sections.js").Past} Past */
/** @typedef {(seatId: string) => import("../sambungan.js").Check | undefined} CheckOf */

const TABS = ["agenda", "seats", "hands", "history", "present", "pictures", "help"];

/** @param {string} name */
export function openTab(name) {
  for (const one of TABS) {
    byId(`tab-${one}`, HTMLElement).setAttribute("aria-selected", String(one === name));
    byId(`tab-${one}`, HTMLElement).tabIndex = one === name ? 0 : -1;
    show(byId(`panel-${one}`, HTMLElement), one === name);
  }
}

/** Opens a tab and puts the keyboard on its first row. @param {string} name */
export function focusFirst(name) {
  openTab(name);
  const first = byId(`panel-${name}`, HTMLElement).querySelector("li button");
  if (first instanceof HTMLElement) first.focus();
}

export function focusSearch() {
  openTab("seats");
  const search = byId("seat-search", HTMLInputElement);
  search.focus();
  search.select();
}

/**
 * @param {Console} desk
 * @param {CheckOf} checkOf
 * @param {{openSeat: (seatId: string) => void, openHand: (requestId: string) => void}} open
 */
export function bindSide(desk, checkOf, { openSeat, openHand }) {
  for (const name of TABS) byId(`tab-${name}`, HTMLElement).addEventListener("click", () => openTab(name));
  byId("tab-agenda", HTMLElement).parentElement?.addEventListener("keydown", walkTabs);
  openTab("agenda");
  bindSeats(desk, checkOf, openSeat);
  bindHands(desk, openHand);
  bindHistory(desk);
}

/** @param {KeyboardEvent} event */
function walkTabs(event) {
  const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
  if (!step || !(event.target instanceof HTMLElement)) return;
  const name = TABS[(TABS.indexOf(event.target.id.replace("tab-", "")) + step + TABS.length) % TABS.length] ?? "agenda";
  openTab(name);
  byId(`tab-${name}`, HTMLElement).focus();
  event.preventDefault();
}

/** @param {Console} desk @param {CheckOf} checkOf @param {(seatId: string) => void} openSeat */
function bindSeats(desk, checkOf, openSeat) {
  const search = byId("seat-search", HTMLInputElement);
  const rows = new Rows(byId("seats", HTMLElement), {
    key: (/** @type {Seat} */ seat) => seat.seat_id,
    make: (seat) =>
      el(
        "li",
        null,
        el(
          "button",
          { class: "seat-row", type: "button", "data-testid": "kursi-baris", onclick: () => openSeat(seat.seat_id) },
          el("span", { class: "list-main" }, el("span", { class: "strong", "data-part": "label" }), el("span", { class: "soft small", "data-part": "facts" })),
          el("span", { class: "badge", "data-part": "state" }),
        ),
      ),
    update: (row, seat) => {
      write(part(row, "label"), seat.label);
      write(part(row, "facts"), [seatWord(seat.kind), seat.turns ? t("{kali} kali bicara", { kali: seat.turns }) : "", checkWord(checkOf(seat.seat_id))].filter(Boolean).join(" · "));
      const why = obstacle(seat);
      const state = part(row, "state");
      // Nobody is called any more once the session is closed.
      const closed = desk.session?.status === "ditutup";
      write(state, why || t("Dapat dipanggil"));
      show(state, !closed);
      state.className = `badge ${why ? "badge-plain" : "badge-wait"}`;
    },
  });
  const draw = () => {
    const words = search.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    /** @type {Seat[]} */
    const seats = desk.list("seats").filter((/** @type {Seat} */ seat) => seat.kind !== "aula");
    const found = seats.filter((seat) => words.every((word) => seat.label.toLowerCase().includes(word)));
    rows.show(found.sort((a, b) => Number(b.connected) - Number(a.connected) || a.label.localeCompare(b.label, "id")));
    count("seats", seats.filter((seat) => seat.connected).length);
  };
  search.addEventListener("input", draw);
  search.addEventListener("keydown", (event) => {
    if (event.key === "Escape") search.blur();
    if (event.key !== "Enter") return;
    const first = byId("seats", HTMLElement).querySelector("button");
    // The dialog gives the focus back when it closes; to the page, so that the keys act again.
    search.blur();
    first?.click();
    event.preventDefault();
  });
  desk.onDraw(draw);
}

/** @param {Console} desk @param {(requestId: string) => void} openHand */
function bindHands(desk, openHand) {
  const rows = new Rows(byId("hands", HTMLElement), {
    key: (/** @type {Hand} */ hand) => hand.request_id,
    make: (hand) => handRow(hand, openHand),
    update: updateHand,
  });
  desk.onDraw(() => {
    /** @type {Hand[]} */
    const hands = desk.list("hands");
    rows.show([...hands].reverse());
    show(byId("hands-none", HTMLElement), hands.length === 0);
    count("hands", hands.filter((hand) => hand.state === "antre").length);
  });
}

/** @param {Console} desk */
function bindHistory(desk) {
  const rows = new Rows(byId("history", HTMLElement), {
    key: (/** @type {Past} */ past) => past.turn_id,
    make: () =>
      el(
        "li",
        { class: "side-row" },
        el("span", { class: "history-time", "data-part": "time" }),
        el("div", { class: "list-main" }, el("p", { class: "strong", "data-part": "label" }), el("p", { class: "small", "data-part": "topic" })),
        el("span", { class: "badge badge-plain", "data-part": "state" }),
      ),
    update: (row, past) => {
      write(part(row, "time"), clockWord(past.started_at));
      write(part(row, "label"), [past.label, turnKindWord(past.kind)].filter(Boolean).join(" · "));
      write(part(row, "topic"), [past.nama, past.topic].filter(Boolean).join(": "));
      write(part(row, "state"), past.outcome ? `${turnWord(past.outcome)}, ${minutes(past.spoken_ms)}` : t("Giliran"));
    },
  });
  desk.onDraw(() => {
    /** @type {Past[]} */
    const history = desk.list("history");
    rows.show([...history].reverse());
    show(byId("history-none", HTMLElement), history.length === 0);
    count("history", history.filter((past) => past.outcome).length);
  });
}

/** @param {string} tab @param {number} number */
function count(tab, number) {
  write(part(byId(`tab-${tab}`, HTMLElement), "count"), number ? String(number) : "");
}
