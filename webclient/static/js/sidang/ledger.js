/**
 * The records of an office's own meeting as this device has them: kept here first, sent when the line carries it, one by
 * one. Each is what it is to be, with the version that was seen, so one sent twice is there once. What another device
 * changed meanwhile is never overwritten: different fields go together by themselves, the same field waits for a person.
 */
import { Refusal, Unreachable, request } from "../desk/api.js";
import { DeviceStore } from "../device_store.js";
import { differences } from "../merge.js";
import { KINDS } from "./kinds.js";

/** @typedef {import("../merge.js").Typed} Typed */
/** @typedef {keyof typeof KINDS} Kind */
/** @typedef {Record<string, any> & { version: number }} Stored as the server tells it */
/** @typedef {"terkirim" | "kirim" | "salah" | "beda"} State
 *  kirim: on this device, goes out as soon as it can; salah: refused; beda: the server has other words for the same */
/** @typedef {{ id: string, base: string, kind: Kind, one: string, words: Typed, seen: Typed, version: number, state: State,
 *   wrong: Record<string, string>, message: string, code: string, stored: Stored | null, kept: boolean }} Item
 *  seen: what the server had when this was last the same; stored: what it has now; kept: false once the device refused it */
/** @typedef {{ id: string, base: string, kind: "ketikan", of: Kind, one: string, words: Typed }} Typing */

const RETRY_MS = 4000;
const TYPING_MS = 900;
const MOST_WAIT_MS = 30_000;

export class Ledger {
  /** @type {DeviceStore<Item | Typing>} */
  #store;
  /** @type {Map<string, Item>} */
  #items = new Map();
  #sending = false;
  #again = false;
  #wait_ms = RETRY_MS;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {() => void} */
  #changed = () => {};
  /** Tells other windows of this browser. */
  #others = new BroadcastChannel("rembug-sidang");
  /** @type {{ label: string, kelurahan: boolean, tahun: number } | null} */
  about = null;
  /** Who was put down for this office in the pleno; nobody until the server has said so. @type {(Typed & { id: string })[]} */
  pleno = [];
  /** Why nothing goes out at all; empty while it may. */
  refused = "";
  /** Whether the last sending or fetching reached the server. */
  online = navigator.onLine;

  /** @param {string} base of the personal link */
  constructor(base) {
    this.base = base;
    this.#store = new DeviceStore("sidang", base);
    this.#others.addEventListener("message", () => void this.#reload());
  }

  /** @param {() => void} changed */
  follow(changed) {
    this.#changed = changed;
  }

  /** What this device kept; then what the server has beyond it. @returns {Promise<Typing | null>} a form that was left open */
  async load() {
    const typing = await this.#reload();
    void this.refresh();
    return typing;
  }

