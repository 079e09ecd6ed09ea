/**
 * The check of camera, microphone and loudspeaker before coming in; the same elements at every door.
 */
import { chime, listDevices, meter } from "../devices.js";
import { announce, byId, el, refill, show } from "../dom.js";
import { t } from "../t.js";
import { deviceWords } from "./words.js";

/** @typedef {import("./self.js").OwnMedia} OwnMedia */
/** @typedef {import("../devices.js").Wish} Wish */

export class Preview {
  #video = byId("pintu-gambar", HTMLVideoElement);
  #empty = byId("pintu-kosong", HTMLElement);
  #words = byId("pintu-alat", HTMLElement);
  #level = byId("pintu-meter", HTMLElement);
  #cameras = byId("pilih-kamera", HTMLSelectElement);
  #microphones = byId("pilih-mikrofon", HTMLSelectElement);
  #again = byId("pintu-coba", HTMLButtonElement);
  #stopMeter = () => {};
  #ended = false;
  /** @type {import("../devices.js").Opened | null} null before the first try */
  #shown = null;

  /** @param {OwnMedia} media @param {import("./readiness.js").Readiness} readiness what is seen here is told by it */
  constructor(media, readiness) {
    this.media = media;
    this.readiness = readiness;
    for (const select of [this.#cameras, this.#microphones]) {
      refill(select, el("option", null, t("Belum dinyalakan")));
      select.disabled = true;
    }
    media.onChange(() => {
      // A cable that was pulled while somebody looks at the door, or an answer that took its time.
      if (this.#shown !== null && this.#shown !== media.opened) this.#draw();
    });
    const pick = () => this.open({ cameraId: this.#cameras.value, microphoneId: this.#microphones.value });
    this.#cameras.addEventListener("change", pick);
    this.#microphones.addEventListener("change", pick);
    this.#again.addEventListener("click", () => this.open());
    byId("pintu-uji", HTMLButtonElement).addEventListener("click", () => {
      chime("uji", 0.3);
      readiness.askForTone();
    });
  }

  /** @param {Wish} [change] of what is wished for */
  async open(change = {}) {
    await this.media.open({ ...this.media.wish, ...change });
    this.#draw();
  }

  /** Shows nothing any more and switches the devices off. */
  close() {
    this.#shown = null;
    this.#stopMeter();
    this.media.close();
    this.#video.srcObject = null;
  }

  /** The person came in: the devices stay on. */
  end() {
    this.#ended = true;
    this.#stopMeter();
    this.#video.srcObject = null;
  }

  #draw() {
    if (this.#ended) return;
    const { opened } = this.media;
    this.#shown = opened;
    this.#video.srcObject = opened.video && new MediaStream([opened.video]);
    show(this.#empty, !opened.video);
    this.#empty.textContent = t("Tanpa kamera");
    this.#words.textContent = deviceWords(opened);
    this.#words.className = `notice ${opened.reach === "lengkap" ? "notice-good" : "notice-warn"}`;
    show(this.#words, true);
    announce(this.#words.textContent);
    show(this.#again, opened.reach !== "lengkap");
    void this.#choices(opened);
    this.readiness.opened(opened);
    this.#stopMeter();
    this.#level.style.setProperty("--level", "0");
    if (opened.audio) this.#stopMeter = meter(opened.audio, (level) => {
      this.#level.style.setProperty("--level", level.toFixed(2));
      this.readiness.level(level);
    });
  }

  /** What there is to choose from; a hanging driver may keep this list back too. @param {import("../devices.js").Opened} opened */
  async #choices(opened) {
    const all = await listDevices();
    options(this.#cameras, all.cameras, opened.video, t("Kamera"));
    options(this.#microphones, all.microphones, opened.audio, t("Mikrofon"));
  }
}

/** @param {HTMLSelectElement} select @param {MediaDeviceInfo[]} devices @param {MediaStreamTrack | null} track
 *  @param {string} word */
function options(select, devices, track, word) {
  const chosen = track?.getSettings().deviceId;
  const rows = devices.map((d, i) => el("option", { value: d.deviceId, selected: d.deviceId === chosen }, d.label || `${word} ${i + 1}`));
  refill(select, ...(rows.length ? rows : [el("option", { value: "" }, t("Tidak ada"))]));
  select.disabled = devices.length < 2;
}
