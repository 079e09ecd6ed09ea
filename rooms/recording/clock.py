"""From RTP time to instants of the server's clock, in us since the epoch.

Sound is placed by its arrival: its first packet says when RTP time 0 was, and the line is moved only when it
is plainly wrong (a publisher that paused its clock, or drift over hours). The picture is placed relative to
the sound by sender reports once both tracks have sent one, and by arrival until then. Pure.
"""

from rooms.recording.feed import AUDIO, VIDEO
from rooms.recording.rtp import nearest

RATES = {AUDIO: 48_000, VIDEO: 90_000}
EARLY_US = 100_000
"""A packet cannot be sent after it arrived; so far ahead the line is moved at once."""
STALL_US = 2_000_000
"""So far behind is a jump of the publisher's clock and not a stalled network."""
DRIFT_US = 300_000
"""If even the promptest packet of a window is so late, the line is moved."""
WINDOW_US = 10_000_000
REPORT_TRUST_US = 2_000_000
"""A report that would place the picture further from its arrival is not believed."""
STEP_US = 20_000
"""Corrections of the picture smaller than this are noise."""


class TrackClock:
    """One RTP stream's line from its time to the server's."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._last: int | None = None
        self._least_late = STALL_US
        self._window_from = 0
        self.origin_us = 0
        """Instant of (unwrapped) RTP time 0."""

    def unwrap(self, timestamp: int) -> int:
        """RTP time without its wrap, nearest to the newest one placed."""
        return timestamp if self._last is None else nearest(timestamp, self._last, 32)

    def span_us(self, rtp_time: int) -> int:
        return rtp_time * 1_000_000 // self._rate

    @property
    def running(self) -> bool:
        return self._last is not None

    def place(self, timestamp: int, at_us: int) -> int:
        """Instant of the RTP ``timestamp`` in a packet that arrived at ``at_us``."""
        time = self.unwrap(timestamp)
        if self._last is None:
            self.origin_us = at_us - self.span_us(time)
            self._window_from = at_us
        self._last = time
        late = at_us - self.origin_us - self.span_us(time)
        if late < -EARLY_US or late > STALL_US:
            self._move(late, at_us)
        else:
            self._least_late = min(self._least_late, late)
            if at_us - self._window_from > WINDOW_US:
                self._move(self._least_late if self._least_late > DRIFT_US else 0, at_us)
        return self.origin_us + self.span_us(time)

    def _move(self, by_us: int, at_us: int) -> None:
        self.origin_us += by_us
        self._window_from = at_us
        self._least_late = STALL_US


class ClipClock:
    """Both tracks of a clip on one line."""

    def __init__(self) -> None:
        self._tracks = {medium: TrackClock(rate) for medium, rate in RATES.items()}
        self._reports: dict[int, tuple[int, int]] = {}
        self._shift_us = 0

    def restart(self, medium: int) -> None:
        """The stream's source changed: its RTP time and its reports mean nothing any more."""
        self._tracks[medium] = TrackClock(RATES[medium])
        self._reports.pop(medium, None)
        self._shift_us = 0

    def report(self, medium: int, ntp: int, rtp_time: int) -> None:
        """A sender report; ``ntp`` is 32.32 fixed point seconds of the publisher's clock."""
        self._reports[medium] = (ntp * 1_000_000 >> 32, rtp_time)

    def place(self, medium: int, timestamp: int, at_us: int) -> int:
        """Instant in us since the epoch."""
        by_arrival = self._tracks[medium].place(timestamp, at_us)
        if medium == AUDIO:
            return by_arrival
        shift = self._shift_by_reports()
        if shift is not None and abs(shift) < REPORT_TRUST_US and abs(shift - self._shift_us) > STEP_US:
            self._shift_us = shift
        return by_arrival + self._shift_us

    def _shift_by_reports(self) -> int | None:
        """How far the picture's line by arrival lies from where the reports put it."""
        if len(self._reports) < 2 or not self._tracks[AUDIO].running:
            return None
        heard, seen = self._at_report(AUDIO), self._at_report(VIDEO)
        return heard + (self._reports[VIDEO][0] - self._reports[AUDIO][0]) - seen

    def _at_report(self, medium: int) -> int:
        track = self._tracks[medium]
        return track.origin_us + track.span_us(track.unwrap(self._reports[medium][1]))
