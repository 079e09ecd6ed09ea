// The sizes of a seat's own picture: which are on, and how large each is.
import assert from "node:assert/strict";
import { test } from "node:test";
import { encodings, SAVED, SIZES, tuned } from "../../webclient/static/js/layers.js";

/** What is on, and how high each stream is, for a camera of so many lines. */
function after(part, now) {
  const all = encodings(SIZES[part]);
  tuned(all, SIZES[part], { ...now, saved: SAVED[part] });
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

test("who saves data sends the lowest size only, whatever is wanted; the hall, which all look at, also the middle one", () => {
  const on = (part, wanted, mode) => after(part, { wanted, mode, height: 720 }).filter(([, active]) => active).map(([rid]) => rid);
  for (const mode of ["hemat", "suara"]) {
    assert.deepEqual(on("office", ["m"], mode), ["l"]);
    assert.deepEqual(on("office", null, mode), ["l"]);
    assert.deepEqual(on("hall", null, mode), ["l", "m"]);
    assert.deepEqual(on("hall", ["l"], mode), ["l"]);
    assert.deepEqual(on("hall", ["h"], mode), ["m"]);
    assert.deepEqual(on("hall", ["l", "h"], mode), ["l", "m"]);
  }
});

test("a camera that gives something else is cut down to the sizes, never blown up", () => {
  assert.deepEqual(after("office", { wanted: null, mode: "biasa", height: 480 }).map(([, , height]) => height), [180, 360]);
  assert.deepEqual(after("office", { wanted: null, mode: "biasa", height: 240 }).map(([, , height]) => height), [180, 240]);
});
