"""The application's keys for what is kept in the database. Signalling never asks for them."""

from aiohttp import web

from server.invitations.sheets import Sheets
from server.papers.making import Workshop
from server.planning.album import Album
from server.planning.daftar import Daftar
from server.planning.kartu import KartuDesa
from server.planning.keputusan import Meja
from server.planning.mirip import Mirip
from server.planning.musrenbangcam import Musrenbangcam
from server.planning.notebook import Notebook
from server.planning.sidang import SidangDesa
from server.store.akun import Accounts
from server.store.bantuan import Bantuan
from server.store.grants import Grants
from server.store.journal import SqlJournal
from server.store.kamus import Kamus
from server.store.kesiapan import Readiness
from server.store.konsep import Drafts
from server.store.kunci import Keys
from server.store.sambungan import Checks
from server.store.sessions import Sessions
from server.store.wilayah import Wilayah

GRANTS = web.AppKey("grants", Grants)
SESSIONS = web.AppKey("sessions", Sessions)
WILAYAH = web.AppKey("wilayah", Wilayah)
MIRIP = web.AppKey("mirip", Mirip)
SIDANG = web.AppKey("sidang", SidangDesa)
NOTEBOOK = web.AppKey("notebook", Notebook)
ALBUM = web.AppKey("album", Album)
DAFTAR = web.AppKey("daftar", Daftar)
KAMUS = web.AppKey("kamus", Kamus)
KARTU = web.AppKey("kartu", KartuDesa)
MEJA = web.AppKey("meja", Meja)
MUSRENBANGCAM = web.AppKey("musrenbangcam", Musrenbangcam)
DRAFTS = web.AppKey("drafts", Drafts)
BANTUAN = web.AppKey("bantuan", Bantuan)
CHECKS = web.AppKey("checks", Checks)
READINESS = web.AppKey("readiness", Readiness)
KEYS = web.AppKey("keys", Keys)
ACCOUNTS = web.AppKey("accounts", Accounts)
JOURNAL = web.AppKey("journal", SqlJournal)
WORKSHOP = web.AppKey("workshop", Workshop)
"""Where papers are made."""
SHEETS = web.AppKey("sheets", Sheets)
"""Where sheets of invitations are printed."""
