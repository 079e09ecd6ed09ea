/**
 * "Tidak terdengar?": the usual causes one step at a time, each with what to do; at the end, or at once, a message
 * to Petugas Bantuan, which says what was found. Their answers stand in the room until somebody has read them.
 *
 * Loaded when it is needed. A message that meets no line is kept in the page and sent as soon as there is one.
 */
import { Unreachable, get, request } from "../desk/api.js";
import { audioContext, chime, listDevices, meter } from "../devices.js";
import { announce, byId, el, icon, refill, show } from "../dom.js";
import { keep, recall } from "../kept.js";
import { newId } from "../protocol.js";
import { troubleWords } from "../room/words.js";
import { t } from "../t.js";
import { clockWord } from "../words.js";
import { CAUSES, foundWords, lineFound, microphoneFound } from "./sebab.js";

/** @typedef {import("./sebab.js").Cause} Cause */
/** @typedef {import("./sebab.js").Found} Found */
/** @typedef {{ id: string, seat_id: string, dari_petugas: boolean, teks: string, at: number }} Pesan */
/** @typedef {{ wire: import("../protocol.js").Wire, call: import("../call.js").Call, media: import("../room/self.js").OwnMedia,
 *   base: string, unlock: () => void }} Room */

/** @typedef {{ id: string, teks: string }} Waiting */

const LISTEN_MS = 2_500;
const RETRY_MS = 5_000;

export class Bantuan {
  /** @type {Found} */
  #found = { sambungan: null, pengeras: null, aula: null, mikrofon: null };
  #step = 0;
  #stopMeter = () => {};
  /** @type {Map<string, Pesan>} */
  #messages = new Map();
  /** Read and put away. @type {Set<string>} */
  #closed = new Set();
  /** What has not been answered by the server, kept over a reload. @type {Waiting[]} */
  #waiting = [];
  #sending = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #again;
  /** What the server did not take, and why. @type {{ teks: string, why: string } | null} */
  #refused = null;
  #dialog = el("dialog", { class: "dialog", "aria-labelledby": "bantuan-judul", "data-testid": "help-dialog" });
  #news = byId("bantuan-kabar", HTMLElement);

