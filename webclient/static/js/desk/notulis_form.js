/**
 * The form of one draft at a time and the tabs of all of them. The inputs are built once per draft and jenis,
 * so that neither a meeting that goes on nor an autosave ever touches what somebody is typing.
 */
import { byId, el, refill, show } from "../dom.js";
import { t } from "../t.js";
import { clockSecondsWord, clockWord, noteWord } from "../words.js";
import { ask } from "./ask.js";
import { fillBidang, sumberDana } from "./bidang.js";
import { fieldsOf } from "./note_fields.js";
import { fillPlaces, labelOf, valueOf, whereOf } from "./places.js";
import { part, write } from "./rows.js";

/** @typedef {import("./console.js").Console} Console */
/** @typedef {import("./drafts.js").Drafts} Drafts */
/** @typedef {import("./drafts.js").Entry} Entry */
/** @typedef {import("./note_fields.js").Field} Field */

const SHIFT_MS = 5000;
/** @type {import("./api.js").Jenis[]} */
export const JENIS = ["usulan", "keluhan", "pertanyaan", "arahan"];

export class NoteForm {
  /** Id of the draft that is shown, empty for none. */
  current = "";
  #built = "";
  /** The refusal that the keyboard has been led to already. @type {Record<string, string> | null} */
  #led = null;
  #form = byId("form", HTMLFormElement);

  /**
   * @param {Console} desk
   * @param {Drafts} drafts
   */
  constructor(desk, drafts) {
    this.desk = desk;
    this.drafts = drafts;
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
      return;
    }
    const built = `${entry.draft.id} ${entry.draft.jenis}`;
    if (this.#built !== built) {
      this.#built = built;
      this.#build(entry);
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
    const jenis = el("select", { class: "input note-jenis", "data-head": "jenis", "aria-label": t("Jenis catatan"), "data-testid": "jenis" });
    jenis.append(...JENIS.map((one) => new Option(noteWord(one), one, false, one === draft.jenis)));
    const where = el("select", { class: "input", "data-head": "where", "data-part": "where", "aria-label": t("Giliran atau kantor"), "data-testid": "giliran-catatan" });
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
      el("div", { class: "note-fields" }, fieldsOf(draft.jenis).map((field) => fieldOf(field, draft.typed[field.name] ?? ""))),
      el(
        "div",
        { class: "note-foot" },
        el("p", { class: "note-status", "data-part": "status", role: "status", "data-testid": "status-konsep" }),
        el("button", { class: "button button-quiet", type: "button", "data-testid": "buang", onclick: () => void this.#discard() }, t("Buang")),
        el("button", { class: "button button-primary", type: "submit", "data-part": "submit", "data-testid": "catat" }, draft.edits ? t("Simpan perubahan") : t("Catat"), el("kbd", null, "Ctrl ↵")),
      ),
    );
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
      this.#drawErrors(entry);
    }
  }

  async #discard() {
    const entry = this.drafts.get(this.current);
    if (!entry) return;
    const empty = !entry.draft.typed.ucapan && !entry.draft.typed.judul;
    if (empty || (await ask(t("Buang konsep ini?"), t("Yang sudah diketik di dalamnya hilang."), t("Buang")))) void this.drafts.discard(entry.draft.id);
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
  if (field.kind === "bidang" || field.kind === "dana") {
    const select = el("select", common);
    if (field.kind === "bidang") fillBidang(select, t("Belum tahu"));
    else select.append(new Option(t("Belum tahu"), ""), ...sumberDana().map(([code, name]) => new Option(name, code)));
    return select;
  }
  const mode = field.kind === "number" ? "decimal" : field.kind === "rupiah" ? "numeric" : null;
  return el("input", { ...common, type: field.kind === "date" ? "date" : "text", maxlength: field.max, inputmode: mode });
}
