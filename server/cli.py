"""``rembug``: serve, migrate, make the Panitia's link, show a demonstration, rehearse.

Options of the command line override ``REMBUG_*``; what is not given comes from there.
"""

import asyncio
import datetime
import logging
import os
import signal
import socket
import ssl
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated

import typer
from aiohttp import web
from pydantic import ValidationError

from server.access import Role
from server.app import Parting, build_app
from server.auth.certificate import self_signed, server_context
from server.auth.secret import BadSecret
from server.demo import Demonstration
from server.kept import GRANTS, WILAYAH
from server.keys import NOW
from server.logs import FORMAT, OneLine
from server.settings import Settings
from server.store.engine import Database, DatabaseInUse
from server.store.grants import Grants, GrantSpec
from server.store.migrations import migrate
from server.store.restore import BadBackup, new_epochs, restore
from server.store.wilayah import Wilayah

log = logging.getLogger(__name__)

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

SHUTDOWN_S = 5.0

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


@app.command()
def serve(
    host: Host = None,
    port: Port = None,
    public_address: PublicAddress = None,
    public_url: PublicUrl = None,
    media_port: MediaPort = None,
    data_dir: DataDir = None,
    tls_cert: TlsCert = None,
    tls_key: TlsKey = None,
    tls_self_signed: SelfSigned = None,
) -> None:
    """Jalankan server sampai dihentikan (Ctrl-C) atau dimulai ulang (SIGTERM)."""
    settings = _settings(
        host=host,
        port=port,
        public_address=public_address,
        public_url=public_url,
        media_port=media_port,
        data_dir=data_dir,
        tls_cert=tls_cert,
        tls_key=tls_key,
        tls_self_signed=tls_self_signed,
    )
    _run(lambda: _serve(settings, _announce))


@app.command()
def demo(
    host: Host = None,
    port: Port = None,
    public_address: PublicAddress = None,
    media_port: MediaPort = None,
    data_dir: DataDir = None,
    tls_self_signed: SelfSigned = None,
) -> None:
    """Peragaan: satu sesi Banyuwangi dengan aula dan enam desa buatan; tautannya dicetak."""
    settings = _settings(
        host=host,
        port=port,
        public_address=public_address,
        media_port=media_port,
        data_dir=data_dir,
        tls_self_signed=tls_self_signed,
    )

    async def show(application: web.Application, listening: Settings) -> Callable[[], Awaitable[None]]:
        demonstration = await Demonstration.prepare(application, listening)
        print(demonstration.text(), flush=True)
        await demonstration.start_hall()
        return demonstration.stop

    _run(lambda: _serve(settings, show), log_file=settings.data_dir / "peragaan.log")


@app.command(name="migrate")
def migrate_(data_dir: DataDir = None) -> None:
    """Siapkan basis data dan daftar wilayah."""
    settings = _settings(data_dir=data_dir)

    async def work(database: Database) -> None:
        await Wilayah(database).seed()

    _run(lambda: _with_database(settings, work))


@app.command()
def panitia(
    nama: Annotated[str, typer.Option(help="Untuk siapa tautan ini.")] = "Panitia",
    port: Port = None,
    public_address: PublicAddress = None,
    public_url: PublicUrl = None,
    data_dir: DataDir = None,
    tls_self_signed: SelfSigned = None,
) -> None:
    """Buat tautan pribadi Panitia, yang membuat sesi; jalankan saat server berhenti."""
    settings = _settings(
        port=port,
        public_address=public_address,
        public_url=public_url,
        data_dir=data_dir,
        tls_self_signed=tls_self_signed,
    )

    async def work(database: Database) -> None:
        await Wilayah(database).seed()
        now = int(datetime.datetime.now(datetime.UTC).timestamp() * 1000)
        minted = await Grants(database).mint(GrantSpec(Role.PANITIA, nama), at=now)
        print(f"{settings.url(settings.port)}/m/{minted.token}")

    _run(lambda: _with_database(settings, work))


