"""The one composition root: which journal, which plane, which clock; everything else is told.

``build_app`` makes an aiohttp application from settings. What has to be opened and closed is opened when the
application starts and closed in the opposite order when it ends.
"""

import asyncio
import logging
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web

from rooms.clock import Clock, SystemClock
from rooms.ids import CommandId, RoomId
from rooms.media.plane import MediaPlane
from rooms.meeting.commands import ConfigureMeeting
from rooms.meeting.vocabulary import MeetingStatus
from rooms.room import SYSTEM, Room
from server import answers, kept, keys
from server.access import Role
from server.api import sambungan
from server.api.sealed import SEALED
from server.api.uploads import UPLOADS, Uploads
from server.attachments.files import Files
from server.auth import secret
from server.auth.address import PROXIES, networks
from server.auth.attempts import Attempts
from server.auth.identity import Account, Identity
from server.auth.passwords import Passwords
from server.auth.relay import ice_servers
from server.auth.tokens import KNOWN_BROWSER, SIGNED_IN, Tokens
from server.i18n import Words
from server.invitations.sheets import Sheets
from server.pace import Paces
from server.pages.render import PAGES, Pages
from server.pages.shelf import SHELF, Shelf
from server.papers.making import Workshop
from server.papers.press import Press
from server.planning.album import Album
from server.planning.daftar import Daftar
from server.planning.kartu import KartuDesa
from server.planning.keputusan import Meja
from server.planning.mirip import Mirip
from server.planning.musrenbangcam import Musrenbangcam
from server.planning.notebook import Notebook
from server.planning.sidang import SidangDesa
from server.refusals import Refusal
from server.routes import add_routes
from server.settings import Settings
from server.signalling import entrance, media
from server.signalling.client import Bye
from server.signalling.hall import Hall, Halls
from server.signalling.socket import USUAL, Timing
from server.static import STATIC, Static
from server.store.akun import Accounts
from server.store.bantuan import Bantuan
from server.store.engine import Database
from server.store.grants import Grant, Grants, LinkExpired
from server.store.journal import SqlJournal
from server.store.kamus import Kamus
from server.store.kesiapan import Readiness
from server.store.konsep import Drafts
from server.store.kunci import Keys
from server.store.link_secrets import LinkSecrets
from server.store.migrations import migrate
from server.store.sambungan import Checks
from server.store.sessions import Sessions
from server.store.wilayah import Wilayah

log = logging.getLogger(__name__)

HEARTBEAT_S = 1.0
"""How often it is written down that running rooms are being served; an outage is counted from the last."""
REQUESTS_PER_S, REQUESTS_AT_ONCE = 10, 100
"""Of one seat's link over HTTP: a page, its lists and a replay's ranges are some dozens."""
MOST_BODY_BYTES = 512 * 1024
RUNNING = (MeetingStatus.BERLANGSUNG, MeetingStatus.DISKORS)
_CLIENT = Path(__file__).parent.parent / "webclient"


@dataclass
class Parting:
    """How the server goes; decided while it runs."""

    back_soon: bool = False
    """It is being restarted: sound and picture of a meeting in progress go on without it meanwhile."""


def build_app(
    settings: Settings,
    *,
    plane: MediaPlane | None = None,
    clock: Clock | None = None,
    new_id: Callable[[], str] = lambda: str(uuid.uuid4()),
    timing: Timing = USUAL,
    parting: Parting | None = None,
) -> web.Application:
    """``plane`` and ``clock`` are for tests; by default the embedded plane and the system's clock."""
    clock = clock or SystemClock()
    app = web.Application(middlewares=[answers.refusals], client_max_size=MOST_BODY_BYTES)
    app.on_response_prepare.append(answers.headers)
    app[keys.NOW] = clock.now
    app[keys.NEW_ID] = new_id
    app[entrance.TIMING] = timing
    app[keys.REQUESTS] = Paces(REQUESTS_PER_S, REQUESTS_AT_ONCE)
    app[entrance.MESSAGES] = Paces(timing.messages_per_s, timing.messages_at_once)
    app[sambungan.CHECKING] = Paces(sambungan.CHECKS_PER_S, sambungan.CHECKS_AT_ONCE)
    app[keys.WORDS] = words = Words.load(_CLIENT / "locales", settings.language)
    app[STATIC] = static = Static(_CLIENT / "static")
    app[PAGES] = Pages(_CLIENT / "templates", words, static)
    app[SHELF] = Shelf(clock.now)
    app[keys.RECORDINGS] = settings.recordings_dir
    app[keys.SLIDES] = settings.slides_dir
    app[SEALED] = asyncio.Lock()
    app[UPLOADS] = Uploads()
    app[keys.TOKENS] = Tokens(_secret(settings), lambda: clock.now() / 1000)
    app[keys.ACCOUNT_TOKENS] = Tokens(_secret(settings), lambda: clock.now() / 1000, SIGNED_IN)
    app[keys.BROWSER_TOKENS] = Tokens(_secret(settings), lambda: clock.now() / 1000, KNOWN_BROWSER)
    app[keys.ATTEMPTS] = Attempts(lambda: clock.now() / 1000)
    app[keys.METRICS_TOKEN] = settings.metrics_token
    app[PROXIES] = networks(settings.proxies)
    app[entrance.CLOSED], app[media.OFFERS] = Counter(), Counter()
    app[keys.SECURE] = settings.secure
    app[keys.PUBLIC_URL] = settings.url(settings.port)
    parts = urlsplit(settings.public_url)
    app[keys.PUBLIC_ORIGIN] = f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
    app[keys.RELAY] = lambda name: ice_servers(
        settings.turn_url, settings.turn_secret, name, clock.now() / 1000
    )
    app[keys.PLANE] = plane = plane or _embedded(settings)
    app.cleanup_ctx.extend(
        [
            _store(settings),
            _passwords,
            _papers(settings, clock, new_id),
            _plane(plane, parting or Parting()),
            _halls(plane, clock, new_id),
        ]
    )
    app.on_shutdown.append(_let_everyone_go)
    add_routes(app)
    return app


