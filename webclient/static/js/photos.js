/**
 * Photos on their way to a note. Each is made small on this device and kept here with its note until the server
 * has it: it goes out once the note is taken, and again until it was answered.
 */
import { Refusal, Unreachable, request } from "./desk/api.js";
import { DeviceStore } from "./device_store.js";
import { newId } from "./protocol.js";

/** @typedef {{ id: string, base: string, note: string, blob: Blob, at: number, ready: boolean, wrong: string }} Waiting
 *  note: id of the note it belongs to; ready: that note is taken; wrong: why the server refused it */

export const MOST = 3;
const LONGEST_PX = 1600;
const QUALITY = 0.85;
const RETRY_MS = 5000;

export class Photos {
  /** @type {DeviceStore<Waiting>} */
  #store;
  /** @type {Map<string, Waiting>} */
  #waiting = new Map();
  #sending = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {(() => void)[]} */
  #listeners = [];

  /** @param {string} base of the personal link */
  constructor(base) {
    this.base = base;
    this.#store = new DeviceStore("foto", base);
  }

  /** @param {() => void} changed also when the server took one */
  onChange(changed) {
    this.#listeners.push(changed);
  }

  async load() {
    for (const one of await this.#store.all()) this.#waiting.set(one.id, one);
    this.#changed();
    this.retry();
  }

  /** What waits on this device for a note, oldest first. @param {string} note */
  of(note) {
    return [...this.#waiting.values()].filter((one) => one.note === note).sort((a, b) => a.at - b.at);
  }

  /**
   * @param {string} note
   * @param {Blob} file rejects for what is no picture
   * @param {boolean} taken whether the server has the note already
   */
  async add(note, file, taken) {
    const one = { id: newId(), base: this.base, note, blob: await small(file), at: Date.now(), ready: taken, wrong: "" };
    await this.#store.put(one);
    this.#waiting.set(one.id, one);
    this.#changed();
    this.retry();
  }

  /** @param {string} id */
  async drop(id) {
    this.#waiting.delete(id);
    await this.#store.delete(id);
    this.#changed();
  }

  /** The note was thrown away. @param {string} note */
  async dropAll(note) {
    for (const one of this.of(note)) await this.drop(one.id);
  }

  /** The server has the note: its photos may go. @param {string} note */
  async release(note) {
    for (const one of this.of(note)) {
      one.ready = true;
      await this.#store.put(one);
    }
    this.retry();
  }

  /** A page that ended just then had no time to say it: what is no draft any more is taken. @param {Set<string>} drafts ids */
  async releaseAllBut(drafts) {
    for (const note of new Set([...this.#waiting.values()].filter((one) => !one.ready).map((one) => one.note))) {
      if (!drafts.has(note)) await this.release(note);
    }
  }

  /** Sends at once what may go, one after another. */
  retry() {
    clearTimeout(this.#timer);
    if (!this.#sending) void this.#send();
  }

  async #send() {
    this.#sending = true;
    try {
      for (let one = this.#next(); one; one = this.#next()) {
        try {
          await request("PUT", `${this.base}api/catatan/${one.note}/foto/${one.id}`, one.blob);
          await this.drop(one.id);
        } catch (why) {
          if (!(why instanceof Refusal)) throw why;
          one.wrong = why.fields.foto ?? why.message;
          await this.#store.put(one);
          this.#changed();
        }
      }
    } catch (why) {
      if (!(why instanceof Unreachable)) throw why;
      this.#timer = setTimeout(() => this.retry(), RETRY_MS);
    } finally {
      this.#sending = false;
    }
  }

  #next() {
    return [...this.#waiting.values()].find((one) => one.ready && !one.wrong);
  }

  #changed() {
    for (const listener of this.#listeners) listener();
  }
}

/** A picture as JPEG, no larger than a screen needs: a line in a village carries it then. @param {Blob} file */
async function small(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST_PX / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return new Promise((/** @type {(made: Blob) => void} */ resolve, reject) => {
    canvas.toBlob((made) => (made ? resolve(made) : reject(new Error("not encoded"))), "image/jpeg", QUALITY);
  });
}
