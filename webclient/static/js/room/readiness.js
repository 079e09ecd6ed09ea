/**
 * What the people at a door saw and heard of their own devices, told to the Panitia: a picture, a level that moved,
 * the tone that they say they heard, how their line was found to be.
 *
 * Nobody waits for it, and what is not known leaves what was known before as it was.
 */
import { byId, show } from "../dom.js";
import { t } from "../t.js";
import { api } from "./api.js";

/** @typedef {{ kamera: "menyala" | "tidak_ada" | "tidak_dipakai" | "belum",
 *              mikrofon: "terdengar" | "tidak_ada" | "tidak_dipakai" | "belum",
 *              pengeras: "terdengar" | "tidak_terdengar" | "belum",
 *              sambungan: import("../sambungan.js").Verdict | "belum" }} Seen */

/** Louder than a quiet room, in the meter's 0..1, and so often that it was no door that slammed. */
const VOICE_LEVEL = 0.4;
const VOICE_TIMES = 8;
const REST_MS = 1_500;
const AGAIN_MS = 15_000;

export class Readiness {
  /** @type {Seen} */
  #seen = { kamera: "belum", mikrofon: "belum", pengeras: "belum", sambungan: "belum" };
  #told = "";
  #loud = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {string} base of the personal link */
  constructor(base) {
    this.url = `${base}api/kesiapan`;
  }

  /** @param {Partial<Seen>} change */
  note(change) {
    Object.assign(this.#seen, change);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.tell(), REST_MS);
  }

  /** What the devices gave. @param {import("../devices.js").Opened} opened */
  opened({ video, audio, trouble }) {
    if (trouble === "belum_menjawab") return;
    this.#loud = 0;
    this.note({ kamera: video ? "menyala" : "tidak_ada", mikrofon: audio ? "belum" : "tidak_ada" });
  }

  /** One reading of the meter. @param {number} level 0..1 */
  level(level) {
    if (this.#seen.mikrofon !== "belum" || level < VOICE_LEVEL) return;
    this.#loud += 1;
    if (this.#loud >= VOICE_TIMES) this.note({ mikrofon: "terdengar" });
  }

  /** Who attends without being recorded uses neither. */
  unused() {
    this.note({ kamera: "tidak_dipakai", mikrofon: "tidak_dipakai" });
  }

  /** Whether they hear the tone is theirs to say. */
  askForTone() {
    show(byId("pintu-dengar", HTMLElement), true);
    for (const [id, pengeras] of /** @type {const} */ ([["nada-ya", "terdengar"], ["nada-tidak", "tidak_terdengar"]])) {
      const button = byId(id, HTMLButtonElement);
      button.onclick = () => {
        for (const one of [byId("nada-ya", HTMLElement), byId("nada-tidak", HTMLElement)]) one.setAttribute("aria-pressed", String(one === button));
        byId("nada-kata", HTMLElement).textContent = pengeras === "terdengar" ? t("Baik, pengeras suara siap.")
          : t("Besarkan pengeras suara, periksa kabelnya, lalu uji lagi.");
        this.note({ pengeras });
      };
    }
  }

  /** Now; also as people come in. */
  async tell() {
    clearTimeout(this.#timer);
    const seen = JSON.stringify(this.#seen);
    if (seen === this.#told || seen === NOTHING) return;
    this.#told = seen;
    await api(this.url, { method: "PUT", body: this.#seen }).catch((why) => {
      console.warn("not told:", why);
      if (this.#told === seen) this.#told = "";
      // Without a line it is told later, unless there is more to tell before.
      clearTimeout(this.#timer);
      if (why.status === 0) this.#timer = setTimeout(() => void this.tell(), AGAIN_MS);
    });
  }
}

const NOTHING = JSON.stringify({ kamera: "belum", mikrofon: "belum", pengeras: "belum", sambungan: "belum" });
