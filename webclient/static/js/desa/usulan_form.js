/**
 * The form in which an office writes or changes a usulan. Every letter is kept on this device at once.
 */
import { announce, byId, el, show } from "../dom.js";
import { Kamus } from "../kamus.js";
import { later, part, unfold } from "../lengkap.js";
import { merge } from "../merge.js";
import { PhotoField } from "../photo_field.js";
import { newId } from "../protocol.js";
import { Similar } from "../similar.js";
import { t } from "../t.js";
import { ownPeople } from "./people.js";
import { fields, typedOf } from "./usulan_fields.js";

/** @typedef {import("../protocol.js").Wire} Wire */
/** @typedef {import("../desk/api.js").Catatan} Catatan */
/** @typedef {import("../photos.js").Photos} Photos */
/** @typedef {import("./outbox.js").Outbox} Outbox */
/** @typedef {import("./outbox.js").Own} Own */
/** @typedef {import("./usulan_fields.js").Field} Field */

/** A line that carries nothing keeps nobody at the form. */
const PATIENCE_MS = 6_000;

export class UsulanForm {
  #dialog = byId("tulis-dialog", HTMLDialogElement);
  #form = byId("tulis-form", HTMLFormElement);
  #all = fields();
  #refused = el("p", { class: "notice notice-alarm", hidden: true });
  #send = el("button", { class: "button button-primary", "data-testid": "write-send" }, t("Simpan usulan"));
  /** @type {Own | null} */
  #one = null;
  /** On its way while the form waits for it. @type {Own | null} */
  #sending = null;
  #photos;
  #similar;
  #kamus;

  /** @param {Wire} wire @param {string} seat @param {Outbox} outbox @param {Photos} photos */
  constructor(wire, seat, outbox, photos) {
    this.wire = wire;
    this.seat = seat;
    this.outbox = outbox;
    this.photos = photos;
    this.#photos = new PhotoField(photos);
    this.#similar = new Similar(outbox.base, el("aside", { class: "note-similar", "data-testid": "mirip", hidden: true }));
    this.#kamus = new Kamus(outbox.base, (chosen) => this.#fill(chosen));
    this.#form.append(
      el("h2", { id: "tulis-kepala" }, t("Tulis usulan")),
      el("div", { class: "fields" }, ...this.#all.filter((f) => !later(f)).map(control), this.#photos.node),
      part(this.#all.filter(later).map(control), "fields"),
      this.#similar.place,
      this.#refused,
      el("div", { class: "row" }, this.#send, el("button", { class: "button", type: "button", "data-close": true, onclick: () => this.#dialog.close() }, t("Tutup"))),
    );
    this.#kamus.attach(this.#value("kamus_usulan"));
    this.#form.addEventListener("input", () => void this.#typed());
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#submit();
    });
  }

  /** A new one, or the one that was begun. */
  write() {
    const begun = this.outbox.list().find((one) => one.state === "draf" && one.version === null);
    if (begun) return this.open(begun);
    const first = ownPeople(this.wire, this.seat)[0];
    return this.open({
      id: newId(), base: this.outbox.base, seat: this.seat, opened_at: Math.round(this.wire.serverNow()),
      words: { pengusul_nama: first?.nama ?? "", pengusul_jabatan: first?.jabatan ?? "" }, foto: [],
      version: null, state: "draf", wrong: {}, message: "", stored: null,
    });
  }

  /** Changes one that the server has. @param {Catatan} note */
  change(note) {
    const begun = this.outbox.list().find((one) => one.id === note.id);
    return this.open(begun ?? {
      id: note.id, base: this.outbox.base, seat: this.seat, opened_at: note.created_at, words: typedOf(note), foto: note.foto,
      version: note.version, state: "draf", wrong: {}, message: "", stored: null,
    });
  }

