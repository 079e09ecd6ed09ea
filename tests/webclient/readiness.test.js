// What was seen at a door is told until it has arrived.
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { Readiness } from "../../webclient/static/js/room/readiness.js";

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("what did not arrive is told again by itself, what did is told once", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const told = [];
  let line = false;
  globalThis.fetch = async (_url, { body }) => {
    told.push(JSON.parse(body).pengeras);
    if (!line) throw new TypeError("no line");
    return { status: 204, ok: true };
  };
  const readiness = new Readiness("/s/g/");
  readiness.note({ pengeras: "terdengar" });
  await readiness.tell();
  await settled();
  assert.deepEqual(told, ["terdengar"]);
  line = true;
  mock.timers.tick(60_000);
  await settled();
  assert.deepEqual(told, ["terdengar", "terdengar"]);
  await readiness.tell();
  mock.timers.tick(60_000);
  await settled();
  assert.deepEqual(told, ["terdengar", "terdengar"]);
  mock.timers.reset();
});
