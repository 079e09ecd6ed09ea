// What the card of who is next says of its place.
import assert from "node:assert/strict";
import { test } from "node:test";
import { shortLines } from "../../webclient/static/js/desk/kartu.js";

const usulan = (judul, putusan = "menunggu") => ({ judul, putusan });
const janji = (terlambat) => ({ terlambat });

test("nothing known of a place is no line", () => {
  assert.deepEqual(shortLines({ usulan: [], lalu: [], janji: [] }), []);
});

test("its list, what became of last year's, and what is overdue", () => {
  const card = { usulan: [usulan("Jembatan"), usulan("Irigasi")], lalu: [usulan("Embung", "diakomodir"), usulan("Talud", "ditolak")], janji: [janji(true), janji(false)] };
  assert.deepEqual(shortLines(card), ["Usulan tahun ini 2: Jembatan", "Tahun lalu: 1 dari 2 diakomodir", "Janji terbuka: 2, 1 lewat tenggat"]);
  assert.deepEqual(shortLines({ usulan: [], lalu: [], janji: [janji(false)] }), ["Janji terbuka: 1"]);
});
