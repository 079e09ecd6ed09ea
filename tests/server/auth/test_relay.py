"""The relay: Debian's coturn with the shipped settings, whom it serves and whom it refuses; and the one port
for TLS that it shares with the web, told apart by name."""

import asyncio
import datetime
import ssl
import tempfile
import time
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from aioice import stun, turn

from server.auth.certificate import self_signed
from server.auth.relay import LIFE_S, ice_servers
from tests.support.relay import DOMAIN, SECRET, TURN_NAME, front, missing, relay

needs_coturn = pytest.mark.skipif(bool(missing("turnserver")), reason=missing("turnserver"))
ALL = ("turnserver", "haproxy", "caddy")
needs_all = pytest.mark.skipif(bool(missing(*ALL)), reason=missing(*ALL))
ADDRESS = "127.0.0.9"
QUESTION = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)


def test_a_name_expires_and_its_password_is_the_secrets_digest() -> None:
    """``printf 1086400:g | openssl dgst -sha1 -hmac north -binary | base64``."""
    (server,) = ice_servers("turns:turn.example:5349", "north", "g", 1_000_000)
    assert server["username"] == f"{1_000_000 + LIFE_S}:g"
    assert server["credential"] == "5c+O+Y8b+boT0OdAa6CLyGDP7Bg="
    assert ice_servers("", "", "g", 1_000_000) == []


def trusting() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def certify(certificates: Path) -> bytes:
    """A new certificate where Caddy would put it; as it goes over the wire."""
    folder = certificates / "local" / TURN_NAME
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        cert, key = self_signed(Path(made), [TURN_NAME], datetime.datetime.now(datetime.UTC))
        (folder / f"{TURN_NAME}.key").write_bytes(key.read_bytes())
        (folder / f"{TURN_NAME}.crt").write_bytes(cert.read_bytes())
    return ssl.PEM_cert_to_DER_cert((folder / f"{TURN_NAME}.crt").read_text())


async def say(port: int, name: str, words: bytes, **options: object) -> tuple[bytes, bytes]:
    """What the server of this name answers ADDRESS first, and its certificate."""
    context = trusting()
    if "alpn" in options:
        context.set_alpn_protocols([str(options["alpn"])])
    reader, writer = await asyncio.open_connection(
        "127.0.0.1", port, ssl=context, server_hostname=name, local_addr=(ADDRESS, 0)
    )
    writer.write(words)
    answer = await reader.read(4096)
    shown = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
    writer.transport.abort()
    return answer, shown


async def allocate(port: int, username: str, credential: str) -> turn.TurnTransport:
    """A relayed address. Raises stun.TransactionFailed for who may have none."""
    transport, _ = await turn.create_turn_endpoint(
        asyncio.DatagramProtocol,
        ("127.0.0.1", port),
        username,
        credential,
        ssl=trusting(),
        transport="tcp",
    )
    return transport


@needs_coturn
async def test_the_relay_serves_who_was_named_lately_and_leads_to_us_alone(tmp_path: Path) -> None:
    shown = certify(tmp_path / "certificates")
    async with relay(tmp_path, tmp_path / "certificates") as port, asyncio.timeout(60):
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
        # A certificate that is renewed meanwhile is taken up, and who is there stays.
        assert (await say(port, TURN_NAME, bytes(QUESTION)))[1] == shown
        renewed = certify(tmp_path / "certificates")
        while (now := (await say(port, TURN_NAME, bytes(QUESTION)))[1]) != renewed:
            assert now == shown
            await asyncio.sleep(0.2)  # it is looked at once in a while
        await inner.channel_bind(0x4002, ("127.0.0.1", 7883))
        transport.close()


@needs_all
async def test_web_and_relay_share_a_port_and_are_told_apart_by_name(tmp_path: Path) -> None:
    async def home(request: web.Request) -> web.Response:
        said = [request.headers[f"X-Forwarded-{what}"] for what in ("Proto", "For")]
        return web.Response(text=" ".join((request.host, *said)))

    site = web.Application()
    site.router.add_get("/", home)
    get = f"GET / HTTP/1.0\r\nHost: {DOMAIN}\r\n\r\n".encode()
    async with (
        TestServer(site, host="127.0.0.1") as server,
        front(tmp_path, server.port or 0) as port,
        asyncio.timeout(60),
    ):
        page, web_certificate = await say(port, DOMAIN, get)
        assert page.endswith(f"\r\n\r\n{DOMAIN} https {ADDRESS}".encode())
        for name in (TURN_NAME, TURN_NAME.upper()):
            answer, relay_certificate = await say(port, name, bytes(QUESTION))
            assert stun.parse_message(answer).transaction_id == QUESTION.transaction_id
        assert relay_certificate != web_certificate
        # An authority that asks for the relay's name finds Caddy, who knows of no such question now.
        with pytest.raises(ssl.SSLError):
            await say(port, TURN_NAME, bytes(QUESTION), alpn="acme-tls/1")
