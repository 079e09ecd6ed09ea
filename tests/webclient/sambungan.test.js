// What a line is taken for by what was found out about it, and that everything has its words.
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkSentence, checkWord, doorWords, verdictOf } from "../../webclient/static/js/sambungan.js";

const good = { path: "udp", down_kbit: 1400, lost: 0, rtt_ms: 40, wire_ms: 60 };
const unknown = { down_kbit: null, lost: null, rtt_ms: null, wire_ms: null };

const CASES = {
  baik: good,
  tersambung: { ...good, down_kbit: null },
  memutar: { ...good, path: "tcp" },
  jauh: { ...good, rtt_ms: 900 },
  hemat: { ...good, down_kbit: 500 },
  suara: { ...good, down_kbit: 200 },
  putus: { ...good, lost: 0.1 },
  sulit: { ...good, down_kbit: 60 },
  buntu: { path: "none", ...unknown, wire_ms: 60 },
};

test("each line has its verdict", () => {
  for (const [verdict, found] of Object.entries(CASES)) assert.equal(verdictOf(found), verdict);
  assert.equal(verdictOf({ ...good, path: "relay" }), "memutar");
  assert.equal(verdictOf({ ...good, rtt_ms: null, wire_ms: 900 }), "jauh");
});

test("the worst that is true is told", () => {
  const worse = ["memutar", "jauh", "hemat", "suara", "putus", "sulit", "buntu"];
  worse.forEach((verdict, n) => {
    for (const milder of worse.slice(0, n)) {
      const changes = Object.entries(CASES[milder]).filter(([name, value]) => value !== good[name] && CASES[verdict][name] === good[name]);
      assert.equal(verdictOf({ ...CASES[verdict], ...Object.fromEntries(changes) }), verdict, `${verdict} and ${milder}`);
    }
  });
});

test("the door says what to do wherever something can be done, and no screen says a technical word", () => {
  for (const found of Object.values(CASES)) {
    const verdict = verdictOf(found);
    const { tone, words, remedy } = doorWords(verdict);
    assert.ok(words);
    assert.equal(remedy === "", tone === "good", verdict);
    const said = `${words} ${remedy} ${checkWord({ ...found, checked_at: 0, device: "" })}`;
    assert.doesNotMatch(said, /udp|tcp|relay|kbit|webrtc|ice|ms\b|%/i);
  }
});

test("a desk reads what, when and by which device; of a seat that never checked, nothing", () => {
  const at = new Date(2027, 1, 9, 16, 5);
  const check = { ...good, checked_at: at.getTime(), device: "Chrome, Android" };
  assert.equal(checkWord(check, at), "sambungan baik (16.05)");
  assert.equal(checkWord(check, new Date(2027, 1, 10)), "sambungan baik (9/2 16.05)");
  assert.match(checkSentence(check), /^sambungan baik \(.*16\.05\), Chrome, Android$/);
  assert.equal(checkSentence(undefined) + checkWord(undefined), "");
});
