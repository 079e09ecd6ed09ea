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
      getTracks: () => tracks,
    });
    return turn();
  }
  /** One of the two. */
  alone(i, kind) {
    const tracks = [new Track(kind, i)];
    const some = (wanted) => tracks.filter((t) => t.kind === wanted);
    this.questions[i].answer({ getAudioTracks: () => some("audio"), getVideoTracks: () => some("video"), getTracks: () => tracks });
  }
  live(i) { return this.streams[i].every((t) => t.readyState === "live"); }
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

function scene() {
  const drivers = new Drivers();
  Object.defineProperty(globalThis.navigator, "mediaDevices", { value: drivers, configurable: true });
  const clock = new Clock();
  const sent = [];
  const media = new OwnMedia({ send: ({ audio, video }) => sent.push([audio, video]), sendSmall: () => {} }, clock);
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

const refusal = (name) => new DOMException("", name);

test("what did not open is tried again, and its answer is used", async () => {
  const { drivers, clock, media, settled, open } = scene();
  open();
  for (const i of [0, 1, 2]) {
    drivers.questions[i].refuse(refusal("NotReadableError"));
    await turn();
  }
  assert.deepEqual(settled, ["terpakai"]);
  assert.equal(drivers.questions.length, 3);
  clock.advance(1_000);
  for (const i of [3, 4, 5]) {
    drivers.questions[i].refuse(refusal("AbortError"));
    await turn();
  }
  clock.advance(1_999);
  assert.equal(drivers.questions.length, 6, "a little more slowly each time");
  clock.advance(1);
  await drivers.answer(6);
  assert.equal(media.opened.trouble, null);
  assert.equal(media.canPublish, true);
  clock.advance(600_000);
  assert.equal(drivers.questions.length, 7);
});

test("a camera that opens later joins the microphone, which is not disturbed", async () => {
  const { drivers, clock, media, open } = scene();
  open();
  drivers.questions[0].refuse(refusal("NotReadableError"));
  await turn();
  drivers.alone(1, "audio");
  await turn();
  assert.equal(media.opened.reach, "suara_saja");
  const { audio } = media.opened;
  clock.advance(1_000);
  assert.deepEqual(Object.keys(drivers.questions[2].wish), ["video"]);
  drivers.alone(2, "video");
  await turn();
  assert.equal(media.opened.reach, "lengkap");
  assert.equal(media.opened.audio, audio);
  assert.equal(audio.readyState, "live");
});

test("a camera that is waited for is still waited for after the sound came from elsewhere", async () => {
  const { drivers, clock, media, open } = scene();
  open();
  drivers.questions[0].refuse(refusal("NotReadableError"));
  await turn();
  drivers.alone(1, "audio");
  await turn();
  const changed = media.changeSource("mixer");
  drivers.alone(2, "audio");
  await changed;
  clock.advance(1_000);
  assert.deepEqual(Object.keys(drivers.questions[3].wish), ["video"]);
  drivers.alone(3, "video");
  await turn();
  assert.equal(media.opened.reach, "lengkap");
  const { video } = media.opened;
  let listens = 0;
  video.addEventListener = () => { listens += 1; };
  const again = media.changeSource("headset");
  drivers.alone(4, "audio");
  await again;
  assert.equal(media.opened.video, video);
  assert.equal(listens, 0, "the picture is listened to already");
  clock.advance(60_000);
  assert.equal(drivers.questions.length, 5);
});

test("nobody is asked again who has said no, nor for what is not there", async () => {
  for (const name of ["NotAllowedError", "NotFoundError"]) {
    const { drivers, clock, open } = scene();
    open();
    for (const i of [0, 1, 2]) {
      drivers.questions[i].refuse(refusal(name));
      await turn();
    }
    clock.advance(600_000);
    assert.equal(drivers.questions.length, 3);
  }
});

test("a chosen device that is not there is replaced by any other", async () => {
  const { drivers, media, open } = scene();
  open({ cameraId: "gone" });
  drivers.questions[0].refuse(Object.assign(new Error(), { name: "OverconstrainedError" }));
  await turn();
  assert.equal(drivers.questions[1].wish.video.deviceId, undefined);
  await drivers.answer(1);
  assert.equal(media.opened.reach, "lengkap");
});

test("a try that answers after everything was switched off is switched off, too", async () => {
  const { drivers, clock, media, open } = scene();
  open();
  for (const i of [0, 1, 2]) {
    drivers.questions[i].refuse(refusal("NotReadableError"));
    await turn();
  }
  clock.advance(1_000);
  media.close();
  await drivers.answer(3);
  assert.equal(drivers.live(3), false);
  assert.equal(media.canPublish, false);
});

test("a telephone call that takes the microphone is told at once, and what it left silent is opened anew", async () => {
  const { drivers, media, open } = scene();
  open();
  await drivers.answer(0);
  const told = [];
  media.onChange(() => told.push(media.away));
  const rings = (muted) => {
    media.opened.audio.muted = muted;
    media.opened.audio.dispatchEvent(new Event(muted ? "mute" : "unmute"));
  };
  rings(true);
  rings(false);
  assert.deepEqual(told, [true, false]);
  await media.repair();
  assert.equal(drivers.questions.length, 1, "nothing is the matter");
  rings(true);
  const repaired = media.repair();
  await drivers.answer(1);
  await repaired;
  assert.equal(media.away, false);
  assert.deepEqual([drivers.live(0), drivers.live(1)], [false, true]);
});
