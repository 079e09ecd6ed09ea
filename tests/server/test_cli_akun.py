"""``rembug akun``: the first account is made before anybody can sign in."""

import asyncio
import time
from pathlib import Path

import pytest
import typer

from server.cli import buat, tautan
from server.store.akun import Accounts, Akun
from server.store.engine import Database


async def of_link(directory: Path, token: str) -> Akun | None:
    database = await Database.open(f"sqlite:///{directory / 'rembug.db'}")
    try:
        return await Accounts(database).of_link(token, at=int(time.time() * 1000))
    finally:
        await database.close()


def test_an_account_and_a_link_are_made_on_the_terminal(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    def token() -> str:
        return capfd.readouterr().out.strip().rpartition("/masuk/sandi/")[2]

    buat(masuk="Panitia.Utama", nama="Dewi", peran="panitia", data_dir=tmp_path)
    first = token()
    found = asyncio.run(of_link(tmp_path, first))
    assert found is not None
    assert (found.spec.masuk, found.spec.nama, found.spec.peran) == ("panitia.utama", "Dewi", "panitia")
    tautan("panitia.utama", data_dir=tmp_path)
    assert asyncio.run(of_link(tmp_path, token())) == found
    assert asyncio.run(of_link(tmp_path, first)) is None
    with pytest.raises(typer.Exit):
        buat(masuk="panitia.utama", nama="Dewi", peran="panitia", data_dir=tmp_path)
    assert "sudah dipakai" in capfd.readouterr().err
    with pytest.raises(typer.Exit):
        tautan("tidak.ada", data_dir=tmp_path)
    with pytest.raises(typer.BadParameter, match="kode_wilayah"):
        buat(masuk="camat.licin", nama="D", peran="camat", data_dir=tmp_path)
