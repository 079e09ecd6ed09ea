"""A finished recording in a real browser: it plays, its length is known, and a seek lands where it should."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from shutil import which

import av
import pytest
from aiohttp import web
from PIL import Image
from playwright.async_api import async_playwright

from rooms.recording.clip import GrowingClip, complete
from rooms.recording.feed import OpenClip
from rooms.recording.manifest import Clip
from tests.support.browser import headless_path
from tests.support.loops import Publisher, colours, feed_of, hue_apart, hue_of, tone

ARGUMENTS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START_MS = 1_800_000_000_000
SECTION_S = 4
HUES = (220.0, 30.0, 120.0, 300.0)
TOTAL_S = SECTION_S * len(HUES)
# Resolves with what a viewer has: [duration, currentTime, r, g, b].
SEEK = """
async ([video, seconds]) => {
  const seeked = new Promise((resolve, reject) => {
    video.onerror = () => reject(video.error.message);
    video.onseeked = resolve;
  });
  // The picture of that second may come after the place has been found.
  const shown = new Promise((resolve) => {
    const look = (_now, { mediaTime }) => {
      if (Math.abs(mediaTime - seconds) < 0.2) resolve();
      else video.requestVideoFrameCallback(look);
    };
    video.requestVideoFrameCallback(look);
  });
  video.currentTime = seconds;
  await Promise.all([seeked, shown]);
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
  const context = canvas.getContext('2d');
  context.drawImage(video, 0, 0);
  const pixel = context.getImageData(canvas.width / 2, canvas.height / 2, 1, 1).data;
  return [video.duration, video.currentTime, ...pixel.slice(0, 3)];
}
"""
PLAY_TO_END = """
(video) => new Promise((resolve, reject) => {
  video.onerror = () => reject(video.error.message);
  video.onended = () => resolve([video.currentTime, video.webkitAudioDecodedByteCount]);
  video.playbackRate = 4;
  video.play().catch(reject);
})
"""


@dataclass(frozen=True, slots=True)
class Served:
    clip: Clip
    path: Path
    url: str


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    """Sixteen seconds, a hue for each four; keyframes every two seconds; over HTTP with byte ranges."""
    growing = GrowingClip(tmp_path, OpenClip(1, "c1", "r1", "s1", "speaker", "t1", START_MS))
    pictures = colours((hue for hue in HUES for _ in range(SECTION_S * 15)), keyframe_every=30)
    video = list(Publisher(1).video(pictures))
    for frame in feed_of(1, START_MS * 1000, video, Publisher(2).audio(tone(TOTAL_S))):
        growing.packet(frame)
    growing.close(START_MS + TOTAL_S * 1000, interrupted=False)
    clip = complete(tmp_path, growing.clip)

    async def page(_: web.Request) -> web.Response:
        return web.Response(
            text="<video src=clip.webm muted preload=metadata></video>", content_type="text/html"
        )

    async def file(_: web.Request) -> web.FileResponse:
        return web.FileResponse(tmp_path / clip.file)

    application = web.Application()
    application.add_routes([web.get("/", page), web.get("/clip.webm", file)])
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield Served(clip, tmp_path / clip.file, f"http://127.0.0.1:{runner.addresses[0][1]}/")
    await runner.cleanup()


@pytest.mark.skipif(which("chromium") is None, reason="chromium is not installed")
async def test_chromium_plays_and_seeks_a_recording(served: Served) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=headless_path(), args=ARGUMENTS)
        page = await browser.new_page()
        await page.goto(served.url)
        video = await page.query_selector("video")
        for seconds, hue in ((13.4, HUES[3]), (1.0, HUES[0]), (9.9, HUES[2]), (5.5, HUES[1])):
            duration, current, *pixel = await page.evaluate(SEEK, [video, seconds])
            assert duration == pytest.approx(TOTAL_S, abs=0.1)
            assert current == pytest.approx(seconds, abs=0.001)
            image = _one_pixel(pixel)
            assert hue_apart(image, hue) < 15, f"at {seconds} s"
        current, sound_bytes = await page.evaluate(PLAY_TO_END, video)
        assert current == pytest.approx(TOTAL_S, abs=0.1)
        assert sound_bytes > 0
        await browser.close()


def _one_pixel(pixel: list[int]) -> float:
    return hue_of(Image.new("RGB", (1, 1), (pixel[0], pixel[1], pixel[2])))


@pytest.mark.parametrize("seconds", [0.5, 3.0, 7.9, 15.0])
async def test_a_seek_lands_on_the_keyframe_before(served: Served, seconds: float) -> None:
    with av.open(str(served.path)) as container:
        container.seek(int(seconds * 1_000_000))
        packet = next(container.demux(video=0))
        assert packet.is_keyframe
        assert packet.pts is not None
        assert seconds - 2.01 <= packet.pts * packet.time_base <= seconds


async def test_the_index_is_at_the_front(served: Served) -> None:
    data = served.path.read_bytes()
    cues, first_cluster = bytes.fromhex("1c53bb6b"), bytes.fromhex("1f43b675")
    assert 0 < data.find(cues) < data.find(first_cluster)
    opus_head = data.find(b"OpusHead")
    # RFC 7845 5.1: version 1, two channels, pre-skip 312 samples, 48 kHz, no gain, mapping family 0.
    assert data[opus_head + 8 : opus_head + 19] == bytes.fromhex("01 02 3801 80bb0000 0000 00")
