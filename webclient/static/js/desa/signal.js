/**
 * Bersiap, Giliran and what follows, heard and felt: bell notes, and on a telephone a pattern of vibration of its own
 * for each. Who switched them off on this device has neither; colour and words stay.
 */
import { chime } from "../devices.js";
import { byId } from "../dom.js";
import { keep, recall } from "../kept.js";

/** @typedef {"bersiap" | "giliran" | "ditahan" | "selesai"} Signal */

const KEPT = "rembug.tanda";
/** On, off, on ... in ms. @type {Record<Signal, number[]>} */
const PATTERNS = { bersiap: [250, 150, 250], giliran: [500, 150, 500, 150, 900], ditahan: [200], selesai: [120] };
/** 0..1; the turn is heard over people who talk. */
const LOUDNESS = { bersiap: 0.25, giliran: 0.4, ditahan: 0.16, selesai: 0.16 };

/** @param {Signal} name */
export function signal(name) {
  if (recall(KEPT) === "diam") return;
  chime(name, LOUDNESS[name]);
  // Only some devices have it, and some refuse it.
  navigator.vibrate?.(PATTERNS[name]);
}

/** The page's switch for them, with a sample when they are switched on. */
export function bindSignals() {
  const input = byId("tanda-bunyi", HTMLInputElement);
  input.checked = recall(KEPT) !== "diam";
  input.addEventListener("change", () => {
    keep(KEPT, input.checked ? "" : "diam");
    signal("bersiap");
  });
}
