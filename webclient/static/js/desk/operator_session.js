/**
 * Opening, suspending and closing the session, its agenda and the record: the bar of Meja Operator. Each
 * button says what it would do now; the one that cannot be taken back asks first.
 */
import { byId, el, show } from "../dom.js";
import { t } from "../t.js";
import { itemWord, meetingWord, roleWord } from "../words.js";
import { ask } from "./ask.js";
import { Rows, aimButton, part, write } from "./rows.js";
import { callsOpen } from "./sections.js";

/** @typedef {import("./console.js").Console} Console */
/** @typedef {import("./sections.js").Item} Item */

/**
 * @param {Console} desk
 * @returns {Record<"open" | "suspend" | "close" | "offRecord" | "nextItem" | "queue", HTMLButtonElement>}
 */
export function bindSession(desk) {
  const button = (/** @type {string} */ id) => byId(id, HTMLButtonElement);
  const buttons = { open: button("open"), suspend: button("suspend"), close: button("close"), offRecord: button("off-record"), nextItem: button("next-item"), queue: button("queue") };
  buttons.queue.addEventListener("click", () => void desk.giveBy(buttons.queue, "set_queue", { open: !desk.session?.queue_open }));
  buttons.open.addEventListener("click", () => void desk.giveBy(buttons.open, "open_meeting"));
  buttons.suspend.addEventListener("click", () => void desk.giveBy(buttons.suspend, desk.session?.status === "diskors" ? "resume_meeting" : "suspend_meeting"));
  buttons.offRecord.addEventListener("click", () => void desk.giveBy(buttons.offRecord, "set_off_record", { off_record: !desk.session?.off_record }));
  buttons.nextItem.addEventListener("click", () => {
    const next = nextItem(desk);
    if (next) void startItem(desk, buttons.nextItem, next);
  });
  buttons.close.addEventListener("click", async () => {
    const words = t("Panggung dan rekaman berhenti untuk semua. Tangan yang masih menunggu dicatat sebagai masukan tertulis. Sesi yang ditutup tidak dapat dibuka lagi.");
    if (await ask(t("Tutup sesi?"), words, t("Tutup sesi"))) void desk.giveBy(buttons.close, "close_meeting");
  });
  desk.onDraw(() => draw(desk, buttons));
  bindAgenda(desk);
  return buttons;
}

/**
 * @param {Console} desk
 * @param {ReturnType<typeof bindSession>} buttons
 */
function draw(desk, buttons) {
  const { session } = desk;
  if (!session) return;
  const running = session.status === "berlangsung" || session.status === "diskors";
  show(buttons.open, session.status === "disiapkan");
  show(buttons.suspend, running);
  show(buttons.close, running);
  show(buttons.offRecord, running);
  show(byId("to-replay", HTMLElement), session.status === "ditutup");
  show(byId("prepare", HTMLElement), session.status !== "ditutup");
  show(byId("turn-keys", HTMLElement), session.status !== "ditutup");
  write(buttons.suspend, session.status === "diskors" ? t("Lanjutkan sesi") : t("Skors"));
  buttons.suspend.classList.toggle("button-primary", session.status === "diskors");
  write(buttons.offRecord, session.off_record ? t("Rekam lagi") : t("Jangan direkam"));
  buttons.offRecord.setAttribute("aria-pressed", String(session.off_record));
  const next = nextItem(desk);
  show(buttons.nextItem, session.status === "berlangsung" && next !== null);
  buttons.nextItem.classList.toggle("button-primary", session.item_kind !== "dialog");
  write(buttons.nextItem, next ? t("Mulai: {acara}", { acara: next.title }) : "");
  aimButton(buttons.nextItem, next?.item_id ?? "");
  const dialog = callsOpen(session);
  show(buttons.queue, dialog);
  write(buttons.queue, session.queue_open ? t("Tutup antrean") : t("Buka antrean"));
  buttons.queue.setAttribute("aria-pressed", String(!session.queue_open));
  show(byId("queue-shut", HTMLElement), dialog && !session.queue_open);
  write(byId("title", HTMLElement), session.title);
  /** @type {Item | undefined} */
  const item = desk.list("agenda").find((/** @type {any} */ one) => one.state === "berjalan");
  write(byId("subtitle", HTMLElement), [roleWord(desk.boot.role), item?.title].filter(Boolean).join(" · "));
  const status = byId("status", HTMLElement);
  write(status, meetingWord(session.status));
  status.className = `badge ${session.status === "berlangsung" ? "badge-good" : session.status === "diskors" ? "badge-held" : ""}`;
}

/**
 * The first item after the running one that has not begun: one press never leads the meeting backwards. Items may
 * be taken in any order from the list.
 * @param {Console} desk
 * @returns {Item | null}
 */
function nextItem(desk) {
  /** @type {Item[]} */
  const items = desk.list("agenda");
  const running = items.findIndex((item) => item.state === "berjalan");
  return items.find((item, place) => place > running && item.state === "belum") ?? null;
}

/**
 * @param {Console} desk
 * @param {HTMLButtonElement} button
 * @param {Item} item
 */
async function startItem(desk, button, item) {
  const words = t("{tempat} sedang mendapat giliran; gilirannya selesai bila acara berganti.", { tempat: desk.turn?.label ?? "" });
  if (desk.turn && !(await ask(t("Mulai {acara}?", { acara: item.title }), words, t("Mulai")))) return;
  void desk.giveBy(button, "start_item", { item_id: item.item_id });
}

/** @param {Console} desk */
function bindAgenda(desk) {
  /** @type {Map<string, Item>} */
  const byKey = new Map();
  const rows = new Rows(byId("agenda", HTMLElement), {
    key: (/** @type {Item} */ item) => item.item_id,
    make: (item) => {
      const start = el("button", { class: "button", type: "button", "data-part": "start", "data-testid": "mulai-acara" }, t("Mulai"));
      start.addEventListener("click", () => void startItem(desk, start, byKey.get(item.item_id) ?? item));
      return el(
        "li",
        { class: "side-row" },
        el("div", { class: "list-main" }, el("p", { class: "strong", "data-part": "title" }), el("p", { class: "soft small", "data-part": "kind" })),
        el("span", { class: "badge", "data-part": "state" }),
        start,
      );
    },
    update: (row, item) => {
      byKey.set(item.item_id, item);
      row.dataset.state = item.state;
      write(part(row, "title"), item.title);
      write(part(row, "kind"), item.state === "selesai" ? `${itemWord(item.kind)} · ${t("Selesai")}` : itemWord(item.kind));
      const state = part(row, "state");
      write(state, t("Berjalan"));
      show(state, item.state === "berjalan");
      state.className = "badge badge-good";
      const start = part(row, "start");
      show(start, desk.session?.status === "berlangsung" && item.state !== "berjalan");
      write(start, item.state === "selesai" ? t("Ulangi") : t("Mulai"));
      start.classList.toggle("button-quiet", item.state === "selesai");
    },
  });
  desk.onDraw(() => rows.show(desk.list("agenda")));
}
