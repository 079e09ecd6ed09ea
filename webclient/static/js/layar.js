/**
 * Layar Aula: the stage for everybody in the hall, in type that is read from the last row.
 *
 * It sends nothing and is never heard: its call has no line that sound could come by.
 */
import { readBoot } from "./boot.js";
import { Call } from "./call.js";
import { leftMs, minutes, timeMood } from "./clock.js";
import { byId, el, refill, show } from "./dom.js";
import { Fetching } from "./fetching.js";
import { socketUrl, Wire } from "./protocol.js";
import { keepAwake } from "./room/awake.js";
import { diagnostics } from "./room/diagnostics.js";
import { follow } from "./room/showing.js";
import { reached, Stage } from "./room/stage.js";
import { read } from "./room/takarir.js";
import { t } from "./t.js";
import { kecamatanOf, meetingWord, turnKindWord } from "./words.js";

/** @typedef {import("./room/shapes.js").Session} Session */
/** @typedef {import("./room/shapes.js").Turn} Turn */
/** @typedef {import("./room/shapes.js").Interjection} Interjection */

const NEXT = 2;
const PATIENCE_MS = 30_000;

/** How often the newest usulan was asked for. */
let asked = 0;
const boot = readBoot();
const wire = new Wire(socketUrl(boot.base));
const call = new Call(boot.base, "projector");

diagnostics(wire, call);
follow(wire, call);
new Stage(wire, call, null, byId("panggung", HTMLElement), { idle: byId("jeda", HTMLElement), silent: () => true });
for (const what of /** @type {const} */ (["view", "applied", "status"])) wire.on(what, draw);
call.onState(draw);
wire.on("takarir", ({ lines }) => read(lines, byId("giliran", HTMLElement)));
const usulan = new Fetching(news);
wire.on("catatan", () => usulan.soon());
wire.on("welcome", () => void usulan.afresh());
setInterval(clock, 250);
wire.start();
keepAwake();
draw();

function draw() {
  /** @type {Session | undefined} */
  const session = wire.get("session");
  /** @type {Turn | null} */
  const turn = wire.get("turn") ?? null;
  /** @type {Interjection | null} */
  const between = wire.get("interjection") ?? null;
  const open = session?.status === "berlangsung";
  byId("judul", HTMLElement).textContent = session?.title ?? boot.title;
  show(byId("rekaman", HTMLElement), open && !!session?.off_record && reached(wire));
  say();
  const who = session?.status === "ditutup" ? null : between ?? turn;
  show(byId("giliran", HTMLElement), who !== null);
  if (who) {
    const kecamatan = kecamatanOf(who.label);
    byId("tempat", HTMLElement).textContent = kecamatan ? who.label.slice(0, -kecamatan.length - 2) : who.label;
    byId("orang", HTMLElement).textContent = [kecamatan, [who.nama, who.jabatan].filter(Boolean).join(", ")].filter(Boolean).join(" · ");
    byId("keadaan", HTMLElement).textContent = between ? turnKindWord(between.kind) : turn && session ? stateWord(turn, session) : "";
  }
  idle(session, who);
  next(open);
  show(byId("usulan", HTMLElement), open && !session?.off_record && byId("usulan-judul", HTMLElement).textContent !== "");
  clock();
}

/** What the middle says while nobody is seen. @param {Session | undefined} session @param {Turn | Interjection | null} who */
function idle(session, who) {
  /** @type {import("./room/shapes.js").AgendaItem[]} */
  const agenda = wire.get("agenda") ?? [];
  const item = agenda.find((one) => one.state === "berjalan")?.title;
  const open = session?.status === "berlangsung";
  byId("jeda-judul", HTMLElement).textContent = (open && item) || session?.title || boot.title;
  byId("jeda-kata", HTMLElement).textContent = !session ? "" : {
    disiapkan: t("Rapat belum dibuka"),
    berlangsung: who ? mediaWord(who.media) : "",
    diskors: t("Rapat diskors. Mohon menunggu."),
    ditutup: t("Rapat sudah ditutup. Terima kasih."),
  }[session.status];
}

/** @param {string} media */
function mediaWord(media) {
  return media === "lewat_telepon" ? t("Berbicara lewat telepon") : media === "hadir_di_aula" ? t("Berbicara di Aula") : "";
}

/** @param {Turn} turn @param {Session} session */
function stateWord(turn, session) {
  if (session.status === "diskors") return meetingWord("diskors");
  return { bicara: "", ditahan: t("Ditahan"), disela: t("Dijeda"), jeda: t("Menunggu tersambung lagi") }[turn.state];
}

/** @param {boolean} open */
function next(open) {
  /** @type {{ label: string }[]} */
  const prepared = wire.get("bersiap") ?? [];
  /** @type {import("./room/shapes.js").Waiting | undefined} */
  const waiting = wire.get("waiting");
  const rows = (prepared.length ? prepared : waiting?.places ?? []).slice(0, NEXT);
  byId("berikut-judul", HTMLElement).textContent = prepared.length ? t("Bersiap") : t("Berikutnya");
  refill(byId("berikut-daftar", HTMLElement), ...rows.map((one) => el("li", null, one.label)));
  show(byId("berikut", HTMLElement), open && rows.length > 0);
}

function clock() {
  /** @type {Turn | null} */
  const turn = wire.get("turn") ?? null;
  /** @type {Session | undefined} */
  const session = wire.get("session");
  const time = byId("waktu", HTMLElement);
  show(time, turn !== null && session !== undefined);
  if (!turn || !session) return;
  const now = wire.serverNow();
  time.textContent = minutes(leftMs(turn, now));
  time.dataset["mood"] = timeMood(turn, now, session.settings.warn_before_s);
}

/** Of the line, in a word to whoever looks after the projector. */
function say() {
  const words = wire.status === "ended" ? t("Tautan ini tidak berlaku lagi. Mintalah tautan baru kepada panitia.")
    : wire.status !== "open" ? t("Menyambung lagi…") : call.state === "lost" ? t("Gambar terputus, sedang disambungkan lagi.") : "";
  const news = byId("kabar", HTMLElement);
  news.textContent = words;
  show(news, words !== "");
  document.body.toggleAttribute("data-cut", words !== "");
}

/** The usulan that was noted last. */
async function news() {
  const mine = ++asked;
  const response = await fetch(`${boot.base}api/layar/usulan`, { signal: AbortSignal.timeout(PATIENCE_MS) }).catch(() => null);
  /** @type {{ usulan: { judul: string, label: string } | null } | null} */
  const newest = response?.ok ? await response.json().catch(() => null) : null;
  if (!newest || mine !== asked) return;
  byId("usulan-judul", HTMLElement).textContent = newest.usulan?.judul ?? "";
  byId("usulan-tempat", HTMLElement).textContent = newest.usulan?.label ?? "";
  draw();
}
