"""``make goal-lin [N=1000]``: N short histories of two clients at once, each explained by one order or not.

On PostgreSQL each client has a process of its own, with caches of its own, on one journal; on SQLite both ask
one process, as the server is one. One command in eight is answered by a crash between commit and reply and is
then repeated under its id. Figures: ``violations`` (histories that no order explains), ``histories``,
``crashes``. ``SABOTAGE=1`` switches the journal's check of the position off and must end with ``ok: false``.
"""

import asyncio
import json
import random
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from rooms.ids import RoomId
from rooms.meeting.meeting import Meeting
from rooms.ordering.naskah_bergilir import NASKAH_BERGILIR
from server.signalling import wire
from server.store.engine import Database
from server.store.migrations import migrate
from tests.support import postgres
from tests.support.goal import report, sabotaged, size
from tests.support.lin_keeper import NOW, prepare
from tests.support.linearizable import Operation, explained
from tests.support.meeting import OFFICES

Message = dict[str, Any]
EACH = 6
"""Operations of each client in a history."""


def _operation(chance: random.Random, client: int, number: int) -> Message:
    """One message; ids are few, so that the clients get in each other's way."""
    seat_id = chance.choice(OFFICES[:2])
    turn_id = f"t{chance.randrange(2)}-{chance.randrange(max(1, number))}"
    kind = chance.choice(("call", "call", "hand", "withdraw", "end", "hold", "record", "item"))
    made: Message
    match kind:
        case "call":
            made = {"type": "call_seat", "turn_id": f"t{client}-{number}", "seat_id": seat_id,
                    "media": "lewat_telepon"}  # fmt: skip
        case "hand":
            made = {"type": "request_turn", "request_id": f"r{client}-{number}", "seat_id": seat_id,
                    "peserta_id": f"p.{seat_id}", "topic": "Topik"}  # fmt: skip
        case "withdraw":
            made = {"type": "withdraw_request", "request_id": f"r{turn_id[1:]}", "seat_id": seat_id}
        case "end":
            made = {"type": "end_turn", "turn_id": turn_id}
        case "hold":
            made = {"type": "hold_turn", "turn_id": turn_id}
        case "record":
            made = {"type": "set_off_record", "off_record": chance.random() < 0.5}
        case _:
            made = {"type": "start_item", "item_id": chance.choice(("dialog", "penutup"))}
    return made | {"command_id": f"c{client}-{number}"}


class Client:
    """Gives its operations one after another to its keeper, and repeats what had no answer."""

    def __init__(self, address: Path) -> None:
        self._address = address
        self._stream: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self.crashes = 0

    async def run(self, room_id: RoomId, messages: list[Message], chance: random.Random) -> list[Operation]:
        done: list[Operation] = []
        for message in messages:
            text = json.dumps(message)
            given = wire.read(text, None)
            assert isinstance(given, wire.Give)
            asked_at = time.monotonic()
            answer = await self.ask(room_id, text, crash=chance.random() < 1 / 8)
            done.append(Operation(given.command, asked_at, time.monotonic(), tuple(answer)))
        return done

    async def ask(self, room_id: RoomId, message: str, *, crash: bool = False) -> list[str]:
        asked = {"room": room_id, "message": message, "crash": crash}
        while True:
            try:
                if self._stream is None:
                    self._stream = await asyncio.open_unix_connection(self._address)
                reader, writer = self._stream
                writer.write(json.dumps(asked).encode() + b"\n")
                if line := await reader.readline():
                    answer: list[str] = json.loads(line)["answer"]
                    return answer
            except FileNotFoundError:  # the keeper is still coming up
                await asyncio.sleep(0.05)
                continue
            except ConnectionError:
                pass
            self.crashes += 1
            self._stream = None
            asked["crash"] = False


@asynccontextmanager
async def _keeper(url: str, address: Path) -> AsyncIterator[None]:
    words = [sys.executable, "-m", "tests.support.lin_keeper", url, str(address)]
    process = await asyncio.create_subprocess_exec(*words, *(["careless"] if sabotaged() else []),
                                                   start_new_session=True)  # fmt: skip
    try:
        yield
    finally:
        process.terminate()
        await process.wait()


async def _histories(url: str, folder: Path, keepers: int, seeds: range) -> tuple[int, int]:
    """How many of them no order explains, and how many answers a crash ate."""
    begin = prepare()[0].snapshot()
    violations = 0
    async with AsyncExitStack() as stack:
        addresses = [folder / f"{seeds.start}-{n}" for n in range(keepers)]
        for address in addresses:
            await stack.enter_async_context(_keeper(url, address))
        clients = [Client(addresses[who % keepers]) for who in range(2)]
        for seed in seeds:
            chance, room_id = random.Random(seed), RoomId(f"room{seed}")
            await clients[0].ask(room_id, "prepare")
            given = [[_operation(chance, who, n) for n in range(EACH)] for who in range(2)]
            halves = await asyncio.gather(
                *(c.run(room_id, given[n], random.Random(f"{seed}-{n}")) for n, c in enumerate(clients))
            )
            (end,) = await clients[0].ask(room_id, "fold")
            if end.startswith("failed"):
                violations += 1
                continue
            state = Meeting.restore(NASKAH_BERGILIR, end.encode()).state
            violations += not explained(begin, [*halves[0], *halves[1]], state, NOW)
    return violations, sum(client.crashes for client in clients)


async def _run(histories: int, folder: Path) -> int:
    violations = crashes = 0
    middle, compared_with = 0, "the meeting core alone"
    if reason := postgres.missing():
        compared_with += f"; PostgreSQL left out, {reason}"
    else:
        middle = histories // 2
        with postgres.cluster() as cluster:
            url = cluster.url(cluster.create())
            await _migrated(url)
            violations, crashes = await _histories(url, folder, 2, range(middle))
    url = f"sqlite:///{folder / 'rembug.db'}"
    await _migrated(url)
    more, others = await _histories(url, folder, 1, range(middle, histories))
    figures = {
        "violations": float(violations + more),
        "histories": float(histories),
        "crashes": float(crashes + others),
    }
    return report("lin", figures, {"violations": 0.0}, compared_with=compared_with)


async def _migrated(url: str) -> None:
    database = await Database.open(url)
    await migrate(database)
    await database.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="rembug-") as folder:
        sys.exit(asyncio.run(_run(size(1000), Path(folder))))
