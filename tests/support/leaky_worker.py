"""The media process with a leak put in, for the control of goal-soak: who leaves is kept, and all it had."""

import asyncio
import os
import sys
import threading

from rooms.media.embedded import worker
from rooms.media.embedded.peer import Peer

KEPT_BYTES = 256 * 1024
_kept: list[object] = []


class LeakyWorker(worker.Worker):
    async def _dismiss(self, peer: Peer) -> None:
        await super()._dismiss(peer)
        _kept.append((peer, bytearray(os.urandom(1024) * (KEPT_BYTES // 1024))))
        if len(_kept) % 8 == 1:
            _kept.append(os.open(os.devnull, os.O_RDONLY))
            _kept.append(asyncio.get_running_loop().create_task(asyncio.Event().wait()))
            threading.Thread(target=threading.Event().wait, daemon=True).start()


if __name__ == "__main__":
    worker.Worker = LeakyWorker  # type: ignore[misc]
    sys.exit(worker.main())
