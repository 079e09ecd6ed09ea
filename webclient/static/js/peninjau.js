/**
 * Watch only: the stage, the order and the agenda. Never asks for a camera.
 */
import { readBoot } from "./boot.js";
import { Call } from "./call.js";
import { audioContext } from "./devices.js";
import { byId, el, refill, show } from "./dom.js";
import { socketUrl, Wire } from "./protocol.js";
import { caption } from "./room/caption.js";
import { diagnostics } from "./room/diagnostics.js";
import { keepAwake } from "./room/awake.js";
import { marks } from "./room/marks.js";
import { bindMode } from "./room/mode.js";
import { Stage } from "./room/stage.js";
import { showWaiting } from "./room/waiting.js";
import { t } from "./t.js";

const boot = readBoot();
const wire = new Wire(socketUrl(boot.base));
const call = new Call(boot.base, "viewer");

diagnostics(wire, call);
addEventListener("online", () => wire.retryNow());
wire.on("media", (m) => call.follow(m.worker_epoch));
call.onState((state) => state === "lost" && wire.doubt());
wire.on("welcome", (w) => call.follow(w.worker_epoch));
wire.on("status", (status) => {
  if (status === "ended") call.leave();
});
wire.start();

byId("masuk", HTMLButtonElement).addEventListener("click", () => {
  audioContext();
  show(byId("pintu", HTMLElement), false);
  show(byId("ruang", HTMLElement), true);
  byId("ruang-judul", HTMLElement).focus();
  const stage = new Stage(wire, call, null, byId("panggung", HTMLElement));
  stage.unlock();
  bindMode(wire, call, () => stage.draw());
  caption(wire, byId("keterangan", HTMLElement));
  marks(wire, call, byId("tanda", HTMLElement), byId("kabar", HTMLElement));
  wire.subscribe("waiting", (/** @type {import("./room/shapes.js").Waiting} */ w) => showWaiting(byId("berikutnya", HTMLElement), w, null));
  wire.subscribe("agenda", (/** @type {import("./room/shapes.js").AgendaItem[]} */ items) => refill(byId("acara", HTMLElement), ...items.map(agendaRow)));
  const enter = () => {
    if (wire.welcome) call.join(wire.welcome.worker_epoch);
  };
  wire.on("welcome", enter);
  enter();
  keepAwake();
});

/** @param {import("./room/shapes.js").AgendaItem} item */
function agendaRow(item) {
  const words = { belum: "", berjalan: t("Berjalan"), selesai: t("Selesai") }[item.state];
  return el("li", { "aria-current": item.state === "berjalan" ? "step" : null }, el("span", { class: "list-main" }, item.title),
    words ? el("span", { class: `badge ${item.state === "berjalan" ? "badge-good" : ""}` }, words) : null);
}
