"""What every command of the terminal has in common: its options, settings, database, and how it ends."""

import asyncio
import datetime
import logging
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from server.auth.secret import BadSecret
from server.logs import FORMAT, OneLine
from server.settings import Settings
from server.store.engine import Database, DatabaseInUse
from server.store.migrations import migrate
from server.store.restore import BadBackup

log = logging.getLogger(__name__)

Host = Annotated[str | None, typer.Option(help="Alamat yang didengarkan.")]
Port = Annotated[int | None, typer.Option(help="Port web.")]
PublicAddress = Annotated[str | None, typer.Option(help="Alamat IP untuk suara dan gambar.")]
PublicUrl = Annotated[str | None, typer.Option(help="Alamat yang diketik orang.")]
MediaPort = Annotated[int | None, typer.Option(help="Port UDP dan TCP untuk suara dan gambar.")]
DataDir = Annotated[Path | None, typer.Option(help="Tempat basis data dan rekaman.")]
TlsCert = Annotated[Path | None, typer.Option(help="Sertifikat TLS (PEM).")]
TlsKey = Annotated[Path | None, typer.Option(help="Kunci sertifikat itu (PEM).")]
SelfSigned = Annotated[
    bool | None, typer.Option("--tls-self-signed/--no-tls-self-signed", help="Buat sertifikat sendiri.")
]


def now() -> int:
    """ms since the epoch (UTC)."""
    return int(datetime.datetime.now(datetime.UTC).timestamp() * 1000)


async def with_database(settings: Settings, work: Callable[[Database], Awaitable[None]]) -> None:
    database = await Database.open(settings.database_address)
    try:
        await migrate(database)
        await work(database)
    finally:
        await database.close()


def given_settings(**given: object) -> Settings:
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        for problem in error.errors():
            name = "_".join(str(part) for part in problem["loc"]).upper()
            print(
                f"rembug: REMBUG_{name}: {problem['msg']}" if name else f"rembug: {problem['msg']}",
                file=sys.stderr,
            )
        raise typer.Exit(2) from error


def run(work: Callable[[], Awaitable[None]], log_file: Path | None = None) -> None:
    """``log_file``: where this process and those it starts write what they log, instead of the terminal."""
    terminal = os.fdopen(os.dup(sys.stderr.fileno()), "w")
    if log_file is not None:
        log_file.parent.mkdir(parents=True, exist_ok=True)
        with log_file.open("ab") as file:
            os.dup2(file.fileno(), sys.stderr.fileno())
    lines = logging.StreamHandler()
    lines.setFormatter(OneLine(FORMAT))
    logging.basicConfig(level=logging.INFO, handlers=[lines])
    logging.getLogger("alembic").setLevel(logging.WARNING)

    async def run() -> None:
        await work()

    try:
        asyncio.run(run())
    except DatabaseInUse as error:
        print(f"rembug: basis data sedang dipakai server lain: {error}", file=terminal)
        raise typer.Exit(1) from error
    except Exception as error:
        if not isinstance(error, BadSecret | BadBackup | OSError):
            log.exception("ended by a fault")
        print(f"rembug: {error}", file=terminal)
        raise typer.Exit(1) from error
    finally:
        terminal.close()
