// Camera and microphone that answer late, never, or to a wish that nobody has any more.
import assert from "node:assert/strict";
import { test } from "node:test";
import { OwnMedia } from "../../webclient/static/js/room/self.js";
import { Clock } from "./fakes.js";

class Track extends EventTarget {
  readyState = "live";
  constructor(kind, of) {
    super();
    this.kind = kind;
    this.of = of;
  }
  stop() { this.readyState = "ended"; }
}

/** Devices that answer when they are told to. */
class Drivers extends EventTarget {
  questions = [];
  streams = [];
  getUserMedia(wish) {
    return new Promise((answer, refuse) => this.questions.push({ wish, answer, refuse }));
  }
  answer(i) {
    const tracks = ["audio", "video"].map((kind) => new Track(kind, i));
    this.streams[i] = tracks;
    this.questions[i].answer({
      getAudioTracks: () => tracks.filter((t) => t.kind === "audio"),
      getVideoTracks: () => tracks.filter((t) => t.kind === "video"),
    });
    return turn();
  }
  live(i) { return this.streams[i].every((t) => t.readyState === "live"); }
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

function scene() {
  const drivers = new Drivers();
  Object.defineProperty(globalThis.navigator, "mediaDevices", { value: drivers, configurable: true });
  const clock = new Clock();
  const sent = [];
  const media = new OwnMedia({ send: (audio, video) => sent.push([audio, video]), sendSmall: () => {} }, clock);
  media.want(true);
  // What the page's live region was told.
  const region = { textContent: "" };
  globalThis.document = { getElementById: () => region };
  const settled = [];
  const open = (wish) => void media.open(wish).then(() => settled.push(media.opened.trouble));
  return { drivers, clock, media, sent, settled, open, region };
}

test("devices that answer are in use at once", async () => {
  const { drivers, media, sent, settled, open } = scene();
  open();
  await drivers.answer(0);
  assert.deepEqual(settled, [null]);
  assert.equal(media.canPublish, true);
  assert.deepEqual(sent.at(-1).map((t) => t.kind), ["audio", "video"]);
});

test("devices that stay silent keep nobody waiting, and are used when they answer later", async () => {
  const { drivers, clock, media, sent, settled, open } = scene();
  open();
  clock.advance(7_999);
  await turn();
  assert.deepEqual(settled, []);
  clock.advance(1);
  await turn();
  assert.deepEqual(settled, ["belum_menjawab"]);
  assert.equal(media.canPublish, false);
  await drivers.answer(0);
  assert.equal(media.canPublish, true);
  assert.equal(media.opened.trouble, null);
  assert.equal(sent.at(-1)[0], media.opened.audio);
  clock.advance(60_000);
  assert.equal(media.canPublish, true, "patience ends once");
});

test("the later wish wins, whichever answers first, and the other stream is closed", async () => {
  for (const order of [[0, 1], [1, 0]]) {
    const { drivers, clock, media, settled, open } = scene();
    open({ cameraId: "old" });
    open({ cameraId: "new" });
    for (const i of order) await drivers.answer(i);
    assert.equal(media.opened.audio.of, 1);
    assert.equal(drivers.live(0), false);
    assert.equal(drivers.live(1), true);
    assert.equal(settled.length, 2, "nobody waits for ever");
    clock.advance(60_000);
    assert.equal(media.opened.trouble, null);
  }
});

test("what answers after everything was switched off is switched off too", async () => {
  const { drivers, media, sent, open } = scene();
  open();
  media.close();
  await drivers.answer(0);
  assert.equal(drivers.live(0), false);
  assert.equal(media.canPublish, false);
  assert.deepEqual(sent.at(-1), [null, null]);
});

test("a change of cables while an answer is on the way asks nothing anew", async () => {
  const { drivers, clock, media, open, region } = scene();
  open();
  await drivers.answer(0);
  open();
  drivers.dispatchEvent(new Event("devicechange"));
  assert.equal(drivers.questions.length, 2);
  clock.advance(8_000);
  drivers.dispatchEvent(new Event("devicechange"));
  assert.equal(drivers.questions.length, 3, "one that hangs is asked again");
  await drivers.answer(1);
  await drivers.answer(2);
  assert.equal(drivers.live(1), false);
  assert.equal(media.opened.audio.of, 2);
  assert.notEqual(region.textContent, "");
});
