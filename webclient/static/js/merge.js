/**
 * Two versions of one note side by side: what was typed here and what the server has meanwhile. Nothing is
 * overwritten before a person has looked: mine, theirs, or field by field.
 */
import { byId, el, refill } from "./dom.js";
import { t } from "./t.js";

/** @typedef {Record<string, string>} Typed what stands in a form's inputs, by field */
/** @typedef {{ name: string, words: string, kind?: string, say?: (value: string) => string }} Field say: a stored code as people read it */
/** @typedef {{ name: string, mine: string, theirs: string }} Difference */

/** @param {Field} field @param {string} text */
const plain = ({ kind }, text) => (kind === "number" || kind === "rupiah" ? text.replace(/^rp/i, "").replace(/[\s.]/g, "") : text);

/**
 * The fields in which the two differ, in their order; spaces at the ends and points in numbers are no difference.
 * @param {Field[]} fields
 * @param {Typed} mine
 * @param {Typed} theirs
 * @returns {Difference[]}
 */
export function differences(fields, mine, theirs) {
  const text = (/** @type {Typed} */ typed, /** @type {string} */ name) => (typed[name] ?? "").trim();
  return fields
    .filter((field) => plain(field, text(mine, field.name)) !== plain(field, text(theirs, field.name)))
    .map(({ name }) => ({ name, mine: text(mine, name), theirs: text(theirs, name) }));
}

/**
 * Asks which of the two each field is to have.
 * @param {Field[]} fields
 * @param {Typed} mine
 * @param {Typed} theirs
 * @returns {Promise<Typed | null>} the merged form; null: not decided now
 */
export function merge(fields, mine, theirs) {
  const dialog = byId("banding", HTMLDialogElement);
  const form = byId("banding-form", HTMLFormElement);
  const found = differences(fields, mine, theirs);
  if (!found.length) return Promise.resolve({ ...mine });
  if (dialog.open) return Promise.resolve(null);
  refill(byId("banding-isi", HTMLElement), found.map((one) => fieldset(/** @type {Field} */ (fields.find(({ name }) => name === one.name)), one)));
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      const how = dialog.returnValue;
      if (!["saya", "tersimpan", "pilihan"].includes(how)) return resolve(null);
      const merged = { ...mine };
      for (const { name, theirs: stored } of found) {
        const chosen = how === "pilihan" ? new FormData(form).get(name) : how;
        if (chosen === "tersimpan") merged[name] = stored;
      }
      return resolve(merged);
    }, { once: true });
  });
}

/** @param {Field} field @param {Difference} one */
function fieldset(field, { mine, theirs }) {
  const choice = (/** @type {string} */ value, /** @type {string} */ head, /** @type {string} */ text, /** @type {boolean} */ chosen) =>
    el("label", { class: "choice" }, el("input", { type: "radio", name: field.name, value, checked: chosen, "data-testid": `pilih-${field.name}-${value}` }),
      el("span", null, el("span", { class: "soft small" }, head), el("span", { class: "merge-words" }, text ? (field.say?.(text) ?? text) : t("(kosong)"))));
  return el("fieldset", { class: "merge-field", "data-testid": "beda" }, el("legend", null, field.words),
    // What one side left empty the other has added, as far as anybody can tell.
    choice("saya", t("Yang saya tulis"), mine, mine !== ""), choice("tersimpan", t("Yang sudah tersimpan"), theirs, mine === ""));
}
