/**
 * Slides at Meja Operator: a PDF is brought, its pages are looked at, one of them is shown to everybody; on and back by
 * keys. One that is not shown may be replaced by another, or taken away after a question.
 */
import { byId, el, icon, refill, show } from "../dom.js";
import { pageUrl } from "../room/page.js";
import { t } from "../t.js";
import { Refusal, request } from "./api.js";
import { ask } from "./ask.js";
import { press } from "./keys.js";
import { write } from "./rows.js";

/** @typedef {{ deck_id: string, nama: string, pages: number }} Deck */
/** @typedef {import("../room/page.js").Page} Page */

/** @param {Deck} deck */
const nameOf = (deck) => deck.nama || t("Tanpa nama");

/** @param {import("./console.js").Console} desk */
export function bindSlides(desk) {
  const dialog = byId("slides", HTMLDialogElement);
  const file = byId("slides-file", HTMLInputElement);
  const bring = byId("slides-bring", HTMLButtonElement);
  const said = byId("slides-said", HTMLElement);
  const [back, on, stop] = /** @type {const} */ (["slides-back", "slides-on", "slides-stop"]).map((id) => byId(id, HTMLButtonElement));
  if (!back || !on || !stop) throw new Error("no buttons");
  let drawn = "";
  /** What the next file takes the place of. @type {Deck | null} */
  let replaced = null;

  /** @returns {Page | null} */
  const shown = () => desk.wire.get("slides") ?? null;
  /** @param {HTMLButtonElement | null} button @param {string} deck_id @param {number} page */
  const turn = (button, deck_id, page) => void desk.giveBy(button, "show_slide", { deck_id, page });
  /** @param {number} by */
  const step = (by) => {
    const now = shown();
    if (now && now.page + by >= 1 && now.page + by <= now.pages) turn(by > 0 ? on : back, now.deck_id, now.page + by);
  };

  desk.onDraw(() => {
    const now = shown();
    show(byId("slides-bar", HTMLElement), now !== null);
    write(byId("slides-now", HTMLElement), now ? t("Halaman {n} dari {m}", { n: now.page, m: now.pages }) : "");
    back.disabled = !now || now.page === 1;
    on.disabled = !now || now.page === now.pages;
    if (dialog.open) draw();
  });

  function draw() {
    /** @type {Deck[]} */
    const decks = desk.list("decks");
    const state = JSON.stringify([decks, shown()]);
    if (state === drawn) return;
    drawn = state;
    refill(byId("slides-decks", HTMLElement), ...[...decks].reverse().map(deckRow));
    show(byId("slides-none", HTMLElement), decks.length === 0);
  }

  /** @param {Deck} deck */
  function deckRow(deck) {
    const now = shown();
    return el("li", { class: "stack-tight", "data-testid": "bahan" },
      el("div", { class: "row-between" },
        el("h3", null, nameOf(deck), " ", el("span", { class: "soft small" }, t("{jumlah} halaman", { jumlah: deck.pages }))),
        now?.deck_id === deck.deck_id ? el("span", { class: "badge badge-live" }, t("Sedang ditayangkan")) : el("span", { class: "row" },
          el("button", { class: "button button-quiet", type: "button", "data-key": `ganti ${deck.deck_id}`, "data-testid": "ganti-paparan", onclick: () => choose(deck) }, t("Ganti"), el("span", { class: "visually-hidden" }, ` ${nameOf(deck)}`)),
          el("button", { class: "button button-danger", type: "button", "data-key": `hapus ${deck.deck_id}`, "data-testid": "hapus-paparan", onclick: () => void remove(deck) }, t("Hapus"), el("span", { class: "visually-hidden" }, ` ${nameOf(deck)}`)))),
      el("div", { class: "slides-pages" }, ...Array.from({ length: deck.pages }, (_, at) => {
        const page = { deck_id: deck.deck_id, page: at + 1, pages: deck.pages };
        const current = now?.deck_id === deck.deck_id && now.page === at + 1;
        const button = el("button", { class: "slides-page", type: "button", "data-key": `${deck.deck_id} ${at + 1}`, "data-testid": "halaman-kecil", "aria-pressed": String(current), "aria-label": t("Tayangkan halaman {n}", { n: at + 1 }), onclick: () => turn(button, deck.deck_id, at + 1) },
          el("img", { src: pageUrl(desk.boot.base, page, 640), alt: "", loading: "lazy" }), el("span", null, at + 1));
        return button;
      })));
  }

  function open() {
    drawn = "";
    dialog.showModal();
    draw();
  }

  /** Opens the choice of a file. @param {Deck | null} deck that it takes the place of */
  function choose(deck) {
    replaced = deck;
    file.click();
  }

  /** @param {Deck} deck */
  async function remove(deck) {
    const words = t("Halaman yang sudah ditayangkan tetap ada di putar ulang; yang lain dihapus dan tidak dapat dikembalikan.");
    if (!await ask(t("Hapus {nama}?", { nama: nameOf(deck) }), words, t("Hapus"))) return;
    if (await gone(deck)) write(said, t("{nama} sudah dihapus.", { nama: nameOf(deck) }));
    bring.focus();
  }

  /** @param {Deck} deck @returns {Promise<boolean>} */
  async function gone(deck) {
    try {
      await request("DELETE", `${desk.boot.base}paparan/${deck.deck_id}`);
      return true;
    } catch (why) {
      write(said, why instanceof Refusal ? why.message : t("Belum terhapus: sambungan sedang terputus. Coba lagi."));
      return false;
    }
  }

  async function upload() {
    const chosen = file.files?.[0];
    if (!chosen) return;
    const old = replaced;
    replaced = null;
    bring.setAttribute("aria-busy", "true");
    bring.disabled = true;
    write(said, t("Menyiapkan halaman dari {nama}… Meja ini tetap dapat dipakai.", { nama: chosen.name }));
    try {
      const response = await fetch(`${desk.boot.base}paparan?nama=${encodeURIComponent(chosen.name.slice(0, 120))}`, { method: "POST", body: chosen });
      const answer = await response.json();
      write(said, response.ok ? t("Siap: {jumlah} halaman.", { jumlah: answer.pages }) : answer.fields?.berkas ?? answer.title);
      // The old one goes when the new one is there, and not before.
      if (response.ok && old && await gone(old)) write(said, t("Siap: {jumlah} halaman, sebagai ganti {nama}.", { jumlah: answer.pages, nama: nameOf(old) }));
      if (!dialog.open) desk.toast(said.textContent ?? "");
    } catch {
      write(said, t("Belum terkirim: sambungan sedang terputus. Coba lagi."));
    }
    bring.disabled = false;
    bring.removeAttribute("aria-busy");
    file.value = "";
  }

  byId("slides-open", HTMLButtonElement).addEventListener("click", open);
  byId("slides-close", HTMLButtonElement).addEventListener("click", () => dialog.close());
  bring.prepend(icon("plus"));
  bring.addEventListener("click", () => choose(null));
  file.addEventListener("change", () => void upload());
  back.addEventListener("click", () => step(-1));
  on.addEventListener("click", () => step(1));
  stop.addEventListener("click", () => void desk.giveBy(stop, "stop_slides"));
  // Also while the pages are looked at, and from a presenter's remote, which sends these keys.
  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "PageDown" && event.key !== "PageUp") return;
    event.preventDefault();
    step(event.key === "PageDown" ? 1 : -1);
  });
  return { open: () => press(byId("slides-open", HTMLButtonElement)), on: () => step(1), back: () => step(-1), stop };
}
