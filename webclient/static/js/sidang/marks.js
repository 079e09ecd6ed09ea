/**
 * Where a record is: on this device alone, at the server, refused, or with two contents. Never more than is true.
 */
import { el } from "../dom.js";
import { t } from "../t.js";

/** @typedef {import("./ledger.js").Item} Item */

/**
 * @param {Item} item
 * @param {() => void} compare
 */
export function stateMarks(item, compare) {
  const badge = (/** @type {string} */ look, /** @type {string} */ words) => el("span", { class: `badge ${look}`, "data-testid": "keadaan" }, words);
  switch (item.state) {
    case "terkirim": return [el("span", { class: "soft small", "data-testid": "keadaan" }, t("Terkirim"))];
    case "kirim": return [item.kept ? badge("badge-held", t("Tersimpan di perangkat")) : badge("badge-alarm", t("Hanya di halaman ini"))];
    case "salah": return [badge("badge-alarm", t("Perlu diperbaiki")), el("span", { class: "small" }, [item.message, ...Object.values(item.wrong)].join(" "))];
    case "beda": return [badge("badge-alarm", t("Ada dua isi")), el("button", { class: "button button-primary", type: "button", "data-key": `banding ${item.id}`, "data-testid": "bandingkan", onclick: compare }, t("Bandingkan"))];
  }
}
