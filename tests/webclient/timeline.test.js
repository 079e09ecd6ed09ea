// Whose turn an instant is, and what of the session is not played.
import assert from "node:assert/strict";
import { test } from "node:test";
import { slideAt, turnAt, unsealed } from "../../webclient/static/js/desk/timeline.js";

const seal = (from, to) => ({ seal_id: `${from}`, from, to });
const line = (it) => ({ room: { now: 1000 }, agenda: [], turns: [], clips: [], notes: [], seats: [], ...it });

test("sealed instants are played after the seal, also where seals overlap or touch", () => {
  const it = line({ seals: [seal(300, 400), seal(100, 200), seal(150, 250), seal(250, 260)] });
  assert.deepEqual([99, 100, 199, 250, 259, 260, 300, 399, 400].map((at) => unsealed(it, at)), [99, 260, 260, 260, 260, 260, 400, 400, 400]);
  assert.equal(unsealed(line({}), 100), 100, "an older server tells of no seals");
});

test("a call that was undone never had the stage", () => {
  const turn = (turn_id, outcome, from, to) => ({ turn_id, outcome, intervals: [{ from, to }] });
  const it = line({ turns: [turn("wrong", "dibatalkan", 100, 200), turn("right", null, 100, null)] });
  assert.equal(turnAt(it, 150).turn_id, "right");
  assert.equal(turnAt(line({ turns: [it.turns[0]] }), 150), null);
});

test("the page of slides is the one that was seen at that second, and none in between", () => {
  const slide = (page, from, to) => ({ deck_id: "d", page, pages: 3, from, to });
  const it = line({ slides: [slide(1, 100, 200), slide(2, 200, 300), slide(3, 500, null)] });
  assert.deepEqual([99, 100, 199, 200, 300, 499, 500, 9000].map((at) => slideAt(it, at)?.page ?? null), [null, 1, 1, 2, null, null, 3, 3]);
  assert.equal(slideAt(line({}), 150), null, "an older server tells of no slides");
});
