"""``make goal-path [N=6]``: the whole path once, with N calls and N notes, a killed server in the middle.

Figures: ``resume_s`` from the port answering again until every client shows at least what it showed before;
``switch_ms`` (median) from the click on Panggil to the first frame of the called office at the listener;
``note_ack_ms`` (median) from Ctrl+Enter to the note in the list, which shows committed ones; ``lost``:
acknowledged notes that are not exactly once in the database at the end. ``SABOTAGE=1`` takes one of them out
of what was found there and must end with ``ok: false``.
"""

import asyncio
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import sqlalchemy

from server.store.engine import Database
from tests.support.browser import browsers
from tests.support.goal import report, sabotaged, size
from tests.support.live import LiveServer
from tests.support.people import Notulis, Operator, Person
from tests.support.stage import HUES, Session, begin, sees_and_hears

# Notes the wall-clock instant of the first frame of a hue; both pages run on this machine's clock.
WATCH = """([testid, hue]) => {
  const video = document.querySelector(`[data-testid="${testid}"]`);
  const c = new OffscreenCanvas(8, 8).getContext("2d", { willReadFrequently: true });
  window.seenAt = new Promise((seen) => {
    const look = () => {
      c.drawImage(video, video.videoWidth * .4, video.videoHeight * .4, 16, 16, 0, 0, 8, 8);
      const [r, g, b] = c.getImageData(4, 4, 1, 1).data;
      const top = Math.max(r, g, b), span = top - Math.min(r, g, b);
      const sixth = top === r ? ((g - b) / span + 6) % 6
        : top === g ? (b - r) / span + 2 : (r - g) / span + 4;
      const apart = Math.abs(sixth * 60 - hue);
      if (span >= 60 && Math.min(apart, 360 - apart) < 25) seen(Date.now());
      else video.requestVideoFrameCallback(look);
    };
    video.requestVideoFrameCallback(look);
  });
}"""


async def switch_ms(operator: Operator, listener: Person, name: str) -> float:
    await listener.page.evaluate(WATCH, ["video-speaker", HUES[name]])
    await operator.page.evaluate(
        "addEventListener('click', () => { window.clickedAt = Date.now(); }, { capture: true })"
    )
    await operator.call_any(name)
    seen = await listener.page.evaluate("seenAt")
    return float(seen - await operator.page.evaluate("clickedAt"))


async def note_ack_ms(notulis: Notulis, words: str) -> float:
    await notulis.page.evaluate(
        """(words) => {
          let pressedAt;
          const pressed = (event) => {
            if (event.key === "Enter" && event.ctrlKey) pressedAt = performance.now();
          };
          addEventListener("keydown", pressed, { capture: true });
          window.acknowledged = new Promise((done) => {
            const list = document.querySelector('[data-testid="catatan"]');
            new MutationObserver((_, observer) => {
              if (!pressedAt || !list.textContent.includes(words)) return;
              observer.disconnect();
              done(performance.now() - pressedAt);
            }).observe(list, { childList: true, subtree: true, characterData: true });
          });
        }""",
        words,
    )
    await notulis.note("u", words)
    return float(await notulis.page.evaluate("acknowledged"))


async def resume_s(server: LiveServer, session: Session) -> float:
    position = await session.operator.diagnostics("position")
    await server.kill()
    await server.start()
    answering = time.monotonic()
    await asyncio.gather(*(person.back_online(position) for person in session.everyone))
    return time.monotonic() - answering


async def lost(server: LiveServer, acknowledged: list[str]) -> int:
    """Of a stopped server: how many acknowledged notes are not there exactly once."""
    database = await Database.open(f"sqlite:///{server.data_dir / 'rembug.db'}")
    try:
        async with database.read() as connection:
            kept = list(await connection.scalars(sqlalchemy.text("SELECT ucapan FROM catatan")))
    finally:
        await database.close()
    if sabotaged():
        kept.remove(acknowledged[0])
    return sum(kept.count(words) != 1 for words in acknowledged)


async def run(directory: Path, calls: int) -> int:
    async with browsers(directory) as bs, LiveServer(directory) as server:
        session = await begin(server, bs, ["Sarongan", "Tembokrejo"])
        await sees_and_hears(session.listener, "aula", "aula")
        switches, acks, acknowledged = [], [], []
        resumed = 0.0
        for call in range(calls):
            name = ("Sarongan", "Tembokrejo")[call % 2]
            switches.append(await switch_ms(session.operator, session.listener, name))
            words = f"Usulan ke-{call + 1} dari {name}"
            acks.append(await note_ack_ms(session.notulis, words))
            acknowledged.append(words)
            if call == calls // 2:
                resumed = await resume_s(server, session)
                await session.offices[name].expect_state("giliran")
        pages = len(session.everyone)
        await server.stop()
        figures = {
            "resume_s": resumed,
            "switch_ms": median(switches),
            "note_ack_ms": median(acks),
            "lost": float(await lost(server, acknowledged)),
        }
    targets = {"resume_s": 5.0, "lost": 0.0}
    return report("path", figures, targets, compared_with=f"no peer; {calls} calls and notes, {pages} pages")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="rembug-") as folder:
        sys.exit(asyncio.run(run(Path(folder), size(6))))
