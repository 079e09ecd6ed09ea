/**
 * Ruang Desa / Ruang Kelurahan: the door, then the room. Wires the parts together and holds no rules.
 */
import { readBoot } from "../boot.js";
import { Call } from "../call.js";
import { announce, byId, show } from "../dom.js";
import { newId, socketUrl, Wire } from "../protocol.js";
import { keepOwn } from "../kept.js";
import { closers } from "../room/ask.js";
import { caption } from "../room/caption.js";
import { SeatDevice } from "../room/device.js";
import { diagnostics } from "../room/diagnostics.js";
import { fullScreen } from "../room/fullscreen.js";
import { keepAwake } from "../room/awake.js";
import { marks } from "../room/marks.js";
import { endWithMeeting, OwnMedia, showOwn } from "../room/self.js";
import { SharedScreen, showSharing } from "../room/screen.js";
import { Stage } from "../room/stage.js";
import { bindMode } from "../room/mode.js";
import { tabs } from "../room/tabs.js";
import { deviceWords } from "../room/words.js";
import { t } from "../t.js";
import { door } from "./door.js";
import { interruption } from "./interruption.js";
import { messages } from "./messages.js";
import { people } from "./people.js";
import { queue } from "./queue.js";
import { bindSignals } from "./signal.js";
import { ownState } from "./state.js";
import { usulan } from "./usulan.js";

/** @typedef {import("../room/shapes.js").Own} Own */

/** States in which the seat's sound and picture are asked for; forwarding them is the meeting's affair. */
const ASKED = new Set(["bersiap", "giliran", "disela", "interupsi", "tanggapan", "ditahan", "terputus"]);

const boot = readBoot();
const seat = boot.seat_id ?? "";
const wire = new Wire(socketUrl(boot.base));
const call = new Call(boot.base, "office");
const media = new OwnMedia(call);
const device = new SeatDevice(wire, call, keepOwn(`rembug.alat.${boot.grant}`, newId));

diagnostics(wire, call);
closers();
people(wire, seat);
addEventListener("online", () => wire.retryNow());
wire.start();
void visit();

async function visit() {
  await new Promise((known) => {
    const stop = wire.on("view", () => {
      stop();
      known(null);
    });
  });
  const consent = await door(media, wire, boot.base, /** @type {Own} */ (wire.get("own")).consent);
  openRoom();
  // Consent first: who is connected and agreed may be called at once.
  // After the close it is refused, and there is nothing to be called to.
  await wire.command("give_consent", { seat_id: seat, consent }).catch(() => {});
  await come(false);
}

/** Comes in with this device; asks what to do when another one has the seat. @param {boolean} taking */
async function come(taking) {
  const entered = taking ? await device.take(media.canPublish) : await device.enter(media.canPublish);
  if (!entered) byId("diambil", HTMLDialogElement).showModal();
}

function openRoom() {
  show(byId("pintu", HTMLElement), false);
  show(byId("ruang", HTMLElement), true);
  document.documentElement.scrollTop = 0;
  byId("keadaan", HTMLElement).focus();
  const self = byId("sendiri", HTMLElement);
  const stage = new Stage(wire, call, seat, byId("panggung", HTMLElement), { self });
  stage.unlock();
  caption(wire, byId("keterangan", HTMLElement));
  marks(wire, call, byId("tanda", HTMLElement), byId("kabar", HTMLElement), true);
  ownState(wire, media, byId("keadaan", HTMLElement));
  messages(wire, byId("pesan", HTMLElement));
  queue(wire, seat);
  interruption(wire, seat);
  usulan(wire, boot.base, seat);
  tabs(/** @type {HTMLElement} */ (document.querySelector("[role=tablist]")));
  showOwn(media, {
    video: byId("sendiri-gambar", HTMLVideoElement), empty: byId("sendiri-kosong", HTMLElement),
    sound: byId("suara", HTMLButtonElement), camera: byId("kamera", HTMLButtonElement),
  });
  const draw = () => {
    const sends = media.opened.reach !== "menyimak";
    stage.showSelf(sends);
    for (const id of ["suara", "kamera"]) show(byId(id, HTMLElement), sends);
    const open = wire.get("session").status !== "ditutup";
    show(byId("alat", HTMLElement), open && !sends && /** @type {Own} */ (wire.get("own")).consent === "direkam");
  };
  media.onChange(() => {
    device.tell(media.canPublish);
    draw();
  });
  draw();
  endWithMeeting(wire, media);
  wire.subscribe("own", (/** @type {Own} */ own) => {
    media.want(ASKED.has(own.state) && own.consent === "direkam");
    media.beWatched(own.panel && own.consent === "direkam");
    show(byId("dilihat", HTMLElement), own.panel && !ASKED.has(own.state));
  });
  wire.on("view", draw);
  showSharing(new SharedScreen(wire, call, device, seat), false);
  bindMode(wire, call, () => stage.draw());
  fullScreen(byId("penuh", HTMLButtonElement));
  byId("alat", HTMLButtonElement).addEventListener("click", async () => {
    await media.open();
    announce(deviceWords(media.opened));
  });
  seatQuestions();
  keepAwake();
  bindSignals();
  help(() => stage.unlock());
  import("./halaman.js").then(({ tellPage }) => tellPage(wire, call, media, device), (why) => console.warn("page:", why));
  // Back from a telephone call or another app: what the system had stopped goes on.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible") return;
    stage.unlock();
    wire.retryNow();
    void media.repair();
  });
}

/** The way through the usual causes and messages with Petugas Bantuan: fetched beside everything else.
 *  @param {() => void} unlock plays what was refused */
function help(unlock) {
  const loaded = () => import("./bantuan.js");
  /** @type {Promise<import("./bantuan.js").Bantuan> | null} */
  let made = null;
  const bantuan = () => made ??= loaded().then(({ Bantuan }) => new Bantuan({ wire, call, media, base: boot.base, unlock }));
  // Fetched again where the line failed it.
  const wanted = () => bantuan().catch((why) => {
    made = null;
    throw why;
  });
  byId("bantuan", HTMLButtonElement).addEventListener("click", () => {
    wanted().then((it) => it.open(), () => announce(t("Sambungan sedang terputus; coba lagi sebentar.")));
  });
  wanted().catch(() => {});
}

/** What to do when another device has the seat, or takes it. */
function seatQuestions() {
  const taken = byId("diambil", HTMLDialogElement);
  device.onTaken(() => {
    // The lamp of a camera that nobody uses would frighten people.
    media.close();
    taken.showModal();
  });
  wire.on("takeover", () => announce(t("Perangkat lain mencoba masuk untuk ruang ini.")));
  const take = async () => {
    taken.close();
    companion(false);
    /** @type {Own} */
    const own = wire.get("own");
    if (own.consent === "direkam" && !media.canPublish) await media.open();
    await come(true);
  };
  byId("pindah", HTMLButtonElement).addEventListener("click", take);
  byId("pindah-lagi", HTMLButtonElement).addEventListener("click", take);
  byId("pendamping", HTMLButtonElement).addEventListener("click", () => {
    taken.close();
    companion(true);
  });
  // The question wants an answer: without one this device would be neither.
  taken.addEventListener("cancel", (e) => e.preventDefault());
}

/** Queue and forms only: no picture, no sound, no camera. @param {boolean} on */
function companion(on) {
  if (on) media.close();
  show(byId("pendamping-strip", HTMLElement), on);
  document.body.classList.toggle("companion", on);
}
