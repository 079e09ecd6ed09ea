"""What ``rembug restore`` says once a backup is back: what had ended since, and codes that open nothing."""

from datetime import datetime

from server.auth.secret import load_or_create
from server.planning.export import WIB
from server.settings import Settings
from server.store.endings import Ended
from server.store.engine import Database
from server.store.grants import Grants
from server.store.link_secrets import LinkSecrets

UNKNOWN = (
    "Tidak ada isi lama yang dapat dibandingkan: tautan, kunci aplikasi, akun, dan kata sandi yang diakhiri"
    " atau diganti, dan bagian rekaman yang ditutup, sesudah cadangan itu dibuat, kini terbuka lagi."
    " Periksalah, lalu akhiri atau tutup lagi."
)
_SEALS = "Ditutup dalam rekaman sesudah cadangan itu dibuat, dan terbuka lagi; tutup lagi di Meja Operator:"


def of_ended(ended: Ended | None, *, reopened: bool) -> list[str]:
    """Lines. ``reopened``: it was not carried over."""
    if ended is None:
        return [UNKNOWN]
    rows = [
        *(f"- tautan: {label}" for label in ended.links),
        *(f"- kunci aplikasi: {label}" for label in ended.keys),
        *(f"- akun: {masuk}" for masuk in ended.accounts),
        *(f"- kata sandi yang sebelumnya: {masuk}" for masuk in ended.changed_passwords),
    ]
    becomes = "terbuka lagi" if reopened else "tetap berakhir"
    told = [f"Diakhiri sesudah cadangan itu dibuat, dan {becomes}:", *rows] if rows else []
    if ended.seals:
        told.append(_SEALS)
    for title, seal in ended.seals:
        begin, end = (datetime.fromtimestamp(ms / 1000, WIB) for ms in (seal.from_ms, seal.to_ms))
        told.append(f"- {title}: {begin:%d-%m-%Y %H.%M.%S} sampai {end:%H.%M.%S} WIB")
    return told


async def of_foreign_codes(database: Database, settings: Settings) -> list[str]:
    """Lines, when printed codes are of another secret than this server's; no secret is made here."""
    path = settings.secret_path
    links = LinkSecrets(load_or_create(path) if path.exists() else None)
    dead = await Grants(database, links).of_another_secret()
    if not dead:
        return []
    return [
        f"PERHATIAN: {dead} kode pendek kantor tidak cocok dengan rahasia server di {path}: kode yang"
        " sudah dicetak tidak membuka apa pun, dan lembarnya tidak dapat dicetak lagi. Salin berkas rahasia"
        " dari server yang cadangannya dipulihkan, atau buat tautan baru di halaman tiap sesi."
    ]
