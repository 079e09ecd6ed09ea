"""What the rows of the table are made of: groups of states, and ids that are new."""

from collections.abc import Mapping
from dataclasses import dataclass

from rooms.ids import PesertaId, SeatId, TurnId
from rooms.meeting import commands as c
from rooms.meeting.vocabulary import TurnMedia

# Groups of states
BEFORE = "kosong siap"
NO_TURN = "buka paparan dialog antre penuh"
SPEAKS = "bicara lewat disela"
BY_CALL = "bicara lewat disela ditahan jeda"
LIVE = "bicara lewat disela ditahan jeda telepon"
NO_DIALOG = "buka paparan"
HANDS = "antre penuh bicara lewat disela ditahan jeda telepon"
IN_DIALOG = "dialog " + HANDS
HANDS_RISE = "antre bicara lewat disela ditahan jeda telepon"
QUEUE_OPEN = "dialog " + HANDS_RISE
QUEUE_SHUT = "buka paparan penuh"
OPEN = "buka paparan " + IN_DIALOG
NOT_OPEN = "kosong siap skors tutup"
RUNNING = OPEN + " skors"
NOT_RUNNING = "kosong siap tutup"
CONFIGURED = "siap " + RUNNING
EVER = "siap " + RUNNING + " tutup"


@dataclass(frozen=True, slots=True)
class Row:
    command: c.Command
    cells: Mapping[str, str]
    """Answer -> the states in which it is given."""


NEW_TURN, NEW_PERSON = TurnId("t9"), PesertaId("p9")
NOWHERE = SeatId("nowhere")
BY_PHONE, IN_HALL = TurnMedia.LEWAT_TELEPON, TurnMedia.HADIR_DI_AULA
