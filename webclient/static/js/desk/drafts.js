/**
 * Drafts of notes: each keystroke is kept on this device at once and on the server a moment later, so that
 * neither a closed tab nor a cut line loses a word. A note whose sending was interrupted is sent again under
 * the same id until the server has answered; the server takes it once.
 */
import { Refusal, Unreachable, request } from "./api.js";
import { content } from "./note_fields.js";

/** @typedef {import("./api.js").Jenis} Jenis */
/** @typedef {import("./api.js").Catatan} Catatan */
/** @typedef {{spoken_at: number, seat_id: string | null, turn_id: string | null}} Instant */
/** @typedef {{id: string, jenis: Jenis, opened_at: number, instant: Instant, topic: string, typed: import("./note_fields.js").Typed, edits: {id: string, version: number, foto?: string[]} | null}} Draft
 *  id: also the id of the note to be; edits: the note that this draft changes, null for a new one */
/** @typedef {"menyimpan" | "konsep" | "perangkat" | "mengirim" | "antre" | "salah" | "beda"} Status
 *  menyimpan: on this device, on its way to the server; konsep: on the server; perangkat: only on this device;
 *  mengirim: being taken as a note; antre: will be sent when the line is back; salah: refused, see errors;
 *  beda: the server has another version, which somebody has to look at */
/** @typedef {{draft: Draft, status: Status, saved_at: number | null, errors: Record<string, string>, message: string, send: boolean, stored: Catatan | null}} Entry */

const AUTOSAVE_MS = 700;
const RETRY_MS = 4000;

export class Drafts {
  /** @type {Map<string, Entry>} */
  #entries = new Map();
  /** @type {Map<string, ReturnType<typeof setTimeout>>} */
  #timers = new Map();
  /** @type {() => void} */
  #changed = () => {};
  /** @type {(note: Catatan) => void} */
  #taken = () => {};

  /**
   * @param {string} base of the personal link
   * @param {Storage} storage of this device
   */
  constructor(base, storage) {
    this.base = base;
    this.storage = storage;
    this.prefix = `rembug.konsep.${base}`;
  }

  /** @param {() => void} changed @param {(note: Catatan) => void} taken */
  follow(changed, taken) {
    this.#changed = changed;
    this.#taken = taken;
  }