def _secret(settings: Settings) -> bytes:
    return secret.load_or_create(settings.secret_path)


def _embedded(settings: Settings) -> MediaPlane:
    # Loaded only where it is chosen: it brings the whole media stack along.
    from rooms.media.embedded.plane import EmbeddedPlane
    from rooms.media.embedded.settings import MediaSettings

    return EmbeddedPlane(
        MediaSettings(
            data_dir=settings.data_dir,
            workers=settings.media_workers,
            udp_port=settings.media_port,
            bind_address=settings.media_host,
            announced_addresses=settings.public_addresses,
            orphan_grace_s=settings.media_grace_s,
            egress_mbit=settings.egress_mbit,
        )
    )


async def _passwords(app: web.Application) -> AsyncIterator[None]:
    app[keys.PASSWORDS] = passwords = Passwords()
    yield
    passwords.close()


Context = Callable[[web.Application], AsyncIterator[None]]
_DATABASE = web.AppKey("database", Database)
"""Handed on from one context to the next; handlers have what is built on it."""


def _store(settings: Settings) -> Context:
    async def context(app: web.Application) -> AsyncIterator[None]:
        database = await Database.open(settings.database_address)
        try:
            await migrate(database)
            links = LinkSecrets(_secret(settings))
            grants, sessions = Grants(database, links), Sessions(database, links)
            app[kept.GRANTS], app[kept.SESSIONS] = grants, sessions
            app[kept.WILAYAH] = Wilayah(database)
            app[kept.NOTEBOOK], app[kept.DRAFTS] = Notebook(database), Drafts(database)
            app[kept.ALBUM] = Album(database, Files(settings.foto_dir))
            app[kept.DAFTAR] = Daftar(database)
            app[kept.KAMUS] = Kamus(database)
            app[kept.KARTU] = KartuDesa(database)
            app[kept.MEJA] = Meja(database, settings.rantai)
            app[kept.SIDANG] = SidangDesa(database, app[kept.MEJA])
            app[kept.MUSRENBANGCAM] = Musrenbangcam(database)
            app[kept.CHECKS], app[kept.READINESS] = Checks(database), Readiness(database)
            app[kept.BANTUAN] = Bantuan(database)
            app[kept.JOURNAL] = SqlJournal(database)
            app[kept.MIRIP] = Mirip(database)
            app[kept.KEYS] = Keys(database)
            app[_DATABASE] = database
            app[kept.ACCOUNTS] = Accounts(database)
            _links(app, grants, sessions)
            app[keys.SIGNED_IN] = _signed_in(app)
            yield
        finally:
            await database.close()

    return context


def _papers(settings: Settings, clock: Clock, new_id: Callable[[], str]) -> Context:
    async def context(app: web.Application) -> AsyncIterator[None]:
        press = Press()
        workshop = Workshop(app[_DATABASE], Files(settings.papers_dir), press, clock.now, new_id)
        app[kept.WORKSHOP] = workshop
        app[kept.SHEETS] = sheets = Sheets(press, clock.now)
        await workshop.resume()
        try:
            yield
        finally:
            await sheets.close()
            await workshop.close()

    return context


