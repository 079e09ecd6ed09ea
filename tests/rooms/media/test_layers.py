"""Pictures that come in several sizes: how they are offered, told apart, chosen and changed."""

import struct
from itertools import pairwise

import pytest

from rooms.ids import PeerId, SeatId
from rooms.media.embedded import rtcp, sdp
from rooms.media.embedded.peer import Peer
from rooms.media.embedded.sdp import SendingLine
from rooms.media.embedded.settings import MediaSettings
from rooms.media.plane import Feed, Kind, Line, Offer, OfferRefused, PeerSpec, Pictures, Slot, Stage
from tests.rooms.media.test_packets import ENDPOINT
from tests.support.forwarder_hall import DELTA, KEYFRAME, OPUS, ROOM, RTX, VP8, Ear, Hall

MID, RID, REPAIRED = 9, 10, 11
LOW, MIDDLE = b"l", b"m"
SSRC = {LOW: 5001, MIDDLE: 5002}
DESA = PeerSpec(PeerId("desa"), SeatId("desa"), False)
FINGERPRINT = ":".join(["AB"] * 32)


def offer(*rows: str, extensions: tuple[int, ...] = (MID, RID, REPAIRED)) -> Offer:
    """Of one camera, as Chromium writes it."""
    uris = {
        MID: sdp.MID_EXTENSION,
        RID: sdp.RID_EXTENSION,
        REPAIRED: sdp.REPAIRED_RID_EXTENSION,
    }
    lines = [
        "v=0",
        "o=- 1 2 IN IP4 127.0.0.1",
        "s=-",
        "t=0 0",
        "a=group:BUNDLE 7",
        "m=video 9 UDP/TLS/RTP/SAVPF 96 97",
        "c=IN IP4 0.0.0.0",
        "a=ice-ufrag:abcd",
        "a=ice-pwd:0123456789012345678901",
        f"a=fingerprint:sha-256 {FINGERPRINT}",
        "a=setup:actpass",
        "a=mid:7",
        *(f"a=extmap:{number} {uris[number]}" for number in extensions),
        "a=sendonly",
        "a=rtcp-mux",
        "a=rtpmap:96 VP8/90000",
        "a=rtcp-fb:96 nack pli",
        "a=rtpmap:97 rtx/90000",
        "a=fmtp:97 apt=96",
        *rows,
    ]
    return Offer("\r\n".join(lines) + "\r\n", (Line("7", Kind.VIDEO, None),))


GOOD = ("a=rid:l send", "a=rid:m send", "a=simulcast:send l;~m")


def test_the_answer_takes_the_layers_with_their_extensions() -> None:
    terms, answer = sdp.negotiate(DESA, offer(*GOOD), ENDPOINT)
    for row in (
        "a=rid:l recv",
        "a=rid:m recv",
        "a=simulcast:recv l;m",
        f"a=extmap:{RID} {sdp.RID_EXTENSION}",
        f"a=extmap:{REPAIRED} {sdp.REPAIRED_RID_EXTENSION}",
    ):
        assert f"{row}\r\n" in answer
    (line,) = terms.sending
    assert line.layers == ("l", "m")
    assert (line.mid_extension, line.rid_extension, line.repaired_rid_extension) == (MID, RID, REPAIRED)
    assert (line.ssrcs, line.rtx_payload_type) == ((), 97)


def test_a_picture_in_one_size_is_answered_without_a_word_of_layers() -> None:
    terms, answer = sdp.negotiate(DESA, offer("a=ssrc-group:FID 7 8", "a=ssrc:7 cname:x"), ENDPOINT)
    assert not any(word in answer for word in ("a=rid:", "a=simulcast", sdp.RID_EXTENSION))
    (line,) = terms.sending
    assert (line.layers, line.ssrcs, line.rtx_ssrcs) == ((), (7,), (8,))


@pytest.mark.parametrize(
    "wrong",
    [
        offer("a=rid:l send", "a=simulcast:send l;m"),
        offer("a=rid:l send", "a=rid:l send", "a=simulcast:send l;l"),
        offer(*(f"a=rid:{rid} send" for rid in "abcd"), "a=simulcast:send a;b;c;d"),
        offer("a=rid:l recv", "a=simulcast:recv l"),
        offer("a=rid:l send", "a=simulcast:send l recv l"),
        offer("a=rid:a,b send", "a=simulcast:send a,b"),
        offer("a=rid:l send", "a=simulcast:"),
        offer(*GOOD, "a=simulcast:send l"),
        offer(*GOOD, extensions=(MID,)),
        offer(*GOOD, extensions=(RID,)),
    ],
)
def test_layers_that_could_not_be_told_apart_are_refused(wrong: Offer) -> None:
    with pytest.raises(OfferRefused) as refused:
        sdp.negotiate(DESA, wrong, ENDPOINT)
    assert refused.value.code == "bad_line"


