/**
 * Where the hall's sound comes from: the choice at the door and in the room, remembered on this device.
 *
 * A mixer's sound is sent as it is, so that the anthem sounds; a microphone's is freed of echo and noise. The
 * choice takes effect at once and in the same call.
 */
import { SOURCES } from "../devices.js";
import { keep, recall } from "../kept.js";

/** @typedef {import("../devices.js").SoundSource} SoundSource */
/** @typedef {import("../call.js").Call} Call */
/** @typedef {import("./self.js").OwnMedia} OwnMedia */

const KEPT = "rembug.asal-suara";

/** What this device was last told. @returns {SoundSource} */
export function keptSource() {
  const kept = recall(KEPT);
  return kept in SOURCES ? /** @type {SoundSource} */ (kept) : "ruangan";
}

/**
 * All choices of the page show the same source; a new one is remembered and taken into use.
 * @param {OwnMedia} media
 * @param {Call} call
 */
export function bindSources(media, call) {
  const inputs = /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll("input[data-source]"));
  /** @param {SoundSource} source */
  const draw = (source) => {
    call.limitSound(SOURCES[source].bitrate);
    for (const input of inputs) {
      input.checked = input.value === source;
      input.closest(".choice")?.classList.toggle("choice-on", input.checked);
    }
  };
  for (const input of inputs) {
    input.addEventListener("change", () => {
      const source = /** @type {SoundSource} */ (input.value);
      keep(KEPT, source);
      draw(source);
      void media.changeSource(source);
    });
  }
  draw(media.wish.source ?? "ruangan");
}
