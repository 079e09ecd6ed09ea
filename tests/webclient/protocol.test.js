// The wire in virtual time: a fake socket and a fake clock, moved by hand.
import assert from "node:assert/strict";
import { test } from "node:test";
import { newId, Refusal } from "../../webclient/static/js/protocol.js";
import { view, world } from "./fakes.js";

test("the first hello has no resume, a later one names the newest position", () => {
  const { clock, wire, last, welcome } = world();
  welcome();
  assert.deepEqual(last().sent[0], { type: "hello", protocol: 1, resume: null });
  last().say(view(7, { session: { title: "A" } }));
  last().drop();
  clock.advance(500);
  welcome();
  assert.deepEqual(last().sent[0].resume, { epoch: 1, seq: 7 });
  assert.deepEqual(wire.get("session"), { title: "A" }, "sections stay over a reconnect");
});

test("followers see a view whole, and late ones at once", () => {
  const { wire, last, welcome } = world();
  welcome();
  const seen = [];
  wire.subscribe("a", () => seen.push([wire.get("a"), wire.get("b")]));
  last().say(view(1, { a: 1, b: 2 }));
  assert.deepEqual(seen, [[1, 2]]);
  wire.subscribe("b", (b) => seen.push(b));
  const stop = wire.subscribe("a", () => seen.push("stopped"));
  stop();
  last().say(view(2, { a: 3 }));
  assert.deepEqual(seen, [[1, 2], 2, "stopped", [3, 2]]);
});

test("a command resolves with its position, a refused one rejects with its code", async () => {
  const { wire, last, welcome } = world();
  welcome();
  const good = wire.command("request_turn", { topic: "x" });
  const bad = wire.command("withdraw_request");
  assert.deepEqual(last().ofType("request_turn"), [{ type: "request_turn", command_id: "c1", topic: "x" }]);
  last().say({ type: "ack", command_id: "c1", seq: 9 });
  last().say({ type: "error", command_id: "c2", code: "unknown_request", message: "Tidak ada." });
  assert.equal(await good, 9);
  await assert.rejects(bad, (why) => why instanceof Refusal && why.code === "unknown_request" && why.message === "Tidak ada.");
});

test("an unanswered command is sent again with the same id, in order; an answered one is not", async () => {
  const { clock, wire, last, welcome } = world();
  welcome();
  const first = wire.command("a");
  const second = wire.command("b");
  last().say({ type: "ack", command_id: "c1", seq: 1 });
  await first;
  last().drop();
  const third = wire.command("c");
  clock.advance(500);
  welcome();
  assert.deepEqual(last().sent.slice(1), [{ type: "b", command_id: "c2" }, { type: "c", command_id: "c3" }]);
  last().say({ type: "ack", command_id: "c2", seq: 2 });
  last().say({ type: "ack", command_id: "c3", seq: 3 });
  assert.deepEqual(await Promise.all([second, third]), [2, 3]);
});

test("retries back off to 8 s, and start over after a steady connection", () => {
  const { clock, sockets, last, welcome } = world();
  const waits = [];
  for (let i = 0; i < 6; i++) {
    last().drop();
    const [count, from] = [sockets.length, clock.t];
    while (sockets.length === count) clock.advance(100);
    waits.push(clock.t - from);
  }
  assert.deepEqual(waits, [500, 1000, 2000, 4000, 4000, 4000]);
  welcome();
  clock.advance(5000);
  last().drop();
  const count = sockets.length;
  clock.advance(500);
  assert.equal(sockets.length, count + 1);
});

test("a connection that is welcomed and dropped again and again still backs off", () => {
  const { clock, sockets, last, welcome } = world();
  for (const wait of [500, 1000, 2000]) {
    welcome();
    last().drop(4408);
    const count = sockets.length;
    clock.advance(wait - 100);
    assert.equal(sockets.length, count);
    clock.advance(100);
    assert.equal(sockets.length, count + 1);
  }
});

test("a revoked link is the end, a takeover and a restart are not", () => {
  for (const [code, status] of [[4403, "ended"], [4401, "ended"], [4409, "waiting"], [1012, "waiting"]]) {
    const { clock, sockets, wire, last, welcome } = world();
    welcome();
    last().drop(code);
    assert.equal(wire.status, status, String(code));
    clock.advance(60_000);
    assert.equal(sockets.length === 1, status === "ended");
  }
});

test("a line that died without a word is noticed", () => {
  const { clock, sockets, welcome } = world();
  welcome();
  clock.advance(60_000);
  assert.ok(sockets.length > 1);
  assert.ok(sockets[0].closed);
});

test("a line that answers is kept", () => {
  const { clock, sockets, last, welcome } = world();
  welcome();
  for (let i = 0; i < 20; i++) {
    clock.advance(5000);
    if (last().ofType("ping").length) last().say({ type: "pong", now: 0 });
  }
  assert.equal(sockets.length, 1);
});

test("the server's clock is half a round trip ahead of its answer, and the sharpest answer counts", () => {
  const { clock, wire, last } = world();
  last().onopen({});
  clock.advance(400);
  last().say({ type: "welcome", role: "desa", now: 50_000, worker_epoch: 1 });
  assert.equal(wire.serverNow(), 50_200);
  clock.advance(14_600);
  clock.advance(20);
  last().say({ type: "pong", now: 90_000 });
  assert.equal(wire.serverNow(), 90_010);
  clock.advance(15_000);
  clock.advance(900);
  last().say({ type: "pong", now: 1 });
  assert.equal(wire.serverNow(), 90_010 + 15_900, "a slow answer does not blur a sharp one");
});

test("settled says when everything before it was read, or that the line dropped", async () => {
  const { last, wire, welcome } = world();
  assert.equal(await wire.settled(), false, "no line yet");
  welcome();
  const heard = [];
  wire.on("error", (why) => heard.push(why.code));
  wire.tell("media_state", { can_publish: true });
  const settled = wire.settled();
  last().say({ type: "error", command_id: null, code: "seat_taken", message: "" });
  last().say({ type: "pong", now: 0 });
  assert.equal(await settled, true);
  assert.deepEqual(heard, ["seat_taken"]);
  const cut = wire.settled();
  last().drop();
  assert.equal(await cut, false);
});

test("applied is kept with its epoch, also when it comes before the view", () => {
  const { wire, last, welcome } = world();
  welcome();
  last().say({ type: "applied", epoch: 2, seq: 4 });
  last().say(view(4, {}, 2));
  assert.deepEqual(wire.applied, { epoch: 2, seq: 4 });
});

test("ids are UUIDs of version 7", () => {
  const ids = Array.from({ length: 200 }, newId);
  for (const id of ids) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(new Set(ids).size, 200);
});

test("a line in doubt is opened anew unless it answers", async () => {
  const { clock, wire, last, welcome, sockets } = world();
  welcome();
  wire.doubt();
  // The first answers the question that every hello asks.
  for (const now of [50_000, 50_001]) last().say({ type: "pong", now });
  await new Promise((resolve) => setImmediate(resolve));
  clock.advance(4_000);
  assert.equal(sockets.length, 1);
  assert.equal(wire.status, "open");
  wire.doubt();
  clock.advance(4_000);
  assert.equal(sockets.length, 2, "nobody answered, and the try after it is under way");
  assert.equal(sockets[0].closed, true);
});
