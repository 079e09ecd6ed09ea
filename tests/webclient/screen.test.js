// A shared screen: sent only while the meeting grants it, ended with whatever ended it, and taken up after a cut.
import assert from "node:assert/strict";
import { test } from "node:test";
import { canCapture, SharedScreen } from "../../webclient/static/js/room/screen.js";
import { view, world } from "./fakes.js";

globalThis.document = { getElementById: () => null };

class Track extends EventTarget {
  readyState = "live";
  stop() { this.readyState = "ended"; }
}

/** An office that has the floor; `refuses`: what the browser answers instead of a screen. */
async function scene({ kind = "desa", refuses = null } = {}) {
  const it = world();
  const track = new Track();
  Object.defineProperty(globalThis, "navigator", {
    configurable: true,
    value: { mediaDevices: { getDisplayMedia: async () => { if (refuses) throw refuses; return { getVideoTracks: () => [track] }; } } },
  });
  const sent = [];
  const call = { onState: () => {}, send: ({ screen }) => sent.push(screen) };
  const device = { held: true };
  let seq = 0;
  const says = (screen, state = "giliran") =>
    it.last().say(view(++seq, { own: { kind, state, screen: { may: true, shared: false, ended: null, ...screen } }, session: { status: "berlangsung" } }));
  it.welcome();
  const screen = new SharedScreen(it.wire, call, device, "s");
  says({});
  const asked = () => it.last().ofType("share_screen").map((m) => m.shared);
  const on = () => sent.at(-1) === track;
  return { ...it, screen, track, device, says, asked, on };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));
const started = async (wish) => {
  const it = await scene(wish);
  void it.screen.start();
  await turn();
  it.says({ shared: true });
  return it;
};

test("nothing is sent before the meeting has granted it", async () => {
  const it = await scene();
  void it.screen.start();
  await turn();
  assert.deepEqual([it.asked(), it.on()], [[true], false]);
  assert.equal(it.track.contentHint, "detail");
  it.says({ shared: true });
  assert.equal(it.on(), true);
});

test("who closes the browser's question has shared nothing and is told nothing; another failure is told", async () => {
  for (const [name, words] of [["NotAllowedError", ""], ["NotReadableError", "Layar perangkat ini tidak dapat dibagikan."]]) {
    const { screen, asked } = await scene({ refuses: new DOMException("", name) });
    await screen.start();
    assert.deepEqual([screen.track, screen.words, asked()], [null, words, []]);
  }
});

test("a refusal ends the capture with the meeting's words", async () => {
  const it = await scene();
  const asking = it.screen.start();
  await turn();
  const { command_id } = it.last().ofType("share_screen")[0];
  it.last().say({ type: "error", command_id, code: "wrong_state", message: "Belum giliran." });
  await asking;
  assert.deepEqual([it.track.readyState, it.screen.words, it.screen.track], ["ended", "Belum giliran.", null]);
});

for (const [ended, state, words] of [
  ["dihentikan", "giliran", /Meja petugas menghentikan/],
  ["diganti", "giliran", /Ruang lain/],
  ["turun", "menyimak", /Giliran sudah beralih/],
  ["putus", "menyimak", /Sambungan sempat terputus/],
]) {
  test(`ended by others (${ended}) the capture ends and the screen says why`, async () => {
    const it = await started();
    it.says({ may: false, ended }, state);
    assert.equal(it.track.readyState, "ended");
    assert.match(it.screen.words, words);
    assert.equal(it.on(), false);
    it.screen.read();
    assert.equal(it.screen.words, "");
  });
}

test("ended by the browser's own button, the meeting is told", async () => {
  const it = await started();
  it.track.dispatchEvent(new Event("ended"));
  assert.deepEqual([it.asked(), it.screen.track, it.screen.words, it.on()], [[true, false], null, "", false]);
});

for (const [kind, state] of [["aula", "menyimak"], ["desa", "terputus"]]) {
  test(`after a cut line the same capture is taken up, once the stage is back (${kind})`, async () => {
    const it = await started({ kind });
    it.says({ may: false, ended: "putus" }, state);
    assert.deepEqual([it.track.readyState, it.on()], ["live", false]);
    const { command_id } = it.last().ofType("share_screen")[0];
    it.last().say({ type: "ack", command_id, seq: 9 });
    await turn();
    it.says({ ended: "putus" });
    assert.deepEqual(it.asked(), [true, true]);
    it.says({ shared: true });
    assert.equal(it.on(), true);
  });
}

test("a share that this device did not begin is ended; a device that lost the seat ends its own", async () => {
  const ghost = await scene();
  ghost.says({ shared: true });
  assert.deepEqual(ghost.asked(), [false]);
  const companion = await scene();
  companion.device.held = false;
  companion.says({ shared: true });
  assert.deepEqual(companion.asked(), []);
  const taken = await started();
  taken.device.held = false;
  taken.says({ shared: true });
  assert.deepEqual([taken.track.readyState, taken.on()], ["ended", false]);
});

test("telephones cannot give their screen, also those whose browser says that it can", () => {
  const may = (navigator) => {
    Object.defineProperty(globalThis, "navigator", { configurable: true, value: navigator });
    return canCapture();
  };
  const mediaDevices = { getDisplayMedia: () => {} };
  assert.equal(may({ mediaDevices, userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0" }), true);
  assert.equal(may({ mediaDevices, userAgent: "Mozilla/5.0 (Android 14; Mobile; rv:140.0) Firefox/140.0" }), false);
  assert.equal(may({ mediaDevices: {}, userAgent: "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)" }), false);
  assert.equal(may({ userAgent: "" }), false);
});
