/**
 * The seat's own camera and microphone in the room: what is sent, what the person switched off, what is shown of it.
 *
 * Sends only what the person left on, and only while the seat is asked for; a camera switched off sends nothing.
 * Of several wishes for devices the latest counts; what answers to an older one, or after `close`, is closed at once.
 */
import { closeDevices, openDevices, openMicrophone, openMissing } from "../devices.js";
import { announce, icon, show } from "../dom.js";
import { browserTiming } from "../protocol.js";
import { t } from "../t.js";

/** @typedef {import("../call.js").Call} Call */
/** @typedef {import("../devices.js").Opened} Opened */
/** @typedef {import("../devices.js").Wish} Wish */
/** @typedef {import("../devices.js").SoundSource} SoundSource */

/** How long camera and microphone may keep somebody waiting who could go on without them. */
const PATIENCE_MS = 8_000;
/** Between tries for what another program holds, or what a busy machine was too slow to start. */
const AGAIN_MS = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000];
/** @type {Opened} */
const NOTHING = { audio: null, video: null, reach: "menyimak", trouble: null };

export class OwnMedia {
  /** @type {Opened} */
  opened = NOTHING;
  /** @type {Wish} */
  wish = {};
  soundOn = true;
  cameraOn = true;
  wanted = false;
  /** Seen small by the consoles, and not heard. */
  watched = false;
  /** @type {(() => void)[]} */
  #followers = [];
  /** The wish that has no answer yet. @type {Wish | null} */
  #asked = null;
  /** Ends the wait for the next try. */
  #rest = () => {};

