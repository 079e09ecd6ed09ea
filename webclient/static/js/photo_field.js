/**
 * The photos of one note in a form: those that the server has, those that wait on this device, a button for more.
 */
import { el, icon, refill, show } from "./dom.js";
import { request } from "./desk/api.js";
import { MOST } from "./photos.js";
import { t } from "./t.js";

/** @typedef {import("./photos.js").Photos} Photos */
/** @typedef {{ id: string, foto: string[] }} Taken a note that the server has */

/** Addresses of pictures that wait, by their id: made once, so that a redrawn list does not flicker. @type {Map<string, string>} */
const urls = new Map();

/**
 * Photos that the server has, in a list that is redrawn often: touched only when they are others.
 * @param {HTMLElement} list
 * @param {string} base what the page's addresses begin with
 * @param {string[]} ids
 */
export function showPhotos(list, base, ids) {
  const shown = ids.join(" ");
  if (list.dataset.shown === shown) return;
  list.dataset.shown = shown;
  show(list, ids.length > 0);
  refill(list, ids.map((id, index) => el("li", { "data-testid": "foto" }, picture(base, id, index, ids.length))));
}

/** A small one that opens the whole. @param {string} base @param {string} id @param {number} index @param {number} of */
function picture(base, id, index, of) {
  const src = `${base}foto/${id}.jpg`;
  return el("a", { href: src, target: "_blank", rel: "noopener" },
    el("img", { src: `${src}?kecil=1`, alt: t("Foto {nomor} dari {banyak}", { nomor: index + 1, banyak: of }), loading: "lazy" }));
}

/**
 * @param {Photos} photos
 * @param {string} note
 * @param {string[]} stored ids of those that the server has
 * @param {((id: string) => void) | null} remove what takes a stored one away; null: nobody may
 * @returns {HTMLElement[]}
 */
export function photoList(photos, note, stored, remove = null) {
  const cross = (/** @type {() => void} */ run, /** @type {string} */ key) =>
    el("button", { class: "button button-quiet button-icon", type: "button", "aria-label": t("Buang foto ini"), "data-key": key, "data-testid": "buang-foto", onclick: run }, icon("x"));
  const kept = stored.map((id, index) => el("li", { "data-testid": "foto" },
    picture(photos.base, id, index, stored.length), remove ? cross(() => remove(id), `foto ${id}`) : null));
  const waiting = photos.of(note).map((one) => {
    const url = urls.get(one.id) ?? URL.createObjectURL(one.blob);
    urls.set(one.id, url);
    return el("li", { class: "photo-waits", "data-testid": "foto-menunggu" },
      el("img", { src: url, alt: t("Foto yang belum terkirim") }),
      one.wrong ? el("p", { class: "error" }, one.wrong) : el("span", { class: "soft small" }, t("di perangkat ini")),
      cross(() => void photos.drop(one.id), `foto ${one.id}`));
  });
  return [...kept, ...waiting];
}

export class PhotoField {
  #note = "";
  /** The note as the server has it; null before it is taken. @type {Taken | null} */
  #taken = null;
  #list = el("ul", { class: "photos" });
  #wrong = el("p", { class: "error", role: "alert" });
  #pick = el("input", { type: "file", accept: "image/jpeg,image/png", hidden: true, "data-testid": "pilih-foto" });
  #more = el("button", { class: "button", type: "button", "data-testid": "tambah-foto", onclick: () => this.#pick.click() }, icon("cam"), t("Tambah foto"));
  node = el("div", { class: "field field-wide" }, el("span", { class: "strong" }, t("Foto"), " ", el("span", { class: "hint soft small" }, t("paling banyak 3"))), this.#list, el("div", { class: "row" }, this.#more, this.#pick), this.#wrong);

  /** @param {Photos} photos */
  constructor(photos) {
    this.photos = photos;
    photos.onChange(() => this.#draw());
    this.#pick.addEventListener("change", () => void this.#picked());
  }

  /** @param {string} note id of the note, or of the draft that becomes one @param {Taken | null} taken */
  show(note, taken) {
    this.#note = note;
    this.#taken = taken;
    this.#wrong.textContent = "";
    this.#draw();
  }

  #draw() {
    const stored = this.#taken?.foto ?? [];
    refill(this.#list, photoList(this.photos, this.#note, stored, (id) => void this.#remove(id)));
    show(this.#more, stored.length + this.photos.of(this.#note).length < MOST);
  }

  async #picked() {
    const [file] = this.#pick.files ?? [];
    this.#pick.value = "";
    if (!file) return;
    this.#wrong.textContent = "";
    try {
      await this.photos.add(this.#note, file, this.#taken !== null);
    } catch {
      this.#wrong.textContent = t("Berkas itu bukan foto yang dapat dibaca di perangkat ini.");
    }
  }

  /** @param {string} id */
  async #remove(id) {
    try {
      this.#taken = await request("DELETE", `${this.photos.base}api/catatan/${this.#note}/foto/${id}`);
    } catch (why) {
      this.#wrong.textContent = /** @type {Error} */ (why).message;
    }
    this.#draw();
  }
}
