// Which device has the seat: over short breaks, long breaks and takeovers.
import assert from "node:assert/strict";
import { test } from "node:test";
import { SeatDevice } from "../../webclient/static/js/room/device.js";
import { world } from "./fakes.js";

class FakeCall {
  log = [];
  join(epoch) { this.log.push(`join ${epoch}`); }
  follow(epoch) { this.log.push(`follow ${epoch}`); }
  leave() { this.log.push("leave"); }
  onState() {}
}

function scene() {
  const it = world();
  const call = new FakeCall();
  const device = new SeatDevice(it.wire, call);
  const lost = [];
  device.onTaken(() => lost.push(true));
  it.welcome();
  /** The server's answer to what was said so far. */
  const answer = (taken) => {
    if (taken) it.last().say({ type: "error", command_id: null, code: "seat_taken", message: "" });
    it.last().say({ type: "pong", now: 0 });
  };
  const back = (ms) => {
    it.last().drop();
    it.clock.advance(ms);
    it.welcome();
  };
  return { ...it, call, device, lost, answer, back };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

test("a free seat is held and the call is joined", async () => {
  const { call, device, last, answer } = scene();
  const entered = device.enter(true);
  assert.deepEqual(last().ofType("media_state"), [{ type: "media_state", can_publish: true }]);
  assert.deepEqual(call.log, ["follow 1"], "no call before the seat is ours");
  answer(false);
  assert.equal(await entered, true);
  assert.deepEqual(call.log, ["follow 1", "join 1"]);
});

test("a taken seat is left alone until somebody says take", async () => {
  const { call, device, last, answer } = scene();
  const entered = device.enter(true);
  answer(true);
  assert.equal(await entered, false);
  assert.equal(last().ofType("take_seat").length, 0);
  assert.deepEqual(call.log, ["follow 1"]);
  const taken = device.take(false);
  answer(true);
  assert.equal(await taken, true);
  assert.equal(last().ofType("take_seat").length, 1);
  assert.deepEqual(last().ofType("media_state").at(-1), { type: "media_state", can_publish: false });
});

test("after a short break the seat is taken back from our own ghost", async () => {
  const { device, last, answer, back, lost } = scene();
  const entered = device.enter(true);
  answer(false);
  await entered;
  back(500);
  answer(true);
  await turn();
  assert.equal(last().ofType("take_seat").length, 1);
  assert.equal(device.held, true);
  assert.deepEqual(lost, []);
});

test("after a long break a taken seat belongs to another device", async () => {
  const { call, clock, device, last, answer, lost, welcome } = scene();
  const entered = device.enter(true);
  answer(false);
  await entered;
  last().drop();
  clock.advance(500);
  // The network is away: a socket that never opens, for longer than a ghost lives.
  clock.advance(39_000);
  welcome();
  answer(true);
  await turn();
  assert.equal(last().ofType("take_seat").length, 0);
  assert.equal(device.held, false);
  assert.deepEqual(lost, [true]);
  assert.equal(call.log.at(-1), "leave");
});

test("who was taken over stays a companion over reconnects", async () => {
  const { call, device, last, answer, back, lost } = scene();
  const entered = device.enter(true);
  answer(false);
  await entered;
  last().say({ type: "bye", code: 4409, message: "" });
  assert.deepEqual(lost, [true]);
  assert.equal(call.log.at(-1), "leave");
  back(500);
  assert.equal(last().ofType("media_state").length, 0);
});

test("a new media process is followed from both the welcome and the message", async () => {
  const { call, device, last, answer, clock, welcome } = scene();
  const entered = device.enter(true);
  answer(false);
  await entered;
  last().say({ type: "media", worker_epoch: 2 });
  last().drop();
  clock.advance(500);
  welcome(0, 3);
  assert.deepEqual(call.log.slice(2), ["follow 2", "follow 3"]);
});

test("a revoked link ends the call too", async () => {
  const { call, device, last, answer } = scene();
  const entered = device.enter(true);
  answer(false);
  await entered;
  last().drop(4403);
  assert.equal(call.log.at(-1), "leave");
});
