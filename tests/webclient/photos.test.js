// Photos on their way to a note: when they go out, and what becomes of one that is refused.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Photos } from "../../webclient/static/js/photos.js";

const asked = [];
let answer = () => ({ status: 201 });

beforeEach(() => {
  asked.length = 0;
  globalThis.fetch = async (url, { method, body }) => {
    asked.push([method, url, body.size]);
    const { status, content = {} } = answer();
    return { status, ok: status < 300, json: async () => content };
  };
  // How pictures are made small is seen in real browsers.
  globalThis.createImageBitmap = async () => ({ width: 40, height: 20, close: () => {} });
  globalThis.document = {
    createElement: () => ({ getContext: () => ({ drawImage: () => {} }), toBlob: (done) => done(new Blob(["small"])) }),
  };
});

/** Everything here answers within the loop's next turns: no time passes. */
async function settled() {
  for (let turn = 0; turn < 50; turn++) await new Promise((next) => setImmediate(next));
}

test("a photo waits for its note and goes out once", async () => {
  const photos = new Photos("/s/a/");
  await photos.add("n1", new Blob(["large"]), false);
  photos.retry();
  await settled();
  assert.deepEqual([asked, photos.of("n1").length], [[], 1]);
  const [{ id }] = photos.of("n1");
  await photos.release("n1");
  photos.retry();
  await settled();
  assert.deepEqual([asked, photos.of("n1")], [[["PUT", `/s/a/api/catatan/n1/foto/${id}`, 5]], []]);
});

test("without a line it stays and is not asked about its note again", async () => {
  answer = () => { throw new TypeError("no line"); };
  const photos = new Photos("/s/a/");
  await photos.add("n1", new Blob(["large"]), true);
  await settled();
  assert.equal(photos.of("n1").length, 1);
  answer = () => ({ status: 201 });
  photos.retry();
  await settled();
  assert.deepEqual([asked.length, photos.of("n1")], [2, []]);
});

test("a refused one says why, holds up no other, and goes only when somebody throws it away", async () => {
  const answers = [{ status: 422, content: { title: "Perbaiki", fields: { foto: "Foto itu rusak." } } }, { status: 201 }];
  answer = () => answers.shift();
  const photos = new Photos("/s/a/");
  await photos.add("n1", new Blob(["one"]), false);
  await photos.add("n1", new Blob(["two"]), false);
  await photos.release("n1");
  await settled();
  const left = photos.of("n1");
  assert.deepEqual(left.map((one) => one.wrong), ["Foto itu rusak."]);
  await photos.drop(left[0].id);
  assert.deepEqual([asked.length, photos.of("n1")], [2, []]);
});

test("what a page that ended did not say is made good by the next", async () => {
  answer = () => ({ status: 201 });
  const photos = new Photos("/s/a/");
  await photos.add("taken", new Blob(["one"]), false);
  await photos.add("draft", new Blob(["two"]), false);
  await photos.releaseAllBut(new Set(["draft"]));
  await settled();
  assert.deepEqual([photos.of("taken").length, photos.of("draft").length], [0, 1]);
});
