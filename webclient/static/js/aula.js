/**
 * The hall's device: sends the hall's picture and sound to everyone, always, and plays the speaker for the hall.
 */
import { readBoot } from "./boot.js";
import { Call } from "./call.js";
import { audioContext } from "./devices.js";
import { byId, show } from "./dom.js";
import { socketUrl, Wire } from "./protocol.js";
import { keepAwake } from "./room/awake.js";
import { caption } from "./room/caption.js";
import { closers } from "./room/ask.js";
import { SeatDevice } from "./room/device.js";
import { diagnostics } from "./room/diagnostics.js";
import { fullScreen } from "./room/fullscreen.js";
import { marks } from "./room/marks.js";
import { bindMode } from "./room/mode.js";
import { Preview } from "./room/preview.js";
import { Readiness } from "./room/readiness.js";
import { endWithMeeting, OwnMedia, showOwn } from "./room/self.js";
import { SharedScreen, showSharing } from "./room/screen.js";
import { bindSources, keptSource } from "./room/sound.js";
import { Stage } from "./room/stage.js";
import { t } from "./t.js";

const boot = readBoot();
const wire = new Wire(socketUrl(boot.base));
const call = new Call(boot.base, "hall");
const media = new OwnMedia(call);
const device = new SeatDevice(wire, call);
const taken = byId("diambil", HTMLDialogElement);

diagnostics(wire, call);
closers();
addEventListener("online", () => wire.retryNow());
wire.start();
door();

function door() {
  media.wish = { wide: true, source: keptSource() };
  const readiness = new Readiness(boot.base);
  const preview = new Preview(media, readiness);
  bindSources(media, call);
  const enter = byId("masuk", HTMLButtonElement);
  enter.addEventListener("click", async () => {
    audioContext();
    enter.disabled = true;
    try {
      if (!media.canPublish) await preview.open();
    } finally {
      preview.end();
      void readiness.tell();
      openRoom();
      await come(false);
    }
  });
}

/** @param {boolean} taking */
async function come(taking) {
  const entered = taking ? await device.take(media.canPublish) : await device.enter(media.canPublish);
  if (!entered) taken.showModal();
}

function openRoom() {
  show(byId("pintu", HTMLElement), false);
  show(byId("ruang", HTMLElement), true);
  byId("ruang-judul", HTMLElement).focus();
  const stage = new Stage(wire, call, boot.seat_id, byId("panggung", HTMLElement), { self: byId("sendiri", HTMLElement), idle: byId("jeda", HTMLElement) });
  stage.unlock();
  caption(wire, byId("keterangan", HTMLElement));
  marks(wire, call, byId("tanda", HTMLElement), byId("kabar", HTMLElement));
  showOwn(media, {
    video: byId("sendiri-gambar", HTMLVideoElement), empty: byId("sendiri-kosong", HTMLElement),
    sound: byId("suara", HTMLButtonElement), camera: byId("kamera", HTMLButtonElement),
  });
  showSharing(new SharedScreen(wire, call, device, boot.seat_id ?? ""), true);
  media.onChange(() => device.tell(media.canPublish));
  media.want(true);
  endWithMeeting(wire, media);
  wire.on("view", idle);
  idle();
  device.onTaken(() => {
    media.close();
    taken.showModal();
  });
  byId("pindah", HTMLButtonElement).addEventListener("click", async () => {
    taken.close();
    if (!media.canPublish) await media.open();
    await come(true);
  });
  taken.addEventListener("cancel", (e) => e.preventDefault());
  const sources = byId("asal-suara", HTMLDialogElement);
  byId("asal", HTMLButtonElement).addEventListener("click", () => sources.showModal());
  bindMode(wire, call, () => stage.draw());
  fullScreen(byId("penuh", HTMLButtonElement));
  keepAwake();
}

/** What the hall reads while nobody speaks: the item, and who is next. */
function idle() {
  /** @type {import("./room/shapes.js").AgendaItem[]} */
  const agenda = wire.get("agenda") ?? [];
  /** @type {{ label: string }[]} */
  const next = wire.get("bersiap") ?? [];
  byId("jeda-acara", HTMLElement).textContent = agenda.find((a) => a.state === "berjalan")?.title ?? "";
  byId("jeda-berikut", HTMLElement).textContent = next.length ? t("Bersiap: {label}", { label: next.map((b) => b.label).join(" · ") }) : "";
}
