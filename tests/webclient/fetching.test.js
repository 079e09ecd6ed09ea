// What is fetched anew when it changes: one at a time, nothing missed, and not by all in the same instant.
import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { Fetching } from "../../webclient/static/js/fetching.js";

/** Something to fetch whose answers come when the test says so. */
function world(options = {}) {
  const answers = [];
  const asked = [];
  const fetching = new Fetching(() => {
    asked.push(asked.length);
    return new Promise((done) => answers.push(done));
  }, options);
  /** @param {number} which */
  const answer = async (which) => {
    answers[which]();
    for (let n = 0; n < 5; n++) await null;
  };
  return { fetching, asked, answer };
}

test("however many changes come meanwhile, one more is asked for afterwards", async () => {
  const { fetching, asked, answer } = world();
  fetching.soon();
  assert.equal(asked.length, 1);
  for (let n = 0; n < 50; n++) fetching.soon();
  let done = false;
  void fetching.now().then(() => { done = true; });
  assert.equal(asked.length, 1);
  await answer(0);
  assert.equal(asked.length, 2, "the first may have been answered before the last change");
  assert.equal(done, false);
  await answer(1);
  assert.equal(asked.length, 2);
  assert.equal(done, true);
  fetching.soon();
  assert.equal(asked.length, 3);
});

test("offices wait by chance, once for all changes of that time; what the page itself did is shown at once", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const { fetching, asked, answer } = world({ spread_ms: 1000, random: () => 0.5 });
    fetching.soon();
    mock.timers.tick(499);
    fetching.soon();
    assert.equal(asked.length, 0);
    mock.timers.tick(1);
    assert.equal(asked.length, 1);
    await answer(0);
    fetching.soon();
    void fetching.now();
    assert.equal(asked.length, 2);
    await answer(1);
    mock.timers.tick(5000);
    assert.equal(asked.length, 2, "it was asked after the change");
    void fetching.now();
    fetching.soon();
    mock.timers.tick(1000);
    await answer(2);
    assert.equal(asked.length, 4, "told while one was on its way");
  } finally {
    mock.timers.reset();
  }
});

test("what hangs on a line that is gone holds nobody", async () => {
  const { fetching, asked, answer } = world();
  void fetching.now();
  void fetching.now();
  void fetching.afresh();
  assert.equal(asked.length, 2);
  void fetching.now();
  await answer(1);
  assert.equal(asked.length, 3);
});
