/** "Hentikan layar": takes off whatever screen is shown, so that the stage is people again. */
import { byId, show } from "../dom.js";
import { t } from "../t.js";
import { write } from "./rows.js";

/** @typedef {import("./sections.js").Seat} Seat */

/** @param {import("./console.js").Console} desk @returns {HTMLButtonElement} for its key */
export function bindScreen(desk) {
  const button = byId("stop-screen", HTMLButtonElement);
  const words = /** @type {HTMLElement} */ (button.querySelector("span"));
  const shown = () => desk.stage?.slots.screen ?? null;
  desk.onDraw(() => {
    const seat = desk.list("seats").find((/** @type {Seat} */ one) => one.seat_id === shown());
    write(words, t("Hentikan layar {tempat}", { tempat: seat?.label ?? "" }));
    button.title = words.textContent ?? "";
    show(button, shown() !== null);
  });
  button.addEventListener("click", () => shown() && void desk.giveBy(button, "stop_screen", { seat_id: shown() }));
  return button;
}
