/**
 * "Arahan": marks that the chair has just directed or promised something. The moment is fixed by the press;
 * the words may follow, or the notulis writes them.
 */
import { byId } from "../dom.js";
import { newId } from "../protocol.js";
import { t } from "../t.js";
import { clockSecondsWord } from "../words.js";
import { request } from "./api.js";
import { write } from "./rows.js";

/** @typedef {import("./console.js").Console} Console */

/**
 * @param {Console} desk
 * @returns {HTMLButtonElement}
 */
export function bindDirect(desk) {
  const button = byId("direct", HTMLButtonElement);
  const dialog = byId("direct-dialog", HTMLDialogElement);
  const words = byId("direct-words", HTMLTextAreaElement);
  const error = byId("direct-error", HTMLElement);
  /** @type {{id: string, instant: {spoken_at: number, seat_id: string | null, turn_id: string | null}} | null} */
  let note = null;
  let sending = false;

  button.addEventListener("click", () => {
    const { turn, stage } = desk;
    const spoken_at = Math.round(desk.wire.serverNow());
    note = { id: newId(), instant: { spoken_at, seat_id: turn?.seat_id ?? stage?.slots.aula ?? null, turn_id: turn?.turn_id ?? null } };
    write(byId("direct-when", HTMLElement), [clockSecondsWord(spoken_at), turn?.label ?? t("Aula")].join(" · "));
    write(error, "");
    words.value = "";
    dialog.showModal();
    words.focus();
  });
  byId("direct-form", HTMLFormElement).addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!note || sending) return;
    sending = true;
    try {
      const ucapan = words.value.trim() || t("Arahan pimpinan (kata-katanya menyusul)");
      await request("POST", `${desk.boot.base}api/v1/catatan`, { ...note, jenis: "arahan", ucapan });
      dialog.close();
      desk.toast(t("Arahan tercatat."));
    } catch (why) {
      // The same id goes out again with the next press: it is taken once.
      write(error, /** @type {Error} */ (why).message);
    } finally {
      sending = false;
    }
  });
  words.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    byId("direct-form", HTMLFormElement).requestSubmit();
  });
  desk.onDraw(() => {
    const status = desk.session?.status;
    button.disabled = status !== "berlangsung" && status !== "diskors";
  });
  return button;
}
