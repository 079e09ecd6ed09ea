/**
 * Layar siaran: the stage as it is broadcast, pictures and sound, without a touch and without controls.
 *
 * What is off the record never comes here: the media process sends such a call only what is recorded. The curtain
 * says so at once, and it hides and silences also what is no part of the broadcast: before, a suspension, after.
 */
import { readBoot } from "./boot.js";
import { Call } from "./call.js";
import { byId, el, refill, show } from "./dom.js";
import { socketUrl, Wire } from "./protocol.js";
import { keepAwake } from "./room/awake.js";
import { diagnostics } from "./room/diagnostics.js";
import { follow } from "./room/showing.js";
import { reached, Stage } from "./room/stage.js";
import { read } from "./room/takarir.js";
import { t } from "./t.js";

/** @typedef {import("./room/shapes.js").Session} Session */
/** @typedef {import("./room/shapes.js").StageView} StageView */

const UNSEEN_MS = 1_500;

const boot = readBoot();
const wire = new Wire(socketUrl(boot.base));
const call = new Call(boot.base, "broadcast");
/** Whether the curtain is down. */
let dark = true;
let seenAt = -Infinity;
/** Whether this browser plays no sound before it is touched; OBS does. */
let mute = false;

diagnostics(wire, call);
follow(wire, call);
// Before the stage, which asks whether the curtain is down.
for (const what of /** @type {const} */ (["view", "applied", "status"])) wire.on(what, draw);
const stage = new Stage(wire, call, null, byId("panggung", HTMLElement), { silent: () => dark || mute });
for (const video of document.querySelectorAll("video")) video.addEventListener("loadedmetadata", () => void play(video));
addEventListener("pointerdown", unmute);
addEventListener("keydown", unmute);
wire.on("takarir", ({ lines }) => read(lines, byId("nama", HTMLElement)));
setInterval(look, 250);
wire.start();
keepAwake();

function draw() {
  /** @type {Session | undefined} */
  const session = wire.get("session");
  /** @type {StageView | undefined} */
  const shown = wire.get("stage");
  const open = session?.status === "berlangsung" && !session.off_record && !!shown && Object.values(shown.slots).some(Boolean);
  // Down at once; up only when what was off the record no longer comes from anywhere.
  if (!open) dark = true;
  else if (reached(wire)) dark = false;
  look();
  byId("kata", HTMLElement).textContent = !session ? "" : session.status === "berlangsung"
    ? (session.off_record ? t("Siaran dihentikan sementara") : "")
    : { disiapkan: t("Rapat belum dibuka"), diskors: t("Rapat diskors"), ditutup: t("Rapat sudah ditutup. Terima kasih.") }[session.status];
  name();
}

/** A stage without any picture, for longer than a change of speaker takes, is the session's name; it is still heard. */
function look() {
  const seen = document.querySelector(".tile:not([hidden])[data-picture=gambar], .tile:not([hidden]) .page") !== null;
  if (seen) seenAt = performance.now();
  show(byId("tirai", HTMLElement), dark || performance.now() - seenAt > UNSEEN_MS);
}

/** Who is heard, at the foot of the picture. */
function name() {
  /** @type {{ label: string, nama: string | null, jabatan: string | null, media: string } | null} */
  const who = wire.get("interjection") ?? wire.get("turn") ?? null;
  const bar = byId("nama", HTMLElement);
  show(bar, !dark && who !== null && wire.status === "open");
  if (!who) return;
  const person = [who.nama, who.jabatan].filter(Boolean).join(", ");
  refill(bar, el("strong", null, person || who.label), person ? el("span", null, who.label) : null);
}

/** @param {HTMLVideoElement} video */
async function play(video) {
  try {
    await video.play();
  } catch (why) {
    if (/** @type {DOMException} */ (why).name !== "NotAllowedError") return;
    mute = true;
    video.muted = true;
    video.play().catch(() => {});
  }
}

function unmute() {
  if (!mute) return;
  mute = false;
  stage.draw();
}
