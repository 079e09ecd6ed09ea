/**
 * The head of the whole order, as everybody may see it: places and reasons, no names and no topics.
 */
import { el, refill } from "../dom.js";
import { t } from "../t.js";
import { reasonWord } from "../words.js";

/** @param {HTMLElement} list @param {import("./shapes.js").Waiting} waiting
 *  @param {string | null} seat */
export function showWaiting(list, waiting, seat) {
  const rows = waiting.places.map((p) => el("li", null,
    el("span", { class: `place ${p.seat_id === seat ? "place-own" : ""}` }, p.place),
    el("span", { class: "list-main" }, el("span", { class: p.seat_id === seat ? "strong" : "" }, p.label),
      el("span", { class: "soft small block" }, reasonWord(p.reason, p.label)))));
  const rest = waiting.count - waiting.places.length;
  refill(list, ...(rows.length ? rows : [el("li", { class: "empty" }, t("Belum ada yang menunggu."))]),
    rest > 0 ? el("li", { class: "soft small" }, t("dan {n} lagi", { n: rest })) : null);
}
