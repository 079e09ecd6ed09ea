// An office's usulan on their way, with a server made of answers and a device that keeps nothing for good.
import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { Outbox } from "../../webclient/static/js/desa/outbox.js";
import { differences } from "../../webclient/static/js/merge.js";

const own = (more = {}) => ({
  id: "n1", base: "/s/a/", seat: "s", opened_at: 5, words: { judul: "Embung", perkiraan_biaya: "Rp 1.000" }, foto: [],
  version: null, state: "draf", wrong: {}, message: "", stored: null, ...more,
});

/** Answers in turn; null: there is no line. */
function server(...answers) {
  const asked = [];
  globalThis.fetch = async (url, { method, body }) => {
    asked.push([method, url, body && JSON.parse(body)]);
    const answer = answers.shift();
    if (!answer) throw new TypeError("no line");
    const [status, content] = answer;
    return { status, ok: status < 300, json: async () => content };
  };
  return asked;
}

test("without a line it stays, and goes out once when the line is back", async () => {
  const asked = server(null, [201, { id: "n1" }], [200, { id: "n1", tahap: "draf" }]);
  const outbox = new Outbox("/s/a/");
  const taken = [];
  outbox.follow(() => {}, (note) => taken.push(note));
  assert.equal(await outbox.submit(own()), "kirim");
  assert.equal(outbox.list().length, 1);
  const gone = new Promise((done) => outbox.follow(() => !outbox.list().length && done(), (note) => taken.push(note)));
  outbox.retry();
  outbox.retry(); // two reasons at once to try again
  await gone;
  assert.deepEqual(taken, [{ id: "n1", tahap: "draf" }]);
  assert.deepEqual(asked.map(([method, url]) => `${method} ${url}`), [
    "POST /s/a/api/v1/catatan", "POST /s/a/api/v1/catatan", "POST /s/a/api/v1/catatan/n1/konfirmasi"]);
  assert.deepEqual([asked[1][2].id, asked[1][2].perkiraan_biaya, asked[1][2].instant.spoken_at], ["n1", 1000, 5]);
});

test("a line that comes back while a failure is still being kept does not stop the next try", async () => {
  const asked = server(null, [200, { id: "n1" }]);
  const outbox = new Outbox("/s/a/");
  const one = own({ version: 3 });
  const clone = mock.method(globalThis, "structuredClone", (/** @type {object} */ kept) => {
    if (asked.length === 1) outbox.retry();
    return { ...kept };
  });
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    assert.equal(await outbox.submit(one), "kirim");
    assert.equal(asked.length, 1);
    const gone = new Promise((done) => outbox.follow(() => !outbox.list().length && done(undefined), () => {}));
    mock.timers.tick(60_000);
    assert.equal(asked.length, 2);
    await gone;
  } finally {
    mock.timers.reset();
    clone.mock.restore();
  }
});

test("another version on the server waits for a person, and what was chosen names that version", async () => {
  const stored = { id: "n1", version: 4, judul: "Embung desa" };
  const asked = server([409, { code: "conflict", title: "Beda", stored }], [200, stored]);
  const outbox = new Outbox("/s/a/");
  const one = own({ version: 3 });
  assert.equal(await outbox.submit(one), "beda");
  outbox.retry();
  assert.deepEqual([asked.length, one.stored], [1, stored]);
  one.version = one.stored.version;
  assert.equal(await outbox.submit(one), "terkirim");
  assert.deepEqual([asked[1][0], asked[1][2].version], ["PATCH", 4]);
});

test("a refusal keeps the words and says what is wrong", async () => {
  server([422, { code: "bad_fields", title: "Perbaiki", fields: { volume: "Isi dengan angka." } }]);
  const outbox = new Outbox("/s/a/");
  const one = own();
  assert.equal(await outbox.submit(one), "salah");
  assert.deepEqual([outbox.list(), one.wrong], [[one], { volume: "Isi dengan angka." }]);
});

test("differences are those of meaning", () => {
  const fields = [{ name: "judul", words: "" }, { name: "biaya", words: "", kind: "number" }];
  assert.deepEqual(differences(fields, { judul: " A ", biaya: "Rp 1.000" }, { judul: "A", biaya: "1000" }), []);
  assert.deepEqual(differences(fields, { judul: "A" }, { biaya: "5" }), [
    { name: "judul", mine: "A", theirs: "" }, { name: "biaya", mine: "", theirs: "5" }]);
});
