// When a silent line is taken for cut, in virtual time.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Silence } from "../../webclient/static/js/silence.js";

function line({ protocol = "udp", connectionState = "connected" } = {}) {
  const it = { now: 0, bytes: 0, answers: 0 };
  const stats = () => new Map([
    ["pair", { type: "candidate-pair", nominated: true, state: "succeeded", localCandidateId: "own", bytesReceived: it.bytes, responsesReceived: it.answers }],
    ["own", { type: "local-candidate", protocol }],
  ]);
  const silence = new Silence(/** @type {any} */ ({ connectionState, getStats: async () => stats() }), () => it.now);
  /** Looks for so long as the call does; `each` is what comes before every look. */
  const passes = async (ms, each = () => {}) => {
    for (const end = it.now + ms; it.now < end;) {
      it.now += 300;
      each();
      await silence.look();
    }
  };
  return { it, silence, passes };
}

test("a stream that stops is noticed in less than two seconds, signs of life may be a second apart", async () => {
  const { it, silence, passes } = line();
  await passes(5_000, () => { it.bytes += 1_500; });
  assert.equal(silence.isCut(1), false);
  await passes(1_800);
  assert.equal(silence.isCut(1), true);
  assert.equal(silence.isCut(2), false, "with patience");

  let turn = 0;
  await passes(10_000, () => { if (++turn % 5 === 0) it.bytes += 60; });
  assert.equal(silence.isCut(1), false, "nobody speaks");
  await passes(2_100);
  assert.equal(silence.isCut(1), false, "one of them may be lost");
  await passes(2_100);
  assert.equal(silence.isCut(1), true);
  await passes(300, () => { it.answers += 1; });
  assert.equal(silence.isCut(1), false, "answers to checks count");
});

test("over TCP a stream may be held up longer; a connection that never was one is given up in the end", async () => {
  const tcp = line({ protocol: "tcp" });
  await tcp.passes(5_000, () => { tcp.it.bytes += 1_500; });
  await tcp.passes(3_600);
  assert.equal(tcp.silence.isCut(1), false);
  await tcp.passes(900);
  assert.equal(tcp.silence.isCut(1), true);
  const fresh = line({ connectionState: "connecting" });
  await fresh.passes(7_500);
  assert.equal(fresh.silence.isCut(4), false);
  await fresh.passes(900);
  assert.equal(fresh.silence.isCut(4), true);
});

test("a page that was held up itself accuses nobody", async () => {
  const { it, silence, passes } = line();
  await passes(5_000, () => { it.bytes += 1_500; });
  it.now += 20_000;
  await silence.look();
  assert.equal(silence.isCut(1), false);
});
