/**
 * "Ada yang keliru": the desa says in a sentence what is wrong with a note about it. The note stays as the notulis
 * wrote it; the sentence stands in its history, where the notulis reads it.
 */
import { announce, byId, show } from "../dom.js";
import { api, ApiRefusal } from "../room/api.js";
import { t } from "../t.js";

/** @typedef {{ said: Map<string, string>, ask: (id: string, title: string) => void }} Disputes
 *  said: what was sent from this page, by the note's id */

/** @param {string} base of the personal link @param {() => Promise<void>} done @returns {Disputes} */
export function disputing(base, done) {
  const dialog = byId("keliru-dialog", HTMLDialogElement);
  const words = byId("keliru-isi", HTMLInputElement);
  const wrong = byId("keliru-isi-salah", HTMLElement);
  const refused = byId("keliru-salah", HTMLElement);
  /** @type {Map<string, string>} */
  const said = new Map();
  let note = "";
  /** @param {string} text */
  const complain = (text) => {
    wrong.textContent = text;
    words.setAttribute("aria-invalid", String(text !== ""));
    if (text) words.focus();
  };
  byId("keliru-form", HTMLFormElement).addEventListener("submit", async (e) => {
    e.preventDefault();
    const isi = words.value.trim();
    complain(isi ? "" : t("Tulis dahulu apa yang keliru."));
    if (!isi) return;
    try {
      await api(`${base}api/v1/catatan/${note}/keliru`, { method: "POST", body: { isi } });
    } catch (why) {
      if (!(why instanceof ApiRefusal)) throw why;
      refused.textContent = why.fields["isi"] ?? why.message;
      show(refused, true);
      announce(refused.textContent);
      return;
    }
    said.set(note, isi);
    dialog.close();
    announce(t("Sudah disampaikan kepada notulis."));
    await done();
  });
  return {
    said,
    ask: (id, title) => {
      note = id;
      words.value = "";
      complain("");
      show(refused, false);
      byId("keliru-catatan", HTMLElement).textContent = title;
      dialog.showModal();
    },
  };
}
