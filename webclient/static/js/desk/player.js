/**
 * Plays a session as it was seen: one clock of the session, videos that follow it, the speaker large while a
 * speaker had the stage, who answered the speaker beside, a shared screen with them. One video leads; the others are kept beside it. Where
 * nothing was recorded it goes on at the next recorded moment, and what was sealed is passed over.
 */
import { clipAt, clipEnd, clipOfMoment, nextRecorded, offsetIn, turnAt, unsealed } from "./timeline.js";

/** @typedef {import("./timeline.js").Timeline} Timeline */
/** @typedef {import("./timeline.js").Clip} Clip */
/** @typedef {"aula" | "speaker" | "responder" | "screen"} Slot */

const SLOTS = /** @type {const} */ (["aula", "speaker", "responder", "screen"]);
/** @returns {Record<Slot, Clip | null>} */
const NOTHING = () => ({ aula: null, speaker: null, responder: null, screen: null });

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
  /** Which video leads. @type {Slot} */
  on = "aula";
  /** Whether speaker and responder are on stage together. */
  together = false;
  /** When a seal was last passed over, ms of the page's clock. */
  sealedAt = -Infinity;
  /** Which clip each video holds. @type {Record<Slot, Clip | null>} */
  #clips = NOTHING();
  /** The moment that was asked for by a note, so that its own clip is the one shown. @type {string | null} */
  #turnId = null;
  #seeking = 0;

  /**
   * @param {Record<Slot, HTMLVideoElement>} videos
   * @param {string} base that clip addresses are relative to
   * @param {() => void} changed
   * @param {boolean} [whole] for those who are given sealed intervals too
   */
  constructor(videos, base, changed, whole = false) {
    this.videos = videos;
    this.base = base;
    this.changed = changed;
    this.whole = whole;
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
      this.#clips = NOTHING();
      this.ended = false;
      void this.seek(this.at);
    }
  }

  /**
   * @param {number} at
   * @param {string | null} [turnId] the turn whose own clip is wanted
   * @param {boolean} [onward] playing on: a video that is already there is not touched
   * @returns {Promise<void>} when all videos stand at the moment
   */
  async seek(at, turnId = null, onward = false) {
    const { line } = this;
    if (!line) return;
    const mine = ++this.#seeking;
    const open = this.#open(at);
    if (open !== at) this.sealedAt = performance.now();
    this.at = open;
    this.#turnId = turnId;
    this.ended = false;
    const clips = this.#clipsAt(open);
    // A screen has no sound: it leads only where there is nothing else.
    this.on = clips.speaker ? "speaker" : clips.responder ? "responder" : clips.aula || !clips.screen ? "aula" : "screen";
    this.together = clips.speaker !== null && clips.responder !== null;
    this.changed();
    await Promise.all(SLOTS.map((slot) => this.#put(slot, clips[slot], open, onward, mine)));
    if (mine !== this.#seeking) return;
    this.#seeking = 0;
    if (this.playing) this.#start();
    if (SLOTS.every((slot) => clips[slot] === null)) this.#skip();
    this.changed();
  }

  /** Where an instant is played: sealed ones after their seal. @param {number} at */
  #open(at) {
    return this.line && !this.whole ? unsealed(this.line, at) : at;
  }

  /** @param {number} at @returns {Record<Slot, Clip | null>} */
  #clipsAt(at) {
    const { line } = this;
    if (!line) return NOTHING();
    return { aula: clipAt(line, "aula", at), speaker: this.#speakerClip(at), responder: turnAt(line, at) && clipAt(line, "responder", at), screen: this.#screenClip(at) };
  }

  /** Whose clip a video holds. @param {Slot} slot @returns {string | null} */
  seatOf(slot) {
    return this.#clips[slot]?.seat_id ?? null;
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

  /** A guest's before the hall's, as it was shown. @param {number} at @returns {Clip | null} */
  #screenClip(at) {
    const clip = this.line && clipAt(this.line, "screen", at);
    return clip && (clip.turn_id === null || (this.line && turnAt(this.line, at))) ? clip : null;
  }

  /**
   * Brings a video to an instant of a clip; an absent clip empties it.
   * @param {Slot} slot
   * @param {Clip | null} clip
   * @param {number} at
   * @param {boolean} onward
   * @param {number} seeking which seek this belongs to: one that was overtaken moves nothing any more
   */
  async #put(slot, clip, at, onward, seeking) {
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
      if (seeking !== this.#seeking) return;
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
    for (const slot of SLOTS) {
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
    if (this.#open(this.at) !== this.at) return void this.seek(this.at);
    if (video.ended || this.at >= clipEnd(lead, line.room.now)) {
      // Past the last frame of this clip, whatever its manifest says of its length.
      this.#turnId = null;
      const after = Math.max(this.at, clipEnd(lead, line.room.now)) + 1;
      this.at = after;
      const next = this.#clipsAt(after);
      return SLOTS.some((slot) => next[slot]) ? void this.seek(after, null, true) : this.#skip();
    }
    const clips = this.#clipsAt(this.at);
    if (SLOTS.some((slot) => clips[slot]?.clip_id !== this.#clips[slot]?.clip_id)) return void this.seek(this.at, this.#turnId, true);
    for (const slot of SLOTS) if (slot !== this.on) this.#keepBeside(slot);
    this.changed();
    return undefined;
  }

  /** @param {Slot} slot one that does not lead */
  #keepBeside(slot) {
    const clip = this.#clips[slot];
    const video = this.videos[slot];
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
 * @returns {Promise<void>} also when the file cannot be read, so that the others still play
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
