/**
 * The office's own usulan on their way: typed here, kept on this device, sent when the line carries it. Each has
 * its id from the first letter on, so that one sent twice over a bad line is there once. Nothing that somebody
 * else wrote meanwhile is overwritten: the two wait for a person to look.
 */
import { PATIENCE_MS, Refusal, Unreachable, request } from "../desk/api.js";
import { DeviceStore } from "../device_store.js";
import { content } from "./usulan_fields.js";

/** @typedef {import("../desk/api.js").Catatan} Catatan */
/** @typedef {"draf" | "kirim" | "salah" | "beda"} State
 *  draf: being typed; kirim: goes out, or waits for the line; salah: refused; beda: the server has another version */
/** @typedef {{ id: string, base: string, seat: string, opened_at: number, words: Record<string, string>, foto: string[],
 *   version: number | null, state: State, wrong: Record<string, string>, message: string, stored: Catatan | null }} Own
 *  foto: ids of photos that the server has; version: of the note that is changed, null for a new one */

const RETRY_MS = 5000;

export class Outbox {
  /** @type {DeviceStore<Own>} */
  #store;
  /** @type {Map<string, Own>} */
  #own = new Map();
  /** @type {Map<string, { since: number, ends: AbortController, again: boolean }>} */
  #going = new Map();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {() => void} */
  #changed = () => {};
  /** @type {(note: Catatan) => void} */
  #taken = () => {};
  /** @type {(one: Own) => void} */
  #refused = () => {};

  /** @param {string} base of the personal link */
  constructor(base) {
    this.base = base;
    this.#store = new DeviceStore("usulan", base);
  }

  /**
   * @param {() => void} changed
   * @param {(note: Catatan) => void} taken the server has this one
   * @param {(one: Own) => void} [refused] somebody has to look at it
   */
  follow(changed, taken, refused = () => {}) {
    this.#changed = changed;
    this.#taken = taken;
    this.#refused = refused;
  }

  async load() {
    for (const one of await this.#store.all()) this.#own.set(one.id, one);
    this.#changed();
    this.retry();
  }

  /** Oldest first. */
  list() {
    return [...this.#own.values()].sort((a, b) => a.opened_at - b.opened_at);
  }

  /** Something was typed. @param {Own} one */
  async keep(one) {
    this.#own.set(one.id, one);
    await this.#store.put(structuredClone(one));
  }

  /** @param {string} id */
  async drop(id) {
    this.#own.delete(id);
    this.#changed();
    await this.#store.delete(id);
  }

  /** Sends it, now or when the line is back. @param {Own} one @returns {Promise<State | "terkirim">} */
  async submit(one) {
    Object.assign(one, { state: "kirim", wrong: {}, message: "", stored: null });
    await this.keep(one);
    return this.#send(one);
  }

  /** The line may be back: tries at once what waits for it, and anew what hung on the old one. */
  retry() {
    clearTimeout(this.#timer);
    for (const one of this.list()) {
      if (one.state !== "kirim") continue;
      const going = this.#going.get(one.id);
      if (!going) void this.#send(one);
      else if (performance.now() - going.since > RETRY_MS) {
        going.again = true;
        going.ends.abort();
      }
    }
  }

  /** @param {Own} one @returns {Promise<State | "terkirim">} */
  async #send(one) {
    if (this.#going.has(one.id)) return one.state;
    const going = { since: performance.now(), ends: new AbortController(), again: false };
    const patience = setTimeout(() => going.ends.abort(), PATIENCE_MS);
    this.#going.set(one.id, going);
    this.#changed();
    const words = JSON.stringify(one.words);
    try {
      const note = await this.#request(one, going.ends.signal);
      this.#taken(note);
      if (JSON.stringify(one.words) === words) {
        await this.drop(one.id);
        return "terkirim";
      }
      // Opened and changed while it went: the rest is a change of what the server has.
      one.version = note.version;
      await this.keep(one);
      return one.state;
    } catch (why) {
      const refused = why instanceof Refusal;
      if (refused) Object.assign(one, { state: why.stored ? "beda" : "salah", wrong: why.fields, message: why.message, stored: why.stored });
      else if (!(why instanceof Unreachable)) throw why;
      // Thrown away meanwhile, it stays so.
      if (!this.#own.has(one.id)) return one.state;
      await this.keep(one);
      if (refused) this.#refused(one);
      return one.state;
    } finally {
      clearTimeout(patience);
      this.#going.delete(one.id);
      if (going.again) this.retry();
      else this.#later();
      this.#changed();
    }
  }

  /** Only now that nothing goes: a retry that came meanwhile has stopped the clock and sent nothing. */
  #later() {
    clearTimeout(this.#timer);
    if (this.list().some((one) => one.state === "kirim")) this.#timer = setTimeout(() => this.retry(), RETRY_MS);
  }

  /** @param {Own} one @param {AbortSignal} ends @returns {Promise<Catatan>} */
  async #request(one, ends) {
    const notes = `${this.base}api/v1/catatan`;
    const body = content(one.words);
    if (one.version !== null) return request("PATCH", `${notes}/${one.id}`, { ...body, version: one.version }, ends);
    const instant = { spoken_at: one.opened_at, seat_id: one.seat, turn_id: null };
    const note = await request("POST", notes, { id: one.id, jenis: "usulan", kanal: "formulir", instant, ...body }, ends);
    // Who writes it says that it is theirs; if this one step fails, the card asks for it.
    return request("POST", `${notes}/${one.id}/konfirmasi`, undefined, ends).catch(() => note);
  }
}
