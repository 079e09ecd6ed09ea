/**
 * Everything that can be done for one office, also one that only listens: call it (by its room, by telephone,
 * from the hall), take it into the script, register a person, raise or withdraw a hand on its behalf.
 */
import { byId, show } from "../dom.js";
import { newId } from "../protocol.js";
import { t } from "../t.js";
import { correction, offerHak, offerSex, offerUnsur } from "../person.js";
import { checkSentence } from "../sambungan.js";
import { consentWord, seatWord } from "../words.js";
import { faceWord, recognise } from "./faces.js";
import { callSeat } from "./floor.js";
import { scriptOf } from "./operator_board.js";
import { handRow, updateHand } from "./hands.js";
import { Rows, write } from "./rows.js";
import { peopleRows } from "./sanction.js";
import { callsOpen, obstacle, suggested } from "./sections.js";

/** @typedef {import("./console.js").Console} Console */
/** @typedef {import("./sections.js").Seat} Seat */
/** @typedef {import("./sections.js").Hand} Hand */
/** @typedef {import("./sections.js").Peserta} Peserta */

/**
 * @param {Console} desk
 * @param {import("./operator_side.js").CheckOf} checkOf
 * @param {{openHand: (requestId: string) => void, openSanction: (pesertaId: string) => void}} open
 * @returns {(seatId: string) => void} opens the dialog for a seat
 */
