"""The relay: Debian's coturn with the shipped settings, whom it serves and whom it refuses."""

import asyncio
import datetime
import shutil
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aioice import stun, turn

from server.auth.certificate import self_signed
from server.auth.relay import LIFE_S, ice_servers
from tests.support.live import free_port

SECRET = "rahasia-bersama"
CONFIGURATION = Path(__file__).parents[3] / "server" / "data" / "turnserver.conf"
needs_coturn = pytest.mark.skipif(
    shutil.which("turnserver") is None, reason="coturn is missing: sudo apt-get install -y coturn"
)


def test_a_name_expires_and_its_password_is_the_secrets_digest() -> None:
    """``printf 1086400:g | openssl dgst -sha1 -hmac north -binary | base64``."""
    (server,) = ice_servers("turns:turn.example:5349", "north", "g", 1_000_000)
    assert server["username"] == f"{1_000_000 + LIFE_S}:g"
    assert server["credential"] == "5c+O+Y8b+boT0OdAa6CLyGDP7Bg="
    assert ice_servers("", "", "g", 1_000_000) == []


@asynccontextmanager
async def relay(folder: Path) -> AsyncIterator[int]:
    """coturn on loopback with a certificate of its own; its TLS port."""
    port = free_port()
    cert, key = self_signed(folder, ["127.0.0.1"], datetime.datetime.now(datetime.UTC))
    process = await asyncio.create_subprocess_exec(
        "turnserver",
        *("-c", str(CONFIGURATION), "--realm", "rembug", "--static-auth-secret", SECRET),
        *("--cert", str(cert), "--pkey", str(key), "--tls-listening-port", str(port)),
        # Of this test alone: everything is on loopback here, where coturn otherwise lets nobody relay to.
        *("--listening-ip", "127.0.0.1", "--relay-ip", "127.0.0.1", "--allow-loopback-peers"),
        *("--allowed-peer-ip", "127.0.0.1", "--pidfile", str(folder / "pid"), "--db", str(folder / "db")),
        *("--log-file", str(folder / "coturn.log"), "--simple-log"),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        while True:
            assert process.returncode is None, (folder / "coturn.log").read_text()[-2000:]
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)  # a port that is not open yet has no event to wait for
            else:
                writer.close()
                break
        yield port
    finally:
        process.terminate()
        await process.wait()


async def allocate(port: int, username: str, credential: str) -> turn.TurnTransport:
    """A relayed address. Raises stun.TransactionFailed for who may have none."""
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    transport, _ = await turn.create_turn_endpoint(
        asyncio.DatagramProtocol,
        ("127.0.0.1", port),
        username,
        credential,
        ssl=trusting,
        transport="tcp",
    )
    return transport


@needs_coturn
async def test_the_relay_serves_who_was_named_lately_and_leads_to_us_alone(tmp_path: Path) -> None:
    async with relay(tmp_path) as port, asyncio.timeout(60):
        (past,) = ice_servers("turns:x", SECRET, "desa", time.time() - LIFE_S - 10)
        (forged,) = ice_servers("turns:x", "tebakan", "desa", time.time())
        for server in (past, forged):
            with pytest.raises(stun.TransactionFailed, match="401"):
                await allocate(port, server["username"], server["credential"])
        (good,) = ice_servers("turns:x", SECRET, "desa", time.time())
        transport = await allocate(port, good["username"], good["credential"])
        inner = transport._TurnTransport__inner_protocol  # type: ignore[attr-defined]
        await inner.channel_bind(0x4000, ("127.0.0.1", 7882))
        for elsewhere in ("10.0.0.1", "192.0.2.1"):
            with pytest.raises(stun.TransactionFailed, match="403"):
                await inner.channel_bind(0x4001, (elsewhere, 80))
        transport.close()
