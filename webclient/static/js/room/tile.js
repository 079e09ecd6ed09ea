/**
 * One picture on the stage: a slot's sound and picture, its name, and words where there is no picture.
 *
 * After a change of speaker the old face is never shown under the new name: the picture appears with the first
 * frame that came after the change was applied.
 */
import { el, icon, refill, show } from "../dom.js";
import { eachFrame } from "../frames.js";
import { t } from "../t.js";
import { soundOnly } from "./mode.js";

const STILL_MS = 3_000;

export class Tile {
  /** @type {string | null} */
  #feed = null;
  #empty = "";
  /** Whether forwarding stands where the feed says. */
  #reached = false;
  /** Whether a frame of this feed has been seen. */
  #fresh = false;
  #movedAt = 0;
  #said = "";
  #cut = false;
  #narrow = false;

  /** @param {import("../call.js").Slot} slot @param {boolean} [still] its picture may stand still and be right */
  constructor(slot, still = false) {
    this.slot = slot;
    this.still = still;
    this.video = el("video", { autoplay: true, playsinline: true, "data-testid": `video-${slot}` });
    this.name = el("figcaption", { class: "tile-name" });
    this.words = el("p", { class: "tile-empty" });
    this.element = el("figure", { class: `tile tile-${slot}`, "data-slot": slot }, this.video, this.words, this.name);
    eachFrame(this.video, () => this.#move());
    this.look();
  }

  /**
   * @param {string | null} feed who feeds it; null for nobody
   * @param {string} label shown name
   * @param {string} empty words while nobody feeds it
   * @param {boolean} reached whether forwarding already stands there
   * @param {string} [part] what the feed is there for, beside its name
   */
  set(feed, label, empty, reached, part = "") {
    if (feed !== this.#feed) {
      this.#feed = feed;
      this.#fresh = false;
      this.#movedAt = performance.now();
    }
    this.#reached = reached;
    this.#empty = empty;
    refill(this.name, part ? el("span", { class: "tile-part" }, part) : null, label);
    show(this.name, label !== "" && feed !== null);
    this.look();
  }

  #move() {
    if (this.#feed === null || !(this.#fresh || this.#reached)) return;
    this.#fresh = true;
    this.#movedAt = performance.now();
    this.look();
  }

  /** Looks whether the picture has stopped; called twice a second. The last one stays, greyed, with the reason.
   *  @param {boolean} [cut] whether the line is down @param {boolean} [narrow] whether it carries sound alone */
  look(cut = this.#cut, narrow = this.#narrow) {
    this.#cut = cut;
    this.#narrow = narrow;
    const still = !this.still && (performance.now() - this.#movedAt > STILL_MS || (narrow && !this.#fresh));
    const stopped = this.#fresh && !soundOnly() ? "diam" : "suara";
    const picture = this.#feed === null ? "kosong" : still ? stopped : this.#fresh ? "gambar" : "menunggu";
    const words = {
      kosong: this.#empty, menunggu: t("Menunggu gambar…"),
      suara: narrow && !soundOnly() ? t("Jaringan lemah: hanya suara") : t("Hanya suara"), gambar: "",
      diam: cut ? t("Gambar terhenti: sambungan terputus, sedang menyambung lagi…") : t("Gambar terhenti karena jaringan lemah; suara tetap diusahakan."),
    }[picture];
    if (picture === this.element.dataset["picture"] && words === this.#said) return;
    this.element.dataset["picture"] = picture;
    this.#said = words;
    refill(this.words, picture === "suara" ? icon("sound") : null, words);
    show(this.words, picture !== "gambar");
  }
}
