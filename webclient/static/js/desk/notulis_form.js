/**
 * The form of one draft at a time and the tabs of all of them. The inputs are built once per draft and jenis,
 * so that neither a meeting that goes on nor an autosave ever touches what somebody is typing.
 */
import { byId, el, refill, show } from "../dom.js";
import { Kamus } from "../kamus.js";
import { later, part as foldedPart, unfold } from "../lengkap.js";
import { merge } from "../merge.js";
import { PhotoField } from "../photo_field.js";
import { Similar } from "../similar.js";
import { t } from "../t.js";
import { clockSecondsWord, clockWord, noteWord } from "../words.js";
import { ask } from "./ask.js";
import { request } from "./api.js";
import { bidangWord, fillBidang, sumberDana } from "./bidang.js";
import { fieldsOf, typedOf } from "./note_fields.js";
import { fillPlaces, labelOf, valueOf, whereOf } from "./places.js";
import { part, write } from "./rows.js";

/** @typedef {import("./console.js").Console} Console */
/** @typedef {import("./drafts.js").Drafts} Drafts */
/** @typedef {import("./drafts.js").Entry} Entry */
/** @typedef {import("./note_fields.js").Field} Field */

const SHIFT_MS = 5000;
/** @type {import("./api.js").Jenis[]} */
export const JENIS = ["usulan", "keluhan", "pertanyaan", "arahan"];

/** Stored codes as people read them. @type {Record<string, {say: (value: string) => string}>} */
const SAID = { bidang: { say: bidangWord }, sumber_dana: { say: (code) => sumberDana().find(([one]) => one === code)?.[1] ?? code } };

export class NoteForm {
  /** Id of the draft that is shown, empty for none. */
  current = "";
  #built = "";
  /** The refusal that the keyboard has been led to already. @type {Record<string, string> | null} */
  #led = null;
  #form = byId("form", HTMLFormElement);
  #similar;
  #photos;
  #kamus;

