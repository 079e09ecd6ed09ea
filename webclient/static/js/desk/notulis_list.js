/**
 * What is taken: the session's notes, newest first, and the dialog of one note: every moment at which it was
 * spoken of, a mention added to a past turn, a mention moved to the right desa, and the history of it all.
 */
import { byId, el, icon, refill, show } from "../dom.js";
import { Fetching } from "../fetching.js";
import { showPhotos } from "../photo_field.js";
import { newId } from "../protocol.js";
import { tahapWords } from "../room/words.js";
import { t } from "../t.js";
import { clockSecondsWord, clockWord, noteWord } from "../words.js";
import { Refusal, get, request } from "./api.js";
import { fillPlaces, labelOf, whereOf } from "./places.js";
import { Rows, part, write } from "./rows.js";
import { mentionIn } from "./timeline.js";

/** @typedef {import("./console.js").Console} Console */
/** @typedef {import("./sections.js").Seat} Seat */
/** @typedef {import("./api.js").Catatan} Catatan */
/** @typedef {import("./timeline.js").Mention} Mention */

const SEARCH_MS = 250;

/**
 * @param {Console} desk
 * @param {(note: Catatan) => void} edit opens a note in the form
 * @returns {{refresh: () => void, mark: (id: string) => void}} mark: shows which one was just taken
 */
export function bindNotes(desk, edit) {
  const search = byId("notes-search", HTMLInputElement);
  const list = new Fetching(fetchNotes);
  const openDialog = bindDialog(desk, () => void list.now());
  let asked = 0;
  let marked = "";
  /** What each note's desa said when this was last told. @type {Map<string, string>} */
  const told = new Map();
  let started = false;
  const rows = new Rows(byId("notes", HTMLElement), {
    key: (/** @type {Catatan} */ note) => note.id,
    make: (note) => makeRow(desk, note, edit, openDialog, prioritise),
    update: (row, note) => updateRow(desk, row, note, note.id === marked),
  });

  /** The pleno tells the camat to take it along. @param {Catatan} note */
  async function prioritise(note) {
    try {
      await request("POST", `${desk.boot.base}api/v1/catatan/${note.id}/prioritas`);
      desk.toast(t("Masuk daftar musrenbangcam camatnya."));
      await list.now();
    } catch (why) {
      const fields = why instanceof Refusal ? Object.values(why.fields).join(" ") : "";
      desk.toast(fields || /** @type {Error} */ (why).message);
    }
  }

  async function fetchNotes() {
    const mine = ++asked;
    const q = search.value.trim();
    try {
      /** @type {import("./api.js").CatatanList} */
      const found = await get(`${desk.boot.base}api/v1/catatan?disebut=true&batas=2000${q ? `&q=${encodeURIComponent(q)}` : ""}`);
      if (mine !== asked) return;
      const at = (/** @type {Catatan} */ note) => mentionIn(note, desk.boot.room_id)?.spoken_at ?? note.created_at;
      rows.show(found.items.sort((a, b) => at(b) - at(a)));
      write(byId("notes-count", HTMLElement), found.total ? t("{jumlah} catatan", { jumlah: found.total }) : "");
      tellDisputed(found.items);
      show(byId("notes-none", HTMLElement), found.items.length === 0);
    } catch {
      // The list is fetched again with the next change or when the line is back; drafts are not touched.
    }
  }

  /**
   * The notulis looks at the form, not at the list: what a desa says is wrong is counted above it, and said once.
   * @param {Catatan[]} notes
   */
  function tellDisputed(notes) {
    const disputed = notes.filter((note) => note.keliru);
    const key = byId("notes-disputed", HTMLButtonElement);
    write(key, disputed.length ? t("{jumlah} perlu diperiksa", { jumlah: disputed.length }) : "");
    show(key, disputed.length > 0);
    for (const note of disputed) {
      if (told.get(note.id) !== note.keliru && started) desk.toast(t("{desa}: ada yang keliru. {kata}", { desa: note.label || t("Tanpa kantor"), kata: note.keliru }));
      told.set(note.id, note.keliru);
    }
    started = true;
  }

  byId("notes-disputed", HTMLButtonElement).addEventListener("click", () => {
    const row = document.querySelector("#notes [data-disputed]");
    row?.scrollIntoView({ block: "center" });
    row?.querySelector("button")?.focus();
  });

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  search.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => void list.afresh(), SEARCH_MS);
  });
  desk.wire.on("welcome", () => void list.afresh());
  desk.wire.on("catatan", () => list.soon());
  return {
    refresh: () => void list.now(),
    mark: (id) => {
      marked = id;
    },
  };
}

