/**
 * The private message that goes with Tahan. It is prepared, so that holding stays one press; a longer word
 * is written in a dialog, which holds with it or keeps it for the next time.
 */
import { byId } from "../dom.js";
import { t } from "../t.js";
import { aimButton, write } from "./rows.js";

/** @typedef {import("./console.js").Console} Console */

/** What a held office reads when nobody has written anything else. */
export const preparedMessage = () => t("Mohon menunggu sebentar. Giliran Bapak/Ibu tetap disimpan; pimpinan akan memanggil kembali.");

/**
 * @param {Console} desk
 * @returns {{message: () => string, open: HTMLButtonElement}} message: what Tahan sends now
 */
export function bindHold(desk) {
  const dialog = byId("hold-dialog", HTMLDialogElement);
  const words = byId("hold-words", HTMLTextAreaElement);
  const open = byId("hold-say", HTMLButtonElement);
  const now = byId("hold-now", HTMLButtonElement);
  let kept = preparedMessage();
  const speaking = () => (desk.session?.status === "berlangsung" && desk.turn?.state !== "ditahan" ? desk.turn : null);
  const keep = () => {
    kept = words.value.trim() || preparedMessage();
    dialog.close();
  };
  open.addEventListener("click", () => {
    words.value = kept;
    dialog.showModal();
    words.focus();
    words.select();
    desk.redraw();
  });
  byId("hold-form", HTMLFormElement).addEventListener("submit", async (event) => {
    event.preventDefault();
    const turn = speaking();
    // A message for this once leaves the prepared one as it is.
    if (turn && (await desk.giveBy(now, "hold_turn", { turn_id: turn.turn_id, message: words.value.trim() }))) dialog.close();
  });
  words.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    if (!now.disabled) now.click();
  });
  byId("hold-keep", HTMLButtonElement).addEventListener("click", keep);
  byId("hold-default", HTMLButtonElement).addEventListener("click", () => {
    words.value = preparedMessage();
    words.focus();
  });
  desk.onDraw(() => {
    const turn = speaking();
    aimButton(now, turn?.turn_id ?? "");
    write(now, turn ? t("Tahan {tempat}", { tempat: turn.label }) : t("Tidak ada yang bicara"));
  });
  return { message: () => kept, open };
}
