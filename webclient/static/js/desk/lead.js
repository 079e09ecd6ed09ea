/**
 * Who leads the meeting: shown at the desk, handed over by hand, and told when the chair's screen has dropped.
 * The stage never changes by it.
 */
import { byId, show } from "../dom.js";
import { t } from "../t.js";
import { write } from "./rows.js";

/** @typedef {import("./console.js").Console} Console */
/** @typedef {import("./sections.js").Lead} Lead */

const TICK_MS = 500;

/** @param {Console} desk @returns {Lead | null} */
const leadOf = (desk) => desk.session?.chair ?? null;

/** @param {Lead} lead */
function holderWords(lead) {
  if (lead.holder === "pengganti") return t("Dipimpin {nama}", { nama: lead.nama || t("pengganti") });
  return lead.holder === "protokol" ? t("Dipimpin protokol") : t("Dipimpin pimpinan");
}

/**
 * The notice on top of a desk while anything about the lead is not as usual.
 * @param {Console} desk
 */
export function followLead(desk) {
  const notice = byId("lead-notice", HTMLElement);
  const back = byId("lead-back", HTMLButtonElement);
  const own = desk.boot.role === "pimpinan";
  back.addEventListener("click", () => void desk.giveBy(back, "hand_over_chair", { to: "pimpinan", nama: "" }));
  const draw = () => {
    const status = desk.session?.status;
    const lead = status === "berlangsung" || status === "diskors" ? leadOf(desk) : null;
    const words = lead ? noticeWords(lead, own, desk.wire.serverNow()) : "";
    show(notice, words !== "");
    write(byId("lead-words", HTMLElement), words);
    show(back, own && lead !== null && lead.holder !== "pimpinan");
  };
  desk.onDraw(draw);
  // How long the chair's screen is still waited for.
  setInterval(draw, TICK_MS);
}

/**
 * @param {Lead} lead
 * @param {boolean} own whether this is the chair's own screen
 * @param {number} now
 */
function noticeWords(lead, own, now) {
  if (own) return lead.holder === "pimpinan" ? "" : t("{siapa}. Tombol di layar ini tetap berlaku.", { siapa: holderWords(lead) });
  if (!lead.dropped) return lead.holder === "pimpinan" ? "" : t("{siapa}.", { siapa: holderWords(lead) });
  if (lead.holder === "pimpinan") {
    if (lead.until === null) return t("Layar pimpinan terputus.");
    return t("Layar pimpinan terputus. Protokol memimpin dalam {detik} detik bila layar itu tidak kembali.", { detik: Math.max(0, Math.ceil((lead.until - now) / 1000)) });
  }
  return t("Layar pimpinan terputus. {siapa} sampai layar itu kembali atau diserahkan.", { siapa: holderWords(lead) });
}

/**
 * The button that names who leads, and the dialog behind it.
 * @param {Console} desk
 * @returns {HTMLButtonElement}
 */
export function bindLead(desk) {
  const button = byId("lead", HTMLButtonElement);
  const dialog = byId("lead-dialog", HTMLDialogElement);
  const form = byId("lead-form", HTMLFormElement);
  const name = byId("lead-name", HTMLInputElement);
  const kinds = /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll("input[name=to]")]);
  const chosen = () => kinds.find((kind) => kind.checked)?.value ?? "";
  const drawName = () => show(byId("lead-name-field", HTMLElement), chosen() === "pengganti");
  for (const kind of kinds) kind.addEventListener("change", drawName);
  button.addEventListener("click", () => {
    const holder = leadOf(desk)?.holder;
    for (const kind of kinds) kind.checked = kind.value === (holder === "pimpinan" ? "protokol" : "pimpinan");
    name.value = "";
    write(byId("lead-error", HTMLElement), "");
    drawName();
    dialog.showModal();
    kinds.find((kind) => kind.checked)?.focus();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const nama = chosen() === "pengganti" ? name.value.trim() : "";
    const missing = chosen() === "pengganti" && !nama;
    write(byId("lead-error", HTMLElement), missing ? t("Isi nama yang memimpin.") : "");
    if (missing) return name.focus();
    if (await desk.give("hand_over_chair", { to: chosen(), nama })) dialog.close();
  });
  desk.onDraw(() => {
    const lead = leadOf(desk);
    show(button, lead !== null && desk.session?.status !== "ditutup");
    if (lead) write(button, holderWords(lead));
  });
  return button;
}
