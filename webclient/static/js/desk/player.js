/**
 * Plays a session as it was seen: one clock of the session, two videos that follow it, the speaker large while
 * a speaker had the stage. The video that is large leads; the other is kept beside it. Where nothing was
 * recorded it goes on at the next recorded moment.
 */
import { clipAt, clipEnd, clipOfMoment, nextRecorded, offsetIn, turnAt } from "./timeline.js";

/** @typedef {import("./timeline.js").Timeline} Timeline */
/** @typedef {import("./timeline.js").Clip} Clip */
/** @typedef {{at: number, playing: boolean, on: "aula" | "speaker", ended: boolean}} Playing */

const TICK_MS = 100;
/** How far the following video may be off before it is set right; below, one hears no echo of a jump. */
const DRIFT_S = 0.3;

export class Player {
  /** @type {Timeline | null} */
  line = null;
  /** The session's instant that is shown, ms. */
  at = 0;
  playing = false;
  /** Nothing is recorded after `at` (yet). */
  ended = false;
  /** @type {"aula" | "speaker"} */
  on = "aula";
  /** Which clip each video holds. @type {{aula: Clip | null, speaker: Clip | null}} */
  #clips = { aula: null, speaker: null };
  /** The moment that was asked for by a note, so that its own clip is the one shown. @type {string | null} */
  #turnId = null;
  #seeking = 0;

  /**
   * @param {{aula: HTMLVideoElement, speaker: HTMLVideoElement}} videos
   * @param {string} base that clip addresses are relative to
   * @param {() => void} changed
   */
  constructor(videos, base, changed) {
    this.videos = videos;
    this.base = base;
    this.changed = changed;
    setInterval(() => this.#tick(), TICK_MS);
  }

  /** New knowledge about the session; what is playing plays on. @param {Timeline} line */
  setLine(line) {
    const first = this.line === null;
    const before = this.#clips[this.on];
    this.line = line;
    const now = before && line.clips.find((clip) => clip.clip_id === before.clip_id);
    const grew = before && now && (now.duration_ms ?? 0) > (before.duration_ms ?? 0);
    if (first) void this.seek(nextRecorded(line, line.room.opened_at ?? 0) ?? line.room.opened_at ?? line.room.now);
    else if (this.ended && (grew || nextRecorded(line, this.at) !== null)) {
      // A file that was still being written is longer now; only a fresh reading of it has the rest.
      this.#clips = { aula: null, speaker: null };
      this.ended = false;
      void this.seek(this.at);
    }
  }

  /**
   * @param {number} at
   * @param {string | null} [turnId] the turn whose own clip is wanted
   * @param {boolean} [onward] playing on: a video that is already there is not touched
   * @returns {Promise<void>} when both videos stand at the moment
   */
  async seek(at, turnId = null, onward = false) {
    const { line } = this;
    if (!line) return;
    const mine = ++this.#seeking;
    this.at = at;
    this.#turnId = turnId;
    this.ended = false;
    const speaker = this.#speakerClip(at);
    const aula = clipAt(line, "aula", at);
    this.on = speaker ? "speaker" : "aula";
    this.changed();
    await Promise.all([this.#put("aula", aula, at, onward), this.#put("speaker", speaker, at, onward)]);
    if (mine !== this.#seeking) return;
    this.#seeking = 0;
    if (this.playing) this.#start();
    if (!speaker && !aula) this.#skip();
    this.changed();
  }

  play() {
    this.playing = true;
    if (!this.#seeking) this.#start();
    this.changed();
  }

  pause() {
    this.playing = false;
    for (const video of Object.values(this.videos)) video.pause();
    this.changed();
  }

  /** @param {number} at @returns {Clip | null} */
  #speakerClip(at) {
    if (!this.line) return null;
    const wanted = this.#turnId ? clipOfMoment(this.line, this.#turnId, at) : null;
    if (wanted?.slot === "speaker") return wanted;
    const turn = turnAt(this.line, at);
    const clip = clipAt(this.line, "speaker", at);
    return turn && clip ? clip : null;
  }

  /**
   * Brings a video to an instant of a clip; an absent clip empties it.
   * @param {"aula" | "speaker"} slot
   * @param {Clip | null} clip
   * @param {number} at
   * @param {boolean} onward
   */
  async #put(slot, clip, at, onward) {
    const video = this.videos[slot];
    if (!clip) {
      this.#clips[slot] = null;
      video.pause();
      return;
    }
    const wanted = Math.max(0, offsetIn(clip, at));
    if (this.#clips[slot]?.clip_id !== clip.clip_id) {
      video.dataset.clip = clip.clip_id;
      video.src = new URL(clip.url, new URL(this.base, location.href)).href;
      this.#clips[slot] = clip;
      await happened(video, "loadedmetadata");
    } else if (onward && Math.abs(video.currentTime - wanted) < DRIFT_S) {
      return;
    }
    video.pause();
    video.dataset.start = String(wanted);
    const arrived = happened(video, "seeked");
    video.currentTime = wanted;
    await arrived;
  }

  #start() {
    for (const slot of /** @type {const} */ (["aula", "speaker"])) {
      if (!this.#clips[slot]) continue;
      this.videos[slot].play().catch((/** @type {DOMException} */ why) => {
        if (why.name === "NotAllowedError") this.pause();
      });
    }
  }

  #tick() {
    const { line } = this;
    const lead = this.#clips[this.on];
    if (!line || !this.playing || this.#seeking) return;
    if (!lead) return this.#skip();
    const video = this.videos[this.on];
    this.at = Math.max(this.at, lead.started_at + video.currentTime * 1000);
    const speaker = this.#speakerClip(this.at);
    if (video.ended || this.at >= clipEnd(lead, line.room.now)) {
      // Past the last frame of this clip, whatever its manifest says of its length.
      this.#turnId = null;
      const after = Math.max(this.at, clipEnd(lead, line.room.now)) + 1;
      this.at = after;
      return clipAt(line, "aula", after) || this.#speakerClip(after) ? void this.seek(after, null, true) : this.#skip();
    }
    const aula = clipAt(line, "aula", this.at);
    if (speaker?.clip_id !== this.#clips.speaker?.clip_id || aula?.clip_id !== this.#clips.aula?.clip_id) return void this.seek(this.at, this.#turnId, true);
    this.#keepTogether();
    this.changed();
    return undefined;
  }

  #keepTogether() {
    const other = this.on === "speaker" ? "aula" : "speaker";
    const clip = this.#clips[other];
    const video = this.videos[other];
    if (!clip || video.seeking) return;
    const wanted = offsetIn(clip, this.at);
    if (Math.abs(video.currentTime - wanted) > DRIFT_S) video.currentTime = wanted;
    if (video.paused && !video.ended) video.play().catch(() => {});
  }

  /** Nothing is recorded here: on to what is. */
  #skip() {
    const next = this.line && nextRecorded(this.line, this.at + 1);
    if (next !== null && this.playing) return void this.seek(next);
    this.ended = next === null;
    if (this.ended && this.playing) this.pause();
    this.changed();
    return undefined;
  }
}

/**
 * @param {HTMLVideoElement} video
 * @param {"loadedmetadata" | "seeked"} what
 * @returns {Promise<void>} also when the file cannot be read, so that the other video still plays
 */
function happened(video, what) {
  return new Promise((resolve) => {
    const done = () => {
      video.removeEventListener(what, done);
      video.removeEventListener("error", done);
      resolve();
    };
    video.addEventListener(what, done);
    video.addEventListener("error", done);
  });
}
