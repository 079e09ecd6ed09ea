"""Where a publisher's RTP time lies on the server's clock. Pure; time is an argument (s).

Sender reports to subscribers must carry the server's monotonic clock, never the publisher's, which may jump.
The origin of a line (server time at which its RTP timestamp was 0) is the least of what its packets say on
arrival, over a sliding window so that drift is followed. Between sound and picture of one publisher its own
sender reports say the difference, so that lips fit; if they contradict arrival they are not believed.
"""

from dataclasses import dataclass, field

from rooms.media.embedded.slots import TIMESTAMP_MODULUS, signed_distance

WINDOW_S = 10.0
BELIEVED_SKEW_S = 1.0
"""A pair of sender reports that moves a line by more than this has seen a clock jump between them."""


@dataclass(slots=True)
class LineClock:
    clock_rate: int
    """Hz."""
    _newest: int | None = None
    """Extended timestamp."""
    _least: float | None = None
    _least_before: float | None = None
    _window_at: float = field(default=-1e9)
    _publisher_origin: float | None = None

    def arrived(self, timestamp: int, now: float) -> None:
        extended = self._extend(timestamp)
        self._newest = extended if self._newest is None else max(self._newest, extended)
        origin = now - extended / self.clock_rate
        if now - self._window_at > WINDOW_S:
            self._window_at, self._least_before, self._least = now, self._least, origin
        elif self._least is None or origin < self._least:
            self._least = origin

    def reported(self, ntp: int, rtp_time: int) -> None:
        """The publisher's sender report."""
        if self._newest is not None:
            self._publisher_origin = ntp / (1 << 32) - self._extend(rtp_time) / self.clock_rate

    def rtp_time(self, now: float, companion: "LineClock | None" = None) -> int | None:
        """The line's RTP timestamp at ``now``; None before its first packet.

        ``companion``: the clock of the same publisher's sound, which a picture is aligned to.
        """
        origin = self._origin()
        if origin is None:
            return None
        aligned = self._aligned(companion) if companion is not None else None
        if aligned is not None and abs(aligned - origin) < BELIEVED_SKEW_S:
            origin = aligned
        return round((now - origin) * self.clock_rate) % TIMESTAMP_MODULUS

    def _origin(self) -> float | None:
        seen = [origin for origin in (self._least, self._least_before) if origin is not None]
        return min(seen, default=None)

    def _aligned(self, companion: "LineClock") -> float | None:
        theirs = companion._origin()
        if theirs is None or self._publisher_origin is None or companion._publisher_origin is None:
            return None
        return theirs + self._publisher_origin - companion._publisher_origin

    def _extend(self, timestamp: int) -> int:
        if self._newest is None:
            return timestamp
        return self._newest + signed_distance(timestamp, self._newest, TIMESTAMP_MODULUS)
