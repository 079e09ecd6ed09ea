"""A browser made of aiortc: real ICE, DTLS and SRTP, a coloured picture and a tone out, decoded frames in."""

import asyncio
import contextlib
import fractions
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic

import numpy as np
from aiortc import (
    AudioStreamTrack,
    RTCBundlePolicy,
    RTCConfiguration,
    RTCPeerConnection,
    RTCSessionDescription,
    VideoStreamTrack,
)
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from av import AudioFrame, VideoFrame

from rooms.ids import PeerId, RoomId, SeatId
from rooms.media.plane import Kind, Line, MediaPlane, Offer, PeerSpec, Slot

STAGE_SLOTS = (Slot.AULA, Slot.SPEAKER)
RATE = 48000
TOLERANCE = 40
"""How far a decoded colour may be from the painted one, of 255."""


class Picture(VideoStreamTrack):
    """One colour, 15 frames a second, 160x120; ``colour`` is (red, green, blue)."""

    def __init__(self, colour: tuple[int, int, int]) -> None:
        super().__init__()
        self.colour = colour
        self._count = 0
        self._began = monotonic()

    async def recv(self) -> VideoFrame:
        await asyncio.sleep(max(0.0, self._began + self._count / 15 - monotonic()))
        pixels = np.empty((120, 160, 3), np.uint8)
        pixels[:] = self.colour
        frame = VideoFrame.from_ndarray(pixels, format="rgb24")
        frame.pts, frame.time_base = self._count * 6000, fractions.Fraction(1, 90000)
        self._count += 1
        return frame


class Tone(AudioStreamTrack):
    """A sine of ``hz``, 20 ms at a time."""

    def __init__(self, hz: float) -> None:
        super().__init__()
        self._hz = hz
        self._count = 0
        self._began = monotonic()

    async def recv(self) -> AudioFrame:
        await asyncio.sleep(max(0.0, self._began + self._count / 50 - monotonic()))
        at = np.arange(960) + self._count * 960
        samples = (np.sin(at * (2 * math.pi * self._hz / RATE)) * 12000).astype(np.int16)
        frame = AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = RATE, self._count * 960, fractions.Fraction(1, RATE)
        self._count += 1
        return frame


@dataclass
class Received:
    """What one slot brought so far; ``changed`` is notified with every frame."""

    frames: int = 0
    colour: tuple[float, float, float] = (0.0, 0.0, 0.0)
    hz: float = 0.0
    loudness: float = 0.0
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    def shows(self, colour: tuple[int, int, int]) -> bool:
        return self.frames > 0 and all(
            abs(a - b) < TOLERANCE for a, b in zip(self.colour, colour, strict=True)
        )

    def sounds(self, hz: float) -> bool:
        return self.loudness > 1000 and abs(self.hz - hz) < 30


class MediaPeer:
    """``join`` a plane, then look at ``video`` and ``audio`` by slot."""

    def __init__(
        self,
        plane: MediaPlane,
        room_id: RoomId,
        name: str,
        *,
        seat: bool = True,
        colour: tuple[int, int, int] = (128, 128, 128),
        hz: float = 440.0,
        slots: Sequence[Slot] = STAGE_SLOTS,
        previews: bool = False,
    ) -> None:
        self.spec = PeerSpec(PeerId(name), SeatId(name) if seat else None, previews)
        self.room_id = room_id
        # The default policy leaves the second and later video lines on a transport that bundling closes.
        self.pc = RTCPeerConnection(RTCConfiguration(bundlePolicy=RTCBundlePolicy.MAX_BUNDLE))
        self.video: dict[Slot, Received] = {slot: Received() for slot in slots}
        self.audio: dict[Slot, Received] = {slot: Received() for slot in slots}
        self._plane = plane
        self._colour, self._hz = colour, hz
        self._slots = slots
        self._tasks: list[asyncio.Task[None]] = []

    async def offer(self) -> Offer:
        order: list[tuple[Kind, Slot | None]] = []
        for slot in self._slots:
            for kind in Kind:
                self.pc.addTransceiver(kind, direction="recvonly")
                order.append((kind, slot))
        if self.spec.seat_id is not None:
            for kind, track in ((Kind.AUDIO, Tone(self._hz)), (Kind.VIDEO, Picture(self._colour))):
                self.pc.addTransceiver(track, direction="sendonly")
                order.append((kind, None))
        await self.pc.setLocalDescription(await self.pc.createOffer())
        lines = [
            Line(str(transceiver.mid), kind, slot)
            for transceiver, (kind, slot) in zip(self.pc.getTransceivers(), order, strict=True)
        ]
        return Offer(self.pc.localDescription.sdp, tuple(lines))

    async def join(self) -> str:
        """Connect and wait until DTLS is up; returns the answer."""
        offer = await self.offer()
        answer = await self._plane.connect(self.room_id, self.spec, offer)
        await self.accept(answer)
        return answer

    async def accept(self, answer: str) -> None:
        up = asyncio.Event()

        @self.pc.on("connectionstatechange")
        def changed() -> None:
            if self.pc.connectionState == "connected":
                up.set()

        await self.pc.setRemoteDescription(RTCSessionDescription(answer, "answer"))
        receiving = [transceiver.receiver.track for transceiver in self.pc.getTransceivers()]
        for number, track in enumerate(receiving[: 2 * len(self._slots)]):
            received = (self.audio, self.video)[number % 2][self._slots[number // 2]]
            self._tasks.append(asyncio.ensure_future(_watch(received, track)))
        if self.pc.connectionState != "connected":
            await up.wait()

    async def leave(self) -> None:
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        await self.pc.close()

    async def until_shows(self, slot: Slot, colour: tuple[int, int, int]) -> None:
        received = self.video[slot]
        async with received.changed:
            await received.changed.wait_for(lambda: received.shows(colour))

    async def until_sounds(self, slot: Slot, hz: float) -> None:
        received = self.audio[slot]
        async with received.changed:
            await received.changed.wait_for(lambda: received.sounds(hz))

    async def until_frames(self, slot: Slot, more: int) -> None:
        """Until ``more`` further pictures came."""
        received = self.video[slot]
        goal = received.frames + more
        async with received.changed:
            await received.changed.wait_for(lambda: received.frames >= goal)


async def _watch(received: Received, track: MediaStreamTrack) -> None:
    while True:
        try:
            frame = await track.recv()
        except MediaStreamError:  # the other side has ended
            return
        async with received.changed:
            received.frames += 1
            if isinstance(frame, VideoFrame):
                red, green, blue = frame.to_ndarray(format="rgb24").mean(axis=(0, 1))
                received.colour = (float(red), float(green), float(blue))
            elif isinstance(frame, AudioFrame):
                samples = frame.to_ndarray().astype(float)[0, ::2]
                received.loudness = float(np.sqrt((samples**2).mean()))
                crossings = int(np.count_nonzero(np.diff(np.signbit(samples))))
                received.hz = crossings * RATE / 2 / len(samples)
            received.changed.notify_all()