def _links(app: web.Application, grants: Grants, sessions: Sessions) -> None:
    async def lookup(public_id: str) -> tuple[Identity, keys.Ended] | None:
        grant = await grants.get(public_id)
        return None if grant is None else (identity_of(grant), ended(grant, app[keys.NOW]()))

    async def exchange(token: str) -> Identity | None:
        try:
            grant = await grants.exchange(token, at=app[keys.NOW]())
        except LinkExpired as error:
            raise Refusal(410, "expired", detail=str(error)) from error
        return None if grant is None else identity_of(grant)

    async def exchange_code(code: str) -> Identity | None:
        try:
            grant = await grants.exchange_code(code, at=app[keys.NOW]())
        except LinkExpired as error:
            raise Refusal(410, "expired", detail=str(error)) from error
        return None if grant is None else identity_of(grant)

    async def session(identity: Identity) -> tuple[str, bool]:
        summary = None if identity.room_id is None else await sessions.get(identity.room_id)
        return ("", False) if summary is None else (summary.title, summary.gladi)

    async def bearer(secret: str) -> Identity | None:
        key = await app[kept.KEYS].of(secret, at=app[keys.NOW]())
        if key is None:
            return None
        return Identity(key.id, Role.APLIKASI, key.room_id, None, key.label, scopes=key.scopes)

    app[keys.BEARER] = bearer
    app[keys.EXCHANGE], app[keys.EXCHANGE_CODE] = exchange, exchange_code
    app[keys.LOOKUP], app[keys.SESSION] = lookup, session


def _signed_in(app: web.Application) -> Callable[[str], Awaitable[Identity | None]]:
    async def lookup(browser: str) -> Identity | None:
        found = await app[kept.ACCOUNTS].signed_in(browser, at=app[keys.NOW]())
        if found is None:
            return None
        spec = found.spec
        account = Account(spec.jabatan, spec.kode_wilayah, spec.opd, browser)
        return Identity(found.id, Role(spec.peran), None, None, spec.nama, account=account)

    return lookup


def ended(grant: Grant, at: int) -> keys.Ended:
    if grant.revoked:
        return "revoked"
    return "expired" if grant.expired(at) else ""


def identity_of(grant: Grant) -> Identity:
    synthetic = grant.made_by is not None
    return Identity(grant.public_id, Role(grant.role), grant.room_id, grant.seat_id, grant.label, synthetic)


def _plane(plane: MediaPlane, parting: Parting) -> Context:
    async def context(app: web.Application) -> AsyncIterator[None]:
        # The recorder finishes by itself what a crash left; hours of video must not delay the start.
        await plane.start()
        try:
            yield
        finally:
            running = any(hall.room.meeting.agenda.status in RUNNING for hall in _open_halls(app))
            if running and parting.back_soon:
                log.info(
                    "a meeting is in progress: its sound and picture go on, for the next server to adopt"
                )
                await plane.abandon()
            else:
                await plane.close()

    return context


def _halls(plane: MediaPlane, clock: Clock, new_id: Callable[[], str]) -> Context:
    async def context(app: web.Application) -> AsyncIterator[None]:
        async def bring_up(room_id: RoomId) -> Room:
            return await _open_room(app, room_id, clock)

        halls = app[entrance.HALLS] = Halls(bring_up, plane, clock.now, new_id)
        tasks = [
            asyncio.create_task(halls.follow_plane(), name="media events"),
            asyncio.create_task(
                _heartbeat(halls, app[kept.SESSIONS], app[kept.WORKSHOP], clock), name="heartbeat"
            ),
        ]
        # Rooms that were running go on by themselves, before anybody comes back.
        for summary in await app[kept.SESSIONS].list():
            if summary.status in RUNNING:
                await halls.get(summary.room_id)
        yield
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    return context


async def _open_room(app: web.Application, room_id: RoomId, clock: Clock) -> Room:
    summary, spec = await app[kept.SESSIONS].get(room_id), await app[kept.SESSIONS].spec(room_id)
    if summary is None or spec is None:
        raise Refusal(404, "not_found", detail=f"room {room_id}")
    room = await Room.open(room_id, app[kept.JOURNAL], clock=clock, alive_until=summary.alive_until or 0)
    if room.seq == 0:
        command = ConfigureMeeting(spec.title, spec.seats, spec.agenda, spec.script, spec.settings)
        await room.submit(command, actor=SYSTEM, command_id=CommandId("configure"))
    log.info("room open room=%s seq=%d", room_id, room.seq)
    return room


async def _heartbeat(halls: Halls, sessions: Sessions, workshop: Workshop, clock: Clock) -> None:
    """Write down that running rooms are alive, and each room's status for lists; until cancelled.

    A room that is found closed gets its papers drafted.
    """
    statuses: dict[RoomId, MeetingStatus] = {}
    while True:
        try:
            running = []
            for room_id, hall in halls.open_now.items():
                status = hall.room.meeting.agenda.status
                if statuses.get(room_id) != status:
                    if status is MeetingStatus.DITUTUP:
                        await workshop.draft(room_id)
                    await sessions.set_status(room_id, status)
                    statuses[room_id] = status
                if status in RUNNING:
                    running.append(room_id)
            if running:
                await sessions.heartbeat(running, at=clock.now())
        except Exception:
            log.exception("heartbeat not written")
        await asyncio.sleep(HEARTBEAT_S)


def _open_halls(app: web.Application) -> list[Hall]:
    """None when the start failed before there were any."""
    return list(app[entrance.HALLS].open_now.values()) if entrance.HALLS in app else []


async def _let_everyone_go(app: web.Application) -> None:
    await app[entrance.HALLS].close(Bye(1012, ""))
