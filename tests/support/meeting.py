"""A small meeting to test with: a hall, six offices in three kecamatan, one item of each kind."""

from rooms.ids import ItemId, PesertaId, RequestId, SeatId, TurnId
from rooms.meeting.commands import (
    CallSeat,
    Command,
    ConfigureMeeting,
    ConnectSeat,
    GiveConsent,
    OpenMeeting,
    RegisterPeserta,
    RequestTurn,
    StartItem,
)
from rooms.meeting.errors import Code, Refused
from rooms.meeting.events import Event
from rooms.meeting.meeting import Meeting
from rooms.meeting.vocabulary import (
    Consent,
    ItemKind,
    ItemSpec,
    MeetingSettings,
    SeatKind,
    SeatSpec,
    TurnMedia,
)
from rooms.ordering.naskah_bergilir import NASKAH_BERGILIR

AULA = SeatId("aula")
LICIN_1, LICIN_2, GLAGAH_1, GLAGAH_2, KALIPURO_1, KALIPURO_2 = OFFICES = tuple(
    SeatId(s) for s in ("licin-1", "licin-2", "glagah-1", "glagah-2", "kalipuro-1", "kalipuro-2")
)
KODE = dict(
    zip(
        OFFICES,
        (
            "35.10.01.2001",
            "35.10.01.2002",
            "35.10.02.2001",
            "35.10.02.2002",
            "35.10.03.2001",
            "35.10.03.2002",
        ),
        strict=True,
    )
)
SCRIPT = (LICIN_1, GLAGAH_1, KALIPURO_1)
SEATS = (
    SeatSpec(AULA, SeatKind.AULA, "Aula"),
    *(
        SeatSpec(s, SeatKind.DIALOG if s in SCRIPT else SeatKind.MENYIMAK, s.title(), KODE[s])
        for s in OFFICES
    ),
)
ITEMS = tuple(ItemSpec(ItemId(kind), kind, kind.title()) for kind in ItemKind)
DIALOG, PENUTUP = ItemId("dialog"), ItemId("penutup")


def configure(script: tuple[SeatId, ...] = SCRIPT, settings: MeetingSettings | None = None) -> Command:
    return ConfigureMeeting("Musrenbang", SEATS, ITEMS, script, settings or MeetingSettings())


def peserta(seat_id: SeatId, number: int = 1) -> PesertaId:
    return PesertaId(f"{seat_id}/{number}")


def call(number: int, seat_id: SeatId, media: TurnMedia = TurnMedia.PANGGILAN) -> Command:
    return CallSeat(TurnId(f"t{number}"), seat_id, None, media)


class Session:
    """A meeting and the time, in ms; every step is at ``now``."""

    def __init__(self, meeting: Meeting | None = None) -> None:
        self.meeting = meeting or Meeting(NASKAH_BERGILIR)
        self.now = 1_000
        self.log: list[tuple[Event, int]] = []

    def do(self, *commands: Command) -> list[Event]:
        """Give commands one after another; the events of all."""
        events: list[Event] = []
        for command in commands:
            events += self.meeting.handle(command, self.now)
        self.log += [(event, self.now) for event in events]
        return events

    def refused(self, command: Command) -> Code:
        """The code of a refusal; fails when the command is accepted or anything changed (R1)."""
        before = self.meeting.snapshot()
        try:
            events = self.meeting.handle(command, self.now)
        except Refused as refusal:
            assert self.meeting.snapshot() == before, "a refused command changed the state"
            return refusal.code
        raise AssertionError(f"accepted: {events}")

    def after(self, seconds: float) -> list[Event]:
        """Let time pass without looking at the clock on the way; what the timer then brings."""
        self.now += round(seconds * 1000)
        events = self.meeting.handle_timer(self.now)
        self.log += [(event, self.now) for event in events]
        return events

    def hand(self, seat_id: SeatId, number: int = 1) -> RequestId:
        """Raise a hand for the ``number``-th peserta of an office, registering them."""
        person = peserta(seat_id, number)
        request_id = RequestId(f"r:{person}")
        if request_id in self.meeting.queue.requests:
            request_id = RequestId(f"r:{person}:{len(self.meeting.queue.requests)}")
        self.do(
            RegisterPeserta(person, seat_id, f"Nama {person}"),
            RequestTurn(request_id, seat_id, person, f"Topik {person}"),
        )
        return request_id

    def order(self) -> list[tuple[str, str]]:
        return [(p.seat_id, str(p.reason)) for p in self.meeting.order()]


def session(
    *, opened: bool = True, connected: tuple[SeatId, ...] = OFFICES, script: tuple[SeatId, ...] = SCRIPT,
    settings: MeetingSettings | None = None,
) -> Session:  # fmt: skip
    """A configured meeting with consenting offices, by default open and in its dialog item."""
    made = Session()
    made.do(configure(script, settings))
    for seat_id in connected:
        made.do(ConnectSeat(seat_id, True), GiveConsent(seat_id, Consent.DIREKAM))
    if opened:
        made.do(OpenMeeting(), StartItem(DIALOG))
    return made
