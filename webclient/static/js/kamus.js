/**
 * The kamus usulan at a field of a form: entries that fit what is typed are suggested by the browser's own list.
 * Whatever is typed instead stays as it is.
 */
import { el, refill } from "./dom.js";
import { get } from "./desk/api.js";

/** @typedef {{kode: string, nama: string, satuan: string, bidang: string, opd: string}} Butir */

const PAUSE_MS = 400;
const MOST_LETTERS = 200;

export class Kamus {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #asked = "";
  /** Everything that was suggested so far, by its code. @type {Map<string, Butir>} */
  #known = new Map();

  /** @param {string} base of the personal link @param {(chosen: Butir) => void} fill what an entry says besides */
  constructor(base, fill) {
    this.base = base;
    this.fill = fill;
  }

  /** @param {HTMLInputElement} input whose value is an entry's code */
  attach(input) {
    const list = el("datalist", { id: `${input.id}-kamus` });
    const name = el("span", { class: "soft small", "data-testid": "kamus-nama" });
    input.setAttribute("list", list.id);
    input.after(list, name);
    this.input = input;
    this.list = list;
    this.name = name;
    this.#asked = "";
    void this.#ask(input.value);
    input.addEventListener("input", () => {
      const chosen = this.#known.get(input.value);
      name.textContent = chosen?.nama ?? "";
      if (chosen) this.fill(chosen);
      else this.look(input.value);
    });
  }

  /** What else is typed in the form may fit an entry, too. @param {string} words */
  look(words) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#ask(words), PAUSE_MS);
  }

  /** @param {string} words */
  async #ask(words) {
    const teks = words.trim().slice(0, MOST_LETTERS);
    if (!teks || teks === this.#asked || !this.list || !this.input || !this.name) return;
    this.#asked = teks;
    const found = /** @type {{items: Butir[]} | null} */ (await get(`${this.base}api/v1/kamus?${new URLSearchParams({ teks })}`).catch(() => null));
    if (this.#asked !== teks || !found) return;
    for (const one of found.items) this.#known.set(one.kode, one);
    refill(this.list, found.items.map((one) => el("option", { value: one.kode }, one.nama)));
    this.name.textContent = this.#known.get(this.input.value)?.nama ?? "";
  }
}

/** Names of OPD for a `datalist`; without a line there are none. @param {string} base @param {HTMLElement} list */
export async function suggestOpd(base, list) {
  const found = /** @type {{items: string[]} | null} */ (await get(`${base}api/v1/opd`).catch(() => null));
  refill(list, (found?.items ?? []).map((name) => el("option", { value: name })));
}
