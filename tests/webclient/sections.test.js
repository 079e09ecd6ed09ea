// What the consoles ask of the order that they are shown.
import assert from "node:assert/strict";
import { test } from "node:test";
import { nextPlaces } from "../../webclient/static/js/desk/sections.js";

const board = ["licin", "pakis", "kemiren"].map((seat_id, index) => ({ place: index + 1, seat_id }));
const seats = (places) => places.map((place) => place.seat_id);
const prepared = (...ids) => ids.map((seat_id) => ({ seat_id }));

test("those that are prepared come next, in their order", () => {
  assert.deepEqual(seats(nextPlaces(board, prepared("licin", "pakis"))), ["licin", "pakis"]);
});

test("when nobody is prepared the head of the board is shown", () => {
  assert.deepEqual(seats(nextPlaces(board, [])), ["licin"]);
  assert.deepEqual(seats(nextPlaces([], [])), []);
});

test("an office that answers just now is not who comes next", () => {
  assert.deepEqual(seats(nextPlaces(board, prepared("licin", "pakis"), "licin")), ["pakis"]);
  assert.deepEqual(seats(nextPlaces(board, [], "licin")), ["pakis"]);
  assert.deepEqual(seats(nextPlaces(board, prepared("licin"), "licin")), ["pakis"]);
  assert.deepEqual(seats(nextPlaces(board, prepared("licin"), "elsewhere")), ["licin"]);
});
