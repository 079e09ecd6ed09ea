"""Lanes that go in step do exactly what each of them would have done alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms.media.embedded.lockstep import Lockstep
from rooms.media.embedded.slots import SEQ_MODULUS, TIMESTAMP_MODULUS, Lane, SourcePacket
from tests.rooms.media.test_slots import RATE, Publisher

LANES = 3
Step = tuple[str, int, int, bool]
steps = st.lists(
    st.one_of(
        st.tuples(st.just("send"), st.just(0), st.integers(0, 2), st.booleans()),
        st.tuples(st.just("jump"), st.just(0), st.integers(400, 1 << 17), st.booleans()),
        st.tuples(st.just("late"), st.just(0), st.integers(0, 40), st.booleans()),
        st.tuples(st.just("feed"), st.integers(0, LANES - 1), st.integers(-1, 1), st.just(False)),
        st.tuples(st.just("rest"), st.integers(0, LANES - 1), st.just(0), st.just(False)),
        st.tuples(st.just("protect"), st.integers(0, LANES - 1), st.integers(0, 1), st.just(False)),
        st.tuples(st.just("resend"), st.integers(0, LANES - 1), st.integers(0, 40), st.just(False)),
    ),
    max_size=80,
)


def lanes() -> list[Lane]:
    """Their numbering begins near the ends of what fits into its fields."""
    return [
        Lane(7 + at, 96, RATE, at != 1, (1 << 15) - 20 * at, (1 << 32) - 9000 * at) for at in range(LANES)
    ]


def march(
    step: Lockstep | None, together: list[Lane], packet: SourcePacket, now: float
) -> tuple[Lockstep | None, list[tuple[int, int] | None]]:
    """As an egress does it: in step where that goes, else one by one, and then in step again."""
    marching = [lane for lane in together if step is not None and lane.step is step]
    if step is not None and marching and not step.take(packet, now):
        for lane in marching:
            lane.leave()
        marching = []
    placed: list[tuple[int, int] | None] = []
    for lane in together:
        if lane in marching:
            assert lane.segment is not None
            placed.append(
                (
                    (packet.index + lane.segment.sequence_offset) % SEQ_MODULUS,
                    (packet.timestamp + lane.segment.timestamp_offset) % TIMESTAMP_MODULUS,
                )
            )
        else:
            placed.append(lane.take(packet, now))
    if step is None or not marching:
        step = Lockstep.after(packet, now)
    for lane in together:
        if lane not in marching and not lane.depth:
            step.join(lane)
    return step, placed


def play(script: list[Step], step: Lockstep | None = None) -> int:
    """A script of publishers and stages to lanes in step, and to their like alone; how many went in step.

    Raises AssertionError when they differ.
    """
    publishers = [Publisher(0, 65500, 1 << 31), Publisher(1)]
    source = publishers[0]
    together, alone = lanes(), lanes()
    for lane in [*together, *alone]:
        lane.feed_from(source.ring)
    now, in_step = 0.0, 0
    for what, who, amount, flag in script:
        now += 0.02
        if what in ("send", "jump", "late"):
            if what == "late":
                packet = source.arrive(source.sequence - amount, source.timestamp - 100 * amount, flag)
            else:
                packet = source.packet(skip=amount, keyframe=flag)
            if packet is None:
                continue
            followers = [at for at in range(LANES) if together[at].ring is source.ring]
            step, placed = march(step, [together[at] for at in followers], packet, now)
            assert placed == [alone[at].take(packet, now) for at in followers]
            in_step += sum(lane.step is step for lane in together)
        elif what == "resend":
            number = alone[who].next_sequence - amount
            assert together[who].again(number % SEQ_MODULUS) == alone[who].again(number % SEQ_MODULUS)
        else:
            for lane in (together[who], alone[who]):
                if what == "feed":
                    lane.feed_from(publishers[amount].ring if amount >= 0 else None)
                elif what == "rest":
                    lane.rest()
                else:
                    lane.protect(amount)
        assert [lane.sent for lane in together] == [lane.sent for lane in alone]
    for lane, like in zip(together, alone, strict=True):
        lane.leave()
        assert (lane.next_sequence, lane.newest_timestamp) == (like.next_sequence, like.newest_timestamp)
    return in_step


@given(steps)
def test_in_step_or_alone_is_the_same(script: list[Step]) -> None:
    play(script)


SENT_ALONG: list[Step] = [("send", 0, 0, True)] * 5
LATE_FOR_ONE: list[Step] = [
    *SENT_ALONG,
    ("feed", 2, -1, False),
    ("send", 0, 1, True),
    ("feed", 2, 0, False),
    *SENT_ALONG,
    ("late", 0, 6, True),
]
AFTER_A_LOSS: list[Step] = [*SENT_ALONG, ("send", 0, 2, False), ("late", 0, 1, False), *SENT_ALONG]
A_JUMP: list[Step] = [*SENT_ALONG, ("jump", 0, 600, True), *SENT_ALONG]
OUT_AND_IN: list[Step] = [*SENT_ALONG, ("protect", 1, 1, False), *SENT_ALONG, ("protect", 1, 0, False)]


@pytest.mark.parametrize("script", [LATE_FOR_ONE, AFTER_A_LOSS, A_JUMP, OUT_AND_IN])
def test_they_do_go_in_step(script: list[Step]) -> None:
    assert play(script) > len(script) * LANES // 2


class _Rash(Lockstep):
    """Takes along whatever comes: the mistake that the property must catch."""

    def take(self, packet: SourcePacket, now: float) -> bool:
        first, last, self.first_index = self.first_index, self.last_index, 0
        self.last_index = max(last, packet.index)
        taken = super().take(packet, now)
        self.first_index = first
        return taken


@pytest.mark.parametrize("script", [LATE_FOR_ONE, A_JUMP])
def test_a_step_that_takes_whatever_comes_is_caught(
    script: list[Step], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Lockstep, "after", lambda packet, now: _Rash(0, packet.index, packet.timestamp, now))
    with pytest.raises(AssertionError):
        play(script)
