/**
 * A console's ears and eyes: one call that only receives, its slots shown in the tiles of the page, and one
 * button for the sound, since a browser plays none before the first touch.
 */
import { Call } from "../call.js";
import { byId, show } from "../dom.js";
import { keep, recall } from "../kept.js";
import { diagnostics } from "../room/diagnostics.js";
import { bindMode } from "../room/mode.js";
import { t } from "../t.js";

/** @typedef {import("./console.js").Console} Console */

const IN_HALL = "rembug.di-aula";

/**
 * Enters the call for as long as the page lives.
 * @param {Console} desk
 * @param {"viewer" | "chair" | "console"} [what] a chair also receives the off-air pictures of who is next, a
 *   console those of all
 * @returns {Call}
 */
export function joinStage(desk, what = "viewer") {
  const call = new Call(desk.boot.base, what);
  const tiles = [...document.querySelectorAll("[data-slot]")];
  const sounds = /** @type {HTMLVideoElement[]} */ ([]);
  for (const tile of tiles) {
    const video = tile.querySelector("video");
    if (!(tile instanceof HTMLElement) || !video) continue;
    const slot = /** @type {import("../call.js").Slot} */ (tile.dataset.slot);
    if (slot.startsWith("preview")) video.muted = true;
    else sounds.push(video);
    call.attach(slot, video);
  }
  bindSound(sounds);
  bindPlace(call);
  bindMode(desk.wire, call, () => desk.redraw());
  desk.wire.on("welcome", (welcome) => call.join(welcome.worker_epoch));
  desk.wire.on("media", (media) => call.follow(media.worker_epoch));
  call.onState((state) => state === "lost" && desk.wire.doubt());
  diagnostics(desk.wire, call);
  return call;
}

/** The sound of the hall is not played back into it; remembered on this device. @param {Call} call */
function bindPlace(call) {
  const button = byId("in-hall", HTMLButtonElement);
  const draw = () => {
    button.setAttribute("aria-pressed", String(call.inHall));
    button.title = call.inHall ? t("Perangkat ini di Aula: suara Aula tidak diputar di sini") : t("Tekan bila perangkat ini di Aula, supaya suaranya tidak bergema");
  };
  call.placeInHall(recall(IN_HALL) === "ya");
  button.addEventListener("click", () => {
    call.placeInHall(!call.inHall);
    keep(IN_HALL, call.inHall ? "ya" : "");
    draw();
  });
  draw();
}

/** @param {HTMLVideoElement[]} videos */
function bindSound(videos) {
  const button = byId("sound", HTMLButtonElement);
  let wanted = true;
  const draw = () => {
    const heard = wanted && videos.every((video) => !video.muted);
    button.setAttribute("aria-pressed", String(heard));
    button.title = heard ? t("Matikan suara") : t("Nyalakan suara");
    button.querySelector("use")?.setAttribute("href", heard ? "#i-sound" : "#i-sound-off");
    const word = button.querySelector("[data-part=sound-word]");
    if (word) word.textContent = heard ? t("Suara nyala") : t("Nyalakan suara");
    show(button, true);
  };
  const play = (/** @type {HTMLVideoElement} */ video) => {
    video.play().catch((/** @type {DOMException} */ why) => {
      if (why.name !== "NotAllowedError") return;
      // Picture without sound is allowed before the first touch; the button stands there for the sound.
      video.muted = true;
      video.play().catch(() => {});
      draw();
    });
  };
  for (const video of videos) video.addEventListener("loadedmetadata", () => play(video));
  button.addEventListener("click", () => {
    wanted = videos.some((video) => video.muted);
    for (const video of videos) {
      video.muted = !wanted;
      if (video.srcObject) play(video);
    }
    draw();
  });
  draw();
}