/**
 * @param {Console} desk
 * @param {Catatan} first
 * @param {(note: Catatan) => void} edit
 * @param {(note: Catatan) => void} open
 * @param {(note: Catatan) => void} prioritise
 */
function makeRow(desk, first, edit, open, prioritise) {
  /** @type {{note: Catatan}} */
  const held = { note: first };
  const row = el(
    "li",
    { class: "note-row", "data-testid": "catatan-baris" },
    el("div", { class: "note-row-head" }, el("span", { class: "note-kind", "data-part": "jenis" }), el("span", { class: "soft small", "data-part": "when" })),
    el("p", { class: "strong", "data-part": "words" }),
    el("p", { class: "soft small", "data-part": "more" }),
    el("ul", { class: "photos", "data-part": "photos" }),
    el("p", { class: "note-disputed", "data-part": "disputed", "data-testid": "keliru" }),
    el(
      "div",
      { class: "note-row-keys" },
      el("button", { class: "button button-quiet", type: "button", "data-testid": "ubah", onclick: () => edit(held.note) }, t("Ubah")),
      el("button", { class: "button button-quiet", type: "button", "data-testid": "sebut", onclick: () => open(held.note) }, icon("link"), t("Disebut dan riwayat")),
      el("button", { class: "button button-quiet", type: "button", "data-testid": "prioritaskan", "data-part": "prioritas", onclick: () => prioritise(held.note) }, t("Prioritaskan")),
      el("button", { class: "button button-quiet", type: "button", "data-part": "examined", "data-testid": "diperiksa", onclick: () => void examined(desk, held.note) }, t("Sudah diperiksa")),
    ),
  );
  Object.assign(row, { held });
  return row;
}

/** @param {Console} desk @param {HTMLElement} row @param {Catatan} note @param {boolean} marked */
function updateRow(desk, row, note, marked) {
  /** @type {any} */ (row).held.note = note;
  row.dataset.jenis = note.jenis;
  row.dataset.id = note.id;
  row.toggleAttribute("data-new", marked);
  write(part(row, "jenis"), noteWord(note.jenis));
  const mention = mentionIn(note, desk.boot.room_id);
  write(part(row, "when"), [mention ? clockWord(mention.spoken_at) : "", note.label || t("Tanpa kantor")].filter(Boolean).join(" · "));
  write(part(row, "words"), note.judul || note.ucapan);
  row.toggleAttribute("data-disputed", note.keliru !== "");
  write(part(row, "disputed"), note.keliru ? t("Kata desa, ada yang keliru: {kata}", { kata: note.keliru }) : "");
  show(part(row, "examined"), note.keliru !== "");
  show(part(row, "prioritas"), note.jenis === "usulan");
  const priority = /** @type {HTMLButtonElement} */ (part(row, "prioritas"));
  priority.disabled = Boolean(note.diprioritaskan_at);
  write(priority, note.diprioritaskan_at ? t("Diprioritaskan") : t("Prioritaskan"));
  showPhotos(part(row, "photos"), desk.boot.base, note.foto);
  write(part(row, "more"), note.judul && note.ucapan ? `“${note.ucapan}”` : "");
}

/** The list comes anew by itself once this is kept. @param {Console} desk @param {Catatan} note */
async function examined(desk, note) {
  try {
    await request("POST", `${desk.boot.base}api/v1/catatan/${note.id}/diperiksa`, {});
  } catch (why) {
    desk.toast(/** @type {Error} */ (why).message);
  }
}

