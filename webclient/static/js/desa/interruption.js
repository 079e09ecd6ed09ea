/**
 * A point of order from this office: who and why, that it waits for the chair, taking it back, and its fate.
 *
 * The chair decides; nothing here puts anybody on stage.
 */
import { announce, byId, el, refill, show } from "../dom.js";
import { newId, Refusal } from "../protocol.js";
import { t } from "../t.js";
import { speakerDialog } from "./speaker_dialog.js";

/** @typedef {import("../protocol.js").Wire} Wire */
/** @typedef {import("../room/shapes.js").Own} Own */

/** States in which this office is heard already, or is about to be heard again. */
const HEARD = new Set(["giliran", "interupsi", "tanggapan"]);
const FATE_MS = 15_000;

/** @param {Wire} wire @param {string} seat */
export function interruption(wire, seat) {
  const button = byId("interupsi", HTMLButtonElement);
  const news = byId("interupsi-kabar", HTMLElement);
  /** The point that waits, as it was last shown. @type {string | null} */
  let waits = null;
  let withdrawn = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  /** @param {string} words @param {boolean} [passing] whether it goes away by itself @param {...Node} more */
  const say = (words, passing = false, ...more) => {
    clearTimeout(timer);
    refill(news, el("span", { class: "grow" }, words), ...more);
    show(news, words !== "");
    if (words) announce(words);
    if (passing) timer = setTimeout(() => show(news, false), FATE_MS);
  };
  /** @param {string} point */
  const withdraw = async (point) => {
    withdrawn = point;
    await wire.command("withdraw_point", { seat_id: seat, point_id: point }).catch((why) => {
      withdrawn = "";
      if (why instanceof Refusal) say(why.message, true);
    });
  };

  const draw = () => {
    /** @type {Own | undefined} */
    const own = wire.get("own");
    /** @type {import("../room/shapes.js").Session | undefined} */
    const session = wire.get("session");
    if (!own || !session) return;
    const point = own.point ?? null;
    button.disabled = session.status !== "berlangsung" || own.consent !== "direkam" || point !== null || HEARD.has(own.state);
    if (point?.point_id === (waits ?? undefined)) return;
    const before = waits;
    waits = point?.point_id ?? null;
    if (point) {
      say(t("Interupsi menunggu pimpinan: {reason}", { reason: point.reason ?? "" }), false,
        el("button", { class: "button", type: "button", "data-key": "tarik", "data-testid": "point-withdraw", onclick: () => void withdraw(point.point_id) }, t("Tarik interupsi")));
    } else if (before !== null) {
      // Granted: the state says so itself, large enough.
      if (own.state === "interupsi") say("");
      else if (withdrawn === before) say(t("Interupsi sudah ditarik."), true);
      else if (session.status === "berlangsung") say(t("Pimpinan belum memberi kesempatan untuk interupsi ini."), true);
      else say(t("Interupsi tidak dilanjutkan: rapat sedang tidak berjalan."), true);
    }
  };
  wire.on("view", draw);
  draw();
  speakerDialog(wire, seat, {
    dialog: byId("interupsi-dialog", HTMLDialogElement), opener: button, words: byId("interupsi-alasan", HTMLInputElement), nameId: "point-name",
    missing: () => t("Tulis singkat alasan interupsinya."),
    busy: () => "",
    send: (person, reason) => wire.command("raise_point", { point_id: newId(), seat_id: seat, peserta_id: person, reason }),
  });
}
