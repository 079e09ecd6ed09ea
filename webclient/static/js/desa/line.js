/**
 * At the door: how this office's line is, found out while people look at their camera, with what to do about it.
 *
 * Nobody waits for it: who comes in ends it, and the room's own call has the line to itself.
 */
import { announce, byId, show } from "../dom.js";
import { probe } from "../probe.js";
import { api } from "../room/api.js";
import { doorWords, verdictOf } from "../sambungan.js";
import { t } from "../t.js";

/** @param {import("../protocol.js").Wire} wire @param {string} base of the personal link
 *  @param {(verdict: import("../sambungan.js").Verdict) => void} told each time
 *  @returns {{ begin: () => void, end: () => void }} begin: once, the first time that it is called */
export function checkLine(wire, base, told) {
  const card = byId("pintu-sambungan", HTMLElement);
  const words = byId("sambungan-kata", HTMLElement);
  const remedy = byId("sambungan-saran", HTMLElement);
  const again = byId("sambungan-lagi", HTMLButtonElement);
  const ending = new AbortController();

  /** @param {string} tone @param {string} said @param {string} advice */
  const tell = (tone, said, advice = "") => {
    words.className = `notice notice-${tone}`;
    words.textContent = said;
    remedy.textContent = advice;
    show(remedy, advice !== "");
  };
  const check = async () => {
    again.disabled = true;
    tell("info", t("Memeriksa sambungan, beberapa detik…"));
    const found = await probe(wire, base, ending.signal);
    if (ending.signal.aborted) return;
    again.disabled = false;
    if (!found) return tell("info", t("Sambungan belum sempat diperiksa. Anda tetap dapat masuk."));
    told(verdictOf(found));
    const verdict = doorWords(verdictOf(found));
    tell(verdict.tone, verdict.words, verdict.remedy);
    announce(`${verdict.words} ${verdict.remedy}`);
    await api(`${base}api/sambungan`, { method: "PUT", body: found }).catch((why) => console.warn("check not kept:", why));
  };
  again.addEventListener("click", () => void check());

  return {
    begin: () => {
      if (!card.hidden) return;
      show(card, true);
      void check();
    },
    end: () => ending.abort(),
  };
}