def named(
    layer: bytes, sequence: int, payload: bytes = KEYFRAME, *, ssrc: int = 0, mid: bytes = b"7"
) -> bytes:
    """The first packets of a layer: they say what they are."""
    extension = bytes([MID << 4 | len(mid) - 1]) + mid + bytes([RID << 4 | len(layer) - 1]) + layer
    return _with(extension, VP8, sequence, payload, ssrc or SSRC[layer])


def again(layer: bytes, sequence: int, payload: bytes, *, ssrc: int = 6001) -> bytes:
    extension = bytes([MID << 4]) + b"7" + bytes([REPAIRED << 4 | len(layer) - 1]) + layer
    return _with(extension, RTX, 1, struct.pack("!H", sequence) + payload, ssrc)


def _with(extension: bytes, payload_type: int, sequence: int, payload: bytes, ssrc: int) -> bytes:
    extension += bytes(-len(extension) % 4)
    head = struct.pack("!BBHII", 0x90, payload_type, sequence, sequence * 3000, ssrc)
    return head + struct.pack("!HH", 0xBEDE, len(extension) // 4) + extension + payload


class LayeredHall(Hall):
    def __init__(self, settings: MediaSettings) -> None:
        self.now = 1.0
        self.told: list[tuple[str, str, tuple[str, ...]]] = []
        super().__init__(settings, clock=lambda: self.now, tell_layers=self._tell)
        self.sequence = dict.fromkeys(SSRC, 0)

    def _tell(self, peer: Peer, mid: str, layers: tuple[str, ...]) -> None:
        self.told.append((peer.spec.peer_id, mid, layers))

    def office(self, name: str) -> Ear:
        """A seat whose camera has two layers."""
        return self.enter(
            name,
            sending=(
                SendingLine("6", Kind.AUDIO, 0, OPUS, (4000,), MID),
                SendingLine("7", Kind.VIDEO, 0, VP8, (), MID, None, RTX, (), ("l", "m"), RID, REPAIRED),
            ),
        )

    def sends(self, office: Ear, layer: bytes, payload: bytes = DELTA) -> None:
        self.sequence[layer] += 1
        self.forwarder.on_rtp(office, named(layer, self.sequence[layer], payload), self.now)

    def watched(self, office: Ear) -> set[int]:
        """SSRCs that were asked for a keyframe since the last look."""
        return {item.ssrc for item in office.feedback() if isinstance(item, rtcp.KeyframeRequest)}


@pytest.fixture
def hall(media_settings: MediaSettings) -> LayeredHall:
    return LayeredHall(media_settings)


def bodies(viewer: Ear) -> list[bytes]:
    return [packet[12:] for packet in viewer.rtp]


def contiguous(viewer: Ear) -> bool:
    heads = [rtcp.parse_rtp(packet) for packet in viewer.rtp]
    return all(
        (later.sequence_number - early.sequence_number) % (1 << 16) == 1
        and 0 <= (later.timestamp - early.timestamp) % (1 << 32) < 1 << 31
        for early, later in pairwise(heads)
    )


async def test_the_best_layer_takes_over_at_its_keyframe_and_until_then_the_other_goes_on(
    hall: LayeredHall,
) -> None:
    office, viewer = hall.office("desa"), hall.enter("viewer", seat=False)
    hall.stage(speaker="desa")
    hall.sends(office, LOW, KEYFRAME + b"l1")
    hall.sends(office, LOW, DELTA + b"l2")
    assert len(viewer.rtp) == 2
    hall.watched(office)
    # It begins in the middle of a picture: its first packet was lost.
    hall.sends(office, MIDDLE, DELTA + b"m1")
    hall.sends(office, LOW, DELTA + b"l3")
    hall.forwarder.tick(hall.now)
    assert hall.watched(office) == {SSRC[MIDDLE]}
    hall.sends(office, MIDDLE, KEYFRAME + b"m2")
    hall.sends(office, LOW, DELTA + b"l4")
    hall.sends(office, MIDDLE, DELTA + b"m3")
    assert [body[-2:] for body in bodies(viewer)] == [b"l1", b"l2", b"l3", b"m2", b"m3"]
    assert contiguous(viewer)


async def test_a_layer_that_stops_is_left_for_one_that_goes_on(hall: LayeredHall) -> None:
    office, viewer = hall.office("desa"), hall.enter("viewer", seat=False)
    hall.stage(speaker="desa")
    for layer in SSRC:
        hall.sends(office, layer, KEYFRAME)
    viewer.rtp.clear()
    hall.sends(office, MIDDLE, DELTA + b"m")
    hall.now = 2.5
    hall.sends(office, LOW, DELTA + b"l")
    hall.watched(office)
    hall.forwarder.tick(hall.now)
    assert hall.watched(office) == {SSRC[LOW]}
    # Asked again as long as it does not come, and once it came no more.
    hall.forwarder.tick(hall.now + 0.4)
    assert hall.watched(office) == {SSRC[LOW]}
    hall.sends(office, LOW, KEYFRAME + b"k")
    hall.forwarder.tick(hall.now + 0.9)
    assert hall.watched(office) == set()
    assert [body[-1:] for body in bodies(viewer)] == [b"m", b"k"]
    assert contiguous(viewer)


async def test_a_change_of_speaker_takes_whatever_layer_comes_first(hall: LayeredHall) -> None:
    plain, office = hall.enter("plain"), hall.office("desa")
    viewer = hall.enter("viewer", seat=False)
    hall.sends(office, LOW, KEYFRAME)
    hall.stage(speaker="plain")
    hall.forwarder.on_rtp(plain, rtcp.rtp_header(False, False, VP8, 1, 1, 1004) + KEYFRAME, hall.now)
    viewer.rtp.clear()
    hall.stage(speaker="desa")
    hall.sends(office, LOW, DELTA)
    assert viewer.rtp == []
    hall.sends(office, LOW, KEYFRAME + b"l")
    hall.sends(office, MIDDLE, KEYFRAME + b"m")
    assert [body[-1:] for body in bodies(viewer)] == [b"l", b"m"]
    hall.stage()
    hall.sends(office, LOW, KEYFRAME)
    hall.sends(office, MIDDLE, KEYFRAME)
    assert len(viewer.rtp) == 2


async def test_who_is_next_is_looked_at_in_the_lowest_layer(hall: LayeredHall) -> None:
    office = hall.office("desa")
    desk = hall.enter("desk", seat=False, slots=(Slot.PREVIEW_1,))
    stage = Stage({Slot.PREVIEW_1: Feed(SeatId("desa"), None, False)})
    assert hall.forwarder.routing.set_stage(ROOM, (1, 1), stage, 0)
    for layer in SSRC:
        hall.sends(office, layer, KEYFRAME + layer)
    assert [body[-1:] for body in bodies(desk)] == [LOW]


async def test_what_is_sent_again_fills_its_layer_once(hall: LayeredHall) -> None:
    office, viewer = hall.office("desa"), hall.enter("viewer", seat=False)
    hall.stage(speaker="desa")
    hall.sends(office, LOW, KEYFRAME)
    hall.sequence[LOW] += 1
    hall.sends(office, LOW, DELTA + b"3")
    lost = hall.sequence[LOW] - 1
    hall.forwarder.on_rtp(office, again(LOW, lost, DELTA + b"2"), hall.now)
    hall.forwarder.on_rtp(office, again(LOW, lost, DELTA + b"2"), hall.now)
    numbers = [rtcp.parse_rtp(packet).sequence_number for packet in viewer.rtp]
    assert [number - numbers[0] & 0xFFFF for number in numbers] == [0, 2, 1]
    assert bodies(viewer)[-1] == DELTA + b"2"
    assert hall.forwarder.dropped == {"repeated": 1}
    # Padding of the retransmissions' stream probes the line and is no packet.
    hall.forwarder.on_rtp(office, _padding(6001), hall.now)
    assert len(viewer.rtp) == 3
    assert hall.forwarder.dropped == {"repeated": 1}


def _padding(ssrc: int) -> bytes:
    return struct.pack("!BBHII", 0xA0, RTX, 2, 0, ssrc) + bytes(200) + b"\xc9"


async def test_what_no_layer_answers_to_is_dropped_and_ssrcs_do_not_change_for_ever(
    hall: LayeredHall,
) -> None:
    office, viewer = hall.office("desa"), hall.enter("viewer", seat=False)
    hall.stage(speaker="desa")
    bare = rtcp.rtp_header(False, False, VP8, 1, 1, 7777) + KEYFRAME
    for foreign in (bare, named(b"x", 1, ssrc=7778), named(LOW, 1, ssrc=7779, mid=b"8")):
        hall.forwarder.on_rtp(office, foreign, hall.now)
    hall.forwarder.on_rtp(office, again(b"x", 1, KEYFRAME), hall.now)
    assert viewer.rtp == []
    assert hall.forwarder.dropped == {"unbound": 4}
    for number in range(100):
        hall.forwarder.on_rtp(office, named(LOW, 1, ssrc=8000 + number), hall.now)
        hall.forwarder.on_rtp(office, again(LOW, 1, KEYFRAME, ssrc=9000 + number), hall.now)
    member = next(one for one in hall.forwarder.routing.members() if one.peer is office)
    assert (len(member.by_ssrc), len(member.by_rtx)) == (2, 1)
    assert hall.forwarder.dropped["unbound"] > 150


async def test_a_layer_that_nobody_wants_is_told_to_rest_and_is_asked_for_at_once_when_it_is(
    hall: LayeredHall,
) -> None:
    office = hall.office("desa")
    hall.enter("viewer", seat=False)
    thrifty = hall.enter("thrifty", seat=False)
    assert hall.told == []
    hall.stage(speaker="desa")
    for peer in ("viewer", "thrifty"):
        hall.forwarder.routing.set_pictures(ROOM, PeerId(peer), Pictures.SMALL)
    for layer in SSRC:
        hall.sends(office, layer, KEYFRAME + layer)
    assert [body[-1:] for body in bodies(thrifty)] == [LOW]
    hall.now += 4.9
    hall.forwarder.tick(hall.now)
    assert hall.told == []
    hall.now += 0.2
    hall.forwarder.tick(hall.now)
    assert hall.told == [("desa", "7", ("l",))]
    hall.forwarder.routing.set_pictures(ROOM, PeerId("viewer"), Pictures.FULL)
    assert hall.told[1:] == [("desa", "7", ("l", "m"))]
    # Nobody watches: whoever calls this office finds all of it.
    hall.stage()
    hall.now += 60
    hall.forwarder.tick(hall.now)
    assert len(hall.told) == 2


async def test_who_is_next_keeps_all_layers_warm(hall: LayeredHall) -> None:
    hall.office("desa")
    hall.enter("desk", seat=False, slots=(Slot.PREVIEW_1,))
    stage = Stage({Slot.PREVIEW_1: Feed(SeatId("desa"), None, False)})
    assert hall.forwarder.routing.set_stage(ROOM, (1, 1), stage, 0)
    hall.now += 60
    hall.forwarder.tick(hall.now)
    assert hall.told == []


@pytest.mark.parametrize("pictures", list(Pictures))
async def test_whatever_a_person_chooses_sound_comes_whole(hall: LayeredHall, pictures: Pictures) -> None:
    office, viewer = hall.office("desa"), hall.enter("viewer", seat=False)
    hall.stage(speaker="desa")
    hall.forwarder.routing.set_pictures(ROOM, PeerId("viewer"), pictures)
    for at in range(10):
        for layer in SSRC:
            hall.sends(office, layer, KEYFRAME)
        sound = rtcp.rtp_header(False, False, OPUS, at, at * 960, 4000) + b"opus"
        hall.forwarder.on_rtp(office, sound, hall.now)
    assert bodies(viewer).count(b"opus") == 10
    seen = len(viewer.rtp) - 10
    assert (seen > 0) == (pictures is not Pictures.NONE)
    # Chosen anew, the picture goes on where it was left, without a hole.
    hall.forwarder.routing.set_pictures(ROOM, PeerId("viewer"), Pictures.FULL)
    hall.sends(office, MIDDLE, KEYFRAME)
    pictures_sent = [one for one in viewer.rtp if one[1] & 0x7F == VP8]
    numbers = [rtcp.parse_rtp(one).sequence_number for one in pictures_sent]
    assert numbers == [numbers[0] + at & 0xFFFF for at in range(len(numbers))]
    assert len(numbers) > seen
