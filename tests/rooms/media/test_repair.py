"""What was lost is sent again: beside the lane where browsers know how, in measure, never as other bytes."""

import itertools
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rooms.media.embedded import egress, red, rtcp, slots
from rooms.media.embedded.settings import MediaSettings
from rooms.media.plane import Kind
from tests.support.forwarder_hall import DELTA, KEYFRAME, OPUS, RED, RTX, VP8, Ear, Hall, packet


def number_of(sent: bytes) -> int:
    return int.from_bytes(sent[2:4], "big")


@pytest.fixture
def hall(media_settings: MediaSettings) -> Hall:
    return Hall(media_settings)


async def test_a_resend_goes_beside_the_lane_under_its_own_numbers(hall: Hall) -> None:
    a, viewer = hall.enter("a"), hall.enter("viewer", seat=False, rtx=True)
    line = viewer.terms.receiving[1]
    assert line.rtx is not None
    hall.stage(speaker="a")
    for number in range(4):
        hall.forwarder.on_rtp(a, packet(a, Kind.VIDEO, number, KEYFRAME + b"%d" % number), 1.0)
    sent = list(viewer.rtp)
    for now in (2.0, 3.0):
        lost = [number_of(one) for one in sent[1:3]]
        hall.forwarder.on_rtcp(viewer, rtcp.nack(9, line.ssrc, lost), now)
    again = viewer.rtp[4:]
    assert len(again) == 4
    for resent, first in zip(again, [sent[1], sent[2]] * 2, strict=True):
        head, was = rtcp.parse_rtp(resent), rtcp.parse_rtp(first)
        assert (head.ssrc, head.payload_type) == (line.rtx[0], RTX)
        assert (head.timestamp, head.marker) == (was.timestamp, was.marker)
        assert resent[12:] == first[2:4] + first[12:]
    start = number_of(again[0])
    assert [number_of(one) for one in again] == [start, start + 1, start + 2, start + 3]


async def test_nothing_is_sent_twice_within_a_round_trip(hall: Hall) -> None:
    a, viewer = hall.enter("a"), hall.enter("viewer", seat=False, rtx=True)
    hall.stage(speaker="a")
    hall.forwarder.on_rtp(a, packet(a, Kind.VIDEO, 1), 1.0)
    ssrc = viewer.terms.receiving[1].ssrc
    # The wall clock of these rooms stands at 1970: a report of 400 ms before it.
    last_sr = (rtcp.ntp_from_unix(0.0) >> 16) - round(0.4 * 65536) & 0xFFFFFFFF
    report = rtcp.receiver_report(9, [rtcp.ReportBlock(ssrc, 0.0, 0, 1, 0, last_sr, 0)])
    hall.forwarder.on_rtcp(viewer, report, 1.0)
    lost = rtcp.nack(9, ssrc, [number_of(viewer.rtp[0])])
    for now in (2.0, 2.1, 2.2, 2.3, 2.4):
        hall.forwarder.on_rtcp(viewer, lost, now)
    assert len(viewer.rtp) == 1 + 2


async def test_one_seats_resends_are_bounded(hall: Hall) -> None:
    a, viewer, greedy = (
        hall.enter("a"),
        hall.enter("viewer", seat=False),
        hall.enter("greedy", seat=False, rtx=True),
    )
    hall.stage(speaker="a")
    for number in range(400):
        hall.forwarder.on_rtp(a, packet(a, Kind.VIDEO, number), 1.0)
    for ear in (greedy, viewer):
        first = len(ear.rtp)
        numbers = [number_of(one) for one in ear.rtp[: 400 if ear is greedy else 10]]
        hall.forwarder.on_rtcp(ear, rtcp.nack(9, ear.terms.receiving[1].ssrc, numbers), 2.0)
        # The greedy one has spent its own budget and nobody else's.
        assert len(ear.rtp) - first == (300 if ear is greedy else 10)
    assert hall.forwarder.dropped == {"nack_budget": 100}


async def test_a_far_publisher_is_asked_with_back_off(hall: Hall) -> None:
    a, _ = hall.enter("a"), hall.enter("viewer", seat=False)
    hall.stage(speaker="a")
    for number in (1, 4):
        hall.forwarder.on_rtp(a, packet(a, Kind.VIDEO, number), 1.0)
    a.feedback()
    asked = []
    for turn in range(200):
        hall.forwarder.tick(1.0 + turn / 20)
        asked += [turn / 20 for item in a.feedback() if isinstance(item, rtcp.Nack) and item.lost == (2, 3)]
    assert len(asked) == 4
    waits = [later - earlier for earlier, later in itertools.pairwise(asked)]
    assert waits == sorted(waits)


