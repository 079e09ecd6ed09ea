/**
 * The form of one usulan or one person. What is typed is on this device with every letter, also before it is saved.
 */
import { announce, byId, el, show } from "../dom.js";
import { later, part, unfold } from "../lengkap.js";
import { newId } from "../protocol.js";
import { t } from "../t.js";
import { JABATAN } from "../desa/people.js";
import { KINDS } from "./kinds.js";

/** @typedef {import("../merge.js").Typed} Typed */
/** @typedef {import("./kinds.js").Field} Field */
/** @typedef {import("./ledger.js").Ledger} Ledger */

/** @typedef {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} Input */

const REQUIRED = { usulan: "judul", hadir: "nama" };

export class RecordForm {
  #dialog = byId("isian", HTMLDialogElement);
  #form = byId("isian-form", HTMLFormElement);
  /** @type {"usulan" | "hadir"} */
  #kind = "usulan";
  #one = "";

  /** @param {Ledger} ledger */
  constructor(ledger) {
    this.ledger = ledger;
    this.#form.addEventListener("input", () => void ledger.keepTyping(this.#kind, this.#one, this.#typed()));
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      const more = /** @type {SubmitEvent} */ (event).submitter?.dataset.more === "ya";
      void this.#save(more);
    });
    this.#dialog.addEventListener("close", () => void ledger.dropTyping());
  }

  /**
   * @param {"usulan" | "hadir"} kind
   * @param {string} one empty: a new one
   * @param {Typed} [typed] what was typed before the page went away
   */
  open(kind, one = "", typed) {
    this.#kind = kind;
    this.#one = one || newId();
    const item = this.ledger.get(kind, this.#one);
    const words = typed ?? item?.words ?? {};
    const titles = { usulan: [t("Tambah usulan"), t("Ubah usulan")], hadir: [t("Tambah yang hadir"), t("Ubah yang hadir")] }[kind];
    const save = el("button", { class: "button button-primary", "data-testid": "isian-simpan" }, t("Simpan"));
    const again = item ? null : el("button", { class: "button", "data-more": "ya", "data-testid": "isian-lagi" }, t("Simpan lalu tambah lagi"));
    this.#form.replaceChildren(
      el("h2", { id: "isian-judul" }, titles[item ? 1 : 0] ?? ""),
      el("div", { class: "fields" }, this.#fields().filter((field) => !later(field)).map((field) => control("isian", field))),
      kind === "usulan" ? part(this.#fields().filter(later).map((field) => control("isian", field)), "fields") : "",
      el("p", { class: "notice notice-alarm", id: "isian-ditolak", hidden: true }),
      el("div", { class: "row" }, save, again ?? "", el("button", { class: "button button-quiet", type: "button", onclick: () => this.#dialog.close() }, t("Batal"))),
    );
    for (const { name } of this.#fields()) input(this.#form, name).value = words[name] || (name === "kanal" ? "sidang_desa" : "");
    unfold(this.#form);
    if (item?.wrong) this.#complain(item.wrong);
    if (item?.message) {
      const refused = byId("isian-ditolak", HTMLElement);
      refused.textContent = item.message;
      show(refused, true);
    }
    if (!this.#dialog.open) this.#dialog.showModal();
    input(this.#form, REQUIRED[kind]).focus();
  }

  #fields() {
    return KINDS[this.#kind].fields().filter(({ name }) => name !== "hapus");
  }

  /** @returns {Typed} */
  #typed() {
    return typedIn(this.#form, this.#fields());
  }

  /** @param {boolean} more */
  async #save(more) {
    const words = this.#typed();
    const needed = REQUIRED[this.#kind];
    this.#complain(words[needed]?.trim() ? {} : { [needed]: this.#kind === "usulan" ? t("Tulis dahulu apa yang diusulkan.") : t("Isi namanya dahulu.") });
    if (!words[needed]?.trim()) return;
    await this.ledger.write(this.#kind, this.#one, words);
    await this.ledger.dropTyping();
    announce(this.ledger.get(this.#kind, this.#one)?.kept ? t("Tersimpan di perangkat.") : t("Hanya di halaman ini"));
    if (more) this.open(this.#kind);
    else this.#dialog.close();
  }

  /** @param {Record<string, string>} wrong */
  #complain(wrong) {
    let first = true;
    for (const { name } of this.#fields()) {
      const words = wrong[name] ?? "";
      byId(`isian-${name}-salah`, HTMLElement).textContent = words;
      input(this.#form, name).setAttribute("aria-invalid", String(words !== ""));
      if (words && first) input(this.#form, name).focus();
      if (words) first = false;
    }
    unfold(this.#form);
  }
}

/** @param {HTMLFormElement} form @param {string} name @returns {Input} */
export const input = (form, name) => /** @type {Input} */ (form.elements.namedItem(name));

/** @param {HTMLFormElement} form @param {Field[]} fields @returns {Typed} */
export const typedIn = (form, fields) => Object.fromEntries(fields.map(({ name }) => [name, input(form, name).value]));

/** @param {string} prefix of ids @param {Field} field */
export function control(prefix, { name, words, kind = "text", hint, choices, wide }) {
  const id = `${prefix}-${name}`;
  const common = { class: "input", id, name, "aria-describedby": `${id}-salah`, "data-testid": id };
  const jobs = name === "jabatan" ? el("datalist", { id: `${id}-daftar` }, JABATAN().map((value) => el("option", { value }))) : null;
  const node = kind === "long" ? el("textarea", { ...common, rows: 3, maxlength: 4000 })
    : kind === "choice" ? el("select", common, (choices ?? []).map(([value, text]) => el("option", { value }, text)))
    : el("input", { ...common, type: kind === "date" || kind === "time" ? kind : "text", maxlength: 200, autocomplete: "off", inputmode: kind === "number" ? "numeric" : null, placeholder: hint, list: jobs ? jobs.id : null });
  return el("div", { class: wide ? "field field-wide" : "field" }, el("label", { for: id }, words), node, jobs, el("p", { class: "error", id: `${id}-salah` }));
}
