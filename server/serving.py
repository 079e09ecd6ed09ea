"""The server's process: its socket, certificate and signals, from the first request to the last."""

import asyncio
import datetime
import os
import resource
import signal
import socket
import ssl
from collections.abc import Awaitable, Callable

from aiohttp import web

from server.app import Parting, build_app
from server.auth.certificate import self_signed, server_context
from server.settings import Settings

SHUTDOWN_S = 5.0
OPEN_FILES = 65_536
"""More than a session's seats, companions and readers need; many systems let a program begin at 1,024."""

Started = Callable[[web.Application, Settings], Awaitable[Callable[[], Awaitable[None]]]]
"""Called once the server answers, with the settings it listens by; returns what to do before it stops."""


async def serve_until_stopped(settings: Settings, started: Started) -> None:
    """Raises OSError for a port that is taken."""
    _allow_open_files()
    settings, context = _tls(settings)
    # Bound before anything is opened, so that a port that is taken is told at once, and 0 becomes a number.
    host = settings.listen_host
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, settings.port))
    except OSError as error:
        listening.close()
        raise OSError(f"{host}:{settings.port}: {error.strerror}") from error
    settings = settings.model_copy(update={"port": listening.getsockname()[1]})
    stop, parting = asyncio.Event(), Parting()

    def restart() -> None:
        # The first process of a container takes everything along when it goes, so that nothing could go on.
        parting.back_soon = os.getpid() != 1
        stop.set()

    asyncio.get_running_loop().add_signal_handler(signal.SIGINT, stop.set)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, restart)
    application = build_app(settings, parting=parting)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=SHUTDOWN_S)
    await runner.setup()
    try:
        await web.SockSite(runner, listening, ssl_context=context).start()
        finish = await started(application, settings)
        try:
            await stop.wait()
        finally:
            await finish()
    finally:
        await runner.cleanup()
        listening.close()


def _allow_open_files() -> None:
    """As many as the system lets us have, up to OPEN_FILES; processes that are started inherit it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _tls(settings: Settings) -> tuple[Settings, ssl.SSLContext | None]:
    if settings.tls_self_signed:
        names = dict.fromkeys(["localhost", "127.0.0.1", *settings.public_addresses])
        cert, key = self_signed(settings.data_dir, list(names), datetime.datetime.now(datetime.UTC))
        return settings, server_context(cert, key)
    if settings.tls_cert is not None and settings.tls_key is not None:
        return settings, server_context(settings.tls_cert, settings.tls_key)
    return settings, None