  /** @returns {Entry[]} in the order they were opened */
  list() {
    return [...this.#entries.values()].sort((a, b) => a.draft.opened_at - b.draft.opened_at);
  }

  /** @param {string} id */
  get(id) {
    return this.#entries.get(id) ?? null;
  }

  /** What this device kept, then what the server has beyond it. Nothing typed here is replaced by older words. */
  async load() {
    for (let i = 0; i < this.storage.length; i++) {
      const key = this.storage.key(i);
      if (!key?.startsWith(this.prefix)) continue;
      const kept = readKept(this.storage.getItem(key));
      if (kept) this.#entries.set(kept.draft.id, { draft: kept.draft, status: "perangkat", saved_at: null, errors: {}, message: "", send: Boolean(kept.send), stored: null });
    }
    this.#changed();
    try {
      /** @type {import("./api.js").Konsep[] | {items: import("./api.js").Konsep[]}} */
      const answer = await request("GET", `${this.base}api/konsep`);
      for (const konsep of Array.isArray(answer) ? answer : answer.items) {
        if (this.#entries.has(konsep.id) || !isDraft(konsep.body.draft)) continue;
        this.#entries.set(konsep.id, { draft: konsep.body.draft, status: "konsep", saved_at: konsep.updated_at, errors: {}, message: "", send: false, stored: null });
      }
    } catch (why) {
      if (!(why instanceof Unreachable)) throw why;
    }
    for (const entry of this.#entries.values()) {
      if (entry.send) void this.submit(entry.draft.id);
      else if (entry.status === "perangkat") this.#later(entry, 0);
    }
    this.#changed();
  }

  /** @param {Draft} draft */
  open(draft) {
    /** @type {Entry} */
    const entry = { draft, status: "menyimpan", saved_at: null, errors: {}, message: "", send: false, stored: null };
    this.#entries.set(draft.id, entry);
    this.#keep(entry);
    this.#later(entry, AUTOSAVE_MS);
    this.#changed();
  }

  /**
   * Something was typed or chosen.
   * @param {string} id
   * @param {(draft: Draft) => void} edit
   */
  change(id, edit) {
    const entry = this.#entries.get(id);
    if (!entry) return;
    edit(entry.draft);
    entry.status = "menyimpan";
    entry.send = false;
    this.#keep(entry);
    this.#later(entry, AUTOSAVE_MS);
    this.#changed();
  }

  /** @param {string} id */
  async discard(id) {
    this.#forget(id);
    this.#changed();
    // A draft that the server keeps a little longer harms nobody; it can be thrown away again.
    await request("DELETE", `${this.base}api/konsep/${id}`).catch(() => {});
  }

  /**
   * Takes the draft as a note.
   * @param {string} id
   */
  async submit(id) {
    const entry = this.#entries.get(id);
    if (!entry || entry.status === "mengirim") return;
    clearTimeout(this.#timers.get(id));
    entry.send = true;
    entry.status = "mengirim";
    entry.errors = {};
    entry.message = "";
    entry.stored = null;
    this.#keep(entry);
    this.#changed();
    try {
      const note = await this.#send(entry.draft);
      this.#forget(id);
      this.#taken(note);
    } catch (why) {
      this.#notTaken(entry, why);
    }
    this.#changed();
  }

  /** Tries at once what waits for the line. */
  retry() {
    for (const entry of this.#entries.values()) {
      if (entry.status === "antre") void this.submit(entry.draft.id);
      if (entry.status === "perangkat") this.#later(entry, 0);
    }
  }

  /** @param {Draft} draft @returns {Promise<Catatan>} */
  async #send(draft) {
    const notes = `${this.base}api/v1/catatan`;
    const body = content(draft.jenis, draft.typed);
    if (draft.edits) {
      const note = await request("PATCH", `${notes}/${draft.edits.id}`, { ...body, version: draft.edits.version });
      await request("DELETE", `${this.base}api/konsep/${draft.id}`).catch(() => {});
      return note;
    }
    return request("POST", notes, { ...body, id: draft.id, instant: draft.instant, konsep_id: draft.id });
  }

  /**
   * Somebody looked at both versions: what was chosen is meant for the one that the server has.
   * @param {string} id
   * @param {Catatan} stored
   * @param {import("../merge.js").Typed} typed
   */
  async resolve(id, stored, typed) {
    const entry = this.#entries.get(id);
    if (!entry) return;
    const { jenis, ...rest } = typed;
    Object.assign(entry.draft, { jenis: jenis ?? entry.draft.jenis, typed: rest, edits: { id: stored.id, version: stored.version, foto: stored.foto } });
    await this.submit(id);
  }

  /** @param {Entry} entry @param {unknown} why */
  #notTaken(entry, why) {
    if (why instanceof Refusal) {
      entry.send = false;
      entry.status = why.stored ? "beda" : "salah";
      entry.stored = why.stored;
      entry.errors = why.fields;
      entry.message = why.message;
      this.#keep(entry);
    } else if (why instanceof Unreachable) {
      entry.status = "antre";
      this.#timers.set(entry.draft.id, setTimeout(() => void this.submit(entry.draft.id), RETRY_MS));
    } else {
      throw why;
    }
  }

  /** @param {Entry} entry @param {number} delay_ms */
  #later(entry, delay_ms) {
    clearTimeout(this.#timers.get(entry.draft.id));
    this.#timers.set(entry.draft.id, setTimeout(() => void this.#save(entry), delay_ms));
  }

  /** @param {Entry} entry */
  async #save(entry) {
    const { draft } = entry;
    const words = JSON.stringify(draft);
    const stillSo = () => this.#entries.get(draft.id) === entry && !entry.send && JSON.stringify(draft) === words;
    try {
      const konsep = await request("PUT", `${this.base}api/konsep/${draft.id}`, { body: { draft } });
      if (!stillSo()) return;
      entry.status = "konsep";
      entry.saved_at = konsep?.updated_at ?? Date.now();
    } catch (why) {
      if (!stillSo()) return;
      entry.status = "perangkat";
      if (why instanceof Unreachable) this.#later(entry, RETRY_MS);
    }
    this.#changed();
  }

  /** @param {Entry} entry */
  #keep(entry) {
    try {
      this.storage.setItem(this.prefix + entry.draft.id, JSON.stringify({ draft: entry.draft, send: entry.send }));
    } catch {
      // A full or forbidden storage must not stop the typing; the server still keeps the draft.
    }
  }

  /** @param {string} id */
  #forget(id) {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    this.#entries.delete(id);
    this.storage.removeItem(this.prefix + id);
  }
}

/** @param {string | null} text @returns {{draft: Draft, send: boolean} | null} null for what no page of ours wrote */
function readKept(text) {
  try {
    const kept = JSON.parse(text ?? "null");
    return isDraft(kept?.draft) ? kept : null;
  } catch {
    return null;
  }
}

/** @param {unknown} value @returns {value is Draft} */
function isDraft(value) {
  return typeof value === "object" && value !== null && "instant" in value && "typed" in value && "jenis" in value;
}