export function bindSeatDialog(desk, checkOf, { openHand, openSanction }) {
  const dialog = byId("seat", HTMLDialogElement);
  let seatId = "";
  const seat = () => /** @type {Seat | undefined} */ (desk.list("seats").find((/** @type {Seat} */ one) => one.seat_id === seatId));
  const button = (/** @type {string} */ id) => byId(id, HTMLButtonElement);
  const nama = byId("hand-nama", HTMLInputElement);
  const jabatan = byId("hand-jabatan", HTMLInputElement);
  const topik = byId("hand-topik", HTMLInputElement);
  const sex = byId("hand-lp", HTMLSelectElement);
  const unsur = byId("hand-unsur", HTMLSelectElement);
  const hak = byId("hand-hak", HTMLSelectElement);
  /** @type {Peserta | undefined} */
  let corrected;
  /** @param {Peserta} [one] whose record is to be corrected; nobody: somebody new, or a hand */
  const fill = (one) => {
    corrected = one;
    nama.value = one?.nama ?? "";
    jabatan.value = one?.jabatan ?? "";
    offerSex(sex, one?.jenis_kelamin);
    offerUnsur(unsur, one?.unsur);
    offerHak(hak, one?.hak);
    write(byId("hand-nama-error", HTMLElement), "");
    nama.removeAttribute("aria-invalid");
    write(byId("hand-title", HTMLElement), one ? t("Ubah data {nama}", { nama: one.nama }) : t("Angkat tangan atas nama kantor ini"));
    write(button("hand-register"), one ? t("Simpan perubahan") : t("Daftarkan nama saja"));
    for (const id of ["hand-raise", "hand-topik-part"]) show(byId(id, HTMLElement), !one);
    show(button("hand-leave"), Boolean(one));
  };
  button("hand-leave").addEventListener("click", () => clear());
  const reason = byId("seat-reason", HTMLInputElement);

  button("seat-close").addEventListener("click", () => dialog.close());
  for (const [id, media] of [["seat-call", "panggilan"], ["seat-phone", "lewat_telepon"], ["seat-hall", "hadir_di_aula"]]) {
    const node = button(/** @type {string} */ (id));
    node.addEventListener("click", async () => {
      if (await callSeat(desk, node, { seat_id: seatId }, media, reason.value.trim())) dialog.close();
    });
  }
  reason.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    if (!button("seat-call").disabled) button("seat-call").click();
  });
  button("seat-script").addEventListener("click", () => {
    const script = scriptOf(desk);
    const without = script.filter((one) => one !== seatId);
    void desk.giveBy(button("seat-script"), "set_script", { seat_ids: without.length < script.length ? without : [...script, seatId] });
  });

  button("seat-in-hall").addEventListener("click", () => {
    void desk.giveBy(button("seat-in-hall"), "place_seat", { seat_id: seatId, di_aula: !seat()?.di_aula });
  });

  for (const [id, yes] of /** @type {[string, boolean][]} */ ([["seat-known", true], ["seat-stranger", false]])) {
    button(id).addEventListener("click", () => void recognise(desk, button(id), seatId, yes));
  }

  button("seat-by-phone").addEventListener("click", () => {
    void desk.giveBy(button("seat-by-phone"), "reach_seat", { seat_id: seatId, telepon: !seat()?.telepon });
  });

  const rows = new Rows(byId("seat-hands", HTMLElement), { key: (/** @type {Hand} */ hand) => hand.request_id, make: (hand) => handRow(hand, openHand), update: updateHand });
  const persons = peopleRows(desk, byId("seat-people", HTMLElement), {
    openSanction,
    correct: (one) => {
      fill(one);
      nama.focus();
    },
  });

  /** Registers the typed person, or puts right what is known of them; null when the name is missing or refused. */
  async function register() {
    const name = nama.value.trim();
    write(byId("hand-nama-error", HTMLElement), name ? "" : t("Isi nama orang yang akan bicara."));
    nama.setAttribute("aria-invalid", String(!name));
    if (!name) {
      nama.focus();
      return null;
    }
    const known = corrected ?? people().find((one) => one.nama.toLowerCase() === name.toLowerCase());
    const stands = known && people().find((one) => one.peserta_id === known.peserta_id);
    const typed = { nama: name, jabatan: jabatan.value.trim(), unsur: unsur.value, jenis_kelamin: sex.value, hak: hak.value };
    // Of somebody known by name what is left empty was not asked.
    const shown = corrected ?? { nama: name, jabatan: "", unsur: "", jenis_kelamin: "", hak: "" };
    const fields = stands ? correction(typed, shown, stands) : typed;
    const peserta_id = known?.peserta_id ?? newId();
    return (await desk.give("register_peserta", { peserta_id, seat_id: seatId, ...fields })) ? peserta_id : null;
  }
  const people = () => /** @type {Peserta[]} */ (desk.list("peserta").filter((/** @type {Peserta} */ one) => one.seat_id === seatId));

  /** Does it for the office and the person that the form is about now; another may be in it when it is done.
   *  @param {boolean} raise a hand as well */
  async function save(raise) {
    const [seat_id, mine, topic] = [seatId, corrected, topik.value.trim()];
    const peserta_id = await register();
    if (!peserta_id || (raise && !(await desk.give("request_turn", { request_id: newId(), seat_id, peserta_id, topic })))) return;
    if (seatId === seat_id && corrected === mine) clear();
  }
  byId("seat-form", HTMLFormElement).addEventListener("submit", (event) => {
    event.preventDefault();
    void save(!corrected);
  });
  button("hand-register").addEventListener("click", () => void save(false));
  const clear = () => {
    fill();
    topik.value = "";
    nama.focus();
  };

  desk.onDraw(() => {
    const one = seat();
    if (!dialog.open || !one) return;
    draw(desk, one, checkSentence(checkOf(seatId)));
    rows.show(desk.list("hands").filter((/** @type {Hand} */ hand) => hand.seat_id === seatId && hand.state !== "ditarik" && hand.state !== "terlayani"));
    persons.show(people());
    show(byId("seat-people-part", HTMLElement), people().length > 0);
    byId("hand-known", HTMLElement).replaceChildren(...people().map((person) => new Option(person.jabatan, person.nama)));
  });

  return (id) => {
    seatId = id;
    if (!seat()) return;
    fill();
    topik.value = reason.value = "";
    dialog.showModal();
    desk.redraw();
    // The first thing in a dialog would be its cross; the way on is the call, with a reason or without. Once it is
    // drawn: what the last office left hidden takes no focus.
    queueMicrotask(() => (whyNeeded(desk, seatId) ? reason : button("seat-call")).focus());
  };
}

