/**
 * At the door: hear the hall before coming in, so that a mute loudspeaker is found while it does no harm.
 *
 * A call of its own that only listens: it takes no seat, sends nothing and ends when the person comes in.
 */
import { Call } from "../call.js";
import { announce, byId, show } from "../dom.js";
import { t } from "../t.js";

/**
 * @param {import("../protocol.js").Wire} wire
 * @param {string} base of the personal link
 * @returns {() => void} ends it
 */
export function hear(wire, base) {
  const button = byId("dengar", HTMLButtonElement);
  const words = byId("dengar-kata", HTMLElement);
  const sound = byId("dengar-suara", HTMLAudioElement);
  const call = new Call(base, "viewer");
  call.attach("aula", sound);

  const draw = () => {
    const on = call.state !== "idle";
    const stage = wire.get("stage");
    // Before the server has said who it is there is nothing to listen to, and a press would be lost.
    button.disabled = !wire.welcome;
    button.setAttribute("aria-pressed", String(on));
    show(words, on);
    const said = stage?.slots.aula == null ? t("Aula belum bersuara: sidang belum dibuka.")
      : call.state === "connected" ? t("Ini suara Aula. Bila tidak terdengar, besarkan pengeras suara.") : t("Menyambung ke Aula…");
    if (words.textContent !== said) {
      words.textContent = said;
      if (on) announce(said);
    }
  };
  call.onState(draw);
  const unfollow = wire.on("view", draw);
  draw();
  button.addEventListener("click", () => {
    if (call.state !== "idle") return call.leave();
    if (wire.welcome) call.join(wire.welcome.worker_epoch);
    sound.play().catch(() => {});
  });

  return () => {
    unfollow();
    call.leave();
    sound.srcObject = null;
  };
}