Step = tuple[str, int, int]
steps = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["picture", "sound", "sounds"]), st.integers(0, 1), st.integers(0, 3)),
        st.tuples(st.just("late"), st.integers(0, 1), st.integers(1, 5)),
        st.tuples(st.just("stage"), st.integers(-1, 1), st.just(0)),
        st.tuples(st.just("lost"), st.integers(0, 5), st.integers(1, 20)),
        st.tuples(st.just("loses"), st.integers(0, 2), st.integers(0, 30)),
    ),
    max_size=60,
)


def play(hall: Hall, script: list[Step]) -> None:
    """Two publishers, a stage that changes, losses; raises AssertionError where a keystream would repeat."""
    offices = [hall.enter("a"), hall.enter("b")]
    viewers = [
        hall.enter("old", seat=False),
        hall.enter("new", seat=False, rtx=True),
        hall.enter("red", seat=False, red=True),
    ]
    count, now = [60, 65500], 1.0
    for what, who, amount in script:
        now += 0.1
        if what == "stage":
            hall.stage(**({} if who < 0 else {"speaker": "ab"[who]}))
        elif what == "lost":
            viewer, kind = viewers[who % 3], who // 3
            ssrc = viewer.terms.receiving[kind].ssrc
            newest = [number_of(one) for one in viewer.rtp if rtcp.parse_rtp(one).ssrc == ssrc]
            hall.forwarder.on_rtcp(viewer, rtcp.nack(9, ssrc, newest[-amount:]), now)
        elif what == "loses":
            viewers[who].loses(hall, amount / 100, now)
        else:
            late = what == "late"
            if not late:
                count[who] += 1 + amount
            number = count[who] - amount * late & 0xFFFF
            payload = (KEYFRAME if amount == 0 else DELTA) + b"%d %f" % (number, now)
            for kind_of in Kind if late else [Kind.VIDEO if what == "picture" else Kind.AUDIO]:
                form = {"payload_type": OPUS if kind_of is Kind.AUDIO else VP8}
                if what == "sounds":
                    form["payload_type"] = RED
                    payload = red.wrap(OPUS, payload, [(3000, b"before %d %f" % (number, now))])
                hall.forwarder.on_rtp(
                    offices[who], packet(offices[who], kind_of, number, payload, **form), now
                )
    for viewer in viewers:
        never_two_under_one_number(viewer)


def never_two_under_one_number(viewer: Ear) -> None:
    under: dict[tuple[int, int], bytes] = {}
    for sent in viewer.rtp:
        key = (rtcp.parse_rtp(sent).ssrc, number_of(sent))
        assert under.setdefault(key, sent) == sent


@given(steps)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_never_different_bytes_under_one_number(
    media_settings: MediaSettings, script: list[Step]
) -> None:
    play(Hall(media_settings), script)


TWICE_THE_SAME: list[Step] = [("stage", 0, 0), ("picture", 0, 0), ("picture", 0, 0), ("lost", 4, 2)]


async def test_resends_that_share_a_number_are_caught(
    media_settings: MediaSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    play(Hall(media_settings), TWICE_THE_SAME)
    monkeypatch.setattr(slots.Spare, "take", lambda spare: 7)
    with pytest.raises(AssertionError):
        play(Hall(media_settings), TWICE_THE_SAME)


REORDERED_BEFORE_A_RESEND: list[Step] = [
    ("stage", 0, 0),
    ("sound", 0, 0),
    ("loses", 2, 10),
    ("sound", 0, 1),
    ("late", 0, 1),
    ("loses", 2, 20),
    ("lost", 2, 2),
]


@pytest.mark.parametrize(
    ("form", "again"),
    [
        ("made anew of what the ring holds by now", False),
        ("forgotten: sent again as the packet came", True),
    ],
)
async def test_redundancy_that_is_not_kept_for_a_resend_is_caught(
    media_settings: MediaSettings, monkeypatch: pytest.MonkeyPatch, form: str, again: bool
) -> None:
    play(Hall(media_settings), REORDERED_BEFORE_A_RESEND)
    if again:
        kept = slots.Lane.again
        monkeypatch.setattr(
            slots.Lane, "again", lambda lane, number: (held := kept(lane, number)) and (*held[:2], None)
        )
    else:
        make = slots.SourceRing.form
        remake = egress.again_bytes

        def anew(lane: slots.Lane, packet: slots.SourcePacket, *rest: Any) -> bytes:
            packet.forms.clear()
            if rest[-1] is not None and lane.ring is not None:
                make(lane.ring, packet, rest[-1])
            return remake(lane, packet, *rest)

        monkeypatch.setattr("rooms.media.embedded.repair.again_bytes", anew)
    with pytest.raises(AssertionError):
        play(Hall(media_settings), REORDERED_BEFORE_A_RESEND)
