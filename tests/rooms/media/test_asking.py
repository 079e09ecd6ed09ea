"""What is missing is asked for soon, again with patience, and not for ever."""

import itertools

from rooms.media.embedded.asking import Gaps, KeyframeAsk, Resent


def test_keyframes_are_asked_for_at_once_and_then_in_measure() -> None:
    ask = KeyframeAsk()
    assert ask.want(1.0, switch=True)
    assert not ask.want(1.01, switch=True)
    assert not ask.due(1.2)
    assert ask.due(1.31)
    ask.came(1.4)
    assert not ask.due(9.0)
    assert ask.want(9.1)


def test_a_far_publisher_is_not_asked_again_before_its_answer_can_be_there() -> None:
    ask = KeyframeAsk()
    assert ask.want(0.0, switch=True)
    assert ask.due(0.31), "nothing is known of it yet"
    ask.came(0.8)
    assert ask.want(10.0, switch=True)
    assert not ask.due(10.9)
    assert ask.due(11.01)
    ask.came(60.0)
    assert ask.want(70.0)
    assert ask.due(71.6), "one that never answered is not waited for"


def test_gaps_are_asked_for_a_few_times_and_forgotten_when_filled() -> None:
    gaps = Gaps()
    gaps.arrived(10, -1, 0.0)
    gaps.arrived(13, 10, 0.0)
    assert gaps.due(0.005) == []
    gaps.arrived(12, 13, 0.006)
    asked = [at / 100 for at in range(1, 200) if gaps.due(at / 100) == [11]]
    assert len(asked) == 4
    spans = [later - earlier for earlier, later in itertools.pairwise(asked)]
    assert spans == sorted(spans)
    gaps.arrived(5000, 13, 3.0)
    assert gaps.due(4.0) == []


def test_a_distant_publisher_is_not_asked_twice_before_it_can_answer() -> None:
    gaps = Gaps()
    gaps.arrived(10, -1, 0.0)
    gaps.arrived(12, 10, 0.0)
    asked = [at / 100 for at in range(1, 1000) if gaps.due(at / 100, rtt_s=0.4)]
    assert len(asked) == 4
    assert all(later - earlier > 0.4 for earlier, later in itertools.pairwise(asked))


def test_a_resend_is_not_repeated_while_it_may_still_be_on_its_way() -> None:
    resent = Resent(kept=3)
    assert [resent.may(7, at, 0.4) for at in (1.0, 1.1, 1.3, 1.4, 1.5)] == [True, False, False, True, False]
    assert [resent.may(number, 1.5, 0.4) for number in (8, 9, 10)] == [True] * 3
    # Forgotten, as the oldest: what is remembered is bounded.
    assert resent.may(7, 1.5, 0.4)
