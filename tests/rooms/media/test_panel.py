"""R90 in the media process: small pictures for consoles, of those whom the stage names, behind all others."""

from dataclasses import replace
from itertools import pairwise

import pytest

from rooms.ids import SeatId
from rooms.media.embedded import pacer, repair, rtcp
from rooms.media.embedded.sdp import ReceivingLine, SendingLine, Terms
from rooms.media.embedded.settings import MediaSettings
from rooms.media.plane import Feed, Kind, PeerSpec, Pictures, Slot, Stage
from tests.rooms.media.test_pacer import Loop
from tests.support.forwarder_hall import DELTA, KEYFRAME, OPUS, ROOM, VP8, Ear, Hall, packet

A, B, C = SeatId("a"), SeatId("b"), SeatId("c")
LEVEL = 6
ONE_BYTE = 0xBEDE


class Desk(Hall):
    """Three offices, somebody who only watches the stage, and a console with two panel lines."""

    def __init__(self, settings: MediaSettings) -> None:
        self.loop = Loop()
        super().__init__(settings, self.loop.defer, self.loop.clock)
        self.offices = {name: self.enter(name, slots=()) for name in "abc"}
        self.viewer = self.enter("viewer", seat=False)
        self.console = self.watcher("console", previews=True)
        self._shown = dict.fromkeys("abc", 0)

    def watcher(self, name: str, *, previews: bool) -> Ear:
        lines = tuple(
            ReceivingLine(f"p{n}", Kind.VIDEO, Slot.PANEL, VP8, self._next_ssrc(), ordinal=n)
            for n in range(2)
        )
        ear = Ear(name, Terms("u" + name, "p", "r", "q", (), lines, ()), False)
        ear.spec = PeerSpec(ear.spec.peer_id, None, previews)
        self.forwarder.routing.add(ear)
        self.forwarder.routing.connected(ear)
        return ear

    def grant(self, *panel: SeatId, speaker: SeatId | None = None) -> None:
        self._seq += 1
        feeds = {Slot.SPEAKER: Feed(speaker, None, False)} if speaker else {}
        self.forwarder.routing.set_stage(ROOM, (1, self._seq), Stage(feeds, panel=panel), 0)

    def watch(self, *seats: SeatId) -> None:
        self.forwarder.routing.watch(ROOM, self.console.spec.peer_id, seats)

    def show(self, name: str, payload: bytes = KEYFRAME) -> None:
        self._shown[name] += 1
        data = packet(self.offices[name], Kind.VIDEO, self._shown[name], payload)
        self.forwarder.on_rtp(self.offices[name], data, self.loop.now)

    def show_all(self) -> None:
        for name in "abc":
            self.show(name)
        self.loop.advance(0.01)

    def lines(self) -> list[int]:
        """Which of the console's lines brought packets since the last call."""
        ssrcs = [line.ssrc for line in self.console.terms.receiving]
        found = sorted({ssrcs.index(rtcp.parse_rtp(data).ssrc) for data in self.console.rtp})
        self.console.rtp.clear()
        return found

    def requests(self, name: str) -> list[int]:
        """The SSRCs of which whole pictures were asked for since the last call."""
        feedback = self.offices[name].feedback()
        return [item.ssrc for item in feedback if isinstance(item, rtcp.KeyframeRequest)]

    def asked(self, name: str) -> bool:
        return bool(self.requests(name))

    def pass_by(self, seconds: float) -> None:
        """Time, as the media process lets it pass."""
        until = self.loop.now + seconds
        while self.loop.now < until:
            self.loop.advance(0.05)
            self.forwarder.tick(self.loop.now)


@pytest.fixture
def desk(media_settings: MediaSettings) -> Desk:
    return Desk(media_settings)


async def test_R90_a_console_sees_whom_it_watches_of_those_that_it_may_see(desk: Desk) -> None:
    desk.grant(A, B)
    desk.show_all()
    assert desk.lines() == [], "it watches nobody yet"
    desk.watch(C, B)
    desk.show_all()
    assert desk.lines() == [1], "c may not be seen"
    desk.grant(A, B, C)
    desk.show_all()
    assert desk.lines() == [0, 1]
    desk.grant(B)
    desk.show_all()
    assert desk.lines() == [1], "c withdrew: cut at once"
    desk.forwarder.routing.mute()
    desk.show_all()
    assert desk.lines() == []
    assert desk.viewer.rtp == []


