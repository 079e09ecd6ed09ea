"""The media half of a synthetic seat: one peer connection that only sends, offered like a browser's."""

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

from rooms.gladi.loops import Loop
from rooms.gladi.tracks import LoopPicture, LoopSound
from rooms.media.plane import Kind, Line, Offer

log = logging.getLogger(__name__)

Exchange = Callable[[Offer], Awaitable[str]]
"""Hands an offer to the server and returns its SDP answer."""
CONNECT_S = 15.0
CODECS = {"audio": ("audio/opus",), "video": ("video/vp8", "video/rtx")}


class Publisher:
    """One connection from ``connect`` to ``close``; build another after a loss."""

    def __init__(self, loop: Loop, on_lost: Callable[[], None]) -> None:
        self._sound, self._picture = LoopSound(loop), LoopPicture(loop)
        self._on_lost = on_lost
        self._up = asyncio.Event()
        # No outside server is asked for addresses: the server is what this side reaches by itself.
        self._pc = RTCPeerConnection(RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE))
        self._pc.on("connectionstatechange", self._changed)

    @property
    def connected(self) -> bool:
        return self._pc.connectionState == "connected"

    async def connect(self, exchange: Exchange) -> None:
        """Offer both lines, take the answer, wait until media may flow.

        Raises what ``exchange`` raises, ValueError on a bad answer, TimeoutError.
        """
        lines = [
            self._pc.addTransceiver(track, direction="sendonly") for track in (self._sound, self._picture)
        ]
        for line in lines:
            wanted = CODECS[line.kind]
            codecs = RTCRtpSender.getCapabilities(line.kind).codecs
            line.setCodecPreferences([c for c in codecs if c.mimeType.lower() in wanted])
        self._picture.answer_keyframe_requests_of(lines[1].sender)
        await self._pc.setLocalDescription(await self._pc.createOffer())
        offer = Offer(
            sdp=self._pc.localDescription.sdp,
            lines=tuple(Line(mid=str(line.mid), kind=Kind(line.kind), slot=None) for line in lines),
        )
        answer = await exchange(offer)
        await self._pc.setRemoteDescription(RTCSessionDescription(sdp=answer, type="answer"))
        async with asyncio.timeout(CONNECT_S):
            await self._up.wait()

    def switch(self, on: bool) -> None:
        """Send, or be silent; the connection stays."""
        self._sound.switch(on)
        self._picture.switch(on)

    async def close(self) -> None:
        self._on_lost = lambda: None
        self._sound.stop()
        self._picture.stop()
        await self._pc.close()

    def _changed(self) -> None:
        log.debug("media %s", self._pc.connectionState)
        if self.connected:
            self._up.set()
        elif self._pc.connectionState in ("failed", "closed"):
            self._on_lost()
