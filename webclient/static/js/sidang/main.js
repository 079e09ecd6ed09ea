/**
 * "Sidang desa": the office's own meeting on its own device, with or without a line. Wires the parts together.
 */
import { readBoot } from "../boot.js";
import { announce, byId, el, refill, show } from "../dom.js";
import { merge } from "../merge.js";
import { closers } from "../room/ask.js";
import { t } from "../t.js";
import { bindAbout } from "./about.js";
import { RecordForm } from "./form.js";
import { KINDS, idsOf } from "./kinds.js";
import { Ledger } from "./ledger.js";
import { bindBring } from "./bring.js";
import { bindList, ranked } from "./list.js";
import { keepShell } from "./offline.js";
import { bindPeople } from "./people.js";

/** @typedef {import("./ledger.js").Item} Item */

const LOOK_MS = 30_000;
const UNDO_MS = 12_000;

const boot = readBoot();
const ledger = new Ledger(boot.base);
const form = new RecordForm(ledger);
closers();

/** Both contents side by side; what was chosen is sent over the one that the server has. @param {Item} item */
async function compare(item) {
  if (!item.stored) return;
  const theirs = KINDS[item.kind].words(item.stored);
  const open = new Set(ledger.conflicts(item).map(({ name }) => name));
  const fields = KINDS[item.kind].fields().filter(({ name }) => open.has(name)).map((field) => (item.kind === "urutan" ? { ...field, say: titles } : field));
  const words = await merge(fields, item.words, theirs);
  if (words) await ledger.settle(item, words);
}

/** An order as people read it. @param {string} ids */
function titles(ids) {
  const order = idsOf({ ids });
  const items = ranked(ledger).sort((a, b) => order.indexOf(a.one) - order.indexOf(b.one));
  return items.map(({ words }, at) => `${at + 1}. ${words.judul}`).join("\n");
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let undoing;
/** @param {Item} item @param {string} words */
async function remove(item, words) {
  await ledger.write(item.kind, item.one, { hapus: "ya" });
  const toast = byId("urung", HTMLElement);
  const back = () => {
    show(toast, false);
    // All of its words: it may have left the list meanwhile.
    void ledger.write(item.kind, item.one, { ...item.words, hapus: "" });
    announce(t("Dikembalikan."));
  };
  refill(toast, el("span", { class: "grow" }, t("{nama} dihapus dari daftar.", { nama: words })), el("button", { class: "button", type: "button", "data-testid": "urungkan", onclick: back }, t("Urungkan")));
  show(toast, true);
  announce(t("{nama} dihapus dari daftar.", { nama: words }));
  clearTimeout(undoing);
  undoing = setTimeout(() => show(toast, false), UNDO_MS);
}

const ways = (/** @type {"usulan" | "hadir"} */ kind) => ({ edit: (/** @type {string} */ one) => form.open(kind, one), remove: (/** @type {Item} */ item, /** @type {string} */ words) => void remove(item, words), compare: (/** @type {Item} */ item) => void compare(item) });
const draws = [bindList(ledger, ways("usulan")), bindPeople(ledger, ways("hadir")), bindAbout(ledger, (item) => void compare(item)), drawLine];

function drawLine() {
  const open = ledger.open();
  const number = (/** @type {string} */ state) => open.filter((item) => item.state === state).length;
  const here = number("kirim");
  const line = byId("sambungan", HTMLElement);
  const fragile = open.some((item) => !item.kept);
  const words = ledger.refused || [
    fragile ? t("Perangkat ini tidak mau menyimpan: jangan tutup halaman ini sebelum semuanya terkirim.") : "",
    number("beda") ? t("{jumlah} berisi dua: bandingkan dahulu.", { jumlah: number("beda") }) : "",
    number("salah") ? t("{jumlah} perlu diperbaiki.", { jumlah: number("salah") }) : "",
    ledger.online ? (here ? t("Mengirim {jumlah} …", { jumlah: here }) : open.length ? "" : t("Semua terkirim."))
      : fragile ? t("Tanpa sambungan.")
      : here ? t("Tanpa sambungan: {jumlah} tersimpan di perangkat, dikirim begitu tersambung lagi.", { jumlah: here })
      : t("Tanpa sambungan: boleh terus bekerja, semuanya disimpan di perangkat ini."),
  ].filter(Boolean).join(" ");
  if (line.textContent !== words) line.textContent = words;
  line.dataset.look = ledger.refused || fragile || number("beda") + number("salah") ? "salah" : ledger.online ? (here ? "kirim" : "baik") : "putus";
}

ledger.follow(() => {
  for (const draw of draws) draw();
});
bindBring(ledger, { ...boot, kode: byId("isi", HTMLElement).dataset.kode ?? "" });
byId("tambah", HTMLButtonElement).addEventListener("click", () => form.open("usulan"));
byId("tambah-hadir", HTMLButtonElement).addEventListener("click", () => form.open("hadir"));
addEventListener("online", () => void ledger.refresh());
addEventListener("offline", () => {
  ledger.online = false;
  drawLine();
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") void ledger.refresh();
});
setInterval(() => {
  if (document.visibilityState === "visible") void ledger.refresh();
}, LOOK_MS);

const typing = await ledger.load();
if (typing) form.open(/** @type {"usulan" | "hadir"} */ (typing.of), typing.one, typing.words);
document.documentElement.dataset.luring = (await keepShell()) ? "ya" : "";
