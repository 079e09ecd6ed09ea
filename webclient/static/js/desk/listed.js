/**
 * "Dari daftar": what is being said is already on the office's own list. One key shows the list of whoever speaks, a figure
 * links: the usulan is spoken of at this moment, and no second one is made. Words already typed go along with it.
 */
import { byId, el, refill, show } from "../dom.js";
import { newId } from "../protocol.js";
import { t } from "../t.js";
import { Refusal, get, request } from "./api.js";
import { content } from "./note_fields.js";
import { write } from "./rows.js";

/** @typedef {import("./console.js").Console} Console */
/** @typedef {import("./drafts.js").Draft} Draft */
/** @typedef {import("./drafts.js").Instant} Instant */
/** @typedef {import("./api.js").Catatan} Catatan */
/** @typedef {{id: string, judul: string, dusun: string, hapus: boolean, disebut: number}} Line */
/** @typedef {{label: string, usulan: Line[]}} Meeting */

/**
 * @param {Console} desk
 * @param {{draft: () => Draft | null, now: () => Instant, linked: (line: Line, draft: Draft | null) => void}} ways
 *  draft: the usulan that is being typed; now: what is said at this very moment
 * @returns {{open: () => Promise<void>}}
 */
export function bindListed(desk, ways) {
  const dialog = byId("listed", HTMLDialogElement);
  const rows = byId("listed-rows", HTMLElement);
  const wrong = byId("listed-wrong", HTMLElement);
  byId("listed-close", HTMLButtonElement).addEventListener("click", () => dialog.close());
  /** @type {(() => Promise<void>)[]} */
  let choices = [];
  dialog.addEventListener("keydown", (event) => {
    const choose = /^[1-9]$/.test(event.key) ? choices[Number(event.key) - 1] : undefined;
    if (!choose || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    void choose();
  });

  /** @param {string} words */
  const complain = (words) => {
    write(wrong, words);
    show(wrong, words !== "");
  };

  async function open() {
    const draft = ways.draft();
    const instant = draft?.instant ?? ways.now();
    const seat = desk.list("seats").find((one) => one.seat_id === instant.seat_id);
    if (!seat?.kode_wilayah) return desk.toast(t("Belum ada kantor yang bicara; daftarnya tidak dapat dibuka."));
    /** @type {Meeting} */
    let meeting;
    try {
      meeting = await get(`${desk.boot.base}api/v1/sidang?kursi=${encodeURIComponent(seat.seat_id)}`);
    } catch (why) {
      return desk.toast(/** @type {Error} */ (why).message);
    }
    const lines = meeting.usulan.filter((line) => !line.hapus);
    // Chosen twice over a bad line, it is one mention.
    const mention = newId();
    choices = lines.map((line) => () => link(line, mention, instant, draft));
    write(byId("listed-title", HTMLElement), t("Daftar usulan {tempat}", { tempat: meeting.label }));
    refill(rows, lines.map((line, at) => el("li", null,
      el("button", { class: "side-row", type: "button", "data-testid": "dari-daftar", onclick: () => void choices[at]?.() },
        at < 9 ? el("kbd", null, String(at + 1)) : el("span", { class: "soft" }, String(at + 1)),
        el("span", { class: "list-main" }, el("strong", null, line.judul), line.dusun ? el("span", { class: "soft small" }, ` · ${line.dusun}`) : null),
        line.disebut ? el("span", { class: "badge badge-good" }, t("sudah disebut")) : null))));
    show(byId("listed-none", HTMLElement), lines.length === 0);
    complain("");
    dialog.showModal();
    /** @type {HTMLElement | null} */ (rows.querySelector("button"))?.focus();
    return undefined;
  }

  /** @param {Line} line @param {string} mention @param {Instant} instant @param {Draft | null} draft */
  async function link(line, mention, instant, draft) {
    const path = `${desk.boot.base}api/v1/catatan/${line.id}`;
    try {
      const note = /** @type {Catatan} */ (await request("POST", `${path}/penyebutan`, { ...instant, id: mention, spoken: true }));
      const words = draft ? added(note, draft) : {};
      if (Object.keys(words).length) await request("PATCH", path, { ...words, version: note.version });
    } catch (why) {
      const fields = why instanceof Refusal ? Object.values(why.fields).join(" ") : "";
      return complain(fields || /** @type {Error} */ (why).message);
    }
    dialog.close();
    return ways.linked(line, draft);
  }

  return { open };
}

/** Words that have a place of their own in what was spoken; the list's own words stay as the office wrote them. */
const SPOKEN = ["ucapan", "judul", "masalah", "gagasan"];
/** Filled in by opening the form, not by what was said. */
const GIVEN = ["pengusul_nama", "pengusul_jabatan"];

/**
 * What was typed about it, beside what the list says already: empty fields are filled, other words join those spoken.
 * @param {Catatan} note
 * @param {Draft} draft
 * @returns {Record<string, unknown>}
 */
export function added(note, draft) {
  const has = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (note));
  const typed = Object.entries(content("usulan", draft.typed)).filter(([name, value]) => value !== "" && value !== null && name in has && name !== "jenis");
  const spoken = typed.filter(([name, value]) => SPOKEN.includes(name) && (name === "ucapan" || (has[name] && has[name] !== value))).map(([, value]) => String(value));
  const ucapan = [note.ucapan, ...spoken.filter((words) => !note.ucapan.includes(words))].filter(Boolean).join("\n");
  const empty = typed.filter(([name]) => name !== "ucapan" && !GIVEN.includes(name) && (has[name] === "" || has[name] === null));
  return { ...Object.fromEntries(empty), ...(ucapan === note.ucapan ? {} : { ucapan }) };
}
