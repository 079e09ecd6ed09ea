"""What a participant got, reckoned from packets: each figure against packets that a test lost by itself."""

import random

import pytest

from rooms.gladi.reception import (
    JITTER_PACKETS,
    NACK_FOR_S,
    FreezeMeter,
    PictureLine,
    PicturePacket,
    Pictures,
    Reception,
    Sound,
    SoundLine,
)
from rooms.media.plane import Slot

FRAME_S = 1 / 15
KEY = PicturePacket(keyframe=True, last=False, empty=False)
INNER = PicturePacket(keyframe=False, last=False, empty=False)
LAST = PicturePacket(keyframe=False, last=True, empty=False)


def heard(arrivals: list[int], earlier: int = 0) -> Sound:
    figures = Sound()
    line = SoundLine(figures)
    for index in arrivals:
        line.arrived(index, earlier)
    return figures


def test_a_whole_line_conceals_nothing() -> None:
    assert heard(list(range(65_500, 65_900))) == Sound(packets=400)


def test_what_never_comes_is_concealed_once_it_is_too_late() -> None:
    came = [index for index in range(100) if index not in (10, 11, 50)]
    assert heard(came) == Sound(packets=100, lost=3, concealed_ms=60)
    missing = [*range(50), *range(51, 51 + JITTER_PACKETS - 1)]
    assert heard(missing).concealed_ms == 0, "it may still come"
    assert heard([*missing, 50 + JITTER_PACKETS]).concealed_ms == 20


def test_what_comes_out_of_order_is_heard_and_was_not_lost() -> None:
    order = list(range(200))
    for at in range(0, 190, 10):
        order[at : at + 5] = reversed(order[at : at + 5])
    first = heard([0, *order])
    assert (first.lost, first.concealed_ms) == (0, 0)


def test_redundant_sound_restores_what_the_line_lost() -> None:
    came = [index for index in range(100) if index % 7]
    bare, carried = heard(came), heard(came, earlier=1)
    assert (bare.lost, bare.concealed_ms) == (12, 12 * 20), "of the fourteen two may still come"
    assert (carried.lost, carried.concealed_ms) == (14, 0)
    bursts = [index for index in range(100) if index % 10 not in (3, 4)]
    assert heard(bursts, earlier=1).concealed_ms == 9 * 20, "one of each pair"


def test_figures_are_those_of_the_packets_that_were_dropped() -> None:
    chance = random.Random(7)
    dropped = {index for index in range(1, 5_000) if chance.random() < 0.2}
    figures = heard([index for index in range(5_000 + JITTER_PACKETS + 1) if index not in dropped])
    assert (figures.lost, figures.concealed_ms) == (len(dropped), len(dropped) * 20)


def test_numbers_that_begin_anew_are_no_loss() -> None:
    assert heard([*range(100), *range(60_000, 60_100)]).lost == 0


class Watcher:
    """One slot's pictures: frames of three packets, the first of every thirtieth a keyframe."""

    def __init__(self) -> None:
        self.figures = Pictures()
        self.meter = FreezeMeter(self.figures)
        self.line = PictureLine(self.figures, self.meter)
        self.meter.opened(0.0)

    def frame(self, number: int, now: float, lost: tuple[int, ...] = ()) -> None:
        packets = [KEY if number % 30 == 0 else INNER, INNER, LAST]
        for at, packet in enumerate(packets):
            if at not in lost:
                self.line.arrived(3 * number + at, packet, now)


def test_a_steady_picture_never_stands_still() -> None:
    watcher = Watcher()
    for number in range(150):
        watcher.frame(number, number * FRAME_S)
    watcher.meter.closed(150 * FRAME_S)
    assert (watcher.figures.frames, watcher.figures.freezes, watcher.figures.lost) == (150, 0, 0)


def test_a_lost_packet_is_asked_for_and_the_picture_waits_for_it() -> None:
    watcher = Watcher()
    for number in range(30):
        watcher.frame(number, number * FRAME_S, lost=(1,) if number == 20 else ())
    assert watcher.figures.frames == 20
    now = 30 * FRAME_S
    assert watcher.line.due(now) == [61]
    assert watcher.line.due(now + 0.01) == [], "not again at once"
    watcher.line.arrived(61, INNER, now, again=True)
    assert watcher.figures.frames == 30
    assert (watcher.figures.lost, watcher.figures.freezes) == (1, 1)
    assert watcher.figures.frozen_s == pytest.approx(now - 19 * FRAME_S)


def test_what_never_comes_freezes_the_picture_until_the_next_keyframe() -> None:
    watcher = Watcher()
    for number in range(100):
        watcher.frame(number, number * FRAME_S, lost=(2,) if number == 40 else ())
        watcher.line.due(number * FRAME_S)
    assert watcher.figures.frames == 100 - 20, "the twenty between the loss and the keyframe"
    assert watcher.figures.frozen_s == pytest.approx(21 * FRAME_S)


def test_without_a_keyframe_one_is_asked_for() -> None:
    watcher = Watcher()
    for number in range(1, 25):
        watcher.frame(number, number * FRAME_S)
    assert watcher.line.due(2.0) == []
    asked = [watcher.line.wants_keyframe]
    watcher.line.due(2.1)
    assert [*asked, watcher.line.wants_keyframe] == [True, False], "not at once again"
    assert watcher.figures.frames == 0
    watcher.frame(30, 2.2)
    watcher.line.due(2.2 + NACK_FOR_S + 0.5)
    assert watcher.figures.frames == 1


def test_who_is_not_seen_at_all_though_packets_come_stands_still_all_the_time() -> None:
    watcher = Watcher()
    for number in range(1, 29):
        watcher.frame(number, number * FRAME_S)
    watcher.meter.closed(5.0)
    assert watcher.figures.frozen_s == 5.0


def test_a_speaker_without_a_camera_is_no_frozen_picture() -> None:
    watcher = Watcher()
    watcher.meter.closed(60.0)
    assert watcher.figures.freezes == 0


def test_the_change_of_speakers_is_no_freeze_but_a_late_first_picture_is() -> None:
    watcher = Watcher()
    for number in range(30):
        watcher.frame(number, number * FRAME_S)
    watcher.meter.closed(2.0)
    watcher.meter.opened(10.0)
    watcher.frame(30, 10.3)
    assert watcher.figures.freezes == 0
    watcher.meter.closed(10.4)
    watcher.meter.opened(20.0)
    watcher.frame(31, 23.0)
    assert watcher.figures.frozen_s == 3.0


def test_an_outage_between_two_connections_is_missing_speech() -> None:
    reception = Reception("licin")
    reception.connected()
    reception.staged({"aula": "aula"}, 0.0)
    for index in range(50):
        reception.heard(Slot.AULA, index, 0, index / 50)
    reception.connected()
    reception.heard(Slot.AULA, 7, 0, 0.98 + 4)
    assert reception.sound.concealed_ms == 4000
    reception.finished(4.98 + 3, connected=False)
    assert reception.sound.concealed_ms == 7000
    assert reception.watched_s == pytest.approx(7.98)


def test_nobody_gets_their_own_sound_and_picture() -> None:
    reception = Reception("licin")
    reception.connected()
    reception.staged({"aula": "aula", "speaker": "licin"}, 0.0)
    reception.staged({"aula": "aula", "speaker": "pakis"}, 5.0)
    reception.finished(7.0, connected=True)
    assert reception.watched_s == 7.0 + 2.0
    assert reception.pictures.freezes == 0