  /** @param {Room} room */
  constructor(room) {
    this.room = room;
    try {
      this.#waiting = JSON.parse(recall(this.#kept) || "[]");
    } catch { /* Not what this page wrote. */ }
    document.body.append(this.#dialog);
    this.#dialog.addEventListener("close", () => this.#stopMeter());
    room.wire.on("bantuan", (/** @type {{ pesan: Pesan }} */ message) => this.#take([message.pesan]));
    room.wire.on("welcome", () => void this.#catchUp());
    void this.#catchUp();
  }

  open() {
    this.#found = { sambungan: null, pengeras: null, aula: null, mikrofon: null };
    this.#step = 0;
    this.#draw();
    if (!this.#dialog.open) this.#dialog.showModal();
  }

  // The steps

  #draw() {
    this.#stopMeter();
    const cause = CAUSES[this.#step];
    const steps = { sambungan: () => this.#line(), pengeras: () => this.#loudspeaker(), aula: () => this.#hall(), mikrofon: () => this.#microphone() };
    refill(this.#dialog, el("div", { class: "stack" },
      el("div", { class: "row-between" },
        el("h2", { id: "bantuan-judul", tabindex: "-1" }, t("Tidak terdengar?")),
        el("button", { class: "button button-icon", type: "button", "aria-label": t("Tutup"), onclick: () => this.#dialog.close() }, icon("x"))),
      cause ? el("p", { class: "soft small" }, t("Langkah {ini} dari {semua}", { ini: this.#step + 1, semua: CAUSES.length })) : null,
      ...(cause ? steps[cause]() : this.#end()),
      cause ? el("button", { class: "button button-quiet", type: "button", "data-testid": "help-now", onclick: () => this.#go(CAUSES.length) }, t("Langsung minta bantuan")) : null));
    /** @type {HTMLElement | null} */ (this.#dialog.querySelector("[data-first]"))?.focus();
    announce(this.#dialog.querySelector("[data-said]")?.textContent ?? "");
  }

  /** @param {number} step */
  #go(step) {
    this.#step = step;
    this.#draw();
  }

  /** @param {Partial<Found>} found */
  #next(found) {
    Object.assign(this.#found, found);
    this.#go(this.#step + 1);
  }

  /** @param {string} words @param {(() => void)} run @param {Record<string, unknown>} [more] */
  #button(words, run, more = {}) {
    return el("button", { class: "button", type: "button", onclick: run, ...more }, words);
  }

  #line() {
    const words = el("p", { class: "notice notice-info", "data-said": true }, t("Memeriksa sambungan…"));
    const row = el("div", { class: "row" });
    const { wire, call } = this.room;
    void Promise.resolve(call.health()).then((health) => {
      const found = lineFound(wire.status, call.state, health);
      this.#found.sambungan = found;
      words.className = `notice notice-${found === "baik" ? "good" : "warn"}`;
      words.textContent = found === "baik" ? t("Sambungan baik.")
        : found === "putus" ? t("Sambungan sedang terputus dan disambungkan lagi sendiri; antrean Bapak/Ibu tetap aman. Bila lama, coba jaringan lain, misalnya paket data ponsel.")
          : t("Sambungan lemah. Hentikan unduhan dan video lain di kantor ini, dekatkan perangkat ke pemancar Wi-Fi, atau pilih Gambar: Suara.");
      refill(row, this.#button(t("Lanjut"), () => this.#next({ sambungan: found }), { class: "button button-primary", "data-testid": "help-next", "data-first": true }));
      row.querySelector("button")?.focus();
      announce(words.textContent);
    });
    return [el("h3", null, t("Sambungan")), words, row];
  }

  #loudspeaker() {
    chime("uji", 0.3);
    return [
      el("h3", null, t("Pengeras suara")),
      el("p", { "data-said": true }, t("Empat nada baru saja diputar. Apakah terdengar?")),
      el("p", { class: "soft small" }, t("Bila tidak: besarkan suara perangkat dan TV, periksa kabelnya, dan lihat apakah suara dimatikan.")),
      el("div", { class: "row" },
        this.#button(t("Terdengar"), () => this.#next({ pengeras: "ya" }), { class: "button button-primary", "data-testid": "help-yes", "data-first": true }),
        this.#button(t("Putar lagi"), () => chime("uji", 0.3)),
        this.#button(t("Tidak"), () => this.#next({ pengeras: "tidak" }), { "data-testid": "help-no" })),
    ];
  }

  #hall() {
    const words = el("p", { class: "notice notice-info", "data-said": true }, t("Mendengarkan suara yang datang dari Aula…"));
    const row = el("div", { class: "row" });
    void this.#hallFound().then((found) => {
      words.className = `notice notice-${found === "tidak" ? "good" : "warn"}`;
      words.textContent = found === "diam" ? t("Dari Aula sedang tidak ada suara: bukan alat Bapak/Ibu penyebabnya. Mohon menunggu.")
        : found === "dibuka" ? t("Suara tertahan oleh halaman ini. Sekarang sudah dibuka. Apakah Aula terdengar?")
          : t("Suara dari Aula sampai di perangkat ini. Apakah terdengar?");
      refill(row, ...(found === "diam"
        ? [this.#button(t("Lanjut"), () => this.#next({ aula: "diam" }), { class: "button button-primary", "data-testid": "help-next", "data-first": true })]
        : [this.#button(t("Terdengar"), () => this.#next({ aula: found === "dibuka" ? "dibuka" : "terdengar" }), { class: "button button-primary", "data-testid": "help-yes", "data-first": true }),
          this.#button(t("Tidak"), () => this.#next({ aula: "tidak" }), { "data-testid": "help-no" })]));
      row.querySelector("button")?.focus();
      announce(words.textContent);
    });
    return [el("h3", null, t("Suara Aula")), words, row];
  }

  /** @returns {Promise<"diam" | "dibuka" | "tidak">} tidak: it comes; whether it is heard people say */
  async #hallFound() {
    const blocked = audioContext().state === "suspended"
      || [...document.querySelectorAll("video")].some((video) => video.paused && !video.muted && video.srcObject);
    this.room.unlock();
    /** @returns {Promise<number>} */
    const energy = async () => {
      const slots = /** @type {Record<string, { energy: number }>} */ (await this.room.call.slots());
      return Object.values(slots).reduce((sum, slot) => sum + (slot.energy ?? 0), 0);
    };
    const before = await energy();
    await new Promise((over) => setTimeout(over, LISTEN_MS));
    if (await energy() <= before) return "diam";
    return blocked ? "dibuka" : "tidak";
  }

  #microphone() {
    const { media } = this.room;
    let loudest = 0;
    const level = el("span", null);
    const words = el("p", { "data-said": true });
    const row = el("div", { class: "row" });
    const next = () => this.#next({ mikrofon: microphoneFound(media.opened, media.soundOn, media.away, loudest) });
    const track = media.opened.audio;
    const found = microphoneFound(media.opened, media.soundOn, media.away, 1);
    if (found === "mati") {
      words.textContent = t("Mikrofon ruang ini dimatikan.");
      row.append(this.#button(t("Nyalakan mikrofon"), () => {
        media.toggle({ sound: true });
        this.#draw();
      }, { class: "button button-primary", "data-testid": "help-mic-on", "data-first": true }));
    } else if (found === "tanpa" || !track) {
      words.textContent = troubleWords(media.opened) || t("Mikrofon belum dinyalakan.");
      row.append(this.#button(t("Coba lagi"), async () => {
        await media.open();
        this.#draw();
      }, { class: "button button-primary", "data-first": true }));
    } else if (found === "telepon") {
      words.textContent = t("Mikrofon sedang dipakai telepon atau aplikasi lain. Tutup dahulu, suara kembali sendiri.");
    } else {
      words.textContent = t("Bicaralah: batang ini harus bergerak. Suara ruang ini baru disiarkan saat gilirannya.");
      this.#stopMeter = meter(track, (now) => {
        loudest = Math.max(loudest, now);
        level.style.width = `${Math.round(now * 100)}%`;
      });
    }
    row.append(this.#button(t("Lanjut"), next, { "data-testid": "help-next", ...(row.childElementCount ? {} : { class: "button button-primary", "data-first": true }) }));
    return [
      el("h3", null, t("Mikrofon")), words,
      track && found === "baik" ? el("div", { class: "meter", role: "img", "aria-label": t("Kerasnya suara") }, level) : null,
      track ? this.#choice() : null, row,
    ];
  }

  /** Another microphone, where there are several. */
  #choice() {
    const { media } = this.room;
    const select = el("select", { class: "input", id: "bantuan-mikrofon" });
    const field = el("div", { class: "field", hidden: true }, el("label", { for: "bantuan-mikrofon" }, t("Pakai mikrofon lain")), select);
    select.addEventListener("change", async () => {
      await media.open({ ...media.wish, microphoneId: select.value });
      this.#draw();
    });
    void listDevices().then(({ microphones }) => {
      select.append(...microphones.map((one, n) => new Option(one.label || t("Mikrofon {nomor}", { nomor: n + 1 }), one.deviceId)));
      select.value = media.opened.audio?.getSettings().deviceId ?? "";
      show(field, microphones.length > 1);
    });
    return field;
  }

  #end() {
    const lines = foundWords(this.#found);
    const words = el("textarea", { class: "input", id: "bantuan-pesan", rows: "3", maxlength: "600", "data-testid": "help-words" });
    const said = el("p", { class: "error", "data-testid": "help-error" });
    const send = async () => {
      const teks = [words.value.trim(), ...lines].filter(Boolean).join("\n");
      if (!teks) {
        said.textContent = t("Tulis dahulu apa yang tidak terdengar.");
        words.focus();
        return;
      }
      this.#dialog.close();
      await this.#send(teks);
    };
    return [
      el("h3", null, t("Minta bantuan")),
      lines.length ? el("ul", { class: "list", "data-said": true, "data-testid": "help-found" }, lines.map((line) => el("li", null, line))) : null,
      el("div", { class: "field" }, el("label", { for: "bantuan-pesan" }, t("Pesan untuk petugas bantuan")), words, said),
      el("div", { class: "row" },
        this.#button(t("Minta bantuan"), () => void send(), { class: "button button-primary", "data-testid": "help-send", "data-first": true }),
        this.#button(t("Ulangi pemeriksaan"), () => this.open())),
    ];
  }

  // Messages

  /** @param {string} teks */
  async #send(teks) {
    this.#waiting.push({ id: newId(), teks });
    this.#keep();
    this.#refused = null;
    await this.#flush();
  }

  /** One at a time, and one after the other: an overloaded server is not asked more often. */
  async #flush() {
    if (this.#sending) return;
    this.#sending = true;
    clearTimeout(this.#again);
    for (let one = this.#waiting[0]; one; one = this.#waiting[0]) {
      try {
        const kept = await request("POST", `${this.room.base}api/bantuan`, one);
        this.#drop(one);
        this.#take([kept]);
      } catch (why) {
        if (why instanceof Unreachable) {
          this.#again = setTimeout(() => void this.#flush(), RETRY_MS);
          break;
        }
        this.#drop(one);
        this.#refused = { teks: one.teks, why: /** @type {Error} */ (why).message };
        announce(this.#refused.why);
      }
    }
    this.#sending = false;
    this.#tell();
  }

  /** @param {Waiting} one */
  #drop(one) {
    this.#waiting = this.#waiting.filter((other) => other !== one);
    this.#keep();
  }

  /** Another link of this device has its own. */
  get #kept() {
    return `rembug.bantuan ${this.room.base}`;
  }

  #keep() {
    keep(this.#kept, this.#waiting.length ? JSON.stringify(this.#waiting) : "");
  }

  async #catchUp() {
    const kept = await get(`${this.room.base}api/bantuan`).catch(() => null);
    if (kept) this.#take(kept.items);
    if (this.#waiting.length) void this.#flush();
  }

  /** @param {Pesan[]} messages */
  #take(messages) {
    const fresh = messages.filter((one) => !this.#messages.has(one.id));
    for (const one of fresh) this.#messages.set(one.id, one);
    this.#tell();
    const newest = fresh.filter((one) => one.dari_petugas).at(-1);
    if (newest) announce(`${t("Pesan petugas bantuan")}: ${newest.teks}`);
  }

  /** The newest of either side, until it was put away. */
  #tell() {
    const all = [...this.#messages.values()].sort((a, b) => a.at - b.at);
    const newest = all.at(-1);
    const shown = this.#waiting.length || (newest && !this.#closed.has(newest.id)) ? newest : undefined;
    const waits = this.#waiting.length > 0;
    show(this.#news, waits || shown !== undefined || this.#refused !== null);
    if (this.#refused && !waits) return this.#tellRefused(this.#refused);
    if (!waits && !shown) return;
    const head = waits ? t("Pesan menunggu sambungan, dikirim sendiri")
      : shown?.dari_petugas ? `${t("Pesan petugas bantuan")} · ${clockWord(shown.at)}` : `${t("Petugas bantuan sudah diberi tahu")} · ${clockWord(shown?.at ?? 0)}`;
    refill(this.#news, el("div", { class: "message", "data-testid": "help-message" },
      el("div", { class: "grow" }, el("p", { class: "eyebrow" }, head), shown?.dari_petugas && !waits ? el("p", { class: "message-text" }, shown.teks) : null),
      shown?.dari_petugas ? this.#button(t("Balas"), () => {
        this.open();
        this.#go(CAUSES.length);
      }, { "data-key": "balas", "data-testid": "help-reply" }) : null,
      el("button", { class: "button button-icon", type: "button", "aria-label": t("Tutup pesan"), "data-key": "tutup", onclick: () => {
        for (const one of all) this.#closed.add(one.id);
        this.#tell();
      } }, icon("x"))));
  }

  /** @param {{ teks: string, why: string }} refused */
  #tellRefused({ teks, why }) {
    refill(this.#news, el("div", { class: "message" },
      el("div", { class: "grow" }, el("p", { class: "eyebrow" }, t("Pesan tidak diterima")), el("p", { class: "error" }, why), el("p", { class: "message-text" }, teks)),
      el("button", { class: "button button-icon", type: "button", "aria-label": t("Tutup pesan"), "data-key": "tutup", onclick: () => {
        this.#refused = null;
        this.#tell();
      } }, icon("x"))));
  }
}
