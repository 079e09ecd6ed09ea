import assert from "node:assert/strict";
import { test } from "node:test";
import { leftMs, minutes, spokenMs, timeMood } from "../../webclient/static/js/clock.js";

const turn = { limit_s: 180, spoken_ms: 10_000, running_since: 1000, warned: false, overrun: false };

test("held time is not counted", () => {
  assert.equal(spokenMs(turn, 6000), 15_000);
  assert.equal(spokenMs({ ...turn, running_since: null }, 999_999), 10_000);
});

test("a clock that is behind the server's never makes time negative", () => {
  assert.equal(spokenMs(turn, 500), 10_000);
});

test("what is left, and how pressing it is", () => {
  assert.equal(leftMs(turn, 1000), 170_000);
  assert.equal(timeMood(turn, 1000, 30), "lapang");
  assert.equal(timeMood(turn, 141_000, 30), "hampir");
  assert.equal(timeMood({ ...turn, warned: true }, 1000, 30), "hampir");
  assert.equal(timeMood(turn, 171_000, 30), "lewat");
});

test("minutes as people read them", () => {
  assert.deepEqual([180_000, 179_999, 59_001, 1, 0, -1, -12_000].map(minutes), ["3:00", "3:00", "1:00", "0:01", "0:00", "-0:01", "-0:12"]);
});
