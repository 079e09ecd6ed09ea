/**
 * The track: agenda, turns and notes as intervals one can click, with the moment that plays. Zoomed and
 * scrolled by hand or by keys; it follows the playhead unless somebody has just scrolled it.
 */
import { byId, el } from "../dom.js";
import { t } from "../t.js";
import { clockSecondsWord, clockWord, noteWord, turnKindWord, turnWord } from "../words.js";
import { bounds, clipAt, clipEnd, mentionIn, rulerStep } from "./timeline.js";

/** @typedef {import("./timeline.js").Timeline} Timeline */
/** @typedef {import("./api.js").Catatan} Catatan */

const FOLLOW_AFTER_MS = 4000;
const ZOOM = 1.6;
const CLOSEST_MS_PER_PX = 20;
const SECOND = 1000;
/** What a key adds to the moment that plays, in ms. @type {Readonly<Record<string, number>>} */
const STEPS = { ArrowLeft: -5 * SECOND, ArrowRight: 5 * SECOND, ArrowDown: -5 * SECOND, ArrowUp: 5 * SECOND, PageDown: -60 * SECOND, PageUp: 60 * SECOND };

export class Track {
  /** @type {Timeline | null} */
  #line = null;
  #from = 0;
  #to = 1;
  /** 1 shows the whole session. */
  #zoom = 1;
  #handledAt = 0;
  #scroll = byId("track-scroll", HTMLElement);
  #root = byId("track", HTMLElement);
  #head = byId("playhead", HTMLElement);
  #at = 0;

  /**
   * @param {(at: number) => void} seek
   * @param {(note: Catatan) => void} playNote
   */
  constructor(seek, playNote) {
    this.seek = seek;
    this.playNote = playNote;
    this.#root.addEventListener("click", (event) => {
      if (event.target === this.#root) seek(this.#instantAt(event.clientX));
    });
    this.#head.addEventListener("keydown", (event) => this.#step(event));
    for (const type of ["pointerdown", "wheel"]) this.#scroll.addEventListener(type, () => (this.#handledAt = performance.now()), { passive: true });
    byId("zoom-in", HTMLButtonElement).addEventListener("click", () => this.zoom(ZOOM));
    byId("zoom-out", HTMLButtonElement).addEventListener("click", () => this.zoom(1 / ZOOM));
    byId("zoom-all", HTMLButtonElement).addEventListener("click", () => this.zoom(0));
    new ResizeObserver(() => this.#draw()).observe(this.#scroll);
  }