async def test_R90_who_comes_back_is_seen_by_those_who_watched_it(desk: Desk) -> None:
    desk.grant(A, B)
    desk.watch(A, B)
    routing = desk.forwarder.routing
    routing.remove(desk.offices["a"])
    desk.offices["a"] = desk.enter("a", slots=())
    desk._shown["a"] = 0
    desk.show_all()
    assert desk.lines() == [0, 1]
    # And a console that wished to see before it was there.
    routing.remove(desk.console)
    desk.console.connected = False
    routing.add(desk.console)
    desk.watch(B)
    desk.show_all()
    assert desk.lines() == []
    desk.console.connected = True
    routing.connected(desk.console)
    desk.show_all()
    assert desk.lines() == [0]


async def test_R90_a_console_on_a_narrow_line_keeps_its_panel_which_the_pacer_leaves_out_first(
    desk: Desk,
) -> None:
    desk.grant(A, B)
    desk.watch(A, B)
    member = desk.forwarder.routing.find(ROOM, desk.console.spec.peer_id)
    assert member is not None
    member.share.showed(70_000, 64_000, 1.0)
    assert member.share.bits_per_s < 64_000
    desk.grant(A, B)
    desk.show_all()
    assert desk.lines() == [0, 1]


async def test_R90_who_is_no_console_sees_nothing_of_it(desk: Desk) -> None:
    """An offer with such lines is refused besides; here is one that came by."""
    stranger = desk.watcher("stranger", previews=False)
    desk.grant(A, B)
    desk.forwarder.routing.watch(ROOM, stranger.spec.peer_id, (A, B))
    desk.watch(A, B)
    desk.show_all()
    assert (desk.lines(), stranger.rtp) == ([0, 1], [])


async def test_who_is_next_is_asked_for_a_whole_picture_when_a_console_turns_to_it(
    desk: Desk,
) -> None:
    """Nobody else asks again for one: cameras send none by themselves, and the panel had stayed dark."""
    line = ReceivingLine("v", Kind.VIDEO, Slot.PREVIEW_1, VP8, desk._next_ssrc())
    other = Ear("other", Terms("uo", "p", "r", "q", (), (line,), ()), False)
    other.spec = PeerSpec(other.spec.peer_id, None, True)
    desk.forwarder.routing.add(other)
    desk.forwarder.routing.connected(other)
    stage = Stage({Slot.PREVIEW_1: Feed(A, None, False)}, panel=(A,))
    desk.forwarder.routing.set_stage(ROOM, (1, 1), stage, 0)
    desk.show_all()
    desk.offices["a"].feedback()
    desk.loop.advance(5)
    desk.watch(A)
    assert desk.asked("a")
    desk.show_all()
    assert desk.lines() == [0]


async def test_who_wants_no_pictures_gets_none_of_these_either(desk: Desk) -> None:
    desk.grant(A, B)
    desk.watch(A, B)
    for pictures, lines in ((Pictures.NONE, []), (Pictures.SMALL, [0, 1]), (Pictures.FULL, [0, 1])):
        desk.forwarder.routing.set_pictures(ROOM, desk.console.spec.peer_id, pictures)
        desk.show_all()
        assert desk.lines() == lines


async def test_turning_the_page_goes_on_in_the_same_lines_without_a_gap(desk: Desk) -> None:
    desk.grant(A, B, C)
    desk.watch(A, B)
    desk.show_all()
    desk.watch(C)
    assert desk.asked("c"), "a page that was turned wants whole pictures"
    desk.show("c", DELTA)
    desk.show_all()
    first = desk.console.terms.receiving[0].ssrc
    heads = [rtcp.parse_rtp(data) for data in desk.console.rtp]
    numbers = [head.sequence_number for head in heads if head.ssrc == first]
    assert len(numbers) == 2
    assert numbers[1] - numbers[0] == 1
    assert len(heads) == 3, "and the second line is dark"


async def test_who_speaks_is_asked_for_a_whole_picture_of_the_layer_that_the_panel_shows(
    desk: Desk,
) -> None:
    """Cameras send none by themselves: the tile had stayed dark."""
    desk.grant(A, B, speaker=A)
    desk.show_all()
    desk.offices["a"].feedback()
    desk.pass_by(repair.STAGE_THUMB_S)
    assert not desk.asked("a"), "nobody watches it"
    desk.watch(A)
    desk.pass_by(0.1)
    assert desk.requests("a") == [desk.offices["a"].terms.sending[1].ssrcs[0]]
    desk.show("a")
    desk.loop.advance(0.01)
    assert desk.lines() == [0]
    desk.pass_by(2 * repair.STAGE_THUMB_S)
    assert not desk.asked("a"), "the panel has its picture"


