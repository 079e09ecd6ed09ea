/**
 * What the chair wrote to this office alone while its turn is held, and to a camat about an office of the kecamatan.
 *
 * Shown until the turn goes on or ends, or until somebody here has closed it. Never on a screen of others.
 */
import { announce, el, icon, refill, show } from "../dom.js";
import { t } from "../t.js";
import { clockWord } from "../words.js";

/** @typedef {import("../room/shapes.js").Own} Own */

/** @param {import("../protocol.js").Wire} wire @param {HTMLElement} root */
export function messages(wire, root) {
  /** Read and put away on this screen. @type {Set<string>} */
  const closed = new Set();
  let told = "";
  const draw = () => {
    /** @type {Own | undefined} */
    const own = wire.get("own");
    const all = [
      ...(own?.message ? [{ ...own.message, from: t("Pesan pimpinan untuk ruang ini") }] : []),
      ...(own?.camat_messages ?? []).map((m) => ({ ...m, from: t("Pesan pimpinan untuk {label}, diteruskan kepada camat", { label: m.label }) })),
    ].map((m) => ({ ...m, key: `${m.at} ${m.from}` })).filter((m) => m.text && !closed.has(m.key));
    const shown = JSON.stringify(all);
    if (shown === told) return;
    told = shown;
    refill(root, ...all.map((m) => el("div", { class: "message", "data-testid": "message" },
      el("div", { class: "grow" }, el("p", { class: "eyebrow" }, m.from, " · ", clockWord(m.at)), el("p", { class: "message-text" }, m.text)),
      el("button", { class: "button button-icon", type: "button", "aria-label": t("Tutup pesan"), "data-testid": "message-close", "data-key": m.key,
        onclick: () => {
          closed.add(m.key);
          draw();
        } }, icon("x")))));
    show(root, all.length > 0);
    const newest = all.at(-1);
    if (newest) announce(`${newest.from}: ${newest.text}`);
  };
  wire.subscribe("own", draw);
}