/**
 * The place that a call of this office would pass over; null when it is the suggested one or nothing is.
 * @param {Console} desk
 * @param {string} seatId
 */
function whyNeeded(desk, seatId) {
  const head = callsOpen(desk.session) ? suggested(desk.list("board")) : null;
  return head && head.seat_id !== seatId ? head : null;
}

/**
 * @param {Console} desk
 * @param {Seat} seat
 * @param {string} check of its line, in words
 */
function draw(desk, seat, check) {
  const passed = whyNeeded(desk, seat.seat_id);
  show(byId("seat-why", HTMLElement), passed !== null);
  write(byId("seat-suggested", HTMLElement), passed ? t("Urutan menyarankan {tempat}. Mengapa kantor ini dulu?", { tempat: passed.label }) : "");
  const why = obstacle(seat);
  write(byId("seat-label", HTMLElement), seat.label);
  const facts = [seatWord(seat.kind), seat.connected ? t("Tersambung") : t("Belum tersambung"), faceWord(seat), consentWord(seat.consent), seat.di_aula ? t("alatnya di Aula") : "", seat.telepon ? t("lewat telepon") : "", seat.turns ? t("{kali} kali bicara", { kali: seat.turns }) : t("belum pernah bicara"), check];
  write(byId("seat-facts", HTMLElement), facts.filter(Boolean).join(" · "));
  const open = callsOpen(desk.session);
  const speaking = desk.turn?.seat_id === seat.seat_id;
  byId("seat-call", HTMLButtonElement).disabled = !open || why !== "" || speaking;
  byId("seat-call", HTMLButtonElement).title = why;
  const heard = seat.consent !== "tanpa_rekaman";
  for (const id of ["seat-phone", "seat-hall"]) byId(id, HTMLButtonElement).disabled = !open || !heard || speaking;
  const place = byId("seat-in-hall", HTMLButtonElement);
  show(place, seat.kind !== "aula" && desk.session?.status !== "ditutup");
  place.setAttribute("aria-pressed", String(seat.di_aula));
  place.title = seat.di_aula ? t("Suara Aula tidak diputar di alat ini, dan sebaliknya") : t("Tekan bila alat kantor ini ada di Aula, supaya suaranya tidak bergema");
  const phone = byId("seat-by-phone", HTMLButtonElement);
  show(phone, seat.kind !== "aula" && desk.session?.status !== "ditutup");
  phone.setAttribute("aria-pressed", String(seat.telepon));
  phone.title = seat.telepon ? t("Panggil menghubungkannya lewat telepon") : t("Tekan bila jaringan atau alatnya gagal: Panggil lalu berarti lewat telepon");
  const looked = seat.connected && seat.wajah !== null && desk.session?.status !== "ditutup";
  show(byId("seat-face", HTMLElement), looked);
  write(byId("seat-face-words", HTMLElement), seat.wajah === "bukan" ? t("Orang di sana bukan kantor ini: tidak dapat dipanggil. Bila keliru, tekan Kenal.") : seat.wajah === "dikenal" ? t("Orang di sana sudah dikenal petugas.") : t("Kenalkah Anda orang di sana? Tautannya dapat diteruskan kepada orang lain."));
  byId("seat-known", HTMLButtonElement).setAttribute("aria-pressed", String(seat.wajah === "dikenal"));
  byId("seat-stranger", HTMLButtonElement).setAttribute("aria-pressed", String(seat.wajah === "bukan"));
  const script = byId("seat-script", HTMLButtonElement);
  show(script, seat.kind !== "aula" && desk.session?.status !== "ditutup");
  write(script, scriptOf(desk).includes(seat.seat_id) ? t("Keluarkan dari naskah") : t("Masukkan ke naskah"));
}
