/**
 * What this device keeps until the server has it: IndexedDB, which also holds pictures and outlives a closed
 * browser. Where a browser refuses it, things are kept as long as the page is open.
 */

/** @typedef {{ id: string, base: string }} Kept `base` of the personal link that it belongs to */

const NAME = "rembug";
/** Grows with the stores. */
const VERSION = 2;
const STORES = /** @type {const} */ (["usulan", "foto", "sidang"]);

/** @type {Promise<IDBDatabase | null> | undefined} */
let opened;

/** @returns {Promise<IDBDatabase | null>} */
function database() {
  opened ??= new Promise((resolve) => {
    try {
      const asked = indexedDB.open(NAME, VERSION);
      asked.onupgradeneeded = () => {
        const held = asked.result.objectStoreNames;
        for (const store of STORES) if (!held.contains(store)) asked.result.createObjectStore(store, { keyPath: "id" });
      };
      asked.onsuccess = () => {
        // A newer page of ours in another window need not wait for this one.
        asked.result.onversionchange = () => asked.result.close();
        resolve(asked.result);
      };
      asked.onerror = () => resolve(null);
    } catch {
      resolve(null);
    }
  });
  return opened;
}

/** @template {Kept} T */
export class DeviceStore {
  /** Where the browser keeps nothing. @type {Map<string, T>} */
  #memory = new Map();

  /** @param {typeof STORES[number]} store @param {string} base */
  constructor(store, base) {
    this.store = store;
    this.base = base;
  }

  /** @returns {Promise<T[]>} of this link */
  async all() {
    const found = await this.#ask("readonly", (store) => store.getAll());
    return (found ?? [...this.#memory.values()]).filter((/** @type {T} */ one) => one.base === this.base);
  }

  /** Kept for good once this is done, or else as long as the page is open. @param {T} one @returns {Promise<boolean>} whether for good */
  async put(one) {
    const kept = (await this.#ask("readwrite", (store) => store.put(one))) !== undefined;
    if (!kept) this.#memory.set(one.id, one);
    return kept;
  }

  /** @param {string} id */
  async delete(id) {
    this.#memory.delete(id);
    await this.#ask("readwrite", (store) => store.delete(id)).catch(() => {});
  }

  /**
   * @param {IDBTransactionMode} mode
   * @param {(store: IDBObjectStore) => IDBRequest} ask
   * @returns {Promise<any>} undefined where nothing can be kept
   */
  async #ask(mode, ask) {
    const held = await database();
    if (!held) return undefined;
    return new Promise((resolve, reject) => {
      const transaction = held.transaction(this.store, mode);
      const asked = ask(transaction.objectStore(this.store));
      transaction.oncomplete = () => resolve(asked.result ?? null);
      transaction.onabort = () => reject(transaction.error);
    });
  }
}
