/**
 * The office's own hands: raise one for a named person, see its place and why, change the order, take it back.
 *
 * Beside it the head of the whole order. The meeting decides; a refusal is shown in its own words.
 */
import { announce, byId, el, icon, refill, show } from "../dom.js";
import { newId, Refusal } from "../protocol.js";
import { ask } from "../room/ask.js";
import { showWaiting } from "../room/waiting.js";
import { t } from "../t.js";
import { reasonWord, requestWord } from "../words.js";
import { speakerDialog } from "./speaker_dialog.js";

/** @typedef {import("../protocol.js").Wire} Wire */
/** @typedef {import("../room/shapes.js").Own} Own */
/** @typedef {import("../room/shapes.js").OwnRequest} OwnRequest */

/** @param {Wire} wire @param {string} seat */
export function queue(wire, seat) {
  const list = byId("antrean", HTMLElement);
  const raise = byId("angkat", HTMLButtonElement);
  /** @param {() => Promise<unknown>} act */
  const trying = async (act) => {
    try {
      await act();
    } catch (why) {
      tell(list, why);
    }
  };

  wire.on("view", () => {
    /** @type {Own | undefined} */
    const own = wire.get("own");
    /** @type {import("../room/shapes.js").Session | undefined} */
    const session = wire.get("session");
    if (!own || !session) return;
    const may = session.status === "berlangsung" && session.queue_open && own.consent === "direkam";
    raise.disabled = !may;
    const why = may || own.consent !== "direkam" ? "" : session.status === "berlangsung" && session.item_kind === "dialog"
      ? t("Antrean untuk acara ini sedang ditutup. Tangan yang sudah tercatat tetap menunggu.") : t("Antrean dibuka saat acara dialog.");
    raise.title = why;
    const hint = byId("antrean-kata", HTMLElement);
    hint.textContent = session.status === "ditutup" ? "" : why;
    show(hint, hint.textContent !== "");
  });
  let answers = -1;
  wire.subscribe("own", (/** @type {Own} */ own) => {
    const answered = own.requests.filter((r) => r.jawaban).length;
    if (answers >= 0 && answered > answers) announce(t("Ada jawaban tertulis untuk ruang ini, di Antrean."));
    answers = answered;
    const waiting = own.requests.filter((r) => r.state === "antre");
    const past = own.requests.filter((r) => r.state !== "antre" && r.state !== "ditarik");
    const order = waiting.map((r) => r.request_id);
    const rows = waiting.map((r, i) => waitingRow(r, own, {
      up: i > 0 ? () => trying(() => reorder(wire, seat, order, i, i - 1)) : null,
      down: i < waiting.length - 1 ? () => trying(() => reorder(wire, seat, order, i, i + 1)) : null,
      withdraw: () => trying(async () => {
        if (await ask(t("Tarik kembali tangan {nama}?", { nama: r.nama }), t("Ya, tarik"))) {
          await wire.command("withdraw_request", { seat_id: seat, request_id: r.request_id });
        }
      }),
    }));
    refill(list, ...(rows.length + past.length ? [...rows, ...past.map(pastRow)] : [el("li", { class: "empty" }, t("Belum ada tangan yang diangkat."))]));
  });
  wire.subscribe("waiting", (/** @type {import("../room/shapes.js").Waiting} */ waiting) => showWaiting(byId("berikutnya", HTMLElement), waiting, seat));
  prepareDialog(wire, seat, raise);
}

/** @param {Wire} wire @param {string} seat @param {string[]} order @param {number} from @param {number} to */
function reorder(wire, seat, order, from, to) {
  const wished = [...order];
  wished.splice(to, 0, .../** @type {string[]} */ (wished.splice(from, 1)));
  return wire.command("reorder_requests", { seat_id: seat, request_ids: wished });
}

/** @param {OwnRequest} r @param {Own} own
 *  @param {{ up: (() => void) | null, down: (() => void) | null, withdraw: () => void }} act */
function waitingRow(r, own, act) {
  const name = r.nama;
  return el("li", { "data-testid": "own-request", "data-request": r.request_id },
    el("span", { class: "place place-own", title: t("urutan") }, r.place ?? "–"),
    el("span", { class: "list-main" }, el("strong", null, name), el("span", { class: "block" }, r.topic),
      r.place !== null && r.place === own.place && own.reason ? el("span", { class: "soft small block" }, reasonWord(own.reason, own.label)) : null),
    el("span", { class: "row-actions" },
      el("button", { class: "button button-icon", type: "button", "data-key": `naik ${r.request_id}`, "data-testid": "up", "aria-label": t("Dahulukan {nama}", { nama: name }), disabled: !act.up, onclick: () => act.up?.() }, icon("up")),
      el("button", { class: "button button-icon", type: "button", "data-key": `turun ${r.request_id}`, "data-testid": "down", "aria-label": t("Kemudiankan {nama}", { nama: name }), disabled: !act.down, onclick: () => act.down?.() }, icon("down")),
      el("button", { class: "button button-danger", type: "button", "data-key": `tarik ${r.request_id}`, "data-testid": "withdraw", "aria-label": t("Tarik tangan {nama}", { nama: name }), onclick: act.withdraw }, t("Tarik"))));
}

/** @param {OwnRequest} r */
function pastRow(r) {
  const cls = { bicara: "badge-live", terlayani: "badge-good", tertulis: "badge-wait", lewat_camat: "badge-wait" }[r.state] ?? "";
  const answered = r.jawaban ? el("span", { class: "answer block", "data-testid": "answer" }, el("strong", null, t("Jawaban:")), " ", r.jawaban)
    : r.state === "tertulis" || r.state === "lewat_camat" ? el("span", { class: "soft small block" }, t("Jawabannya akan muncul di sini, juga setelah rapat.")) : null;
  const said = r.jawaban ? { words: t("Dijawab"), look: "badge-good" } : { words: requestWord(r.state), look: cls };
  return el("li", { "data-testid": "past-request" }, el("span", { class: "list-main" }, el("strong", null, r.nama), el("span", { class: "block" }, r.topic), answered),
    el("span", { class: `badge ${said.look}` }, said.words));
}

/** @param {HTMLElement} list @param {unknown} why */
function tell(list, why) {
  list.parentElement?.querySelector(".notice")?.remove();
  const words = why instanceof Refusal ? why.message : t("Belum berhasil; coba lagi.");
  const notice = el("p", { class: "notice notice-alarm" }, words);
  announce(words);
  list.before(notice);
  setTimeout(() => notice.remove(), 8000);
}

/** @param {Wire} wire @param {string} seat @param {HTMLButtonElement} raise */
function prepareDialog(wire, seat, raise) {
  const topic = byId("angkat-topik", HTMLInputElement);
  speakerDialog(wire, seat, {
    dialog: byId("angkat-dialog", HTMLDialogElement), opener: raise, words: topic, nameId: "raise-name",
    missing: () => t("Tulis singkat apa yang akan dibicarakan."),
    busy: (p) => {
      const own = /** @type {Own | undefined} */ (wire.get("own"));
      const waits = own?.requests.some((r) => r.peserta_id === p && (r.state === "antre" || r.state === "bicara"));
      return waits ? t("sudah menunggu") : "";
    },
    send: (person, about) => wire.command("request_turn", { request_id: newId(), seat_id: seat, peserta_id: person, topic: about }),
  });
}
