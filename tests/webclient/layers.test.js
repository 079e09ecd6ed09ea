// The sizes of a seat's own picture: which are on, and how large each is.
import assert from "node:assert/strict";
import { test } from "node:test";
import { encodings, SIZES, tuned } from "../../webclient/static/js/layers.js";

/** What is on, and how high each stream is, for a camera of so many lines. */
function after(part, now) {
  const all = encodings(SIZES[part]);
  tuned(all, SIZES[part], now);
  return all.map((one) => [one.rid, one.active, Math.round(now.height / one.scaleResolutionDownBy)]);
}

test("an offer begins with the sizes of the camera that is asked for", () => {
  assert.deepEqual(encodings(SIZES.office).map((one) => one.scaleResolutionDownBy), [2, 1]);
  assert.deepEqual(encodings(SIZES.hall).map((one) => one.scaleResolutionDownBy), [4, 2, 1]);
});

test("what nobody wants rests, and comes back when it is wanted", () => {
  assert.deepEqual(after("office", { wanted: ["l"], mode: "biasa", height: 360 }), [["l", true, 180], ["m", false, 360]]);
  assert.deepEqual(after("office", { wanted: null, mode: "biasa", height: 360 }), [["l", true, 180], ["m", true, 360]]);
});

test("who saves data sends the lowest size only, whatever is wanted", () => {
  for (const mode of ["hemat", "suara"]) {
    assert.deepEqual(after("hall", { wanted: ["m", "h"], mode, height: 720 }).map(([, on]) => on), [true, false, false]);
  }
});

test("a camera that gives something else is cut down to the sizes, never blown up", () => {
  assert.deepEqual(after("office", { wanted: null, mode: "biasa", height: 480 }).map(([, , height]) => height), [180, 360]);
  assert.deepEqual(after("office", { wanted: null, mode: "biasa", height: 240 }).map(([, , height]) => height), [180, 240]);
});
