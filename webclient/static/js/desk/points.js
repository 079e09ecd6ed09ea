/**
 * Points of order that wait for the chair: who, why, since when; given the floor or put aside with one press.
 * The strip is there only while somebody asks.
 */
import { announce, byId, el, show } from "../dom.js";
import { newId } from "../protocol.js";
import { t } from "../t.js";
import { clockWord } from "../words.js";
import { Rows, part, write } from "./rows.js";

/** @typedef {import("./console.js").Console} Console */
/** @typedef {import("./sections.js").Point} Point */

const GUARD_MS = 700;

/**
 * @param {Console} desk
 * @returns {{grantFirst: () => void, dismissFirst: () => void}}
 */
export function bindPoints(desk) {
  const list = byId("points-list", HTMLElement);
  const strip = byId("points", HTMLElement);
  const known = new Set();
  const rows = new Rows(list, { key: (/** @type {Point} */ point) => point.point_id, make, update });

  /** @param {Point} point */
  function make(point) {
    const grant = el("button", { class: "button button-primary", type: "button", "data-part": "grant", "data-testid": "izinkan-interupsi" }, t("Beri waktu"));
    const dismiss = el("button", { class: "button", type: "button", "data-part": "dismiss", "data-testid": "tolak-interupsi" }, t("Tidak sekarang"));
    grant.addEventListener("click", () => void desk.giveBy(grant, "grant_point", { turn_id: newId(), point_id: point.point_id }));
    dismiss.addEventListener("click", () => void desk.giveBy(dismiss, "dismiss_point", { point_id: point.point_id }));
    return el(
      "li",
      { class: "point", "data-testid": "interupsi-baris" },
      el("div", { class: "list-main" }, el("p", { class: "strong", "data-part": "who" }), el("p", { "data-part": "reason" }), el("p", { class: "soft small", "data-part": "when" })),
      el("div", { class: "row chair-only" }, grant, dismiss),
    );
  }

  /** @param {HTMLElement} row @param {Point} point */
  function update(row, point) {
    write(part(row, "who"), [point.nama, point.label].filter(Boolean).join(" · "));
    write(part(row, "reason"), point.reason ?? "");
    write(part(row, "when"), t("sejak {jam}", { jam: clockWord(point.raised_at) }));
    const open = desk.session?.status === "berlangsung";
    for (const name of ["grant", "dismiss"]) /** @type {HTMLButtonElement} */ (part(row, name)).disabled = !open;
  }

  /** The strip has just come where something else was: a finger on its way down aimed at that. */
  function guard() {
    strip.inert = true;
    setTimeout(() => (strip.inert = false), GUARD_MS);
  }

  /** On a phone the strip may be below what is looked at. @param {string} words */
  function tell(words) {
    if (strip.getBoundingClientRect().top < innerHeight) announce(words);
    else desk.toast(words);
  }

  desk.onDraw(() => {
    /** @type {Point[]} */
    const points = desk.session?.status === "ditutup" ? [] : desk.list("points");
    if (strip.hidden && points.length) guard();
    show(strip, points.length > 0);
    write(part(strip, "count"), points.length > 1 ? String(points.length) : "");
    rows.show(points);
    for (const point of points) {
      if (!known.has(point.point_id)) tell(t("{tempat} minta interupsi", { tempat: point.label }));
      known.add(point.point_id);
    }
  });
  const pressFirst = (/** @type {string} */ name) => () => {
    const first = list.querySelector(`li:not([data-gone]) [data-part="${name}"]:not([disabled])`);
    if (first instanceof HTMLElement && first.offsetParent && !strip.inert) first.click();
  };
  return { grantFirst: pressFirst("grant"), dismissFirst: pressFirst("dismiss") };
}
