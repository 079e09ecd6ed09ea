// Why an office does not hear or is not heard.
import assert from "node:assert/strict";
import { test } from "node:test";
import { A_VOICE, foundWords, lineFound, microphoneFound } from "../../webclient/static/js/desa/sebab.js";

const NOTHING = { sambungan: null, pengeras: null, aula: null, mikrofon: null };

test("a line is cut, weak or good", () => {
  assert.equal(lineFound("waiting", "connected", { lost: 0 }), "putus");
  assert.equal(lineFound("open", "lost", { lost: 0 }), "putus");
  assert.equal(lineFound("open", "connected", { lost: 0.2 }), "lemah");
  assert.equal(lineFound("open", "connected", null), "baik");
});

test("a microphone is absent before it is lent away, off before it is silent", () => {
  const track = { audio: {} };
  assert.equal(microphoneFound({ audio: null }, false, true, 1), "tanpa");
  assert.equal(microphoneFound(track, false, true, 1), "telepon");
  assert.equal(microphoneFound(track, false, false, 1), "mati");
  assert.equal(microphoneFound(track, true, false, A_VOICE / 2), "senyap");
  assert.equal(microphoneFound(track, true, false, A_VOICE), "baik");
});

test("only what was looked at is told, the line first", () => {
  assert.deepEqual(foundWords(NOTHING), []);
  const told = foundWords({ sambungan: "baik", pengeras: "tidak", aula: null, mikrofon: "senyap" });
  assert.equal(told.length, 3);
  assert.match(told[0], /^Sambungan/);
  assert.match(told[1], /nada tidak terdengar/);
  assert.match(told[2], /tidak ada suara masuk/);
});
