/**
 * A raised hand as a row, and its dialog: how it is dealt with (it speaks, it is answered in writing, the camat
 * takes it), who it is, and what else can be done. Keys 1, 2, 3 choose.
 */
import { byId, el, show } from "../dom.js";
import { t } from "../t.js";
import { clockWord, requestWord } from "../words.js";
import { part, write } from "./rows.js";

/** @typedef {import("./console.js").Console} Console */
/** @typedef {import("./sections.js").Hand} Hand */

/** Which way leads to which state. @type {Record<string, string>} */
const STATE_OF = { bicara: "antre", tertulis: "tertulis", lewat_camat: "lewat_camat" };
const STILL_OPEN = ["antre", "tertulis", "lewat_camat"];

/**
 * @param {Hand} hand
 * @param {(requestId: string) => void} open
 */
export function handRow(hand, open) {
  return el(
    "li",
    null,
    el(
      "button",
      { class: "seat-row", type: "button", "data-testid": "tangan-baris", onclick: () => open(hand.request_id) },
      el("span", { class: "list-main" }, el("span", { class: "strong", "data-part": "who" }), el("span", { "data-part": "topic" }), el("span", { class: "soft small", "data-part": "when" })),
      el("span", { class: "badge", "data-part": "state" }),
    ),
  );
}

/** @param {HTMLElement} row @param {Hand} hand */
export function updateHand(row, hand) {
  write(part(row, "who"), hand.nama);
  write(part(row, "topic"), hand.topic);
  write(part(row, "when"), `${hand.label} · ${clockWord(hand.requested_at)}`);
  const state = part(row, "state");
  write(state, hand.jawaban ? t("Sudah dijawab") : requestWord(hand.state));
  state.className = `badge ${hand.state === "antre" ? "badge-wait" : hand.state === "bicara" ? "badge-alarm" : "badge-plain"}`;
}

/**
 * @param {Console} desk
 * @param {{openSanction: (pesertaId: string) => void, openWritten: (requestId?: string) => void}} others
 * @returns {(requestId: string) => void} opens the dialog of a hand
 */
export function bindHandDialog(desk, { openSanction, openWritten }) {
  const dialog = byId("hand-dialog", HTMLDialogElement);
  const button = (/** @type {string} */ id) => byId(id, HTMLButtonElement);
  const ways = /** @type {HTMLButtonElement[]} */ ([...byId("triage", HTMLElement).querySelectorAll("[data-jalur]")]);
  let requestId = "";
  const hand = () => /** @type {Hand | undefined} */ (desk.list("hands").find((/** @type {Hand} */ one) => one.request_id === requestId));

  for (const way of ways) {
    way.addEventListener("click", async () => {
      if (await desk.giveBy(way, "triage_request", { request_id: requestId, jalur: way.dataset.jalur })) dialog.close();
    });
  }
  dialog.addEventListener("keydown", (event) => {
    const way = /^[123]$/.test(event.key) ? ways[Number(event.key) - 1] : undefined;
    if (!way || way.disabled || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    way.click();
  });
  button("hand-withdraw").addEventListener("click", async () => {
    const one = hand();
    if (one && (await desk.giveBy(button("hand-withdraw"), "withdraw_request", { seat_id: one.seat_id, request_id: requestId }))) dialog.close();
  });
  button("hand-sanction").addEventListener("click", () => {
    const one = hand();
    dialog.close();
    if (one) openSanction(one.peserta_id);
  });
  button("hand-answer").addEventListener("click", () => {
    dialog.close();
    openWritten(requestId);
  });

  const draw = () => {
    const one = hand();
    if (!dialog.open || !one) return;
    write(byId("hand-dialog-title", HTMLElement), one.nama);
    write(byId("hand-topic", HTMLElement), one.topic);
    write(byId("hand-facts", HTMLElement), [one.label, clockWord(one.requested_at), requestWord(one.state)].filter(Boolean).join(" · "));
    const closed = desk.session?.status === "ditutup";
    for (const way of ways) {
      const present = STATE_OF[way.dataset.jalur ?? ""] === one.state;
      way.setAttribute("aria-pressed", String(present));
      way.disabled = present || closed || !STILL_OPEN.includes(one.state);
    }
    show(byId("triage", HTMLElement), !closed && STILL_OPEN.includes(one.state));
    show(button("hand-withdraw"), !closed && one.state === "antre");
    show(button("hand-sanction"), !closed);
    show(button("hand-answer"), one.state === "tertulis" || one.state === "lewat_camat");
  };
  desk.onDraw(draw);
  return (id) => {
    requestId = id;
    if (!hand()) return;
    dialog.showModal();
    draw();
    ways.find((way) => !way.disabled && way.offsetParent)?.focus();
  };
}
