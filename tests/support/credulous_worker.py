"""For goal-spoof: the media process without its check of source addresses; who nominates one has it."""

import sys

from rooms.media.embedded import worker
from rooms.media.embedded.ice import Address
from rooms.media.embedded.mux import Mux, Receiver


class CredulousMux(Mux):
    def _check(self, receiver: Receiver, source: Address, now: float) -> None:
        self._commit(receiver, source, now, nominated=True)


if __name__ == "__main__":
    worker.Mux = CredulousMux  # type: ignore[attr-defined]
    sys.exit(worker.main())