  /** @param {Call} call @param {import("../protocol.js").Timing} [timing] */
  constructor(call, timing = browserTiming) {
    this.call = call;
    this.timing = timing;
    navigator.mediaDevices?.addEventListener?.("devicechange", () => void this.#devicesChanged());
  }

  /** @param {() => void} fn after each change of devices or switches */
  onChange(fn) {
    this.#followers.push(fn);
  }

  /** The system has lent the microphone to something else, such as a telephone call. */
  get away() {
    return this.opened.audio?.muted === true;
  }

  /** People look at the page again: what a call left without sound is opened anew. */
  async repair() {
    if (this.away && this.#asked === null) await this.open();
  }

  get canPublish() {
    return this.opened.audio !== null;
  }

  /**
   * Opens camera and microphone anew. Resolves with their answer, at the latest when patience is over; what
   * answers after that is taken into use all the same (`onChange`).
   * @param {Wish} [wish]
   * @returns {Promise<void>}
   */
  open(wish = this.wish) {
    this.wish = wish;
    const asked = { ...wish };
    this.#asked = asked;
    this.#rest();
    closeDevices(this.opened);
    return new Promise((done) => {
      const answered = this.timing.after(PATIENCE_MS, () => {
        if (this.#asked === asked) this.#use({ ...NOTHING, trouble: "belum_menjawab" });
        done();
      });
      void openDevices(wish).then((opened) => {
        answered();
        if (this.#asked === asked) {
          this.#asked = null;
          this.#use(opened);
          this.#tryAgain(0);
        } else closeDevices(opened);
        done();
      });
    });
  }

  /** What is there and did not open may a moment later. @param {number} tries that were made */
  #tryAgain(tries) {
    const { opened } = this;
    if (opened.trouble !== "terpakai") return;
    this.#rest = this.timing.after(AGAIN_MS[Math.min(tries, AGAIN_MS.length - 1)] ?? 0, async () => {
      if (this.opened !== opened || this.#asked !== null) return;
      const asked = { ...this.wish };
      this.#asked = asked;
      const found = await openMissing(asked, opened);
      if (this.#asked !== asked) {
        for (const kind of /** @type {const} */ (["audio", "video"])) {
          if (found[kind] !== opened[kind]) found[kind]?.stop();
        }
        return;
      }
      this.#asked = null;
      if (found.reach !== opened.reach || found.trouble !== opened.trouble) this.#use(found);
      else this.opened = found;
      this.#tryAgain(tries + 1);
    });
  }

  /** Takes the sound from another source from now on. The old one is heard until the new one is there.
   *  @param {SoundSource} source */
  async changeSource(source) {
    this.wish = { ...this.wish, source };
    const old = this.opened.audio;
    if (!old) return this.#asked ? this.open() : undefined;
    const asked = { ...this.wish };
    this.#asked = asked;
    const audio = await openMicrophone(asked);
    if (this.#asked !== asked) return audio?.stop();
    this.#asked = null;
    // Some systems lend a microphone only once.
    if (!audio) return this.open();
    this.#use({ ...this.opened, audio });
    old.stop();
    // A camera that another program holds is still waited for.
    this.#rest();
    this.#tryAgain(0);
  }

  /** Switches everything off, and forgets a wish that has no answer yet. */
  close() {
    if (this.#asked === null && this.opened === NOTHING) return;
    this.#asked = null;
    this.#rest();
    closeDevices(this.opened);
    this.#use(NOTHING);
  }

  /** @param {Opened} opened */
  #use(opened) {
    const known = [this.opened.audio, this.opened.video];
    this.opened = opened;
    for (const track of [opened.audio, opened.video]) {
      if (known.includes(track)) continue;
      track?.addEventListener("ended", () => void this.#devicesChanged(), { once: true });
      for (const change of ["mute", "unmute"]) track?.addEventListener(change, () => track === this.opened.audio && this.#apply());
    }
    this.#apply();
  }

  /** @param {boolean} wanted whether the seat's sound and picture are asked for now */
  want(wanted) {
    if (wanted === this.wanted) return;
    this.wanted = wanted;
    this.#apply();
  }

  /** @param {boolean} watched whether the consoles may see the seat's picture, small */
  beWatched(watched) {
    if (watched === this.watched) return;
    this.watched = watched;
    this.#apply();
  }

  /** @param {{ sound?: boolean, camera?: boolean }} change */
  toggle(change) {
    this.soundOn = change.sound ?? this.soundOn;
    this.cameraOn = change.camera ?? this.cameraOn;
    this.#apply();
  }

  /** A cable was pulled or put back: take what there is now. */
  async #devicesChanged() {
    const { audio, video, reach, trouble } = this.opened;
    // What we closed ourselves to ask anew has ended too; its answer is on the way.
    const gone = this.#asked === null && (audio?.readyState === "ended" || video?.readyState === "ended");
    const mayGain = reach !== "lengkap" && (trouble === "tidak_ada" || trouble === "belum_menjawab");
    if (!gone && !mayGain) return;
    // The chosen device may be the one that is gone; any other is better than none.
    await this.open({ ...this.wish, cameraId: "", microphoneId: "" });
    if (this.opened.trouble !== "belum_menjawab") announce(t("Kamera atau mikrofon berganti."));
  }

  #apply() {
    this.call.send({
      audio: this.wanted && this.soundOn ? this.opened.audio : null,
      video: (this.wanted || this.watched) && this.cameraOn ? this.opened.video : null,
    });
    for (const fn of this.#followers) fn();
  }
}

/** Camera and microphone end with the meeting, whoever forgets them. @param {import("../protocol.js").Wire} wire
 *  @param {OwnMedia} media */
export function endWithMeeting(wire, media) {
  wire.subscribe("session", (/** @type {import("./shapes.js").Session} */ session) => {
    if (session.status === "ditutup") media.close();
  });
}

/**
 * Shows the own picture and the two switches.
 * @param {OwnMedia} media
 * @param {{ video: HTMLVideoElement, empty: HTMLElement, sound?: HTMLButtonElement, camera?: HTMLButtonElement }} page
 */
export function showOwn(media, page) {
  const draw = () => {
    const track = media.cameraOn ? media.opened.video : null;
    const shown = /** @type {MediaStream | null} */ (page.video.srcObject)?.getTracks()[0] ?? null;
    if (shown !== track) page.video.srcObject = track && new MediaStream([track]);
    show(page.empty, !track);
    page.empty.textContent = media.opened.video ? t("Kamera dimatikan") : t("Tanpa kamera");
    if (page.sound) {
      face(page.sound, media.soundOn ? "mic" : "mic-off", !media.opened.audio ? t("Tanpa mikrofon") : media.soundOn ? t("Mikrofon nyala") : t("Mikrofon mati"), media.soundOn);
      page.sound.disabled = !media.opened.audio;
    }
    if (page.camera) {
      const seen = media.cameraOn && media.opened.video !== null;
      face(page.camera, seen ? "cam" : "cam-off", seen ? t("Kamera nyala") : media.opened.video ? t("Kamera mati") : t("Tanpa kamera"), seen);
      page.camera.disabled = !media.opened.video;
    }
  };
  page.sound?.addEventListener("click", () => media.toggle({ sound: !media.soundOn }));
  page.camera?.addEventListener("click", () => media.toggle({ camera: !media.cameraOn }));
  media.onChange(draw);
  draw();
}

/** @param {HTMLButtonElement} button @param {string} name @param {string} words @param {boolean} on */
function face(button, name, words, on) {
  const label = document.createElement("span");
  label.textContent = words;
  button.replaceChildren(icon(name), label);
  button.setAttribute("aria-pressed", String(on));
}
