// What an office reads about itself.
import assert from "node:assert/strict";
import { test } from "node:test";
import { stateWords } from "../../webclient/static/js/desa/state_words.js";

/** What an office sees; `it` changes parts of it. */
function seen(it = {}) {
  return {
    opened: { audio: {}, video: {}, reach: "lengkap", trouble: null }, soundOn: true, onAir: false, cut: false, between: null,
    ...it,
    own: { seat_id: "a", label: "Tamansari, Kec. Licin", state: "menyimak", place: null, reason: null, passed: 0, connected: true, can_publish: true, consent: "direkam", requests: [], ...it.own },
    session: { status: "berlangsung", item_kind: "dialog", queue_open: true, settings: {}, ...it.session },
    turn: it.turn ? { seat_id: "a", media: "panggilan", label: "Tamansari, Kec. Licin", ...it.turn } : null,
  };
}
const said = (it) => Object.values(stateWords(seen(it))).join(" | ");

test("a closed meeting is headed as closed, whatever the office waited for", () => {
  for (const state of ["menyimak", "menunggu"]) {
    const { word, look } = stateWords(seen({ own: { state, place: 2, reason: "naskah" }, session: { status: "ditutup", queue_open: false } }));
    assert.deepEqual([word, look], ["Rapat sudah ditutup", "menyimak"]);
  }
});

test("without a microphone the office reads that it cannot be called by picture and sound, and what to do", () => {
  const silent = { own: { can_publish: false }, opened: { audio: null, video: null, reach: "menyimak", trouble: "tidak_ada" } };
  assert.match(said(silent), /dapat mengangkat tangan.*Tanpa mikrofon.*belum dapat dipanggil.*Periksa kabelnya.*lewat telepon/);
  assert.match(said({ ...silent, own: { ...silent.own, state: "menunggu", place: 1, reason: "urutan_datang" } }), /Tanpa mikrofon/);
  assert.doesNotMatch(said({}), /Tanpa mikrofon/);
  assert.doesNotMatch(said({ ...silent, own: { can_publish: false, connected: false } }), /Tanpa mikrofon/, "a companion beside no device yet");
});

test("who is interrupted reads that the turn waits and the clock stands", () => {
  const own = { state: "disela" };
  assert.match(said({ own, turn: {}, between: { kind: "tanggapan" }, onAir: true }), /Giliran dijeda.*dilanjutkan setelah tanggapan.*tetap terlihat.*waktunya berhenti/);
  assert.match(said({ own, turn: {}, between: { kind: "interupsi" } }), /dilanjutkan setelah interupsi.*Waktunya berhenti.*tidak disiarkan/);
});

test("who answers or interrupts is told so at once, and of the air only once it is there", () => {
  for (const [state, head] of [["tanggapan", "Bapak/Ibu diminta menanggapi"], ["interupsi", "Interupsi Bapak/Ibu"]]) {
    const it = { own: { state }, between: { kind: state, media: "panggilan" }, turn: { seat_id: "b", label: "Kalibaru" } };
    assert.equal(stateWords(seen(it)).word, head);
    assert.match(said(it), /sedang disambungkan/);
    assert.match(said({ ...it, onAir: true }), /sedang disiarkan/);
    assert.match(said({ ...it, between: { kind: state, media: "lewat_telepon" } }), /lewat telepon/);
  }
});

test("passed over, closed queue and a cut line are said in plain words", () => {
  assert.match(said({ own: { state: "menunggu", place: 1, reason: "naskah", passed: 1 } }), /Dilewati dulu.*tempat Bapak\/Ibu tetap/);
  assert.match(said({ own: { state: "menunggu", place: 1, reason: "naskah", undone: true } }), /dibatalkan; tempat Bapak\/Ibu tetap\. Dasar urutan/);
  assert.match(said({ session: { queue_open: false } }), /Antrean untuk acara ini sedang ditutup/);
  assert.deepEqual(stateWords(seen({ own: { state: "giliran" }, turn: {}, cut: true })).look, "terputus");
});

test("a telephone call that took the microphone is said, and that nobody has to do anything", () => {
  for (const state of ["bersiap", "giliran"]) {
    assert.match(said({ own: { state }, away: true, onAir: true }), /dipakai telepon.*kembali sendiri/, state);
    assert.doesNotMatch(said({ own: { state }, away: false, onAir: true }), /dipakai telepon/, state);
  }
});

test("who is not known to be the office reads so, whatever it waited for", () => {
  assert.match(said({ own: { state: "menunggu", place: 2, reason: "naskah", held_off: true } }), /belum dikenali.*Hubungi petugas bantuan/);
});
