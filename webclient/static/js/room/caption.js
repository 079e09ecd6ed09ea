/**
 * Below the stage: who speaks about what, who was let in between, and the time that everybody sees.
 *
 * Driven by the sections `session`, `agenda`, `turn` and `interjection`; a clock that stands is said to stand.
 */
import { leftMs, minutes, timeMood } from "../clock.js";
import { el, icon, refill, show } from "../dom.js";
import { t } from "../t.js";
import { turnKindWord } from "../words.js";

/** @typedef {import("../protocol.js").Wire} Wire */
/** @typedef {import("./shapes.js").Turn} Turn */
/** @typedef {import("./shapes.js").Interjection} Interjection */
/** @typedef {import("./shapes.js").Session} Session */

/** @param {Wire} wire @param {HTMLElement} root */
export function caption(wire, root) {
  const timer = el("span", { class: "timer", role: "timer", "data-testid": "timer" });
  const standing = el("span", { class: "soft small", "data-testid": "timer-stands" }, t("waktu berhenti"));
  const clock = el("span", { class: "caption-time" }, icon("clock"), timer, standing);
  const who = el("div", { class: "caption-who" });
  root.append(who, clock);
  let shown = "";
  const draw = () => {
    /** @type {Turn | null | undefined} */
    const turn = wire.get("turn");
    /** @type {Interjection | null | undefined} */
    const between = wire.get("interjection");
    /** @type {Session | undefined} */
    const session = wire.get("session");
    show(clock, !!turn);
    show(standing, turn?.state === "disela");
    const state = JSON.stringify([turn?.turn_id, turn?.state, turn?.nama, turn?.jabatan, turn?.topic, turn?.media, between?.turn_id, between?.nama, between?.reason, session?.item_id, session?.status]);
    if (state !== shown) {
      shown = state;
      refill(who, ...(between ? betweenLines(between, turn) : turn ? turnLines(turn, session?.status) : itemLines(wire)));
    }
    if (turn && session) drawTime(timer, turn, wire.serverNow(), session);
  };
  // What few need is asked for when there is some.
  wire.on("takarir", ({ lines }) => import("./takarir.js").then(({ read }) => read(lines, root), () => {
    // The line is bad just now: the next one asks again.
  }));
  wire.on("view", draw);
  setInterval(draw, 250);
  draw();
}

/** @param {HTMLElement} timer @param {Turn} turn @param {number} now @param {Session} session */
function drawTime(timer, turn, now, session) {
  const left = leftMs(turn, now);
  const waiting = turn.state === "jeda" && turn.grace_until !== null;
  timer.textContent = waiting ? t("ditunggu {time}", { time: minutes(Math.max(0, (turn.grace_until ?? now) - now)) })
    : left >= 0 ? t("sisa {time}", { time: minutes(left) }) : t("lewat {time}", { time: minutes(-left) });
  timer.dataset["mood"] = waiting ? "hampir" : timeMood(turn, now, session.settings.warn_before_s);
}

/** @param {string} media */
function howWords(media) {
  return media === "lewat_telepon" ? t("lewat telepon") : media === "hadir_di_aula" ? t("hadir di Aula") : "";
}

/** @param {{ nama: string | null, jabatan: string | null, label: string }} person @param {Node | null} badge
 *  @param {(string | null)[]} more */
function personLines(person, badge, more) {
  const name = [person.nama, person.jabatan].filter(Boolean).join(", ");
  return [
    el("p", { class: "caption-name" }, el("strong", { "data-testid": "speaker-name" }, name || person.label), " ", badge),
    el("p", { class: "soft" }, [name ? person.label : "", ...more].filter(Boolean).join(" · ")),
  ];
}

/** @param {Turn} turn @param {string | undefined} status the session's */
function turnLines(turn, status) {
  const state = status === "diskors" ? el("span", { class: "badge badge-held" }, t("Diskors")) : {
    bicara: el("span", { class: "badge badge-live" }, t("Berbicara")),
    ditahan: el("span", { class: "badge badge-held" }, t("Ditahan")),
    disela: el("span", { class: "badge badge-held" }, t("Dijeda")),
    jeda: el("span", { class: "badge badge-ready" }, t("Menunggu tersambung lagi")),
  }[turn.state];
  return personLines(turn, state, [turn.topic, howWords(turn.media)]);
}

/** @param {Interjection} between @param {Turn | null | undefined} turn */
function betweenLines(between, turn) {
  const kept = !turn ? null : between.kind === "interupsi"
    ? t("Giliran {label} dijeda, dilanjutkan setelah interupsi.", { label: turn.label })
    : t("Menanggapi {label}, yang gilirannya dijeda.", { label: turn.label });
  return [
    ...personLines(between, el("span", { class: "badge badge-live", "data-testid": "between" }, turnKindWord(between.kind)), [between.reason, howWords(between.media)]),
    kept ? el("p", { class: "caption-kept", "data-testid": "kept-turn" }, kept) : null,
  ];
}

/** @param {Wire} wire */
function itemLines(wire) {
  /** @type {import("./shapes.js").AgendaItem[]} */
  const agenda = wire.get("agenda") ?? [];
  const session = /** @type {Session | undefined} */ (wire.get("session"));
  const item = session?.status === "ditutup" ? undefined : agenda.find((a) => a.state === "berjalan");
  return [
    el("p", { class: "caption-name" }, el("strong", null, item?.title ?? session?.title ?? "")),
    el("p", { class: "soft" }, itemWords(session?.status, !!item)),
  ];
}

/** @param {string | undefined} status @param {boolean} running */
function itemWords(status, running) {
  switch (status) {
    case "ditutup": return t("Rapat sudah ditutup");
    case "diskors": return t("Rapat diskors");
    default: return running ? t("Sedang berlangsung di Aula") : t("Belum ada acara yang berjalan");
  }
}
