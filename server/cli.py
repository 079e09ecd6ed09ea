"""``rembug``: serve, migrate, make the Panitia's link, show a demonstration, rehearse.

Options of the command line override ``REMBUG_*``; what is not given comes from there.
"""

import asyncio
import datetime
import logging
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated

import typer
from aiohttp import web

from server import cli_data
from server.access import Role
from server.demo import Demonstration
from server.kept import GRANTS, WILAYAH
from server.keys import NOW
from server.pages.akun import AkunBaru
from server.planning.catatan import parse
from server.planning.errors import FieldErrors
from server.restored import of_ended, of_foreign_codes
from server.serving import serve_until_stopped
from server.settings import Settings
from server.store.akun import Accounts, NameTaken
from server.store.endings import Ended
from server.store.engine import Database
from server.store.grants import Grants, GrantSpec
from server.store.restore import new_epochs, restore
from server.store.wilayah import Wilayah
from server.terminal import (
    DataDir,
    Host,
    MediaPort,
    Port,
    PublicAddress,
    PublicUrl,
    SelfSigned,
    TlsCert,
    TlsKey,
    given_settings,
    now,
    run,
    with_database,
)

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


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
    settings = given_settings(
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
    run(lambda: serve_until_stopped(settings, _announce))


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
    settings = given_settings(
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

    run(lambda: serve_until_stopped(settings, show), log_file=settings.data_dir / "peragaan.log")


@app.command(name="migrate")
def migrate_(data_dir: DataDir = None) -> None:
    """Siapkan basis data dan daftar wilayah."""
    settings = given_settings(data_dir=data_dir)

    async def work(database: Database) -> None:
        await Wilayah(database).seed()

    run(lambda: with_database(settings, work))


app.add_typer(cli_data.wilayah, name="wilayah")
app.add_typer(cli_data.kamus, name="kamus")
app.add_typer(cli_data.hapus, name="hapus")


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
    settings = given_settings(
        port=port,
        public_address=public_address,
        public_url=public_url,
        data_dir=data_dir,
        tls_self_signed=tls_self_signed,
    )

    async def work(database: Database) -> None:
        await Wilayah(database).seed()
        minted = await Grants(database).mint(GrantSpec(Role.PANITIA, nama), at=now())
        print(f"{settings.url(settings.port)}/m/{minted.token}")

    run(lambda: with_database(settings, work))


accounts = typer.Typer(
    no_args_is_help=True, help="Akun orang yang memutuskan; jalankan saat server berhenti."
)
app.add_typer(accounts, name="akun")


@accounts.command()
def buat(
    masuk: Annotated[str, typer.Option(help="Nama masuk, misalnya camat.licin.")],
    nama: Annotated[str, typer.Option(help="Nama orangnya.")],
    peran: Annotated[str, typer.Option(help="camat, mitra, opd, bappeda, atau panitia.")],
    jabatan: Annotated[str, typer.Option(help="Jabatannya.")] = "",
    wilayah: Annotated[str, typer.Option(help="Kode kecamatan, untuk camat dan mitra.")] = "",
    opd: Annotated[str, typer.Option(help="Nama perangkat daerah, untuk opd.")] = "",
    data_dir: DataDir = None,
    public_url: PublicUrl = None,
) -> None:
    """Buat akun dan cetak tautan kata sandinya."""
    settings = given_settings(data_dir=data_dir, public_url=public_url)
    typed = {"masuk": masuk, "nama": nama, "jabatan": jabatan, "peran": peran, "opd": opd}
    try:
        spec = parse(AkunBaru, typed | {"kode_wilayah": wilayah}).spec
    except FieldErrors as error:
        raise typer.BadParameter(
            "; ".join(f"{name}: {said}" for name, said in error.fields.items())
        ) from error

    async def work(database: Database) -> None:
        try:
            _, token = await Accounts(database).create(spec, by="rembug akun", at=now())
        except NameTaken as error:
            raise OSError(f"nama masuk {error} sudah dipakai") from error
        print(f"{settings.url(settings.port)}/masuk/sandi/{token}")

    run(lambda: with_database(settings, work))


@accounts.command()
def tautan(
    masuk: Annotated[str, typer.Argument(help="Nama masuk.")],
    data_dir: DataDir = None,
    public_url: PublicUrl = None,
) -> None:
    """Cetak tautan kata sandi baru untuk sebuah akun."""
    settings = given_settings(data_dir=data_dir, public_url=public_url)

    async def work(database: Database) -> None:
        found = await Accounts(database).named(masuk)
        token = found and await Accounts(database).link(found[0].id, by="rembug akun", at=now())
        if not token:
            raise OSError(f"tidak ada akun {masuk}")
        print(f"{settings.url(settings.port)}/masuk/sandi/{token}")

    run(lambda: with_database(settings, work))


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

    settings = given_settings(data_dir=data_dir)
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
    apa_adanya: Annotated[
        bool, typer.Option("--apa-adanya", help="Buka lagi juga yang diakhiri sesudah cadangan itu dibuat.")
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """Pulihkan basis data dari cadangan, saat server berhenti; isi yang lama disimpan di sebelahnya."""
    settings = given_settings(data_dir=data_dir)
    now_s = int(datetime.datetime.now(datetime.UTC).timestamp())
    if cadangan is not None and settings.database_url:
        raise typer.BadParameter("REMBUG_DATABASE_URL dipakai: kembalikan basis data itu sendiri dahulu")

    async def tell(database: Database, ended: Ended | None) -> None:
        for line in of_ended(ended, reopened=apa_adanya) + await of_foreign_codes(database, settings):
            print(line)

    async def put_back(backup: Path) -> None:
        file = (settings.data_dir / "rembug.db").absolute()
        done = await restore(file, backup, at_s=now_s, reopen=apa_adanya)
        print(f"Dipulihkan dari {backup}." + (f" Isi yang lama: {done.before}" if done.before else ""))
        await with_database(settings, lambda database: tell(database, done.ended))

    async def renew(database: Database) -> None:
        print(f"{len(await new_epochs(database, now_s))} sesi diperiksa dan dimulai sebagai riwayat baru.")
        await tell(database, None)

    if cadangan is None:
        run(lambda: with_database(settings, renew))
    else:
        run(lambda: put_back(cadangan))


def main() -> None:
    # Names, recordings and the secret are for this user alone.
    os.umask(0o077)
    app()


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