  /**
   * @param {Console} desk
   * @param {Drafts} drafts
   * @param {import("../photos.js").Photos} photos
   */
  constructor(desk, drafts, photos) {
    this.desk = desk;
    this.drafts = drafts;
    this.photos = photos;
    this.#photos = new PhotoField(photos);
    this.#similar = new Similar(desk.boot.base, byId("similar", HTMLElement));
    this.#kamus = new Kamus(desk.boot.base, (chosen) => this.#fill(chosen));
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      void drafts.submit(this.current);
    });
    this.#form.addEventListener("input", (event) => this.#typed(event.target));
  }

  /** @param {string} id @param {boolean} [focus] */
  show(id, focus = true) {
    this.current = id;
    this.draw();
    if (focus) this.#form.querySelector("textarea")?.focus();
  }

  /** The next or previous draft. @param {1 | -1} step */
  step(step) {
    const ids = this.drafts.list().map((entry) => entry.draft.id);
    const next = ids[(ids.indexOf(this.current) + step + ids.length) % ids.length];
    if (next) this.show(next);
  }

  /** Moves the instant of the shown draft. @param {1 | -1} direction */
  shift(direction) {
    this.drafts.change(this.current, (draft) => {
      draft.instant.spoken_at += direction * SHIFT_MS;
    });
  }

  draw() {
    const entries = this.drafts.list();
    if (!entries.some((entry) => entry.draft.id === this.current)) this.current = entries.at(-1)?.draft.id ?? "";
    const entry = this.drafts.get(this.current);
    show(this.#form, entry !== null);
    show(byId("none", HTMLElement), entry === null);
    this.#drawTabs(entries);
    if (!entry) {
      this.#built = "";
      this.#similar.look(null);
      return;
    }
    const built = `${entry.draft.id} ${entry.draft.jenis}`;
    if (this.#built !== built) {
      this.#built = built;
      this.#build(entry);
      this.#look(entry.draft);
    }
    this.#drawHead(entry);
    this.#drawErrors(entry);
  }

  /** @param {Entry[]} entries */
  #drawTabs(entries) {
    const tabs = byId("drafts", HTMLElement);
    show(tabs, entries.length > 0);
    refill(
      tabs,
      entries.map(({ draft, status }, index) => {
        const words = draft.typed.judul || draft.typed.ucapan || labelOf(this.desk, draft.instant);
        return el(
          "button",
          {
            class: "draft-tab", type: "button", role: "tab", "data-key": draft.id, "data-jenis": draft.jenis, "data-status": status, "data-testid": "konsep",
            "aria-selected": String(draft.id === this.current), onclick: () => this.show(draft.id),
          },
          el("span", { class: "draft-jenis" }, noteWord(draft.jenis)),
          el("span", { class: "draft-words" }, words),
          index < 9 ? el("kbd", null, String(index + 1)) : null,
        );
      }),
    );
  }

  /** @param {Entry} entry */
  #build(entry) {
    const { draft } = entry;
    const button = (/** @type {string} */ words, /** @type {string} */ label, /** @type {() => void} */ run, /** @type {string} */ id) =>
      el("button", { class: "button", type: "button", "aria-label": label, title: label, onclick: run, "data-testid": id }, words);
    this.#photos.show(draft.edits?.id ?? draft.id, draft.edits && { id: draft.edits.id, foto: draft.edits.foto ?? [] });
    const jenis = el("select", { class: "input note-jenis", "data-head": "jenis", "aria-label": t("Jenis catatan"), "data-testid": "jenis" });
    jenis.append(...JENIS.map((one) => new Option(noteWord(one), one, false, one === draft.jenis)));
    const where = el("select", { class: "input", "data-head": "where", "data-part": "where", "aria-label": t("Giliran atau kantor"), "data-testid": "giliran-catatan" });
    const completed = fieldsOf(draft.jenis).filter(later);
    this.#form.dataset.jenis = draft.jenis;
    refill(
      this.#form,
      el(
        "div",
        { class: "note-head" },
        jenis,
        el("div", { class: "note-instant" }, button("−5", t("Mundur 5 detik"), () => this.shift(-1), "mundur"), el("output", { "data-part": "instant", "data-testid": "saat" }), button("+5", t("Maju 5 detik"), () => this.shift(1), "maju")),
        where,
        el("p", { class: "note-topic soft", "data-part": "topic" }),
      ),
      el("div", { class: "note-fields" }, fieldsOf(draft.jenis).filter((field) => !later(field)).map((field) => fieldOf(field, draft.typed[field.name] ?? "")), this.#photos.node),
      completed.length ? foldedPart(completed.map((field) => fieldOf(field, draft.typed[field.name] ?? "")), "note-fields") : "",
      el(
        "div",
        { class: "note-foot" },
        this.#similar.place,
        el("p", { class: "note-status", "data-part": "status", role: "status", "data-testid": "status-konsep" }),
        el("button", { class: "button button-primary", type: "button", "data-part": "compare", "data-testid": "bandingkan", onclick: () => void this.#compare() }, t("Bandingkan")),
        el("button", { class: "button button-quiet", type: "button", "data-testid": "buang", onclick: () => void this.#discard() }, t("Buang")),
        el("button", { class: "button button-primary", type: "submit", "data-part": "submit", "data-testid": "catat" }, draft.edits ? t("Simpan perubahan") : t("Catat"), el("kbd", null, "Ctrl ↵")),
      ),
    );
    unfold(this.#form);
    const kamus = this.#form.querySelector('[data-field="kamus_usulan"]');
    if (kamus instanceof HTMLInputElement) this.#kamus.attach(kamus);
  }

  /** @param {Entry} entry */
  #drawHead({ draft, status, saved_at, message }) {
    write(part(this.#form, "instant"), clockSecondsWord(draft.instant.spoken_at));
    write(part(this.#form, "topic"), draft.topic);
    const where = /** @type {HTMLSelectElement} */ (part(this.#form, "where"));
    fillPlaces(this.desk, where, draft.instant);
    for (const node of this.#form.querySelectorAll(".note-head button, .note-head select")) {
      // Of a note that was taken, the moment is moved in its own dialog, with history.
      if (node !== this.#form.querySelector(".note-jenis")) node.toggleAttribute("disabled", draft.edits !== null);
    }
    const words = part(this.#form, "status");
    write(words, statusWords(status, saved_at, message));
    words.dataset.status = status;
    show(part(this.#form, "compare"), status === "beda");
    /** @type {HTMLButtonElement} */ (part(this.#form, "submit")).disabled = status === "mengirim";
  }

  /** @param {Entry} entry */
  #drawErrors({ errors }) {
    const named = { ...errors, ...(errors.sub_bidang ? { bidang: errors.sub_bidang } : {}) };
    for (const input of this.#form.querySelectorAll("[data-field]")) {
      const name = /** @type {HTMLElement} */ (input).dataset.field ?? "";
      const message = /** @type {Record<string, string>} */ (named)[name] ?? "";
      input.setAttribute("aria-invalid", String(message !== ""));
      write(byId(`galat-${name}`, HTMLElement), message);
    }
    if (this.#led === errors) return;
    this.#led = errors;
    unfold(this.#form);
    const first = this.#form.querySelector('[data-field][aria-invalid="true"]');
    if (!(first instanceof HTMLElement)) return;
    first.focus();
    first.scrollIntoView({ block: "center" });
  }

  /** @param {EventTarget | null} target */
  #typed(target) {
    if (!(target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement)) return;
    const { field, head } = target.dataset;
    const { value } = target;
    this.drafts.change(this.current, (draft) => {
      if (field) draft.typed[field] = value;
      if (head === "jenis") draft.jenis = /** @type {import("./api.js").Jenis} */ (value);
      if (head === "where" && value !== valueOf(draft.instant)) Object.assign(draft.instant, whereOf(value));
    });
    const entry = this.drafts.get(this.current);
    if (entry && field) {
      delete entry.errors[field];
      if (field === "bidang") delete entry.errors.sub_bidang;
      this.#look(entry.draft);
      this.#drawErrors(entry);
    }
  }

  /** What may be the same, and which entry of the kamus it is. @param {import("./drafts.js").Draft} draft */
  #look(draft) {
    const words = draft.typed.judul || draft.typed.ucapan || "";
    if (!draft.typed.kamus_usulan) this.#kamus.look(words);
    const seat = this.desk.list("seats").find((one) => one.seat_id === draft.instant.seat_id);
    const asked = { words, kode_wilayah: seat?.kode_wilayah ?? "", except: draft.edits?.id ?? draft.id };
    this.#similar.look(draft.jenis === "usulan" || draft.jenis === "keluhan" ? { ...asked, link: draft.edits && ((one) => void this.#link(asked.except, one.id)) } : null);
  }

  /** @param {string} id @param {string} other */
  async #link(id, other) {
    try {
      await request("POST", `${this.desk.boot.base}api/v1/catatan/${id}/tautan`, { lain: other });
      this.desk.toast(t("Kedua catatan ditautkan; keduanya tetap ada."));
    } catch (why) {
      this.desk.toast(/** @type {Error} */ (why).message);
    }
  }

  /** What an entry of the kamus says besides goes where nothing was typed. @param {import("../kamus.js").Butir} chosen */
  #fill({ nama, satuan, bidang, opd }) {
    this.drafts.change(this.current, ({ typed }) => {
      for (const [field, value] of Object.entries({ judul: nama, satuan, bidang, opd_tujuan: opd })) {
        if (!value || typed[field]) continue;
        typed[field] = value;
        const input = this.#form.querySelector(`[data-field="${field}"]`);
        if (input instanceof HTMLInputElement || input instanceof HTMLSelectElement) input.value = value;
      }
    });
  }

  async #discard() {
    const entry = this.drafts.get(this.current);
    if (!entry) return;
    const empty = !entry.draft.typed.ucapan && !entry.draft.typed.judul;
    if (empty || (await ask(t("Buang konsep ini?"), t("Yang sudah diketik di dalamnya hilang."), t("Buang")))) {
      void this.drafts.discard(entry.draft.id);
      void this.photos.dropAll(entry.draft.id);
    }
  }

  /** The server has another version: both side by side, until somebody chose. */
  async #compare() {
    const entry = this.drafts.get(this.current);
    const stored = entry?.stored;
    if (!entry || !stored) return;
    const { draft } = entry;
    const asked = new Map([...fieldsOf(draft.jenis), ...fieldsOf(stored.jenis)].map((field) => [field.name, { ...field, ...SAID[field.name] }]));
    const all = [{ name: "jenis", words: t("Jenis catatan"), say: (/** @type {string} */ jenis) => noteWord(/** @type {any} */ (jenis)) }, ...asked.values()];
    const typed = await merge(all, { ...draft.typed, jenis: draft.jenis }, { ...typedOf(stored), jenis: stored.jenis });
    if (typed) await this.drafts.resolve(draft.id, stored, typed);
  }
}

/**
 * @param {import("./drafts.js").Status} status
 * @param {number | null} savedAt
 * @param {string} message
 */
function statusWords(status, savedAt, message) {
  switch (status) {
    case "menyimpan":
      return t("Menyimpan konsep…");
    case "konsep":
      return savedAt ? t("Tersimpan sebagai konsep {jam}", { jam: clockWord(savedAt) }) : t("Tersimpan sebagai konsep");
    case "perangkat":
      return t("Tersimpan di perangkat ini saja; menunggu sambungan");
    case "mengirim":
      return t("Mencatat…");
    case "antre":
      return t("Belum tercatat: dikirim begitu tersambung lagi. Isinya aman di perangkat ini.");
    case "beda":
      return t("Belum tersimpan: sudah ada yang mengubahnya. Bandingkan dahulu.");
    case "salah":
      return t("Belum tercatat: {alasan}", { alasan: message });
  }
}

/** @param {Field} field @param {string} value */
function fieldOf(field, value) {
  const id = `isian-${field.name}`;
  const common = { class: "input", id, "data-field": field.name, "data-key": field.name, "data-testid": field.name, "aria-describedby": `galat-${field.name}`, autocomplete: "off" };
  const input = inputOf(field, common);
  input.value = value;
  return el(
    "div",
    { class: `field note-field-${field.kind}${field.wide ? " wide" : ""}`, "data-name": field.name },
    el("label", { for: id }, field.words, field.hint ? el("span", { class: "hint" }, ` ${field.hint}`) : null),
    input,
    el("p", { class: "error", id: `galat-${field.name}` }),
  );
}

/** @param {Field} field @param {Record<string, unknown>} common */
function inputOf(field, common) {
  if (field.kind === "long") return el("textarea", { ...common, maxlength: field.max, rows: field.name === "ucapan" ? 4 : 2 });
  if (field.kind === "choice") return el("select", common, field.choices?.map(([code, name]) => el("option", { value: code }, name)));
  if (field.kind === "bidang" || field.kind === "dana") {
    const select = el("select", common);
    if (field.kind === "bidang") fillBidang(select, t("Belum tahu"));
    else select.append(new Option(t("Belum tahu"), ""), ...sumberDana().map(([code, name]) => new Option(name, code)));
    return select;
  }
  const mode = field.kind === "number" ? "decimal" : field.kind === "rupiah" ? "numeric" : null;
  return el("input", { ...common, list: field.kind === "opd" ? "opd" : null, type: field.kind === "date" ? "date" : "text", maxlength: field.max, inputmode: mode });
}
