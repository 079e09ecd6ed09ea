/**
 * Hands that were not given the floor, with the answer to each: written here, also after the close, and read
 * by their office. What somebody is typing is never overwritten by what arrives.
 */
import { byId, el, show } from "../dom.js";
import { t } from "../t.js";
import { clockWord, requestWord } from "../words.js";
import { Rows, part, write } from "./rows.js";

/** @typedef {import("./console.js").Console} Console */
/** @typedef {import("./sections.js").Hand} Hand */

/**
 * @param {Console} desk
 * @returns {{open: (requestId?: string) => void, button: HTMLButtonElement}} open: with the answer to that hand in focus
 */
export function bindWritten(desk) {
  const dialog = byId("written-dialog", HTMLDialogElement);
  const list = byId("written", HTMLElement);
  const button = byId("written-open", HTMLButtonElement);
  const rows = new Rows(list, { key: (/** @type {Hand} */ hand) => hand.request_id, make, update });

  /** @param {Hand} hand */
  function make(hand) {
    const save = el("button", { class: "button button-primary", "data-part": "save", "data-testid": "simpan-jawaban" }, t("Simpan jawaban"));
    const words = el("textarea", { class: "input", maxlength: "2000", "data-part": "answer", "data-testid": "jawaban", "aria-label": t("Jawaban untuk {nama}", { nama: hand.nama }) });
    const form = el("form", { class: "written-answer chair-only", novalidate: true }, words, save);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const jawaban = words.value.trim();
      if (await desk.giveBy(save, "answer_written", { request_id: hand.request_id, jawaban })) words.dataset.saved = jawaban;
    });
    words.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !event.ctrlKey) return;
      event.preventDefault();
      form.requestSubmit();
    });
    return el(
      "li",
      { class: "written-row", "data-testid": "tertulis-baris" },
      el("p", { class: "row-between" }, el("strong", { "data-part": "who" }), el("span", { class: "badge", "data-part": "state" })),
      el("p", { "data-part": "topic" }),
      el("p", { class: "soft small", "data-part": "when" }),
      form,
    );
  }

  /** @param {HTMLElement} row @param {Hand} hand */
  function update(row, hand) {
    row.dataset.id = hand.request_id;
    const words = /** @type {HTMLTextAreaElement} */ (part(row, "answer"));
    const answer = hand.jawaban ?? "";
    const typed = words.value.trim() !== (words.dataset.saved ?? "");
    if (!typed && words.dataset.saved !== answer) {
      words.value = answer;
      words.dataset.saved = answer;
    }
    write(part(row, "who"), hand.nama);
    write(part(row, "topic"), hand.topic);
    write(part(row, "when"), `${hand.label} · ${clockWord(hand.requested_at)}`);
    write(part(row, "save"), answer ? t("Perbaiki jawaban") : t("Simpan jawaban"));
    const state = part(row, "state");
    write(state, answer ? t("Sudah dijawab") : hand.state === "lewat_camat" ? requestWord(hand.state) : t("Belum dijawab"));
    state.className = `badge ${answer ? "badge-good" : "badge-wait"}`;
  }

  desk.onDraw(() => {
    /** @type {Hand[]} */
    const hands = desk.list("hands").filter((/** @type {Hand} */ hand) => hand.state === "tertulis" || hand.state === "lewat_camat");
    const open = hands.filter((hand) => !hand.jawaban).length;
    write(part(button, "count"), open ? t("{jumlah} belum dijawab", { jumlah: open }) : "");
    rows.show(hands);
    show(byId("written-none", HTMLElement), hands.length === 0);
  });
  const open = (requestId = "") => {
    if (!dialog.open) dialog.showModal();
    const row = requestId ? list.querySelector(`li[data-id="${CSS.escape(requestId)}"]`) : list.firstElementChild;
    const words = row?.querySelector("textarea");
    if (!(words instanceof HTMLElement) || !words.offsetParent) return;
    words.focus();
    row?.scrollIntoView({ block: "nearest" });
  };
  button.addEventListener("click", () => open());
  return { open, button };
}
