/**
 * "Tutup bagian rekaman": an interval whose sound and picture nobody but the Panitia plays again, since its words
 * were withdrawn. It is preset from a turn, the running one unless another is chosen, and can be opened again.
 */
import { byId, el } from "../dom.js";
import { newId } from "../protocol.js";
import { t } from "../t.js";
import { clockSecondsWord, clockWord } from "../words.js";
import { Rows, part, write } from "./rows.js";

/** @typedef {import("./console.js").Console} Console */
/** @typedef {import("./sections.js").Past} Past */
/** @typedef {import("./sections.js").Seal} Seal */

/** What is taken when nobody has a turn: the last minute. */
const LAST_MS = 60_000;

/**
 * @param {Console} desk
 * @returns {HTMLButtonElement} the button that opens the dialog
 */
export function bindSeal(desk) {
  const dialog = byId("seal-dialog", HTMLDialogElement);
  const button = byId("seal-open", HTMLButtonElement);
  const save = byId("seal-save", HTMLButtonElement);
  const why = byId("seal-why", HTMLInputElement);
  const error = byId("seal-error", HTMLElement);
  const from = byId("seal-from", HTMLInputElement);
  const to = byId("seal-to", HTMLInputElement);
  const turn = byId("seal-turn", HTMLSelectElement);
  /** The day that the times of the form are of. */
  let day = 0;

  const rows = new Rows(byId("seals", HTMLElement), {
    key: (/** @type {Seal} */ seal) => seal.seal_id,
    make: (seal) => {
      const lift = el("button", { class: "button button-quiet", type: "button", "data-testid": "buka-segel" }, t("Buka lagi"));
      lift.addEventListener("click", () => void desk.giveBy(lift, "unseal_interval", { seal_id: seal.seal_id }));
      return el("li", { class: "side-row" }, el("div", { class: "list-main" }, el("p", { class: "strong", "data-part": "span" }), el("p", { class: "soft small", "data-part": "why" })), lift);
    },
    update: (row, seal) => {
      write(part(row, "span"), `${clockSecondsWord(seal.from)}–${clockSecondsWord(seal.to)}`);
      write(part(row, "why"), seal.alasan ?? "");
    },
  });

  byId("seal-form", HTMLFormElement).addEventListener("submit", async (event) => {
    event.preventDefault();
    const from_ms = instantOf(from.value, day);
    // The end counts to the end of its second.
    const to_ms = instantOf(to.value, day) + 999;
    write(error, from_ms >= to_ms ? t("Jam sampai harus sesudah jam dari.") : why.value.trim() ? "" : t("Isi alasannya; ini tercatat."));
    if (error.textContent) return;
    if (await desk.giveBy(save, "seal_interval", { seal_id: newId(), from_ms, to_ms, alasan: why.value.trim() })) dialog.close();
  });

  desk.onDraw(() => {
    /** @type {Seal[]} */
    const seals = desk.list("seals");
    rows.show(seals);
    write(part(button, "count"), seals.length ? String(seals.length) : "");
  });

  const past = () => /** @type {Past[]} */ (desk.list("history"));
  const preset = () => {
    const now = desk.wire.serverNow();
    const one = past().find((each) => each.turn_id === turn.value);
    day = one?.started_at ?? now - LAST_MS;
    from.value = inputOf(day);
    to.value = inputOf(one?.ended_at ?? now);
  };
  turn.addEventListener("change", preset);
  button.addEventListener("click", () => {
    const turns = [...past()].reverse();
    turn.replaceChildren(...turns.map((one) => new Option(`${clockWord(one.started_at)} ${[one.label, one.nama].filter(Boolean).join(", ")}`, one.turn_id)), new Option(t("Satu menit terakhir"), ""));
    turn.value = turns.find((one) => one.ended_at === null)?.turn_id ?? "";
    preset();
    why.value = "";
    write(error, "");
    dialog.showModal();
    why.focus();
  });
  return button;
}

/** @param {number} at ms since the epoch @returns {string} what a time field shows, local time */
function inputOf(at) {
  const date = new Date(at);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((n) => String(n).padStart(2, "0")).join(":");
}

/** @param {string} value of a time field @param {number} day an instant of the same local day @returns {number} ms since the epoch */
function instantOf(value, day) {
  const [hours = 0, minutes = 0, seconds = 0] = value.split(":").map(Number);
  return new Date(day).setHours(hours, minutes, seconds, 0);
}
