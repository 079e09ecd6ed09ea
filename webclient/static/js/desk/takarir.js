/**
 * A line for all who read along: typed, sent by Enter, on every screen at once. It is no note and is kept nowhere.
 */
import { byId, el, refill } from "../dom.js";
import { t } from "../t.js";

/** @param {import("./console.js").Console} desk */
export function bindTakarir(desk) {
  const input = byId("takarir", HTMLInputElement);
  byId("takarir-form", HTMLFormElement).addEventListener("submit", (event) => {
    event.preventDefault();
    const text = input.value.trim();
    if (!text) return;
    // What comes late is not what is being said: without a line it stays in the field.
    if (desk.wire.tell("takarir", { text })) input.value = "";
    else desk.toast(t("Belum terkirim: sambungan sedang terputus."));
  });
  desk.wire.on("takarir", ({ lines }) => refill(byId("takarir-said", HTMLElement), ...lines.map((one) => el("li", null, one))));
}
