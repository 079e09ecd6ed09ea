"""What every media plane promises, asked of the fake and of the embedded one with two media processes."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import pytest

from rooms.ids import PeerId, RoomId, SeatId
from rooms.media.embedded.plane import EmbeddedPlane
from rooms.media.embedded.settings import MediaSettings
from rooms.media.plane import (
    Feed,
    MediaEvent,
    MediaPlane,
    Offer,
    OfferRefused,
    PeerConnected,
    PeerLost,
    PeerSpec,
    Slot,
    Stage,
    StageApplied,
    Train,
)
from tests.support.fake_plane import FakePlane
from tests.support.media_peer import MediaPeer

ROOM = RoomId("hall")
OTHER = RoomId("annexe")
SPEAKING = Stage({Slot.SPEAKER: Feed(SeatId("desa"), None, False)})


class Watched:
    """A plane whose events are awaited one by one."""

    def __init__(self, plane: MediaPlane) -> None:
        self.plane = plane
        self._events = plane.events()
        self._peers: list[MediaPeer] = []

    async def next(self) -> MediaEvent:
        async with asyncio.timeout(60):
            return await anext(self._events)

    async def join(self, name: str, room: RoomId = ROOM, *, seat: str | None = None) -> MediaPeer:
        """A peer that offers like a browser; it completes the connection where there is one to complete."""
        peer = MediaPeer(self.plane, room, name)
        peer.spec = replace(peer.spec, seat_id=SeatId(seat or name))
        self._peers.append(peer)
        answer = await self.plane.connect(room, peer.spec, await peer.offer())
        if isinstance(self.plane, EmbeddedPlane):
            async with asyncio.timeout(60):
                await peer.accept(answer)
        return peer

    async def leave_all(self) -> None:
        for peer in self._peers:
            await peer.leave()


@pytest.fixture(params=["fake", "embedded"])
async def watched(request: pytest.FixtureRequest, media_settings: MediaSettings) -> AsyncIterator[Watched]:
    plane: MediaPlane = (
        FakePlane() if request.param == "fake" else EmbeddedPlane(replace(media_settings, workers=2))
    )
    await plane.start()
    watched = Watched(plane)
    yield watched
    await watched.leave_all()
    await plane.close()


async def test_a_peer_that_connects_is_reported_and_shown(watched: Watched) -> None:
    await watched.join("desa")
    assert await watched.next() == PeerConnected(ROOM, PeerId("desa"))
    (health,) = await watched.plane.health(ROOM)
    assert (health.peer_id, health.seat_id, health.connected) == ("desa", "desa", True)
    assert await watched.plane.health(OTHER) == []
    counted = [process.counts for process in await watched.plane.stats()]
    assert [sum(counts.peers for counts in counted if counts), sum(c.seats for c in counted if c)] == [1, 1]
    assert sum(sum(counts.joins) for counts in counted if counts) == 1


async def test_a_disconnected_peer_is_reported_lost_once(watched: Watched) -> None:
    await watched.join("desa")
    await watched.next()
    await watched.plane.disconnect(ROOM, PeerId("desa"))
    await watched.plane.disconnect(ROOM, PeerId("desa"))
    assert await watched.next() == PeerLost(ROOM, PeerId("desa"))
    assert await watched.plane.health(ROOM) == []
    await watched.plane.set_stage(ROOM, 1, 1, SPEAKING)
    assert await watched.next() == StageApplied(ROOM, 1, 1)


async def test_a_seats_newer_peer_replaces_the_older(watched: Watched) -> None:
    await watched.join("tab1", seat="desa")
    await watched.next()
    await watched.join("tab2", seat="desa")
    assert await watched.next() == PeerLost(ROOM, PeerId("tab1"))
    assert await watched.next() == PeerConnected(ROOM, PeerId("tab2"))
    assert [health.peer_id for health in await watched.plane.health(ROOM)] == ["tab2"]


async def test_the_same_seat_in_another_room_is_another_seat(watched: Watched) -> None:
    await watched.join("desa")
    await watched.next()
    await watched.join("desa", OTHER)
    assert await watched.next() == PeerConnected(OTHER, PeerId("desa"))
    assert len(await watched.plane.health(ROOM)) == 1


async def test_an_older_stage_is_ignored_and_a_newer_epoch_counts(watched: Watched) -> None:
    plane = watched.plane
    await plane.set_stage(ROOM, 1, 7, SPEAKING)
    await plane.set_stage(ROOM, 1, 6, Stage({}))
    await plane.set_stage(ROOM, 0, 99, Stage({}))
    await plane.set_stage(ROOM, 1, 7, SPEAKING)
    await plane.set_stage(ROOM, 2, 1, Stage({}))
    assert [await watched.next() for _ in range(3)] == [
        StageApplied(ROOM, 1, 7),
        StageApplied(ROOM, 1, 7),
        StageApplied(ROOM, 2, 1),
    ]


async def test_closing_a_room_loses_its_peers_and_no_others(watched: Watched) -> None:
    await watched.join("desa")
    await watched.next()
    await watched.join("desa", OTHER)
    await watched.next()
    await watched.plane.close_room(ROOM)
    assert await watched.next() == PeerLost(ROOM, PeerId("desa"))
    assert await watched.plane.health(ROOM) == []
    assert len(await watched.plane.health(OTHER)) == 1
    await watched.plane.set_stage(ROOM, 1, 1, SPEAKING)
    assert await watched.next() == StageApplied(ROOM, 1, 1)


async def test_a_stage_may_say_who_sits_in_one_hall(watched: Watched) -> None:
    groups = (frozenset({SeatId("aula"), SeatId("desa")}), frozenset({SeatId("camat")}))
    await watched.plane.set_stage(ROOM, 1, 1, replace(SPEAKING, echo_groups=groups))
    assert await watched.next() == StageApplied(ROOM, 1, 1)


async def test_a_train_is_for_who_is_there_one_at_a_time(watched: Watched) -> None:
    plane, train = watched.plane, Train(1_000, 60.0)
    assert not await plane.send_train(ROOM, PeerId("desa"), train)
    await watched.join("desa")
    await watched.next()
    assert not await plane.send_train(OTHER, PeerId("desa"), train)
    assert await plane.send_train(ROOM, PeerId("desa"), train)
    assert not await plane.send_train(ROOM, PeerId("desa"), train)
    await plane.disconnect(ROOM, PeerId("desa"))
    assert not await plane.send_train(ROOM, PeerId("desa"), train)


def too_many_lines(offer: Offer) -> Offer:
    section = offer.sdp[offer.sdp.index("m=") :].split("\r\nm=")[0] + "\r\n"
    extra = "".join(section.replace("a=mid:0\r\n", f"a=mid:x{number}\r\n") for number in range(41))
    return Offer(offer.sdp + extra, offer.lines)


def with_first_mid(offer: Offer, mid: str) -> Offer:
    return Offer(offer.sdp, (replace(offer.lines[0], mid=mid), *offer.lines[1:]))


REFUSALS: dict[str, tuple[str, Callable[[Offer], Offer]]] = {
    "nonsense": ("malformed_sdp", lambda offer: Offer("hello", offer.lines)),
    "larger than 64 KiB": ("too_large", lambda offer: Offer(offer.sdp + "a=x\r\n" * 14000, offer.lines)),
    "over 40 m-lines": ("too_many_lines", too_many_lines),
    "unknown mid": ("bad_line", lambda offer: with_first_mid(offer, "nowhere")),
    "mid named twice": ("bad_line", lambda offer: with_first_mid(offer, offer.lines[1].mid)),
}


async def test_bad_offers_are_refused_with_their_codes_and_change_nothing(watched: Watched) -> None:
    peer = MediaPeer(watched.plane, ROOM, "desa")
    good = await peer.offer()
    codes = {}
    for name, (_, spoil) in REFUSALS.items():
        with pytest.raises(OfferRefused) as refusal:
            await watched.plane.connect(ROOM, peer.spec, spoil(good))
        codes[name] = refusal.value.code
    assert codes == {name: code for name, (code, _) in REFUSALS.items()}
    await peer.leave()
    assert await watched.plane.health(ROOM) == []


async def test_a_console_that_sends_is_refused(watched: Watched) -> None:
    peer = MediaPeer(watched.plane, ROOM, "operator")
    console = PeerSpec(PeerId("operator"), None, True)
    with pytest.raises(OfferRefused) as refusal:
        await watched.plane.connect(ROOM, console, await peer.offer())
    assert refusal.value.code == "bad_line"
    await peer.leave()


async def test_a_good_offer_is_answered(watched: Watched) -> None:
    peer = MediaPeer(watched.plane, ROOM, "desa")
    offer = await peer.offer()
    answer = await watched.plane.connect(ROOM, peer.spec, offer)
    assert answer.startswith("v=0")
    assert "a=ice-lite" in answer
    await peer.leave()