/** @param {Console} desk @param {() => void} changed @returns {(note: Catatan) => void} */
function bindDialog(desk, changed) {
  const dialog = byId("note", HTMLDialogElement);
  const where = byId("mention-where", HTMLSelectElement);
  const time = byId("mention-time", HTMLInputElement);
  /** @type {Catatan | null} */
  let note = null;
  /** The mention that is being moved; null while a new one is added. @type {Mention | null} */
  let moving = null;

  byId("note-close", HTMLButtonElement).addEventListener("click", () => dialog.close());
  byId("mention-cancel", HTMLButtonElement).addEventListener("click", () => prepare(null));
  where.addEventListener("change", () => {
    const turn = desk.list("history").find((/** @type {any} */ one) => one.turn_id === whereOf(where.value).turn_id);
    if (turn && !moving) time.value = clockValue(turn.started_at);
  });
  byId("mention-form", HTMLFormElement).addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!note) return;
    const body = { id: moving?.id ?? newId(), spoken_at: instantOf(time.value, moving?.spoken_at ?? desk.wire.serverNow()), ...whereOf(where.value) };
    try {
      await request("POST", `${desk.boot.base}api/v1/catatan/${note.id}/penyebutan`, body);
      await load(note.id);
      changed();
    } catch (why) {
      const fields = why instanceof Refusal ? Object.values(why.fields).join(" ") : "";
      write(byId("mention-error", HTMLElement), fields || /** @type {Error} */ (why).message);
    }
  });

  /** @param {Mention | null} mention */
  function prepare(mention) {
    moving = mention;
    const last = desk.list("history").at(-1);
    fillPlaces(desk, where, mention ?? { turn_id: last?.turn_id ?? null, seat_id: last?.seat_id ?? null });
    time.value = clockValue(mention?.spoken_at ?? last?.started_at ?? desk.wire.serverNow());
    write(byId("mention-title", HTMLElement), mention ? t("Pindahkan yang {jam}", { jam: clockSecondsWord(mention.spoken_at) }) : t("Tambahkan penyebutan"));
    write(byId("mention-save", HTMLElement), mention ? t("Pindahkan") : t("Tambahkan"));
    write(byId("mention-error", HTMLElement), "");
    show(byId("mention-cancel", HTMLElement), mention !== null);
    if (mention) where.focus();
  }

  /** @param {string} id */
  async function load(id) {
    note = /** @type {Catatan} */ (await get(`${desk.boot.base}api/v1/catatan/${id}`));
    write(byId("note-title", HTMLElement), note.judul || note.ucapan);
    refill(byId("mentions", HTMLElement), note.penyebutan.map((mention) => mentionRow(desk, mention, prepare)));
    refill(byId("note-history", HTMLElement), [...(note.riwayat ?? [])].reverse().map((change) => historyRow(desk, change)));
    prepare(null);
  }

  return (one) => {
    void load(one.id).then(() => dialog.showModal()).catch((why) => desk.toast(why.message));
  };
}

/** @param {Console} desk @param {Mention} mention @param {(mention: Mention) => void} move */
function mentionRow(desk, mention, move) {
  return el(
    "li",
    { class: "side-row" },
    el("span", { class: "history-time" }, clockSecondsWord(mention.spoken_at)),
    el("div", { class: "list-main" }, el("p", { class: "strong" }, labelOf(desk, mention)), el("p", { class: "soft small" }, mention.spoken ? t("Dicatat saat diucapkan") : t("Ditambahkan kemudian"))),
    el("button", { class: "button", type: "button", "data-testid": "pindahkan", onclick: () => move(mention) }, t("Pindahkan")),
  );
}

/** @param {Console} desk @param {NonNullable<Catatan["riwayat"]>[number]} change */
function historyRow(desk, change) {
  const words = { dibuat: t("Dicatat"), penyebutan: t("Penyebutan"), kode_wilayah: t("Desa"), seat_id: t("Kantor"), tahap: t("Tahap"), putusan: t("Putusan"), mungkin_sama: t("Mungkin sama dengan catatan lain"), diprioritaskan_by: t("Diprioritaskan"), foto: t("Foto"), keliru: t("Kata desa, ada yang keliru"), diperiksa: t("Kata desa diperiksa") };
  const name = /** @type {Record<string, string>} */ (words)[change.field] ?? change.field.replaceAll("_", " ");
  if (change.field === "mungkin_sama") {
    return el("li", null, el("span", { class: "soft small" }, clockWord(change.at)), el("span", null, el("strong", null, `${name}: `), change.new ? t("ditautkan") : t("tautan dilepas")));
  }
  if (change.field === "foto") {
    return el("li", null, el("span", { class: "soft small" }, clockWord(change.at)), el("span", null, el("strong", null, `${name}: `), change.new ? t("ditambahkan") : t("dibuang")));
  }
  const now = change.new ? plainValue(desk, change.new) : t("kosong");
  const between = change.old ? t("{lama} menjadi {baru}", { lama: plainValue(desk, change.old), baru: now }) : now;
  return el("li", null, el("span", { class: "soft small" }, clockWord(change.at)), el("span", null, el("strong", null, `${name}: `), between));
}

/**
 * A stored value as people say it: an office by its name, a stage by its word.
 * @param {Console} desk
 * @param {string} value
 */
function plainValue(desk, value) {
  const seat = desk.list("seats").find((/** @type {Seat} */ one) => one.seat_id === value || one.kode_wilayah === value);
  return seat?.label ?? tahapWords(value, value);
}

/** @param {number} at @returns {string} for an input of type time */
function clockValue(at) {
  return clockSecondsWord(at).replaceAll(".", ":");
}

/**
 * The instant of a time of day, on the day of `near`.
 * @param {string} value `10:42:07`
 * @param {number} near ms since the epoch
 */
function instantOf(value, near) {
  const [hours = 0, minutes = 0, seconds = 0] = value.split(":").map(Number);
  const same = clockValue(near) === value;
  return same ? near : new Date(near).setHours(hours, minutes, seconds, 0);
}
