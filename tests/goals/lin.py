"""``make goal-lin [N=1000]``: N short histories of two clients at once, each explained by one order or not.

Half of them on PostgreSQL, where each client has a process of its own, with caches of its own, on one
journal; half on SQLite through the real server, by WebSocket. In every other one both wish for the same thing
at the same moment, step by step. One command in eight is answered by a crash between commit and reply and is
then repeated under its id. Figures: ``violations`` (histories that no order explains), ``histories``,
``crashes``. ``SABOTAGE=1`` switches the journal's check of the position off, which needs two processes and so
PostgreSQL, and must end with ``ok: false``.
"""

import asyncio
import json
import random
import socket
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from yarl import URL

from rooms.ids import RoomId
from rooms.meeting.meeting import Meeting
from rooms.ordering.naskah_bergilir import NASKAH_BERGILIR
from server.signalling import wire
from server.store.engine import Database
from server.store.migrations import migrate
from tests.support import postgres
from tests.support.goal import report, sabotaged, size
from tests.support.lin_clients import ACK, Client, KeeperClient, WireClient
from tests.support.lin_keeper import NOW
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


def _collision(chance: random.Random, number: int) -> tuple[Message, Message]:
    """The same wish of both clients, of which at most one can come true."""
    seat_id = chance.choice(OFFICES[:2])
    wishes: list[Message] = []
    kind = chance.choice(("hand", "hand", "call", "item"))
    for client in range(2):
        if kind == "hand":
            made = {"type": "request_turn", "request_id": f"r{client}-{number}", "seat_id": seat_id,
                    "peserta_id": f"p.{seat_id}", "topic": "Topik"}  # fmt: skip
        elif kind == "call":
            made = {
                "type": "call_seat",
                "turn_id": f"t-{number}",
                "seat_id": seat_id,
                "media": "lewat_telepon",
            }
        else:
            made = {"type": "start_item", "item_id": "dialog" if number % 2 else "penutup"}
        wishes.append(made | {"command_id": f"c{client}-{number}"})
    return wishes[0], wishes[1]


@asynccontextmanager
async def _process(*words: object, fds: tuple[int, ...] = ()) -> AsyncIterator[None]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", *map(str, words), start_new_session=True, pass_fds=fds
    )
    try:
        yield
    finally:
        process.terminate()
        await process.wait()


@asynccontextmanager
async def _two_keepers(url: str, folder: Path) -> AsyncIterator[list[Client]]:
    """Two processes with caches of their own on one journal."""
    addresses = [folder / f"keeper{n}" for n in range(2)]
    spoiled = ["careless"] if sabotaged() else []
    async with AsyncExitStack() as stack:
        for address in addresses:
            await stack.enter_async_context(_process("tests.support.lin_keeper", url, address, *spoiled))
        yield [KeeperClient(address) for address in addresses]


@asynccontextmanager
async def _one_server(folder: Path) -> AsyncIterator[list[Client]]:
    """Two screens on the real server, which alone has the SQLite file."""
    with socket.create_server(("127.0.0.1", 0)) as port:
        url = URL(f"http://127.0.0.1:{port.getsockname()[1]}/")
        control, number = folder / "control", port.fileno()
        async with _process("tests.support.lin_server", folder, number, control, fds=(number,)):
            yield [WireClient(url, control) for _ in range(2)]


class History:
    """What two clients did to one room, and what came of it."""

    def __init__(self, seed: int, clients: list[Client]) -> None:
        self._seed = seed
        self._clients = clients
        self._room_id = RoomId(f"room{seed}")
        self._answers: list[tuple[Message, Operation]] = []

    async def explained(self) -> bool:
        first = self._clients[0]
        key = await first.prepare(self._room_id)
        begin = (await first.read(self._room_id)).state.encode()
        for client in self._clients:
            await client.enter(key)
        await self._run()
        end = await first.read(self._room_id)
        for client in self._clients:
            await client.leave(self._room_id)
        if end.state.startswith("failed"):
            return False
        operations = [
            replace(done, answer=tuple(end.written.get(message["command_id"], ())))
            if done.answer == (ACK,)
            else done
            for message, done in self._answers
        ]
        return explained(begin, operations, Meeting.restore(NASKAH_BERGILIR, end.state.encode()).state, NOW)

    async def _run(self) -> None:
        chance = random.Random(self._seed)
        if self._seed % 2:
            for number in range(EACH):
                pair = _collision(chance, number)
                await asyncio.gather(*(self._give(who, pair[who], chance.random()) for who in range(2)))
            return
        wishes = [[(_operation(chance, who, n), chance.random()) for n in range(EACH)] for who in range(2)]
        await asyncio.gather(*(self._alone(who, wishes[who]) for who in range(2)))

    async def _alone(self, who: int, wishes: list[tuple[Message, float]]) -> None:
        for message, fate in wishes:
            await self._give(who, message, fate)

    async def _give(self, who: int, message: Message, fate: float) -> None:
        given = wire.read(json.dumps(message), None)
        assert isinstance(given, wire.Give)
        asked_at = time.monotonic()
        answer = await self._clients[who].give(self._room_id, message, crash=fate < 1 / 8)
        done = Operation(given.command, asked_at, time.monotonic(), tuple(answer))
        self._answers.append((message, done))


async def _histories(clients: list[Client], seeds: range) -> tuple[int, int]:
    """How many of them no order explains, and how many answers a crash ate."""
    violations = 0
    for seed in seeds:
        violations += not await History(seed, clients).explained()
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
            async with _two_keepers(url, folder) as clients:
                violations, crashes = await _histories(clients, range(middle))
    async with _one_server(folder) as clients:
        more, others = await _histories(clients, range(middle, histories))
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
