/**
 * One picture on the stage: a slot's sound and picture, its name, and words where there is no picture.
 *
 * After a change of speaker the old face is never shown under the new name: the picture appears with the first
 * frame that came after the change was applied.
 */
import { el, icon, refill, show } from "../dom.js";
import { t } from "../t.js";

const STILL_MS = 3_000;

export class Tile {
  /** @type {string | null} */
  #feed = null;
  #empty = "";
  /** Whether forwarding stands where the feed says. */
  #reached = false;
  /** Whether a frame of this feed has been seen. */
  #fresh = false;
  #frames = 0;
  #movedAt = 0;

  /** @param {import("../call.js").Slot} slot */
  constructor(slot) {
    this.slot = slot;
    this.video = el("video", { autoplay: true, playsinline: true, "data-testid": `video-${slot}` });
    this.name = el("figcaption", { class: "tile-name" });
    this.words = el("p", { class: "tile-empty" });
    this.element = el("figure", { class: `tile tile-${slot}`, "data-slot": slot }, this.video, this.words, this.name);
    const onFrame = () => {
      this.tick();
      this.video.requestVideoFrameCallback(onFrame);
    };
    this.video.requestVideoFrameCallback?.(onFrame);
    this.#look();
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
    this.#look();
  }

  /** Looks whether the picture moved; called by each frame, and twice a second for pictures that stopped. */
  tick() {
    const frames = this.video.getVideoPlaybackQuality().totalVideoFrames;
    if (frames !== this.#frames && this.#feed !== null && (this.#fresh || this.#reached)) {
      this.#fresh = true;
      this.#movedAt = performance.now();
    }
    this.#frames = frames;
    this.#look();
  }

  #look() {
    const still = performance.now() - this.#movedAt > STILL_MS;
    const picture = this.#feed === null ? "kosong" : still ? "suara" : this.#fresh ? "gambar" : "menunggu";
    if (picture === this.element.dataset["picture"] && picture !== "kosong") return;
    this.element.dataset["picture"] = picture;
    const words = { kosong: this.#empty, menunggu: t("Menunggu gambar…"), suara: t("Hanya suara"), gambar: "" }[picture];
    refill(this.words, picture === "suara" ? icon("sound") : null, words);
    show(this.words, picture !== "gambar");
  }
}
