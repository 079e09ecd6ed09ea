"""Journals as long as one likes: the same hall, hands and turns, and lines that drop and return without end.

What there is at the end (seats, people, hands, turns) is the same whatever the length, so that opening a
short and a long one differ by their history alone. Everything comes about by real commands.
"""

import itertools
import random
from collections.abc import Iterator

from rooms.fold import VERSION, Fold
from rooms.ids import Actor, CommandId, ItemId, PesertaId, RequestId, RoomId, SeatId, TurnId
from rooms.journal import Journal
from rooms.meeting import commands as c
from rooms.meeting.events import Event
from rooms.meeting.meeting import Meeting
from rooms.meeting.vocabulary import Consent, ItemKind, ItemSpec, SeatKind, SeatSpec
from rooms.ordering.naskah_bergilir import NASKAH_BERGILIR
from rooms.words import Words

START = 1_768_438_800_000
DIALOG = ItemId("dialog")
ACTOR = Actor("grant:1")
AT_ONCE = 200
"""Events that share an instant, and are appended together."""


def _commands(offices: int, hands: int, turns: int) -> Iterator[c.Command]:
    seats = [
        SeatSpec(SeatId(f"s{n}"), SeatKind.MENYIMAK, f"Desa {n}", f"35.10.{n % 25:02d}.{2000 + n}")
        for n in range(offices)
    ]
    hall = SeatSpec(SeatId("aula"), SeatKind.AULA, "Aula")
    yield c.ConfigureMeeting("Pleno", (hall, *seats), (ItemSpec(DIALOG, ItemKind.DIALOG, "Dialog"),), ())
    for seat in seats:
        yield c.ConnectSeat(seat.seat_id, True)
        yield c.GiveConsent(seat.seat_id, Consent.DIREKAM)
    for seat in seats[:hands]:
        yield c.RegisterPeserta(PesertaId(f"p{seat.seat_id}"), seat.seat_id, "Siti Aminah", "Kepala Dusun")
    yield c.OpenMeeting()
    yield c.StartItem(DIALOG)
    for seat in seats[:hands]:
        person = PesertaId(f"p{seat.seat_id}")
        yield c.RequestTurn(RequestId(f"r{seat.seat_id}"), seat.seat_id, person, "Jembatan gantung")
    for number, seat in enumerate(seats[:turns]):
        yield c.CallSeat(TurnId(f"t{number}"), seat.seat_id)
        yield c.EndTurn(TurnId(f"t{number}"))
    chance = random.Random(1)
    while True:
        seat_id = chance.choice(seats).seat_id
        yield c.DropSeat(seat_id)
        yield c.ConnectSeat(seat_id, True)


def history(length: int, *, offices: int, hands: int, turns: int) -> Iterator[tuple[int, Event]]:
    """``length`` events of an open meeting, each with its instant."""

    def endless() -> Iterator[tuple[int, Event]]:
        meeting = Meeting(NASKAH_BERGILIR)
        told = 0
        for command in _commands(offices, hands, turns):
            at = START + told // AT_ONCE * 1_000
            events = meeting.handle(command, at)
            told += len(events)
            yield from ((at, event) for event in events)

    return itertools.islice(endless(), length)


async def write(journal: Journal, room_id: RoomId, events: Iterator[tuple[int, Event]], *, tail: int) -> None:
    """Append them all and save the snapshot that ``tail`` entries follow."""
    written = 0
    log: list[tuple[int, Event]] = []
    for at, group in itertools.groupby(events, key=lambda told: told[0]):
        part = list(group)
        log += part
        await journal.append(
            room_id, written, [event for _, event in part], at=at, actor=ACTOR, command_id=CommandId(f"c{at}")
        )
        written += len(part)
    fold = Fold(Meeting(NASKAH_BERGILIR), Words())
    for at, event in log[: written - tail]:
        fold.meeting.apply(event, at)
        fold.words.apply(event)
    await journal.save_snapshot(room_id, written - tail, VERSION, fold.snapshot())
