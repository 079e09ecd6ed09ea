"""What one synthetic seat did and when its media were there. Pure: instants are handed in."""

from rooms.gladi.call import Call


class Account:
    """When one seat was there, and what it did. Instants are the event loop's."""

    def __init__(self, now: float) -> None:
        self.began_at = now
        self.joined_s: float | None = None
        self.joins = 0
        self.offline_s = 0.0
        self.hands = self.turns = 0
        self.ended = "selesai"
        self._state = ""
        self._away_at: float | None = None
        self._sent = (0, 0)
        """By connections that are over."""

    def joined(self, now: float) -> None:
        self.joins += 1
        if self.joined_s is None:
            self.joined_s = now - self.began_at
        self.online(now, True)

    def left(self, now: float, call: Call) -> None:
        """A connection is to be built anew."""
        self._sent = self.sent(call)
        self.online(now, False)

    def online(self, now: float, up: bool) -> None:
        """Whether its media is connected, from now on."""
        if self._away_at is not None:
            self.offline_s += now - self._away_at
        self._away_at = None if up or self.joined_s is None else now

    def state(self, state: str) -> None:
        self.turns += state == "giliran" != self._state
        self._state = state

    def sent(self, call: Call | None) -> tuple[int, int]:
        """Packets of sound and pictures, with those of ``call``."""
        sound, pictures = (0, 0) if call is None else call.sent
        return self._sent[0] + sound, self._sent[1] + pictures
