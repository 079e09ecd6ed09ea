"""Tracks that send a loop's packets as they are, in step with the clock, while they are switched on.

RTP time follows the clock also while a track is off, as a browser's does. Sound begins anew with its first
word; a picture that starts, or is asked for a keyframe, goes on at the loop's next keyframe.
"""

import asyncio
from abc import abstractmethod
from fractions import Fraction

import av
from aiortc import MediaStreamTrack, RTCRtpSender
from aiortc.mediastreams import MediaStreamError
from av.stream import Stream

from rooms.gladi.loops import FPS, Loop

STALL_S = 0.5
"""A process that slept longer drops what it missed instead of sending it in a burst."""


class LoopTrack(MediaStreamTrack):
    """What both kinds share: the pace, and the switch."""

    def __init__(self, per_second: int) -> None:
        super().__init__()
        self._per_second = per_second
        self._clock = asyncio.get_running_loop().time
        self._started = self._clock()
        self._tick = 0
        self._on = asyncio.Event()
        self.given = 0
        """Packets so far."""

    def switch(self, on: bool) -> None:
        """Send, or be silent."""
        if on:
            self._on.set()
        else:
            self._on.clear()

    def stop(self) -> None:
        super().stop()
        self._on.set()

    async def recv(self) -> "av.Packet[Stream]":
        if not self._on.is_set():
            await self._on.wait()
            self._resumed()
        due = self._started + self._tick / self._per_second
        await asyncio.sleep(max(0.0, due - self._clock()))
        if self.readyState != "live":
            raise MediaStreamError
        now = int((self._clock() - self._started) * self._per_second)
        if now - self._tick > STALL_S * self._per_second:
            self._tick = now
            self._resumed()
        packet: av.Packet[Stream] = av.Packet(self._next())
        packet.pts = packet.dts = self._tick
        packet.time_base = Fraction(1, self._per_second)
        self._tick += 1
        self.given += 1
        return packet

    def _resumed(self) -> None:
        """Frames were left out just now."""
        self._tick = max(self._tick, int((self._clock() - self._started) * self._per_second))

    @abstractmethod
    def _next(self) -> bytes:
        """The loop's next packet."""


class LoopSound(LoopTrack):
    kind = "audio"

    def __init__(self, loop: Loop) -> None:
        super().__init__(per_second=50)
        self._sounds = loop.sounds
        self._at = 0

    def _resumed(self) -> None:
        super()._resumed()
        self._at = 0

    def _next(self) -> bytes:
        data = self._sounds[self._at]
        self._at = (self._at + 1) % len(self._sounds)
        return data


class LoopPicture(LoopTrack):
    kind = "video"

    def __init__(self, loop: Loop) -> None:
        super().__init__(per_second=FPS)
        self._film = loop
        self._at = 0
        self._want_keyframe = True

    def send_keyframe(self) -> None:
        """Let the next picture be a keyframe."""
        self._want_keyframe = True

    def answer_keyframe_requests_of(self, sender: RTCRtpSender) -> None:
        """Hear the PLIs that ``sender`` receives.

        The sender keeps them for its encoder, which packets that are encoded already never meet; it has no
        public hook, so its own one is replaced here and nowhere else.
        """
        sender._send_keyframe = self.send_keyframe  # type: ignore[method-assign]

    def _resumed(self) -> None:
        super()._resumed()
        self._want_keyframe = True

    def _next(self) -> bytes:
        if self._want_keyframe:
            self._at = self._film.keyframe_from(self._at)
            self._want_keyframe = False
        data = self._film.pictures[self._at][0]
        self._at = (self._at + 1) % len(self._film.pictures)
        return data
