"""The application's keys for what is kept in the database. Signalling never asks for them."""

from aiohttp import web

from server.planning.daftar import Daftar
from server.planning.notebook import Notebook
from server.store.grants import Grants
from server.store.journal import SqlJournal
from server.store.konsep import Drafts
from server.store.sessions import Sessions
from server.store.wilayah import Wilayah

GRANTS = web.AppKey("grants", Grants)
SESSIONS = web.AppKey("sessions", Sessions)
WILAYAH = web.AppKey("wilayah", Wilayah)
NOTEBOOK = web.AppKey("notebook", Notebook)
DAFTAR = web.AppKey("daftar", Daftar)
DRAFTS = web.AppKey("drafts", Drafts)
JOURNAL = web.AppKey("journal", SqlJournal)
