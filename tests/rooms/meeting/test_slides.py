"""R97-R99, R102: slides."""

from rooms.ids import DeckId, TurnId
from rooms.meeting.commands import (
    AddDeck,
    CloseMeeting,
    ConnectSeat,
    OpenMeeting,
    RemoveDeck,
    SetOffRecord,
    ShareScreen,
    ShowSlide,
    StopSlides,
    SuspendMeeting,
    UndoCall,
)
from rooms.meeting.errors import Code
from rooms.meeting.events import DeckAdded, DeckRemoved, SlideShown, SlidesStopped
from rooms.meeting.slides import MOST_DECKS, MOST_EVER, MOST_PAGES, Slide
from rooms.meeting.stage import Shown, stage
from tests.support.meeting import AULA, LICIN_1, Session, call, session

D1, D2 = DeckId("d1"), DeckId("d2")


def with_deck(opened: bool = True) -> Session:
    s = session(opened=opened)
    s.do(AddDeck(D1, 3, "Arahan.pdf"))
    return s


def now(s: Session) -> Slide | None:
    return s.meeting.slides.shown


def test_R97_decks_come_until_the_close_within_bounds() -> None:
    s = session(opened=False)
    assert s.do(AddDeck(D1, MOST_PAGES, "Arahan.pdf")) == [DeckAdded(D1, MOST_PAGES, "Arahan.pdf")]
    assert s.refused(AddDeck(D1, 1)) is Code.DUPLICATE_ID
    assert s.refused(AddDeck(D2, 0)) is Code.BAD_VALUE
    assert s.refused(AddDeck(D2, MOST_PAGES + 1)) is Code.BAD_VALUE
    for number in range(1, MOST_DECKS):
        s.do(AddDeck(DeckId(f"more{number}"), 1))
    assert s.refused(AddDeck(D2, 1)) is Code.BAD_VALUE
    s.do(OpenMeeting(), CloseMeeting())
    assert s.refused(AddDeck(D2, 1)) is Code.WRONG_STATUS


def test_R98_one_page_is_seen_at_a_time_from_opening_to_close() -> None:
    s = with_deck(opened=False)
    assert s.refused(ShowSlide(D1, 1)) is Code.WRONG_STATUS
    s.do(OpenMeeting())
    assert s.do(ShowSlide(D1, 2)) == [SlideShown(D1, 2)]
    assert s.do(ShowSlide(D1, 2)) == []
    assert s.refused(ShowSlide(D1, 4)) is Code.BAD_VALUE
    assert s.refused(ShowSlide(D1, 0)) is Code.BAD_VALUE
    assert s.refused(ShowSlide(D2, 1)) is Code.UNKNOWN_DECK
    assert now(s) == Slide(D1, 2)
    s.do(SuspendMeeting())
    assert s.do(ShowSlide(D1, 3)) == [SlideShown(D1, 3)]
    assert (s.do(StopSlides()), s.do(StopSlides())) == ([SlidesStopped()], [])
    s.do(ShowSlide(D1, 1), CloseMeeting())
    assert now(s) is None
    assert s.refused(ShowSlide(D1, 1)) is Code.WRONG_STATUS
    assert s.meeting.slides.seen == {D1: [2, 3, 1]}


def test_R102_a_deck_that_is_not_seen_is_taken_away() -> None:
    s = with_deck()
    assert s.refused(RemoveDeck(D2)) is Code.UNKNOWN_DECK
    s.do(ShowSlide(D1, 2))
    assert s.refused(RemoveDeck(D1)) is Code.WRONG_STATE
    s.do(StopSlides())
    assert s.do(RemoveDeck(D1)) == [DeckRemoved(D1)]
    assert s.do(RemoveDeck(D1)) == []
    assert s.refused(ShowSlide(D1, 2)) is Code.UNKNOWN_DECK
    assert s.refused(AddDeck(D1, 3)) is Code.DUPLICATE_ID
    assert (s.meeting.slides.pages(D1), s.meeting.slides.pages(D2)) == (3, 0)
    assert s.meeting.slides.was_seen(D1, 2)
    for number in range(MOST_DECKS):
        s.do(AddDeck(DeckId(f"more{number}"), 1))
    for number in range(MOST_EVER - MOST_DECKS - 1):
        s.do(RemoveDeck(DeckId(f"more{number}")), AddDeck(DeckId(f"more{number + MOST_DECKS}"), 1))
    s.do(RemoveDeck(DeckId("more190")))
    assert s.refused(AddDeck(D2, 1)) is Code.BAD_VALUE
    s.do(CloseMeeting())
    assert s.refused(RemoveDeck(DeckId("more191"))) is Code.WRONG_STATUS


def test_R99_a_page_takes_the_place_of_a_screen_which_waits() -> None:
    s = with_deck()
    s.do(ConnectSeat(AULA, True), ShareScreen(AULA, True), ShowSlide(D1, 1))
    assert stage(s.meeting).screen is None
    assert AULA in s.meeting.screens.shared
    s.do(StopSlides())
    assert stage(s.meeting).screen == Shown(AULA, None, True)


def test_R51_slides_do_not_stand_in_the_way_of_undoing_a_call() -> None:
    s = with_deck()
    s.do(call(1, LICIN_1), ShowSlide(D1, 1), SetOffRecord(True), AddDeck(D2, 1), StopSlides())
    assert s.do(UndoCall(TurnId("t1")))


def test_R99_a_page_is_seen_for_later_once_it_is_there_on_the_record() -> None:
    s = with_deck()
    s.do(ShowSlide(D1, 1), SetOffRecord(True), ShowSlide(D1, 2), ShowSlide(D1, 3))
    assert now(s) == Slide(D1, 3)
    assert s.meeting.slides.seen == {D1: [1]}
    s.do(SetOffRecord(False))
    assert s.meeting.slides.seen == {D1: [1, 3]}
