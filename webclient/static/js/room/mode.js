/**
 * Suara, Hemat, Biasa: how much of the pictures this device takes, chosen by a person and remembered here.
 *
 * Sound comes in full whatever is chosen. The server is told at once, and again whenever line or call are new.
 */
import { announce, byId } from "../dom.js";
import { keep, recall } from "../kept.js";
import { t } from "../t.js";

/** @typedef {import("../layers.js").Mode} Mode */

const KEPT = "rembug.gambar";

/** @returns {Record<Mode, string>} */
const WORDS = () => ({ suara: t("Suara"), hemat: t("Hemat"), biasa: t("Biasa") });

/** What this device was last told. @returns {Mode} */
function keptMode() {
  const kept = recall(KEPT);
  return kept in WORDS() ? /** @type {Mode} */ (kept) : "biasa";
}

/** Whether this page shows no pictures of others. */
export function soundOnly() {
  return document.documentElement.dataset["gambar"] === "suara";
}

/** The page's button and its dialog.
 *  @param {import("../protocol.js").Wire} wire @param {import("../call.js").Call} call
 *  @param {() => void} changed told after each choice */
export function bindMode(wire, call, changed) {
  const button = byId("mode", HTMLButtonElement);
  const dialog = byId("mode-dialog", HTMLDialogElement);
  const inputs = /** @type {HTMLInputElement[]} */ ([...dialog.querySelectorAll("input[name=mode]")]);
  const tell = () => {
    if (call.state !== "idle") wire.tell("media_mode", call.choice);
  };
  /** @param {Mode} mode */
  const use = (mode) => {
    call.setMode(mode);
    const words = t("Gambar: {mode}", { mode: WORDS()[mode] });
    /** @type {HTMLElement} */ (button.querySelector("span")).textContent = words;
    button.dataset["mode"] = mode;
    button.title = words;
    document.documentElement.dataset["gambar"] = mode;
    for (const input of inputs) {
      input.checked = input.value === mode;
      input.closest(".choice")?.classList.toggle("choice-on", input.checked);
    }
    tell();
    changed();
    return words;
  };
  button.addEventListener("click", () => dialog.showModal());
  dialog.querySelector("[data-close]")?.addEventListener("click", () => dialog.close());
  for (const input of inputs) {
    input.addEventListener("change", () => {
      const mode = /** @type {Mode} */ (input.value);
      keep(KEPT, mode);
      announce(use(mode));
    });
  }
  wire.on("welcome", tell);
  call.onState((state) => {
    if (state === "connected") tell();
  });
  use(keptMode());
}
