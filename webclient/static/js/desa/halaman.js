/**
 * Tells the desks that help what this device has before it: pictures, microphone, camera, whether it plays what comes.
 */
import { audioContext } from "../devices.js";

const LOOK_MS = 3_000;

/** @param {import("../protocol.js").Wire} wire @param {import("../call.js").Call} call
 *  @param {import("../room/self.js").OwnMedia} media @param {import("../room/device.js").SeatDevice} device */
export function tellPage(wire, call, media, device) {
  let told = "";
  const tell = () => {
    if (wire.status !== "open" || !device.held) {
      told = "";
      return;
    }
    const page = pageState(call, media);
    const text = JSON.stringify(page);
    if (text === told) return;
    told = text;
    wire.tell("page_state", page);
  };
  wire.on("welcome", () => {
    told = "";
  });
  media.onChange(tell);
  document.addEventListener("visibilitychange", tell);
  setInterval(tell, LOOK_MS);
}

/** @param {import("../call.js").Call} call @param {import("../room/self.js").OwnMedia} media
 *  @returns {import("../protocol.js").Page} */
function pageState(call, media) {
  const { audio, video } = media.opened;
  const held = [...document.querySelectorAll("video")].some((one) => one.srcObject && one.paused && !one.muted);
  return {
    gambar: call.choice.mode,
    mikrofon: !audio ? "tanpa" : media.away ? "telepon" : media.soundOn ? "nyala" : "mati",
    kamera: !video ? "tanpa" : media.cameraOn ? "nyala" : "mati",
    suara: held || audioContext().state === "suspended" ? "tertahan" : "terbuka",
    tampak: document.visibilityState === "visible",
  };
}
