"""The media half over real ICE, DTLS and SRTP to a receiving peer that decodes."""

import asyncio
from collections.abc import AsyncIterator

import av
import pytest
from aiortc import (
    MediaStreamTrack,
    RTCConfiguration,
    RTCPeerConnection,
    RTCSessionDescription,
)

from rooms.gladi.call import Call
from rooms.gladi.loops import KEYFRAME_EVERY, Loop
from rooms.gladi.tracks import LoopPicture, LoopSound
from rooms.media.plane import Kind, Offer
from tests.rooms.gladi.conftest import HUE
from tests.support.loops import hue_apart, hue_of


class Receiver:
    """A peer that takes what is offered."""

    def __init__(self) -> None:
        self.offers: list[Offer] = []
        self.tracks: dict[str, MediaStreamTrack] = {}
        self.pc = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.pc.on("track", lambda track: self.tracks.__setitem__(track.kind, track))

    async def exchange(self, offer: Offer) -> str:
        self.offers.append(offer)
        await self.pc.setRemoteDescription(RTCSessionDescription(sdp=offer.sdp, type="offer"))
        await self.pc.setLocalDescription(await self.pc.createAnswer())
        return str(self.pc.localDescription.sdp)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    yield receiver
    await receiver.pc.close()


async def test_sound_and_picture_arrive_and_decode(loop: Loop, receiver: Receiver) -> None:
    call = Call(loop, on_lost=lambda: None)
    await call.connect(receiver.exchange)
    call.switch(True)
    async with asyncio.timeout(60):
        picture = await receiver.tracks["video"].recv()
        sounds = [await receiver.tracks["audio"].recv() for _ in range(40)]
    assert isinstance(picture, av.VideoFrame)
    assert hue_apart(hue_of(picture.to_image()), HUE) < 15  # type: ignore[no-untyped-call]
    assert any(any(bytes(f.planes[0])) for f in sounds if isinstance(f, av.AudioFrame))
    assert call.connected
    await call.close()
    (offer,) = receiver.offers
    assert [(line.kind, line.slot) for line in offer.lines] == [(Kind.AUDIO, None), (Kind.VIDEO, None)]
    assert [f"a=mid:{line.mid}" in offer.sdp for line in offer.lines] == [True, True]
    assert offer.sdp.count("a=sendonly") == 2
    transports = {line for line in offer.sdp.splitlines() if line.startswith("a=ice-ufrag")}
    assert len(transports) == 1, "both lines share one transport"


async def test_a_loss_is_reported_once_and_a_close_is_not(loop: Loop, receiver: Receiver) -> None:
    lost = asyncio.Event()
    call = Call(loop, on_lost=lost.set)
    await call.connect(receiver.exchange)
    call.switch(True)
    async with asyncio.timeout(60):
        await receiver.tracks["audio"].recv()
        await receiver.pc.close()
        await lost.wait()
    lost.clear()
    await call.close()
    assert not lost.is_set()


async def test_nothing_is_sent_until_switched_on_and_then_a_keyframe_comes_first(loop: Loop) -> None:
    picture = LoopPicture(loop)
    waiting = asyncio.create_task(picture.recv())
    done, _ = await asyncio.wait([waiting], timeout=0.3)
    assert not done
    picture.switch(True)
    first = await waiting
    assert bytes(first) == loop.pictures[0][0]
    assert first.pts is not None
    assert first.pts * first.time_base > 0.25, "time went on while nothing was sent"
    second = await picture.recv()
    assert bytes(second) == loop.pictures[1][0]
    picture.switch(False)
    waiting = asyncio.create_task(picture.recv())
    await asyncio.sleep(0)
    picture.switch(True)
    assert bytes(await waiting) == loop.pictures[loop.keyframe_from(2)][0]
    picture.stop()


async def test_a_picture_loss_indication_brings_a_keyframe_at_once(
    loop: Loop, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pictures are known by their place in the loop: one by one, and from the PLI at a keyframe."""
    shown: list[int] = []

    send = LoopPicture._next

    def watched(track: LoopPicture) -> bytes:
        data = send(track)
        shown.append([picture for picture, _ in loop.pictures].index(data))
        return data

    monkeypatch.setattr(LoopPicture, "_next", watched)
    call = Call(loop, on_lost=lambda: None)
    await call.connect(receiver.exchange)
    call.switch(True)
    async with asyncio.timeout(60):
        await receiver.tracks["video"].recv()
        (line,) = (line for line in receiver.pc.getTransceivers() if line.kind == "video")
        await line.receiver._send_rtcp_pli(line.receiver.getSynchronizationSources()[0].source)
        while shown[-1] < KEYFRAME_EVERY:
            await receiver.tracks["video"].recv()
    await call.close()
    jump = shown.index(KEYFRAME_EVERY)
    assert shown[:jump] == list(range(jump))
    assert jump < KEYFRAME_EVERY - 5, "it came no sooner than by itself"


async def test_the_loop_goes_round_without_a_seam(loop: Loop) -> None:
    sound = LoopSound(Loop(loop.pictures, loop.sounds[:5]))
    sound.switch(True)
    packets = [await sound.recv() for _ in range(12)]
    times = [p.pts for p in packets]
    assert times == list(range(times[0] or 0, (times[0] or 0) + 12))
    assert bytes(packets[0]) == bytes(packets[5]) == bytes(packets[10])
    sound.stop()
