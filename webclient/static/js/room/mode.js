/**
 * Suara, Hemat, Biasa: how much of the pictures this device takes, chosen by a person and remembered here.
 *
 * Sound comes in full whatever is chosen. The server is told at once, and again whenever line or call are new.
 */
import { announce, byId } from "../dom.js";
import { t } from "../t.js";

/** @typedef {import("../layers.js").Mode} Mode */

const KEPT = "rembug.gambar";

/** @returns {Record<Mode, string>} */
const WORDS = () => ({ suara: t("Suara"), hemat: t("Hemat"), biasa: t("Biasa") });

/** What this device was last told. @returns {Mode} */
export function keptMode() {
  try {
    const kept = localStorage.getItem(KEPT) ?? "";
    return kept in WORDS() ? /** @type {Mode} */ (kept) : "biasa";
  } catch {
    // A browser that keeps nothing is asked each time.
    return "biasa";
  }
}

/** The button in the room's controls and its dialog.
 *  @param {import("../protocol.js").Wire} wire @param {import("../call.js").Call} call */
export function bindMode(wire, call) {
  const button = byId("mode", HTMLButtonElement);
  const dialog = byId("mode-dialog", HTMLDialogElement);
  const inputs = [...dialog.querySelectorAll("input")];
  const tell = () => {
    if (call.state !== "idle") wire.tell("media_mode", call.choice);
  };
  /** @param {Mode} mode */
  const use = (mode) => {
    call.setMode(mode);
    const words = t("Gambar: {mode}", { mode: WORDS()[mode] });
    /** @type {HTMLElement} */ (button.querySelector("span")).textContent = words;
    button.dataset["mode"] = mode;
    for (const input of inputs) {
      input.checked = input.value === mode;
      input.closest(".choice")?.classList.toggle("choice-on", input.checked);
    }
    tell();
    return words;
  };
  button.addEventListener("click", () => dialog.showModal());
  for (const input of inputs) {
    input.addEventListener("change", () => {
      const mode = /** @type {Mode} */ (input.value);
      try {
        localStorage.setItem(KEPT, mode);
      } catch { /* Asked again next time. */ }
      announce(use(mode));
    });
  }
  wire.on("welcome", tell);
  call.onState((state) => {
    if (state === "connected") tell();
  });
  use(keptMode());
}
