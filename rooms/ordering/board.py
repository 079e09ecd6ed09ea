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
    DISIAPKAN = "disiapkan"
    """Is being prepared already, and the head of the order is frozen."""
    NASKAH = "naskah"
    """Stands next on the protokol's script."""
    LAMA_MENUNGGU = "lama_menunggu"
    """So many turns have begun since that hand went up that it goes before the others."""
    BELUM_BICARA = "belum_bicara"
    """The office has not spoken yet."""
    GILIRAN_KECAMATAN = "giliran_kecamatan"
    """Other kecamatan wait too, and this one was heard least recently."""
    GILIRAN_DESA = "giliran_desa"
    """Only one kecamatan waits, and this desa has spoken least."""
    GILIRAN_TERSEDIKIT = "giliran_tersedikit"
    """This office has had the fewest turns of all that wait."""
    WAKTU_TERSEDIKIT = "waktu_tersedikit"
    """This office has had the least time on the floor of all that wait."""
    URUTAN_DATANG = "urutan_datang"
    """The order in which hands went up."""
    DILEWATI = "dilewati"
    """Did not answer twice when it was prepared: behind all hands in their ordinary place."""
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
    since: int = 0
    """How many turns of the meeting had begun when it went up, or was put to the tail of the share."""
    passed: int = 0
    """Ordinal of its way to the tail of the share, its office not answering (R36); 0: it did not go there."""

    @property
    def fresh(self) -> bool:
        """In its ordinary place: neither lost nor put back."""
        return not (self.returned or self.postponed or self.passed)

    @property
    def shares(self) -> bool:
        """Neither lost nor postponed: in its ordinary place or at the tail of the share."""
        return not (self.returned or self.postponed)


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
class Seconds:
    """The accounts of the seconds-fair tier, in units of floor time by weight (R40)."""

    finish: Mapping[SeatId, int] = field(default_factory=dict)
    """Where each office's account stands; an office that is not in it stands at 0."""
    current: int = 0
    """No office is behind this: a late joiner starts here."""
    turn_ms: int = 0
    """How long a turn is expected to take."""
    weights: Mapping[SeatId, int] = field(default_factory=dict)
    """1 for an office that is not in it."""


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
    turns: int = 0
    """How many turns have begun."""
    seconds: Seconds = field(default_factory=Seconds)
    prepared: tuple[SeatId, ...] = ()
    """The offices in bersiap, in order."""


Order = Callable[[Board], Iterator[Place]]


@dataclass(frozen=True, slots=True)
class Policy:
    name: str
    """Name and version; journalled with every call. A change of the order is a new version."""
    order: Order