  /** @param {Kind} kind @returns {Item[]} in the order of being made */
  list(kind) {
    return [...this.#items.values()].filter((item) => item.kind === kind).sort((a, b) => (a.one < b.one ? -1 : 1));
  }

  /** @param {Kind} kind @param {string} [one] */
  get(kind, one = "") {
    return this.#items.get(this.#id(kind, one)) ?? null;
  }

  /** What has not reached the server as it is here. */
  open() {
    return [...this.#items.values()].filter((item) => item.state !== "terkirim");
  }

  /** Kept on this device once this is done; sent a moment later. @param {Kind} kind @param {string} one @param {Typed} words */
  async write(kind, one, words) {
    const item = this.#write(kind, one, words);
    this.#changed();
    await this.#keep(item);
    // A form that needs no saving is not sent with every letter.
    this.#later(kind === "pokok" && !("selesai" in words) ? TYPING_MS : 0);
  }

  /** The same for many at once. @param {readonly (readonly [Kind, string, Typed])[]} all */
  async writeAll(all) {
    const items = all.map(([kind, one, words]) => this.#write(kind, one, words));
    this.#changed();
    await Promise.all(items.map((item) => this.#keep(item)));
    this.#later(0);
  }

  /** @param {Kind} kind @param {string} one @param {Typed} words */
  #write(kind, one, words) {
    const known = this.get(kind, one);
    /** @type {Item} */
    const item = known ?? { id: this.#id(kind, one), base: this.base, kind, one, words: {}, seen: {}, version: 0, state: "kirim", wrong: {}, message: "", code: "", stored: null, kept: true };
    Object.assign(item, { words: { ...item.words, ...words }, wrong: {}, message: "", code: "" });
    item.state = item.version && this.#same(item, item.seen) ? "terkirim" : item.state === "beda" ? "beda" : "kirim";
    this.#items.set(item.id, item);
    return item;
  }

  /** After a person has chosen: these words go over the version that the server has. @param {Item} item @param {Typed} words */
  async settle(item, words) {
    const stored = item.stored;
    if (!stored) return;
    Object.assign(item, { seen: KINDS[item.kind].words(stored), version: stored.version, stored: null, wrong: {}, message: "", code: "" });
    item.words = { ...item.seen, ...words };
    item.state = this.#same(item, item.seen) ? "terkirim" : "kirim";
    this.#changed();
    await this.#keep(item);
    this.#later(0);
  }

  /** What is typed in an open form. @param {Kind} of @param {string} one @param {Typed} words */
  async keepTyping(of, one, words) {
    await this.#store.put({ id: `${this.base} ketikan`, base: this.base, kind: "ketikan", of, one, words }).catch(() => {});
  }

  async dropTyping() {
    await this.#store.delete(`${this.base} ketikan`);
  }

  /** Asks the server, then sends what waits. */
  async refresh() {
    try {
      this.#take(await request("GET", `${this.base}api/v1/sidang`));
      this.online = true;
      this.refused = "";
    } catch (why) {
      this.#notReached(why);
    }
    this.#changed();
    await this.send();
  }

  async send() {
    clearTimeout(this.#timer);
    this.#again = true;
    if (this.#sending) return;
    this.#sending = true;
    while (this.#again) {
      this.#again = false;
      for (const item of this.#waiting()) if (!(await this.#sendOne(item))) break;
    }
    this.#sending = false;
    this.#changed();
    if (this.#waiting().length && !this.refused) this.#later(this.#wait_ms);
  }

  /** Opened before anything else and ended after it; an order may name lines that must be there first. */
  #waiting() {
    const waiting = [...this.#items.values()].filter((item) => item.state === "kirim");
    const place = (/** @type {Item} */ { kind, words }) => ["usulan", "hadir", "urutan"].indexOf(kind) + (kind === "pokok" && words.selesai === "ya" ? 9 : 0);
    return waiting.sort((a, b) => place(a) - place(b) || (a.one < b.one ? -1 : 1));
  }

  /** @param {Item} item @returns {Promise<boolean>} whether the line carries more */
  async #sendOne(item) {
    const { path, body } = KINDS[item.kind];
    const sent = JSON.stringify(item.words);
    try {
      const stored = await request("PUT", `${this.base}api/v1/sidang${path(item.one)}`, { ...body(item.words), version: item.version });
      this.online = true;
      this.#wait_ms = RETRY_MS;
      this.#taken(item, stored, JSON.stringify(item.words) === sent);
    } catch (why) {
      if (!(why instanceof Refusal) || why.status === 403) {
        this.#notReached(why);
        return false;
      }
      this.#notTaken(item, why);
    }
    await this.#keep(item);
    this.#changed();
    return true;
  }

  /** @param {Item} item @param {Stored} stored @param {boolean} untouched nothing was typed since it was sent */
  #taken(item, stored, untouched) {
    item.version = stored.version;
    item.seen = KINDS[item.kind].words(stored);
    if (untouched) item.words = { ...item.seen };
    item.state = this.#same(item, item.seen) ? "terkirim" : "kirim";
    Object.assign(item, { wrong: {}, message: "", code: "", stored: null });
    if (item.state === "kirim") this.#again = true;
    if (item.kind === "pokok" && item.words.selesai !== "ya") {
      for (const other of this.#items.values()) {
        if (other.code !== "concluded") continue;
        Object.assign(other, { state: "kirim", code: "", message: "" });
        this.#again = true;
      }
    }
  }

  /** @param {Item} item @param {Refusal} why */
  #notTaken(item, why) {
    const stored = /** @type {Stored | null} */ (/** @type {unknown} */ (why.stored));
    if (stored) this.#meet(item, stored);
    else Object.assign(item, { state: "salah", wrong: why.fields, message: why.message, code: why.code });
  }

  /** Both changed it: what only one of them changed goes together, the rest waits. @param {Item} item @param {Stored} stored */
  #meet(item, stored) {
    const { fields, words } = KINDS[item.kind];
    const theirs = words(stored);
    const mine = { ...item.words };
    for (const { name } of fields()) if ((mine[name] ?? "") === (item.seen[name] ?? "")) mine[name] = theirs[name] ?? "";
    item.words = mine;
    item.stored = stored;
    if (this.conflicts(item).length) item.state = "beda";
    else {
      Object.assign(item, { seen: theirs, version: stored.version, stored: null });
      item.state = this.#same(item, theirs) ? "terkirim" : "kirim";
      this.#again = this.#again || item.state === "kirim";
    }
  }

  /** The fields that both sides changed, each differently. @param {Item} item */
  conflicts(item) {
    if (!item.stored) return [];
    const { fields, words } = KINDS[item.kind];
    const theirs = words(item.stored);
    const changed = fields().filter(({ name }) => (theirs[name] ?? "") !== (item.seen[name] ?? ""));
    return differences(changed, item.words, theirs);
  }

  /** @param {any} whole the meeting as the server has it */
  #take(whole) {
    this.about = { label: whole.label, kelurahan: whole.kelurahan, tahun: whole.tahun_rencana };
    this.pleno = whole.hadir_pleno;
    this.#takeOne("pokok", "", whole.sidang);
    this.#takeOne("urutan", "", whole.urutan);
    for (const one of whole.usulan) this.#takeOne("usulan", one.id, one);
    for (const one of whole.hadir) this.#takeOne("hadir", one.id, one);
    for (const one of whole.pindah) this.#leave(one);
  }

  /** A line that became another desa's. Words that were never sent stay here, and are said to be refused. @param {string} one */
  #leave(one) {
    const item = this.get("usulan", one);
    if (!item || (item.state !== "terkirim" && item.words.hapus !== "ya")) return;
    this.#items.delete(item.id);
    void this.#store.delete(item.id);
  }

  /** @param {Kind} kind @param {string} one @param {Stored} stored */
  #takeOne(kind, one, stored) {
    const words = KINDS[kind].words(stored);
    const known = this.get(kind, one);
    if (known && known.state !== "terkirim") {
      if (known.state === "beda") this.#meet(known, stored);
      else if (this.#same(known, words)) this.#taken(known, stored, true);
      else return;
      return void this.#keep(known);
    }
    /** @type {Item} */
    const item = { id: this.#id(kind, one), base: this.base, kind, one, words, seen: words, version: stored.version, state: "terkirim", wrong: {}, message: "", code: "", stored: null, kept: true };
    const changed = !known || JSON.stringify(known) !== JSON.stringify(item);
    this.#items.set(item.id, item);
    if (changed) void this.#keep(item, false);
  }

  /** @param {Item} item @param {Typed} other */
  #same(item, other) {
    return differences(KINDS[item.kind].fields(), item.words, other).length === 0;
  }

  /** @param {unknown} why */
  #notReached(why) {
    if (why instanceof Refusal) this.refused = why.message;
    else if (why instanceof Unreachable) {
      this.online = false;
      this.#wait_ms = Math.min(this.#wait_ms * 1.5, MOST_WAIT_MS);
    } else throw why;
  }

  /** @param {number} ms */
  #later(ms) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.send(), ms);
  }

  /** @param {Item} item @param {boolean} [tell] */
  async #keep(item, tell = true) {
    // A full or forbidden storage is no reason to stop: what is on the page still goes to the server, and is said to be here alone.
    item.kept = await this.#store.put({ ...structuredClone(item), kept: true }).catch(() => false);
    if (!item.kept) this.#changed();
    if (tell) this.#others.postMessage(item.id);
  }

  async #reload() {
    /** @type {Typing | null} */
    let typing = null;
    for (const one of await this.#store.all()) {
      if (one.kind === "ketikan") typing = one;
      else this.#items.set(one.id, Object.assign(this.#items.get(one.id) ?? {}, one));
    }
    this.#changed();
    return typing;
  }

  /** @param {Kind} kind @param {string} one */
  #id(kind, one) {
    return `${this.base} ${kind} ${one}`;
  }
}
