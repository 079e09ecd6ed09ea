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

test("what hangs on the old line is sent anew at once when the line is back", async () => {
  const asked = [];
  let now = 0;
  const clock = mock.method(performance, "now", () => now);
  globalThis.fetch = (url, { signal }) => {
    asked.push(url);
    if (asked.length > 1) return Promise.resolve({ status: 200, ok: true, json: async () => ({ id: "n1" }) });
    return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  };
  const outbox = new Outbox("/s/a/");
  const gone = new Promise((done) => outbox.follow(() => {}, done));
  const first = outbox.submit(own({ version: 3 }));
  await new Promise((soon) => setImmediate(soon));
  outbox.retry(); // too early to take it for hanging
  assert.equal(asked.length, 1);
  now = 6_000;
  outbox.retry();
  assert.equal(await first, "kirim");
  await gone;
  assert.deepEqual([asked.length, outbox.list()], [2, []]);
  clock.mock.restore();
});

test("what is typed while it is on its way becomes a change, and what is thrown away stays away", async () => {
  const answers = [];
  globalThis.fetch = () => new Promise((answer, fail) => answers.push({ answer, fail }));
  const outbox = new Outbox("/s/a/");
  const one = own({ version: 3 });
  const sent = outbox.submit(one);
  await new Promise((soon) => setImmediate(soon));
  one.words = { judul: "Embung besar" };
  one.state = "draf";
  answers[0].answer({ status: 200, ok: true, json: async () => ({ id: "n1", version: 4 }) });
  assert.equal(await sent, "draf");
  assert.deepEqual([outbox.list(), one.version], [[one], 4]);
  const again = outbox.submit(one);
  await new Promise((soon) => setImmediate(soon));
  await outbox.drop(one.id);
  answers[1].fail(new TypeError("no line"));
  await again;
  assert.deepEqual(outbox.list(), []);
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
  const refused = [];
  outbox.follow(() => {}, () => {}, (it) => refused.push(it));
  assert.equal(await outbox.submit(one), "salah");
  assert.deepEqual([outbox.list(), refused, one.wrong], [[one], [one], { volume: "Isi dengan angka." }]);
});

test("differences are those of meaning", () => {
  const fields = [{ name: "judul", words: "" }, { name: "biaya", words: "", kind: "number" }];
  assert.deepEqual(differences(fields, { judul: " A ", biaya: "Rp 1.000" }, { judul: "A", biaya: "1000" }), []);
  assert.deepEqual(differences(fields, { judul: "A" }, { biaya: "5" }), [
    { name: "judul", mine: "A", theirs: "" }, { name: "biaya", mine: "", theirs: "5" }]);
});
