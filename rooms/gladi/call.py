"""The media half of a synthetic seat: one peer connection, offered like a browser's.

It sends its loop; with a ``Reception`` it also receives what a participant would, else nothing at all.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from aiortc import (
    RTCBundlePolicy,
    RTCConfiguration,
    RTCPeerConnection,
    RTCRtpSender,
    RTCSessionDescription,
)

from rooms.gladi.listener import Listener, ask_for_red
from rooms.gladi.loops import Loop
from rooms.gladi.reception import Reception, received
from rooms.gladi.tracks import LoopPicture, LoopSound
from rooms.media.plane import Kind, Line, Offer, Slot

log = logging.getLogger(__name__)

Exchange = Callable[[Offer], Awaitable[str]]
"""Hands an offer to the server and returns its SDP answer."""
CONNECT_S = 15.0
CODECS = {"audio": ("audio/opus",), "video": ("video/vp8", "video/rtx")}


class Call:
    """One connection from ``connect`` to ``close``; build another after a loss."""

    def __init__(self, loop: Loop, on_lost: Callable[[], None], reception: Reception | None = None) -> None:
        self._sound, self._picture = LoopSound(loop), LoopPicture(loop)
        self._on_lost = on_lost
        self._up = asyncio.Event()
        self._reception = reception
        self._reports: asyncio.Task[None] | None = None
        # No outside server is asked for addresses: the server is what this side reaches by itself.
        self._pc = RTCPeerConnection(RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE))
        self._pc.on("connectionstatechange", self._changed)

    @property
    def connected(self) -> bool:
        return self._pc.connectionState == "connected"

    @property
    def sent(self) -> tuple[int, int]:
        """Packets of sound and pictures that its loop gave so far."""
        return self._sound.given, self._picture.given

    async def connect(self, exchange: Exchange) -> None:
        """Offer all lines, take the answer, wait until media may flow.

        Raises what ``exchange`` raises, ValueError on a bad answer, TimeoutError.
        """
        slots: list[Slot | None] = []
        for slot, kind in received() if self._reception is not None else ():
            Listener.prepare(self._pc.addTransceiver(kind, direction="recvonly"))
            slots.append(slot)
        for track in (self._sound, self._picture):
            sending = self._pc.addTransceiver(track, direction="sendonly")
            slots.append(None)
        self._picture.answer_keyframe_requests_of(sending.sender)
        for line in self._pc.getTransceivers():
            codecs = RTCRtpSender.getCapabilities(line.kind).codecs
            line.setCodecPreferences([c for c in codecs if c.mimeType.lower() in CODECS[line.kind]])
        await self._pc.setLocalDescription(await self._pc.createOffer())
        offer = Offer(
            sdp=ask_for_red(self._pc.localDescription.sdp),
            lines=tuple(
                Line(mid=str(line.mid), kind=Kind(line.kind), slot=slot)
                for line, slot in zip(self._pc.getTransceivers(), slots, strict=True)
            ),
        )
        answer = await exchange(offer)
        if self._reception is not None:
            listener = Listener(self._reception, asyncio.get_running_loop().time)
            listener.listen(self._pc, answer, offer.lines)
            self._reports = asyncio.create_task(listener.report())
        await self._pc.setRemoteDescription(RTCSessionDescription(sdp=answer, type="answer"))
        async with asyncio.timeout(CONNECT_S):
            await self._up.wait()

    def switch(self, on: bool) -> None:
        """Send, or be silent; the connection stays."""
        self._sound.switch(on)
        self._picture.switch(on)

    async def close(self) -> None:
        self._on_lost = lambda: None
        if self._reports is not None:
            self._reports.cancel()
        self._sound.stop()
        self._picture.stop()
        await self._pc.close()

    def _changed(self) -> None:
        log.debug("media %s", self._pc.connectionState)
        if self.connected:
            self._up.set()
        elif self._pc.connectionState in ("failed", "closed"):
            self._on_lost()
