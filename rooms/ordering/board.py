"""What a policy sees and what it is: a board of script and hands in, places with their reasons out.

A policy is pure and lazy: it yields the order from its head, so that asking for the next two offices does not
cost the whole order. Reasons are stable codes; their Indonesian words belong to the screens.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from rooms.ids import RequestId, SeatId
from rooms.meeting.vocabulary import Place


class Reason(StrEnum):
    """Why a place is where it is; never a personal trait (R16)."""

    TERPUTUS = "terputus"
    """Lost the floor to a dropped line."""
    NASKAH = "naskah"
    """Stands next on the protokol's script."""
    BELUM_BICARA = "belum_bicara"
    """The office has not spoken yet."""
    GILIRAN_KECAMATAN = "giliran_kecamatan"
    """Other kecamatan wait too, and this one was heard least recently."""
    GILIRAN_DESA = "giliran_desa"
    """Only one kecamatan waits, and this desa has spoken least."""
    URUTAN_DATANG = "urutan_datang"
    """Nobody else waits: the office's own order."""
    DITUNDA = "ditunda"
    """Postponed by the chair."""


@dataclass(frozen=True, slots=True)
class Hand:
    request_id: RequestId
    arrived: int
    """Ordinal of its arrival; smaller came earlier."""
    returned: int = 0
    """Ordinal of the loss of its line; 0: it was not lost."""
    postponed: int = 0
    """Ordinal of its postponement; 0: it was not postponed."""


@dataclass(frozen=True, slots=True)
class ScriptLine:
    seat_id: SeatId
    returned: int = 0
    """Ordinal of the loss of its line; 0: it was not lost."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What an office has had of the floor."""

    turns: int
    last: int
    """Ordinal of its newest turn among all turns."""


@dataclass(frozen=True, slots=True)
class Board:
    script: tuple[ScriptLine, ...] = ()
    hands: Mapping[SeatId, tuple[Hand, ...]] = field(default_factory=dict)
    """Waiting hands of each office, in the office's own order; no empty tuples."""
    kecamatan: Mapping[SeatId, str] = field(default_factory=dict)
    """Group of every seat that has a hand."""
    heard: Mapping[SeatId, Heard] = field(default_factory=dict)
    heard_kecamatan: Mapping[str, int] = field(default_factory=dict)
    """Ordinal of the newest turn of each kecamatan that was heard."""


@dataclass(frozen=True, slots=True)
class Policy:
    name: str
    """Name and version; journalled with every call. A change of the order is a new version."""
    order: Callable[[Board], Iterator[Place]]
