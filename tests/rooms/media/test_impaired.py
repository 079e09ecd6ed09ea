"""The bad line of the goals is as bad as it says, and the same each time."""

import asyncio
import itertools
import socket

import pytest

from tests.support.impaired import Fate, Line, impaired, led_through

COUNT = 20_000


def fates(line: Line, seed: int = 1) -> list[float | None]:
    fate = Fate(line, seed)
    return [fate.arrival(at / 50) for at in range(COUNT)]


@pytest.mark.parametrize("burst", [1, 3])
@pytest.mark.parametrize("loss", [0.0, 0.1, 0.2])
def test_loss_is_as_asked_in_bursts_as_asked(loss: float, burst: int) -> None:
    found = fates(Line(loss=loss, burst=burst))
    lost = [at is None for at in found]
    assert abs(sum(lost) / COUNT - loss) < 0.02
    runs = [len(list(run)) for gone, run in itertools.groupby(lost) if gone]
    # Two bursts may follow each other; the last one may be cut off.
    assert all(run % burst == 0 for run in runs[:-1])
    assert found == fates(Line(loss=loss, burst=burst))
    assert loss == 0 or found != fates(Line(loss=loss, burst=burst), seed=2)


def test_delay_keeps_the_order_and_reordering_does_not() -> None:
    delayed = [at for at in fates(Line(delay_s=0.2, jitter_s=0.1)) if at is not None]
    assert delayed == sorted(delayed)
    waits = [at - sent / 50 for sent, at in enumerate(delayed)]
    assert min(waits) >= 0.2
    assert max(waits) <= 0.3 + 1e-9
    assert max(waits) - min(waits) > 0.05
    mixed = [at for at in fates(Line(reordered=0.05)) if at is not None]
    overtaken = sum(later < earlier for earlier, later in itertools.pairwise(mixed))
    assert abs(overtaken / COUNT - 0.05) < 0.01


def test_a_bottleneck_holds_up_what_it_cannot_pass_and_loses_what_does_not_fit() -> None:
    # 100 bytes with their headers of 28 every 10 ms are 102.4 kbit/s.
    narrow = Fate(Line(bits_per_s=51_200, queue_s=0.5), 1)
    found = [narrow.arrival(at / 100, 100) for at in range(1000)]
    waits = [at - sent / 100 for sent, at in enumerate(found) if at is not None]
    assert waits[0] == pytest.approx(0.02)
    assert max(waits) == pytest.approx(0.52, abs=0.01)
    assert abs(found.count(None) / 1000 - 0.5) < 0.05
    wide = Fate(Line(bits_per_s=204_800), 1)
    assert None not in [wide.arrival(at / 100, 100) for at in range(1000)]


async def test_both_directions_pass_and_peers_stay_apart() -> None:
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.setblocking(False)
        server.bind(("127.0.0.1", 0))
        async with (
            impaired(server.getsockname(), up=Line(), down=Line(delay_s=0.01), seed=3) as port,
            asyncio.timeout(60),
        ):
            peers = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2)]
            sources = []
            for number, peer in enumerate(peers):
                peer.setblocking(False)
                peer.connect(("127.0.0.1", port))
                await loop.sock_sendall(peer, b"from %d" % number)
                data, source = await loop.sock_recvfrom(server, 100)
                assert data == b"from %d" % number
                sources.append(source)
            assert len(set(sources)) == 2
            for number, (peer, source) in enumerate(zip(peers, sources, strict=True)):
                await loop.sock_sendto(server, b"to %d" % number, source)
                assert await loop.sock_recv(peer, 100) == b"to %d" % number
                peer.close()


def test_an_answer_is_led_through_one_port() -> None:
    answer = (
        "v=0\r\na=candidate:1 1 udp 9 10.0.0.1 7882 typ host\r\n"
        "a=candidate:2 1 udp 8 127.0.0.1 7882 typ host\r\n"
        "a=candidate:3 1 tcp 7 127.0.0.1 7882 typ host tcptype passive\r\na=x\r\n"
    )
    assert led_through(answer, 99) == "v=0\r\na=candidate:2 1 udp 8 127.0.0.1 99 typ host\r\na=x\r\n"
