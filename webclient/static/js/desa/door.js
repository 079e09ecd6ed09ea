/**
 * The front door: the recording notice before anything is captured, then camera, microphone and loudspeaker.
 *
 * "Masuk" is the one tap that lets the page sound. Nothing here speaks in the meeting.
 */
import { audioContext } from "../devices.js";
import { byId, show } from "../dom.js";
import { Preview } from "../room/preview.js";
import { Readiness } from "../room/readiness.js";
import { t } from "../t.js";
import { hear } from "./hear.js";
import { checkLine } from "./line.js";

/** @typedef {import("../room/self.js").OwnMedia} OwnMedia */
/** @typedef {"direkam" | "tanpa_rekaman"} Answer */

/**
 * @param {OwnMedia} media
 * @param {import("../protocol.js").Wire} wire
 * @param {string} base of the personal link
 * @param {"belum" | Answer} consented what this office answered before
 * @returns {Promise<Answer>} the answer, once the person comes in
 */
export function door(media, wire, base, consented) {
  const enter = byId("masuk", HTMLButtonElement);
  const choices = /** @type {HTMLInputElement[]} */ ([...byId("pintu-setuju", HTMLElement).querySelectorAll("input")]);
  const readiness = new Readiness(base);
  const preview = new Preview(media, readiness);
  const quiet = hear(wire, base);
  const line = checkLine(wire, base, (sambungan) => readiness.note({ sambungan }));
  /** @type {Answer} */
  let answer = "direkam";
  let round = 0;

  const choose = async () => {
    const chosen = choices.find((c) => c.checked);
    for (const c of choices) c.closest(".choice")?.classList.toggle("choice-on", c.checked);
    if (!chosen) return;
    answer = /** @type {Answer} */ (chosen.value);
    const now = ++round;
    const recorded = answer === "direkam";
    show(byId("masuk-syarat", HTMLElement), false);
    line.begin();
    show(byId("pintu-perangkat", HTMLElement), recorded);
    show(byId("pintu-orang", HTMLElement), recorded);
    byId("pintu", HTMLElement).classList.toggle("door-open", recorded);
    enter.textContent = recorded ? t("Masuk") : t("Masuk dan menyimak");
    enter.disabled = recorded;
    if (!recorded) {
      readiness.unused();
      return preview.close();
    }
    // Until the devices have answered: who comes in before would come in without a voice. But whatever they do,
    // nobody stays outside for it.
    try {
      await preview.open();
    } finally {
      if (now === round) enter.disabled = false;
    }
  };
  for (const c of choices) c.addEventListener("change", choose);
  // Also who was faster than this script, on a slow laptop.
  const before = choices.find((c) => c.checked) ?? choices.find((c) => c.value === consented);
  if (before) {
    before.checked = true;
    void choose();
  }

  return new Promise((resolve) => {
    enter.addEventListener("click", () => {
      audioContext();
      preview.end();
      line.end();
      quiet();
      void readiness.tell();
      resolve(answer);
    }, { once: true });
  });
}
