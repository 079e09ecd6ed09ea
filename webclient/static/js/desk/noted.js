/**
 * "Prioritaskan" where the floor is led: the usulan that was noted just now, and one press that tells its camat to take
 * it along to musrenbangcam. It comes and goes below everything else, so that no other button ever moves.
 */
import { byId, show } from "../dom.js";
import { Fetching } from "../fetching.js";
import { t } from "../t.js";
import { Refusal, get, request } from "./api.js";
import { part, write } from "./rows.js";

/** @typedef {import("./console.js").Console} Console */
/** @typedef {import("./api.js").Catatan} Catatan */

/** What is older than that is looked for in the list. */
const JUST_NOW_MS = 10 * 60_000;
const NEWEST = 20;

/** @param {Console} desk @returns {HTMLButtonElement} */
export function bindNoted(desk) {
  const strip = byId("noted", HTMLElement);
  const button = /** @type {HTMLButtonElement} */ (part(strip, "prioritise"));
  /** @type {Catatan | null} */
  let note = null;
  let asked = 0;
  const draw = () => {
    const shown = note !== null && desk.wire.serverNow() - note.created_at < JUST_NOW_MS;
    show(strip, shown);
    if (!shown || !note) return;
    const done = note.diprioritaskan_at !== null;
    write(part(strip, "words"), [note.label, note.judul || note.ucapan].filter(Boolean).join(": "));
    button.disabled = done;
    write(part(strip, "word"), done ? t("Diprioritaskan") : t("Prioritaskan"));
  };
  const look = async () => {
    const mine = ++asked;
    const found = /** @type {import("./api.js").CatatanList | null} */ (await get(`${desk.boot.base}api/v1/catatan?jenis=usulan&batas=${NEWEST}`).catch(() => null));
    if (mine !== asked || !found) return;
    // What offices write down by themselves comes in meanwhile, too.
    note = found.items.find((one) => one.kanal === "langsung" && (one.judul || one.ucapan)) ?? null;
    draw();
  };
  button.addEventListener("click", async () => {
    if (!note) return;
    button.disabled = true;
    try {
      note = await request("POST", `${desk.boot.base}api/v1/catatan/${note.id}/prioritas`);
      desk.toast(t("Masuk daftar musrenbangcam camatnya."));
    } catch (why) {
      const fields = why instanceof Refusal ? Object.values(why.fields).join(" ") : "";
      desk.toast(fields || /** @type {Error} */ (why).message);
    }
    draw();
  });
  // The help desk has the operator's screen, and reads no notes.
  if (desk.boot.role === "bantuan") return button;
  const newest = new Fetching(look);
  desk.wire.on("catatan", () => newest.soon());
  desk.wire.on("welcome", () => void newest.afresh());
  desk.onDraw(draw);
  return button;
}
