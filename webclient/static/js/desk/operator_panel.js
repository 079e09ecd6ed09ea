/**
 * The panel: small pictures of the offices on the script and of who is next, 25 to a page, with who speaks and
 * whose line is bad. Only while its tab is open is anything watched; what is seen here is not on air.
 */
import { PANEL_LINES } from "../lines.js";
import { byId, el, show } from "../dom.js";
import { Fetching } from "../fetching.js";
import { t } from "../t.js";
import { request } from "./api.js";
import { freshPicture } from "./fresh.js";
import { soundOnly } from "../room/mode.js";
import { part, write } from "./rows.js";

/** @typedef {import("./console.js").Console} Console */
/** @typedef {import("./sections.js").Seat} Seat */
/** @typedef {{ lost: number, seen: boolean, speaking: boolean, narrow: boolean }} SeatHealth */

const BAD_LOSS = 0.05;
const AGAIN_MS = 2_000;
const TOLD_WITHIN_MS = 10_000;

/** @param {Console} desk @param {import("../call.js").Call} call @param {(seatId: string) => void} openSeat */
export function bindPanel(desk, call, openSeat) {
  const grid = byId("panel-grid", HTMLElement);
  /** @type {Record<string, SeatHealth>} */
  let health = {};
  let page = 0;
  let asked = "";
  let reached = false;
  const tiles = Array.from({ length: PANEL_LINES }, (_, n) => tile(n, openSeat));
  grid.append(...tiles.map((one) => one.root));
  call.attachPanel(tiles.map((one) => one.video));

  const offices = () => desk.list("seats").filter((/** @type {Seat} */ seat) => seat.kind === "dialog" || seat.panel);
  const open = () => !byId("panel-pictures", HTMLElement).hidden && document.visibilityState === "visible" && !soundOnly();

  const draw = () => {
    const all = offices();
    const pages = Math.max(1, Math.ceil(all.length / PANEL_LINES));
    page = Math.min(page, pages - 1);
    const shown = all.slice(page * PANEL_LINES, (page + 1) * PANEL_LINES);
    show(byId("panel-pages", HTMLElement), pages > 1);
    write(byId("panel-page", HTMLElement), t("Halaman {ini} dari {semua}", { ini: page + 1, semua: pages }));
    show(byId("panel-none", HTMLElement), all.length === 0);
    watch(open() ? shown.map((/** @type {Seat} */ seat) => seat.seat_id) : []);
    tiles.forEach((one, n) => one.draw(shown[n] ?? null, health[shown[n]?.seat_id ?? ""] ?? null, reached, desk));
  };

  // One at a time: of two wishes under way together the older could arrive last, and would stand.
  const telling = new Fetching(async () => {
    const wish = asked;
    if (!wish) return;
    const path = `${desk.boot.base}media/${call.choice.peer_id}/panel`;
    const sent = request("PUT", path, { seats: JSON.parse(wish) }, AbortSignal.timeout(TOLD_WITHIN_MS));
    const done = await sent.then(() => true, () => false);
    if (asked !== wish) return;
    if (done) reached = true;
    else setTimeout(() => asked === wish && ((asked = ""), desk.redraw()), AGAIN_MS);
    desk.redraw();
  });

  /** @param {string[]} seats whom the panel's lines are to show, in their order */
  function watch(seats) {
    const wish = JSON.stringify(seats);
    if (wish === asked || call.state !== "connected") return;
    asked = wish;
    reached = false;
    void telling.now();
  }

  call.onState(() => {
    asked = "";
    desk.redraw();
  });
  desk.wire.on("health", (message) => {
    health = message.seats;
    if (open()) desk.redraw();
  });
  for (const [id, step] of /** @type {[string, number][]} */ ([["panel-before", -1], ["panel-after", 1]])) {
    byId(id, HTMLButtonElement).addEventListener("click", () => {
      const pages = Math.max(1, Math.ceil(offices().length / PANEL_LINES));
      page = (page + step + pages) % pages;
      desk.redraw();
    });
  }
  new MutationObserver(() => desk.redraw()).observe(byId("panel-pictures", HTMLElement), { attributeFilter: ["hidden"] });
  document.addEventListener("visibilitychange", () => desk.redraw());
  desk.onDraw(draw);
}

/** One line's tile. @param {number} n @param {(seatId: string) => void} openSeat */
function tile(n, openSeat) {
  let seatId = "";
  const video = el("video", { autoplay: true, playsinline: true, "data-testid": `gambar-${n + 1}` });
  video.muted = true;
  const root = el("button", { class: "tile panel-tile", type: "button", hidden: true, onclick: () => openSeat(seatId) },
    video, el("span", { class: "tile-empty small", "data-part": "empty" }), el("span", { class: "tile-name small", "data-part": "name" }),
    el("span", { class: "badge badge-good panel-mark", "data-part": "mark" }));
  const tell = freshPicture(root);
  return {
    root,
    video,
    /** @param {Seat | null} seat @param {SeatHealth | null} health @param {boolean} reached @param {Console} desk */
    draw(seat, health, reached, desk) {
      show(root, seat !== null);
      seatId = seat?.seat_id ?? "";
      tell(seat?.panel ? seatId : null, reached);
      if (!seat) return;
      write(part(root, "name"), seat.label);
      write(part(root, "empty"), !seat.connected ? t("Belum tersambung") : !seat.panel || soundOnly() ? t("Tanpa gambar") : health?.seen === false ? t("Gambar tidak sampai") : t("Menunggu gambar…"));
      const live = desk.live && desk.stage?.slots.speaker === seatId;
      const bad = (health?.lost ?? 0) >= BAD_LOSS;
      const mark = part(root, "mark");
      const strange = seat.connected && (seat.wajah === "bukan" || seat.wajah === "belum");
      write(mark, live ? t("Siaran") : strange ? (seat.wajah === "bukan" ? t("Ditahan") : t("Belum dilihat")) : health?.speaking ? t("Bersuara") : bad ? t("Saluran buruk") : "");
      mark.className = `badge panel-mark ${live ? "badge-live" : strange ? "badge-unseen" : health?.speaking ? "badge-good" : "badge-alarm"}`;
      show(mark, live || strange || health?.speaking === true || bad);
      root.toggleAttribute("data-lost", seat.connected && health?.seen === false);
    },
  };
}