  /** @param {Own} one */
  open(one) {
    this.#one = one;
    for (const { name } of this.#all) this.#value(name).value = one.words[name] ?? "";
    this.#photos.show(one.id, one.version === null ? null : { id: one.id, foto: one.foto });
    this.#similar.look(null);
    this.#complain(one);
    if (!this.#dialog.open) this.#dialog.showModal();
  }

  /** Looks at what the server has instead, and sends what was chosen. @param {Own} one */
  async compare(one) {
    if (!one.stored) return;
    const words = await merge(this.#all, one.words, typedOf(one.stored));
    if (!words) return;
    Object.assign(one, { words, version: one.stored.version, foto: one.stored.foto });
    await this.#sent(one);
  }

  /** @param {string} name */
  #value(name) {
    return /** @type {HTMLInputElement} */ (this.#form.elements.namedItem(name));
  }

  async #typed() {
    const one = this.#one;
    if (!one) return;
    one.words = Object.fromEntries(this.#all.map(({ name }) => [name, this.#value(name).value]));
    one.state = "draf";
    const { judul = "", kamus_usulan } = one.words;
    this.#similar.look({ words: judul, kode_wilayah: "", except: one.id, link: null });
    if (!kamus_usulan) this.#kamus.look(judul);
    await this.outbox.keep(one);
  }

  /** What an entry of the kamus says besides goes where nothing was typed. @param {import("../kamus.js").Butir} chosen */
  #fill({ nama, satuan, bidang }) {
    for (const [name, value] of Object.entries({ judul: nama, satuan, bidang: bidang.split(".")[0] ?? "" })) {
      if (value && !this.#value(name).value) this.#value(name).value = value;
    }
  }

  async #submit() {
    const one = this.#one;
    if (!one) return;
    await this.#typed();
    if (!this.#value("judul").value.trim()) {
      one.wrong = { judul: t("Tulis dahulu apa yang diusulkan.") };
      this.#complain(one);
      return;
    }
    // What is typed while it is on its way would be lost.
    this.#form.inert = true;
    await this.#sent(one).finally(() => {
      this.#form.inert = false;
    });
  }

  /** @param {Own} one */
  async #sent(one) {
    this.#sending = one;
    /** @type {Promise<"kirim">} */
    const late = new Promise((done) => setTimeout(() => done("kirim"), PATIENCE_MS));
    const state = await Promise.race([this.outbox.submit(one), late]).finally(() => {
      this.#sending = null;
    });
    if (state === "salah") return this.open(one);
    this.#dialog.close();
    if (state === "beda") return this.compare(one);
    return announce(state === "terkirim" ? t("Usulan terkirim.") : t("Tersimpan di perangkat; dikirim begitu tersambung lagi."));
  }

  /** It came back, and somebody has to look: at once if the form waits for it, or else when they can. @param {Own} one */
  refused(one) {
    if (this.#sending !== one) announce(t("Usulan “{judul}” belum diterima. Lihat di daftar usulan kantor ini.", { judul: one.words.judul ?? "" }));
  }

  /** Says what is wrong beside each field, and goes to the first. @param {Own} one */
  #complain(one) {
    const known = new Set(this.#all.map(({ name }) => name));
    let first = true;
    for (const { name } of this.#all) {
      const input = this.#value(name);
      const words = one.wrong[name] ?? (name === "judul" ? one.wrong.ucapan : "") ?? "";
      byId(`tulis-${name}-salah`, HTMLElement).textContent = words;
      input.setAttribute("aria-invalid", String(words !== ""));
      if (words && first) {
        input.focus();
        first = false;
      }
    }
    const others = Object.entries(one.wrong).filter(([name]) => !known.has(name) && name !== "ucapan").map(([, words]) => words);
    this.#refused.textContent = [one.message, ...others].filter(Boolean).join(" ");
    unfold(this.#form);
    show(this.#refused, this.#refused.textContent !== "");
    if (this.#refused.textContent) announce(this.#refused.textContent);
  }
}

/** @param {Field} f */
function control(f) {
  const id = `tulis-${f.name}`;
  const common = { class: "input", id, name: f.name, "aria-describedby": `${id}-salah`, "data-testid": `write-${f.name}` };
  const input = f.kind === "long" ? el("textarea", { ...common, rows: 3, maxlength: 4000 })
    : f.kind === "choice" ? el("select", common, ...(f.choices ?? []).map(([v, words]) => el("option", { value: v }, words)))
    : el("input", { ...common, maxlength: 200, autocomplete: "off", inputmode: f.kind === "number" ? "numeric" : null, placeholder: f.hint });
  return el("div", { class: f.wide ? "field field-wide" : "field" }, el("label", { for: id }, f.words), input, el("p", { class: "error", id: `${id}-salah` }));
}
