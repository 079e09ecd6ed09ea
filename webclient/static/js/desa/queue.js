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
import { aboutFields, ownPeople } from "./people.js";

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
    raise.title = may ? "" : t("Antrean dibuka saat acara dialog.");
  });
  wire.subscribe("own", (/** @type {Own} */ own) => {
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
  const cls = { bicara: "badge-live", terlayani: "badge-good", tertulis: "badge-wait" }[r.state] ?? "";
  return el("li", { "data-testid": "past-request" }, el("span", { class: "list-main" }, el("strong", null, r.nama), el("span", { class: "block" }, r.topic)),
    el("span", { class: `badge ${cls}` }, requestWord(r.state)));
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
  const dialog = byId("angkat-dialog", HTMLDialogElement);
  const who = byId("angkat-siapa", HTMLElement);
  const whoWrong = byId("angkat-siapa-salah", HTMLElement);
  const topic = byId("angkat-topik", HTMLInputElement);
  const topicWrong = byId("angkat-topik-salah", HTMLElement);
  const refused = byId("angkat-salah", HTMLElement);
  let newName = "";
  const about = aboutFields("angkat-tentang");
  byId("angkat-tentang", HTMLElement).append(about.more);
  const draw = () => {
    const all = ownPeople(wire, seat);
    const own = /** @type {Own | undefined} */ (wire.get("own"));
    const busy = new Set(own?.requests.filter((r) => r.state === "antre" || r.state === "bicara").map((r) => r.peserta_id));
    const kept = /** @type {HTMLInputElement | null} */ (who.querySelector("input:checked"))?.value;
    const free = all.filter((p) => !busy.has(p.peserta_id));
    const first = kept ?? free[0]?.peserta_id ?? "baru";
    refill(who,
      ...all.map((p) => el("label", { class: "choice" },
        el("input", { type: "radio", name: "siapa", value: p.peserta_id, checked: p.peserta_id === first, disabled: busy.has(p.peserta_id), "data-key": p.peserta_id }),
        el("span", null, el("strong", null, p.nama), el("span", { class: "soft small" }, busy.has(p.peserta_id) ? t("sudah menunggu") : p.jabatan)))),
      el("label", { class: "choice" }, el("input", { type: "radio", name: "siapa", value: "baru", checked: first === "baru", "data-key": "baru" }),
        el("span", { class: "grow" }, el("strong", null, t("Orang lain")),
          el("input", { class: "input", id: "angkat-nama", maxlength: 120, placeholder: t("Nama"), value: newName, "aria-label": t("Nama peserta baru"), "data-testid": "raise-name", "data-key": "nama",
            oninput: (/** @type {Event} */ e) => {
              newName = /** @type {HTMLInputElement} */ (e.target).value;
              /** @type {HTMLInputElement} */ (who.querySelector("[value=baru]")).checked = true;
            } }))));
  };
  const showAbout = () => show(byId("angkat-tentang", HTMLElement), /** @type {HTMLInputElement | null} */ (who.querySelector("input:checked"))?.value === "baru");
  who.addEventListener("input", showAbout);
  raise.addEventListener("click", () => {
    refused.textContent = topicWrong.textContent = whoWrong.textContent = topic.value = newName = "";
    show(refused, false);
    about.clear();
    who.replaceChildren();
    draw();
    showAbout();
    dialog.showModal();
  });
  wire.subscribe("peserta", () => dialog.open && draw());

  byId("angkat-form", HTMLFormElement).addEventListener("submit", async (e) => {
    e.preventDefault();
    const chosen = /** @type {HTMLInputElement | null} */ (who.querySelector("input:checked"))?.value ?? "baru";
    topicWrong.textContent = topic.value.trim() ? "" : t("Tulis singkat apa yang akan dibicarakan.");
    topic.setAttribute("aria-invalid", String(!topic.value.trim()));
    whoWrong.textContent = chosen === "baru" && !newName.trim() ? t("Pilih atau tulis nama yang akan bicara.") : "";
    if (topicWrong.textContent || whoWrong.textContent) return topicWrong.textContent && topic.focus();
    try {
      let person = chosen;
      if (chosen === "baru") {
        person = newId();
        await wire.command("register_peserta", { peserta_id: person, seat_id: seat, nama: newName.trim(), jabatan: "", ...about.said() });
      }
      await wire.command("request_turn", { request_id: newId(), seat_id: seat, peserta_id: person, topic: topic.value.trim() });
      dialog.close();
    } catch (why) {
      refused.textContent = why instanceof Refusal ? why.message : t("Belum berhasil; coba lagi.");
      show(refused, true);
      announce(refused.textContent);
    }
  });
}
