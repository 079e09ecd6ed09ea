"""What a rehearsal found, office by office, and what it means. Pure; words are somebody else's.

Limits are rules of thumb for speech that people follow without effort; they are told beside every verdict.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

JOIN_S = 10.0
CONCEALED = 0.01
"""Fraction of speech that may be missing before words are."""
FROZEN = 0.05
"""Fraction of the watched time that a picture may stand still."""
OFFLINE_S = 3.0
BAD = 5
"""So many times a limit, and it is bad."""
LAG_MS = 150
"""When the rehearsing machine itself answers later than that, freezes may be its own."""


class Verdict(StrEnum):
    BAIK = "baik"
    PERIKSA = "periksa"
    BURUK = "buruk"


@dataclass(frozen=True, slots=True)
class OfficeReport:
    """What one participant got. Times in s, from its own first step."""

    seat_id: str
    label: str
    joined_s: float | None
    """From opening its link to media; None: never."""
    first_sound_s: float | None
    """To the first sound of somebody on the stage; None: nobody spoke, or nothing came."""
    joins: int
    offline_s: float
    """Without media after the first join."""
    watched_s: float
    sound_packets: int
    sound_lost: int
    """That did not come by themselves."""
    concealed_ms: float
    """Speech that was missing in the end."""
    picture_packets: int
    picture_lost: int
    frames: int
    freezes: int
    frozen_s: float
    hands: int
    turns: int
    sent_sound: int
    """Packets of its own loop."""
    sent_pictures: int
    ended: str
    """``selesai``, ``ditutup`` (the meeting), ``diganti`` (a person came), ``dicabut``, ``putus``."""

    @property
    def concealed(self) -> float:
        """Fraction of the speech."""
        return self.concealed_ms / (self.sound_packets * 20) if self.sound_packets else 0.0

    @property
    def frozen(self) -> float:
        """Fraction of the time in which there was something to see."""
        return min(1.0, self.frozen_s / self.watched_s) if self.watched_s else 0.0

    @property
    def lost(self) -> float:
        """Fraction of all packets that the line lost."""
        packets = self.sound_packets + self.picture_packets
        return (self.sound_lost + self.picture_lost) / packets if packets else 0.0

    @property
    def verdict(self) -> Verdict:
        if self.joined_s is None or self.ended in ("putus", "dicabut"):
            return Verdict.BURUK
        over = max(
            self.joined_s / JOIN_S,
            self.concealed / CONCEALED,
            self.frozen / FROZEN,
            self.offline_s / OFFLINE_S,
        )
        return Verdict.BURUK if over > BAD else Verdict.PERIKSA if over > 1 else Verdict.BAIK


@dataclass(frozen=True, slots=True)
class Spread:
    """One figure over all offices that joined."""

    median: float
    worst: float


@dataclass(frozen=True, slots=True)
class Report:
    title: str
    started_at: int
    """ms since the epoch (UTC)."""
    lasted_s: float
    wanted: int
    """Offices that were asked for."""
    offices: tuple[OfficeReport, ...]
    lag_ms: float
    """99th percentile of how late the rehearsing process itself answered."""

    @property
    def verdict(self) -> Verdict:
        """That of the worst office: each of them is a village."""
        order = list(Verdict)
        return max((o.verdict for o in self.offices), key=order.index, default=Verdict.BURUK)

    @property
    def trusted(self) -> bool:
        """Whether this machine kept up, so that the figures are the line's."""
        return self.lag_ms <= LAG_MS

    def spread(self, figure: Callable[[OfficeReport], float | None]) -> Spread | None:
        values = [value for office in self.offices if (value := figure(office)) is not None]
        return Spread(median(values), max(values)) if values else None


def percentile(values: Sequence[float], fraction: float) -> float:
    """By nearest rank; 0 of nothing."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(fraction * len(ordered)))] if ordered else 0.0
