/**
 * What may be the same as the note that is being typed, in a form: a quiet line or two after a pause in the typing.
 * Nothing waits for it, it never takes the keyboard, and a line that is down leaves it out.
 */
import { el, refill, show } from "./dom.js";
import { get } from "./desk/api.js";
import { t } from "./t.js";

/** @typedef {{id: string, judul: string, ucapan: string, label: string, tahun_rencana: number, skor: number}} Likely */
/** @typedef {{words: string, kode_wilayah: string, except: string, link: ((one: Likely) => void) | null}} Asked
 *  except: id of the note itself; link: says that the two are the same, null where that cannot be said yet */

const PAUSE_MS = 700;
const MOST_SHOWN = 3;
const MOST_LETTERS = 600;

export class Similar {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #asked = "";

  /** @param {string} base of the personal link @param {HTMLElement} place */
  constructor(base, place) {
    this.base = base;
    this.place = place;
  }

  /** Looks once typing rests. @param {Asked | null} asked null: nothing is typed that could be the same */
  look(asked) {
    clearTimeout(this.#timer);
    const words = asked?.words.trim().slice(0, MOST_LETTERS) ?? "";
    if (!asked || !words.includes(" ")) {
      this.#asked = "";
      show(this.place, false);
      return;
    }
    const query = new URLSearchParams({ teks: words, kecuali: asked.except });
    if (asked.kode_wilayah) query.set("kode_wilayah", asked.kode_wilayah);
    if (this.#asked === String(query)) return;
    this.#timer = setTimeout(() => void this.#ask(String(query), asked), PAUSE_MS);
  }

  /** @param {string} query @param {Asked} asked */
  async #ask(query, asked) {
    this.#asked = query;
    const found = /** @type {{items: Likely[]} | null} */ (await get(`${this.base}api/v1/mirip?${query}`).catch(() => null));
    if (this.#asked !== query) return;
    const items = found?.items.slice(0, MOST_SHOWN) ?? [];
    show(this.place, items.length > 0);
    refill(this.place, el("p", { class: "similar-head" }, t("Mungkin sama dengan yang sudah tercatat:")), el("ul", null, items.map((one) => line(one, asked))));
  }
}

/** @param {Likely} one @param {Asked} asked */
function line(one, { link }) {
  const where = t("{tempat}, rencana {tahun}", { tempat: one.label || t("Tanpa kantor"), tahun: one.tahun_rencana });
  return el(
    "li",
    { "data-testid": "mungkin-sama" },
    el("strong", null, one.judul || one.ucapan),
    el("span", { class: "soft" }, ` · ${where} `),
    link ? el("button", { class: "button button-quiet", type: "button", "data-testid": "tautkan", onclick: () => link(one) }, t("Tautkan")) : null,
  );
}