async def test_a_panel_makes_the_hall_pay_for_a_whole_picture_once_in_a_while(desk: Desk) -> None:
    """Pages that are turned, and consoles that lose packets. The control is an office off stage."""
    desk.grant(A, B, speaker=A)
    desk.show_all()
    for office in desk.offices.values():
        office.feedback()
    began = desk.loop.now
    desk.watch(A, B)
    assert (desk.asked("a"), desk.asked("b")) == (False, True)
    line = desk.console.terms.receiving[0]
    asked_at = []
    while desk.loop.now < began + 4 * repair.STAGE_THUMB_S:
        desk.watch(B, A)
        desk.watch(A, B)
        desk.pass_by(0.1)
        if desk.asked("a"):
            asked_at.append(desk.loop.now)
            desk.show("a")
            desk.loop.advance(0.01)
            desk.forwarder.on_rtcp(desk.console, rtcp.keyframe_request(9, line.ssrc), desk.loop.now)
    assert 2 <= len(asked_at) <= 4
    assert all(after - before > repair.STAGE_THUMB_S - 0.15 for before, after in pairwise([began, *asked_at]))


@pytest.mark.parametrize("last", [True, False])
async def test_on_a_narrow_line_the_panel_is_left_out_first(
    media_settings: MediaSettings, monkeypatch: pytest.MonkeyPatch, last: bool
) -> None:
    """The control lets thumbnails wait among the pictures of the stage: then those are late too."""
    if not last:
        monkeypatch.setattr(pacer.Pacer, "spare", pacer.Pacer.postpone)
        monkeypatch.setattr(Desk, "grant", lambda self, *panel, speaker=None: _all_on_stage(self))
    desk = Desk(replace(media_settings, egress_mbit=0.5))
    desk.watch(B, C)
    desk.grant(A, B, C, speaker=A)
    arrived = []
    for second in range(100):
        desk.show("a", KEYFRAME + bytes(900))
        for _ in range(3):
            desk.show("b", KEYFRAME + bytes(900))
            desk.show("c", KEYFRAME + bytes(900))
        desk.loop.advance(0.02)
        arrived.append(len(desk.viewer.rtp) >= second)
    dropped = desk.forwarder.dropped
    assert (dropped["video_late"] == 0 and all(arrived)) == last
    assert (dropped["thumb_late"] > 0) == last


def _all_on_stage(desk: Desk) -> None:
    feeds = dict(zip((Slot.SPEAKER, Slot.PREVIEW_1, Slot.PREVIEW_2), (A, B, C), strict=True))
    ear = desk.enter("desk", seat=False, slots=(Slot.PREVIEW_1, Slot.PREVIEW_2))
    desk.forwarder.routing.set_stage(
        ROOM, (1, 1), Stage({s: Feed(seat, None, False) for s, seat in feeds.items()}), 0
    )
    assert ear.connected


async def test_who_speaks_is_told_by_the_microphones_own_word(desk: Desk) -> None:
    lines = (
        SendingLine("m", Kind.AUDIO, 0, OPUS, (9001,), None, level_extension=LEVEL),
        SendingLine("c", Kind.VIDEO, 0, VP8, (9002,), None),
    )
    office = desk.enter("d", sending=lines)

    def say(sequence: int, dbov: int) -> None:
        head = rtcp.rtp_header(False, False, OPUS, sequence, sequence * 960, 9001)
        extension = (
            ONE_BYTE.to_bytes(2, "big") + (1).to_bytes(2, "big") + bytes([LEVEL << 4, 0x80 | dbov, 0, 0])
        )
        desk.forwarder.on_rtp(office, bytes([head[0] | 0x10]) + head[1:] + extension + b"opus", desk.loop.now)

    def speaking() -> bool:
        return next(one for one in desk.forwarder.routing.health(ROOM) if one.seat_id == "d").speaking

    say(1, 80)
    assert not speaking()
    say(2, 25)
    assert speaking()
    desk.loop.advance(0.9)
    say(3, 127)
    assert speaking(), "between two words"
    desk.loop.advance(0.2)
    assert not speaking()
    say(4, 30)
    packets = [one.audio_packets for one in desk.forwarder.routing.health(ROOM) if one.seat_id == "d"]
    assert packets == [4]
