"""Slides: which decks a meeting has, which page is seen, which were on the record (R97-R99, R102).

Driven by events. How a page looks is nobody's concern here.
"""

from dataclasses import dataclass, field
from typing import ClassVar

from rooms.ids import DeckId
from rooms.meeting.errors import Code, Refused
from rooms.meeting.events import (
    DeckAdded,
    DeckRemoved,
    Event,
    MeetingClosed,
    RecordSwitched,
    SlideShown,
    SlidesStopped,
)

MOST_DECKS = 40
MOST_EVER = 200
MOST_PAGES = 200


@dataclass(frozen=True, slots=True)
class Slide:
    deck_id: DeckId
    page: int
    """From 1."""


@dataclass(slots=True)
class Slides:
    HEARS: ClassVar[frozenset[type[Event]]] = frozenset(
        {DeckAdded, DeckRemoved, SlideShown, SlidesStopped, RecordSwitched, MeetingClosed}
    )
    """The events that move it."""
    decks: dict[DeckId, int] = field(default_factory=dict)
    """How many pages each has, in the order in which they came."""
    gone: dict[DeckId, int] = field(default_factory=dict)
    """How many pages those had that were taken away (R102)."""
    shown: Slide | None = None
    seen: dict[DeckId, list[int]] = field(default_factory=dict)
    """The pages of each deck that were shown on the record, in the order of their first time."""
    off_record: bool = False

    @property
    def full(self) -> bool:
        """Whether no more decks are taken (R97)."""
        return len(self.decks) >= MOST_DECKS or len(self.decks) + len(self.gone) >= MOST_EVER

    def add(self, deck_id: DeckId, pages: int, nama: str) -> list[Event]:
        """R97."""
        if deck_id in self.decks or deck_id in self.gone:
            raise Refused(Code.DUPLICATE_ID, deck_id)
        if not 1 <= pages <= MOST_PAGES or self.full:
            raise Refused(Code.BAD_VALUE, f"{pages} pages, {len(self.decks)} decks, {len(self.gone)} gone")
        return [DeckAdded(deck_id, pages, nama)]

    def remove(self, deck_id: DeckId) -> list[Event]:
        """R102."""
        if deck_id in self.gone:
            return []
        if deck_id not in self.decks:
            raise Refused(Code.UNKNOWN_DECK, deck_id)
        if self.shown is not None and self.shown.deck_id == deck_id:
            raise Refused(Code.WRONG_STATE, "a page of it is seen")
        return [DeckRemoved(deck_id)]

    def show(self, deck_id: DeckId, page: int) -> list[Event]:
        """R98."""
        if deck_id not in self.decks:
            raise Refused(Code.UNKNOWN_DECK, deck_id)
        if not 1 <= page <= self.decks[deck_id]:
            raise Refused(Code.BAD_VALUE, f"page {page}")
        return [] if self.shown == Slide(deck_id, page) else [SlideShown(deck_id, page)]

    def stop(self) -> list[Event]:
        return [] if self.shown is None else [SlidesStopped()]

    def pages(self, deck_id: str) -> int:
        """Also of one that was taken away; 0 for one that never was."""
        return (self.decks | self.gone).get(DeckId(deck_id), 0)

    def was_seen(self, deck_id: str, page: int) -> bool:
        """On the record (R99)."""
        return page in self.seen.get(DeckId(deck_id), ())

    def _see(self) -> None:
        if self.shown is None or self.off_record:
            return
        seen = self.seen.setdefault(self.shown.deck_id, [])
        if self.shown.page not in seen:
            seen.append(self.shown.page)

    def apply(self, event: Event, _at: int) -> None:
        match event:
            case DeckAdded():
                self.decks[event.deck_id] = event.pages
            case DeckRemoved():
                self.gone[event.deck_id] = self.decks.pop(event.deck_id)
            case SlideShown():
                self.shown = Slide(event.deck_id, event.page)
                self._see()
            case RecordSwitched():
                self.off_record = event.off_record
                self._see()
            case SlidesStopped() | MeetingClosed():
                self.shown = None
            case _:
                pass