  /** @param {Timeline} line @param {Set<string>} shown ids of the notes that the filters let through */
  show(line, shown) {
    this.#line = line;
    this.shown = shown;
    ({ from: this.#from, to: this.#to } = bounds(line));
    this.#draw();
  }

  /** @param {number} factor 0 for the whole session */
  zoom(factor) {
    const centre = (this.#scroll.scrollLeft + this.#scroll.clientWidth / 2) / this.#root.clientWidth;
    const most = (this.#to - this.#from) / this.#scroll.clientWidth / CLOSEST_MS_PER_PX;
    this.#zoom = factor === 0 ? 1 : Math.min(Math.max(1, this.#zoom * factor), Math.max(1, most));
    this.#draw();
    this.#scroll.scrollLeft = centre * this.#root.clientWidth - this.#scroll.clientWidth / 2;
  }

  /** @param {number} at @param {string} current id of the note that plays */
  move(at, current) {
    const x = this.#x(at);
    this.#at = at;
    this.#head.style.left = `${x}px`;
    const { scrollLeft, clientWidth } = this.#scroll;
    const quiet = performance.now() - this.#handledAt > FOLLOW_AFTER_MS;
    if (quiet && (x < scrollLeft || x > scrollLeft + clientWidth * 0.9)) this.#scroll.scrollLeft = x - clientWidth * 0.2;
    this.#head.setAttribute("aria-valuenow", String(Math.round((at - this.#from) / 1000)));
    this.#head.setAttribute("aria-valuetext", clockSecondsWord(at));
    for (const node of this.#root.querySelectorAll(".span-note")) node.setAttribute("aria-current", String(node.getAttribute("data-id") === current));
  }

  /** @param {KeyboardEvent} event */
  #step(event) {
    const ends = /** @type {Record<string, number>} */ ({ Home: this.#from, End: this.#to });
    const at = ends[event.key] ?? this.#at + (STEPS[event.key] ?? Number.NaN);
    if (Number.isNaN(at) || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.seek(Math.min(Math.max(at, this.#from), this.#to));
  }

  #draw() {
    const line = this.#line;
    const width = this.#scroll.clientWidth;
    if (!line || width === 0) return;
    this.#root.style.width = `${Math.floor(width * this.#zoom)}px`;
    this.#head.setAttribute("aria-valuemin", "0");
    this.#head.setAttribute("aria-valuemax", String(Math.round((this.#to - this.#from) / 1000)));
    // The playhead stays where it is: taken out and put back it would lose the keyboard.
    for (const drawn of [...this.#root.children]) if (drawn !== this.#head) drawn.remove();
    this.#root.prepend(...this.#ticks(), ...this.#gaps(line), ...this.#items(line), ...this.#turns(line), ...this.#seals(line), ...this.#notes(line));
  }

  #ticks() {
    const msPerPx = (this.#to - this.#from) / (this.#scroll.clientWidth * this.#zoom);
    const step = rulerStep(msPerPx);
    const ticks = [];
    for (let at = Math.ceil(this.#from / step) * step; at < this.#to; at += step) {
      const tick = el("span", { class: "track-tick" }, step < 60_000 ? clockSecondsWord(at) : clockWord(at));
      tick.style.left = `${this.#x(at)}px`;
      ticks.push(tick);
    }
    return ticks;
  }

  /** Where the hall was not recorded: off record, or before and after. @param {Timeline} line */
  #gaps(line) {
    const gaps = [];
    let at = this.#from;
    const clips = line.clips.filter((clip) => clip.slot === "aula").sort((a, b) => a.started_at - b.started_at);
    for (const clip of clips) {
      if (clip.started_at - at > 1000) gaps.push([at, clip.started_at]);
      at = Math.max(at, clipEnd(clip, line.room.now));
    }
    if (this.#to - at > 1000) gaps.push([at, this.#to]);
    return gaps.map(([from = 0, to = 0]) => this.#place(el("span", { class: "span span-gap", title: t("Tidak ada rekaman aula") }), from, to));
  }

  /** @param {Timeline} line */
  #items(line) {
    return line.agenda.flatMap((item) => {
      if (item.started_at === null) return [];
      const at = item.started_at;
      const node = el("button", { class: "span span-item", type: "button", tabindex: "-1", title: item.title, onclick: () => this.seek(at) }, item.title);
      return [this.#place(node, at, item.ended_at ?? this.#to)];
    });
  }

  /** @param {Timeline} line */
  #turns(line) {
    return line.turns.flatMap((turn) =>
      turn.intervals.map((interval) => {
        const undone = turn.outcome === "dibatalkan";
        const kind = undone ? turnWord(turn.outcome) : turnKindWord(turn.kind);
        const words = [kind, turn.label, turn.nama, turn.topic].filter(Boolean).join(", ");
        const slot = turn.kind === "tanggapan" ? "responder" : "speaker";
        const recorded = !undone && clipAt(line, slot, interval.from + 500) !== null;
        const node = el(
          "button",
          { class: "span span-turn", type: "button", tabindex: "-1", title: words, "aria-label": words, "data-turn": turn.turn_id, "data-kind": undone ? "dibatalkan" : turn.kind ?? "giliran", "data-dim": !recorded, "data-testid": "garis-giliran", onclick: () => this.seek(interval.from) },
          [kind, turn.label].filter(Boolean).join(": "),
        );
        return this.#place(node, interval.from, interval.to ?? this.#to);
      }),
    );
  }

  /** Words that were withdrawn; nothing of them is played. @param {Timeline} line */
  #seals(line) {
    return (line.seals ?? []).map((seal) =>
      this.#place(el("span", { class: "span span-seal", title: t("Bagian ini ditutup"), "data-testid": "garis-tutup" }, t("Ditutup")), seal.from, seal.to));
  }

  /** @param {Timeline} line */
  #notes(line) {
    return line.notes.flatMap((note) => {
      const mention = mentionIn(note, line.room.room_id);
      if (!mention) return [];
      const words = `${noteWord(note.jenis)}: ${note.judul || note.ucapan}`;
      const node = el("button", {
        class: "span span-note", type: "button", tabindex: "-1", title: words, "aria-label": words, "data-id": note.id, "data-jenis": note.jenis,
        "data-dim": !this.shown?.has(note.id), "data-testid": "garis-catatan", onclick: () => this.playNote(note),
      });
      node.style.left = `${this.#x(mention.spoken_at)}px`;
      return [node];
    });
  }

  /** @template {HTMLElement} T @param {T} node @param {number} from @param {number} to @returns {T} */
  #place(node, from, to) {
    const left = this.#x(from);
    node.style.left = `${left}px`;
    node.style.width = `${Math.max(3, this.#x(to) - left - 1)}px`;
    return node;
  }

  /** @param {number} at */
  #x(at) {
    return ((at - this.#from) / (this.#to - this.#from)) * this.#scroll.clientWidth * this.#zoom;
  }

  /** @param {number} clientX */
  #instantAt(clientX) {
    const x = clientX - this.#root.getBoundingClientRect().left;
    return this.#from + (x / this.#root.clientWidth) * (this.#to - this.#from);
  }
}