@app.command()
def gladi(
    link: Annotated[str, typer.Option(help="Tautan gladi dari halaman Panitia.")],
    url: Annotated[str, typer.Option(help="Alamat server dari komputer ini, bila lain dari tautannya.")] = "",
    n: Annotated[int, typer.Option(min=0, max=1000, help="Banyaknya kantor buatan.")] = 25,
    minutes: Annotated[float, typer.Option(min=0.1, max=600, help="Lamanya.")] = 5,
    aula: Annotated[bool, typer.Option("--aula", help="Isi juga kursi Aula selama masih bebas.")] = False,
    cacert: Annotated[Path | None, typer.Option(help="Sertifikat yang dipercaya (PEM).")] = None,
    laporan: Annotated[Path | None, typer.Option(help="Berkas JSON untuk laporan.")] = None,
    data_dir: DataDir = None,
) -> None:
    """Gladi: kantor buatan masuk ke sesi gladi dari komputer ini, lalu melaporkan mutu sambungannya."""
    # Loaded only here: it brings the whole media stack along.
    from server import rehearse

    settings = _settings(data_dir=data_dir)
    logging.basicConfig(level=logging.ERROR)
    code = asyncio.run(
        rehearse.run(
            rehearse.Wanted(link, url, n, minutes, aula, cacert, laporan, settings.data_dir / "gladi"),
            say=lambda words, end="\n": print(words, end=end, flush=True),
            complain=lambda words: print(f"rembug: {words}", file=sys.stderr),
        )
    )
    raise typer.Exit(code)


@app.command(name="restore")
def restore_(
    cadangan: Annotated[
        Path | None,
        typer.Argument(help="Berkas SQLite; kosong: sudah dikembalikan sendiri (pg_restore)."),
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Pulihkan basis data dari cadangan, saat server berhenti; isi yang lama disimpan di sebelahnya."""
    settings = _settings(data_dir=data_dir)
    now_s = int(datetime.datetime.now(datetime.UTC).timestamp())
    if cadangan is not None and settings.database_url:
        raise typer.BadParameter("REMBUG_DATABASE_URL dipakai: kembalikan basis data itu sendiri dahulu")

    async def put_back(backup: Path) -> None:
        before = await restore((settings.data_dir / "rembug.db").absolute(), backup, at_s=now_s)
        print(f"Dipulihkan dari {backup}." + (f" Isi yang lama: {before}" if before else ""))

    async def renew(database: Database) -> None:
        print(f"{len(await new_epochs(database, now_s))} sesi diperiksa dan dimulai sebagai riwayat baru.")

    if cadangan is None:
        _run(lambda: _with_database(settings, renew))
    else:
        _run(lambda: put_back(cadangan))


def main() -> None:
    # Names, recordings and the secret are for this user alone.
    os.umask(0o077)
    app()


Started = Callable[[web.Application, Settings], Awaitable[Callable[[], Awaitable[None]]]]
"""Called once the server answers, with the settings it listens by; returns what to do before it stops."""


async def _announce(application: web.Application, listening: Settings) -> Callable[[], Awaitable[None]]:
    """Say where the server is; the first time also the Panitia's link, without which nobody could begin."""
    url = listening.url(listening.port)
    print(f"Rembug: {url}", flush=True)
    await application[WILAYAH].seed()
    if all(grant.revoked for grant in await application[GRANTS].of_room(None)):
        minted = await application[GRANTS].mint(GrantSpec(Role.PANITIA, "Panitia"), at=application[NOW]())
        print(f"Panitia: {url}/m/{minted.token}", flush=True)

    async def nothing() -> None:
        return

    return nothing


async def _serve(settings: Settings, started: Started) -> None:
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


def _tls(settings: Settings) -> tuple[Settings, ssl.SSLContext | None]:
    if settings.tls_self_signed:
        names = dict.fromkeys(["localhost", "127.0.0.1", *settings.public_addresses])
        cert, key = self_signed(settings.data_dir, list(names), datetime.datetime.now(datetime.UTC))
        return settings, server_context(cert, key)
    if settings.tls_cert is not None and settings.tls_key is not None:
        return settings, server_context(settings.tls_cert, settings.tls_key)
    return settings, None


async def _with_database(settings: Settings, work: Callable[[Database], Awaitable[None]]) -> None:
    database = await Database.open(settings.database_address)
    try:
        await migrate(database)
        await work(database)
    finally:
        await database.close()


def _settings(**given: object) -> Settings:
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


def _run(work: Callable[[], Awaitable[None]], log_file: Path | None = None) -> None:
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
