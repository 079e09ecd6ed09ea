// Who needs help, the worst first.
import assert from "node:assert/strict";
import { test } from "node:test";
import { troubleOf, worstFirst } from "../../webclient/static/js/desk/troubles.js";

const seat = (it = {}) => ({ seat_id: "a", label: "A", kind: "dialog", connected: true, can_publish: true, consent: "direkam", wajah: "dikenal", alat: 1, panel: true, ...it });
const about = (it = {}) => ({ health: { lost: 0, seen: true, speaking: false, narrow: false }, check: undefined, asks: false, near: false, came: true, began: true, ...it });
const words = (s, a) => troubleOf(seat(s), about(a))?.words ?? [];

test("an office that is well is not listed", () => {
  assert.equal(troubleOf(seat(), about()), null);
  assert.equal(troubleOf(seat({ wajah: null }), about()), null);
  assert.equal(troubleOf(seat({ consent: "tanpa_rekaman", can_publish: false, wajah: "belum", panel: false }), about()), null, "it only listens, by its own choice");
  assert.equal(troubleOf(seat({ connected: false }), about({ came: false, began: false, health: undefined })), null, "nobody is late before the opening");
});

test("each trouble has its word", () => {
  assert.deepEqual(words({ connected: false }, { came: false, health: undefined }), ["Belum pernah masuk"]);
  assert.deepEqual(words({ connected: false }, { health: undefined }), ["Terputus"]);
  assert.deepEqual(words({ can_publish: false }), ["Tanpa mikrofon"]);
  assert.deepEqual(words({ wajah: "belum" }), ["Belum dilihat"]);
  assert.deepEqual(words({ wajah: "bukan" }), ["Ditahan: bukan kantor ini"]);
  assert.deepEqual(words({}, { health: { lost: 0.12, seen: false, speaking: false, narrow: false } }), ["Suara hilang 12 %", "Gambar tidak sampai"]);
  assert.deepEqual(words({}, { health: { lost: 0, seen: true, speaking: false, narrow: true } }), ["Jaringan hanya cukup untuk suara"]);
});

test("who asks comes first, who is about to speak before who listens", () => {
  const list = [
    troubleOf(seat({ seat_id: "late", connected: false, kind: "menyimak" }), about({ came: false, health: undefined })),
    troubleOf(seat({ seat_id: "mute", can_publish: false }), about()),
    null,
    troubleOf(seat({ seat_id: "asks" }), about({ asks: true })),
    troubleOf(seat({ seat_id: "near", can_publish: false }), about({ near: true })),
    troubleOf(seat({ seat_id: "gone", connected: false }), about({ health: undefined })),
  ];
  assert.deepEqual(worstFirst(list).map((one) => one.seat.seat_id), ["near", "asks", "gone", "mute", "late"]);
});
