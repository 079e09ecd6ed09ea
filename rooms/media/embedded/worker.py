"""The media process: ``python -m rooms.media.embedded.worker --settings JSON``.

One asyncio loop on one computing thread: the mux, the peers, the forwarder, the recorder's feed and the
control socket. It outlives the server by ``orphan_grace_s``, then mutes everybody and ends; a server that
comes back in time finds it by the control socket. The lock file makes sure that there is one for each data
directory.
"""

import argparse
import asyncio
import contextlib
import fcntl
import gc
import itertools
import logging
import os
import secrets
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic, time
from typing import IO

from rooms.ids import RoomId
from rooms.media.embedded import control
from rooms.media.embedded.batch import best_egress
from rooms.media.embedded.clips import ClipBook
from rooms.media.embedded.dtls import Certificate, Turns
from rooms.media.embedded.forwarder import RECORDED_KEYFRAME_S, Forwarder
from rooms.media.embedded.mux import Mux
from rooms.media.embedded.peer import Peer
from rooms.media.embedded.recorder import Recorder
from rooms.media.embedded.settings import SETTINGS, MediaSettings
from rooms.media.embedded.supervision import ANOTHER_WORKER, MOST_UNSENT_BYTES, PORT_TAKEN
from rooms.media.plane import ProcessCounts

log = logging.getLogger("rooms.media.worker")

_TICK_S = 0.05
REPORT_TURNS = round(1 / _TICK_S)
_NICE = -10


class Worker:
    """Owns everything in the media process; ``run`` until told to end or orphaned."""

    def __init__(self, settings: MediaSettings) -> None:
        self._settings = settings
        self._configuration = control.configuration_of(settings)
        self.epoch = secrets.randbits(48)
        self._wall_at_zero = time() - monotonic()
        self._certificate = Certificate.generateCertificate()
        self._turns = Turns(settings.handshake_share)
        self._mux = Mux()
        self._recorder = Recorder(
            settings.recorder_module,
            settings.data_dir / f"recorder-{os.getpid()}.sock",
            settings.recordings,
            self._recorder_ready,
        )
        self._clips = ClipBook(self._recorder.offer, lambda: int(time() * 1000))
        self._forwarder = Forwarder(
            settings,
            self._clips,
            self._recorder.offer,
            self._wall,
            self._defer,
            tell_layers=self._tell_layers,
        )
        self._routing = self._forwarder.routing
        self._server: asyncio.StreamWriter | None = None
        self._orphaned_at = monotonic()
        self._ended = asyncio.Event()
        self._ending: set[asyncio.Task[None]] = set()
        self._port = 0

    async def run(self) -> None:
        """Raises OSError when the port cannot be bound."""
        settings = self._settings
        self._port = self._mux.open(settings.bind_address, settings.udp_port)
        self._forwarder.egress = best_egress(self._mux)
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, self._ended.set)
        settings.control_socket.unlink(missing_ok=True)
        listener = await asyncio.start_unix_server(self._serve, str(settings.control_socket))
        settings.control_socket.chmod(0o600)
        self._recorder.start()
        gc.collect()
        gc.freeze()
        ticking = loop.create_task(self._tick())
        await self._ended.wait()
        ticking.cancel()
        listener.close()
        settings.control_socket.unlink(missing_ok=True)
        self._routing.mute()
        self._clips.close_all()
        await asyncio.gather(*(member.peer.end() for member in list(self._routing.members())))
        await asyncio.gather(*self._ending)
        self._mux.close()
        if self._server is not None:
            self._server.close()
        await self._recorder.close()

    def _defer(self, delay_s: float, work: Callable[[], None]) -> None:
        loop = asyncio.get_running_loop()
        if delay_s > 0:
            loop.call_later(delay_s, work)
        else:
            loop.call_soon(work)

    def _wall(self) -> float:
        """Seconds since 1970 that never jump, for sender reports: the time at start, plus monotonic time."""
        return self._wall_at_zero + monotonic()

    # The server's side.

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._server is not None:
            self._server.close()
        self._server = writer
        try:
            while (body := await control.read_frame(reader)) is not None:
                call = control.CALL.validate_json(body)
                try:
                    answer = await self._handle(call.request)
                except Exception:
                    # One call's failure must not cut the server off from all the others.
                    log.exception("call %s failed", call.request.op)
                    continue
                if answer is not None:
                    self._tell(control.Reply(call.id, answer))
        except ValueError:
            log.exception("the server sent what is no call")
        finally:
            if self._server is writer:
                self._server = None
                self._orphaned_at = monotonic()
            writer.close()

    async def _handle(self, request: control.Request) -> control.Answer | None:
        match request:
            case control.Hello():
                asyncio.get_running_loop().call_soon(self._tell_all_layers)
                return self._welcome()
            case control.Admit():
                return await self._admit(request)
            case control.Dismiss():
                member = self._routing.find(request.room_id, request.peer_id)
                if member is not None:
                    await self._dismiss(member.peer)
            case control.SetPictures():
                self._routing.set_pictures(request.room_id, request.peer_id, request.pictures)
            case control.SetStage():
                position = (request.epoch, request.seq)
                if self._routing.set_stage(request.room_id, position, request.stage, request.granted_at):
                    self._tell(control.Applied(request.room_id, request.epoch, request.seq))
                return None
            case control.Watch():
                self._routing.watch(request.room_id, request.peer_id, request.seats)
            case control.SendTrain():
                member, trains = (
                    self._routing.find(request.room_id, request.peer_id),
                    self._forwarder.trains,
                )
                started = member is not None and trains.start(member, request.train, monotonic())
                return control.TrainReport(started)
            case control.CloseRoom():
                await self._close_room(request.room_id)
            case control.AskHealth():
                return control.HealthReport(tuple(self._routing.health(request.room_id)))
            case control.AskDrops():
                return control.DropReport(dict(self._mux.dropped + self._forwarder.dropped))
            case control.AskCounts():
                return control.CountReport(self._counts())
            case control.Ping():
                pass
            case control.End():
                self._ended.set()
        return control.Done()

    def _counts(self) -> ProcessCounts:
        return self._forwarder.tally.counts(
            rooms=len(list(self._routing.rooms())),
            members=self._routing.members(),
            dropped=self._mux.dropped + self._forwarder.dropped,
            recorder_drops=self._recorder.dropped,
            tasks=len(asyncio.all_tasks()),
        )

    def _welcome(self) -> control.Welcome:
        return control.Welcome(
            worker_epoch=self.epoch,
            pid=os.getpid(),
            port=self._port,
            fingerprint=self._certificate.getFingerprints()[0].value,
            configuration=self._configuration,
            rooms=tuple(self._routing.rooms()),
            connected=tuple(
                (member.peer.room_id, member.peer.spec.peer_id)
                for member in self._routing.members()
                if member.peer.connected
            ),
        )

    def _tell(self, notice: control.Notice) -> None:
        if self._server is None or self._server.is_closing():
            return
        if self._server.transport.get_write_buffer_size() > MOST_UNSENT_BYTES:
            # It hears everything anew once it takes up the line again.
            self._server.transport.abort()
        else:
            self._server.write(control.frame(control.NOTICE.dump_json(notice)))

    async def _admit(self, request: control.Admit) -> control.Done | control.Refused:
        spec = request.peer
        if self._routing.claims_anothers(request.room_id, spec, request.terms):
            return control.Refused("ssrc_taken")
        older = self._routing.find(request.room_id, spec.peer_id)
        seated = None if spec.seat_id is None else self._routing.seated(request.room_id, spec.seat_id)
        for peer in {member.peer for member in (older, seated) if member is not None}:
            await self._dismiss(peer)
        peer = Peer(request.room_id, spec, request.terms, self._mux, self._certificate, self, self._turns)
        self._routing.add(peer)
        peer.run()
        return control.Done()

    async def _dismiss(self, peer: Peer) -> None:
        self._routing.remove(peer)
        await peer.end()
        self._tell(control.Happened("lost", peer.room_id, peer.spec.peer_id))

    async def _close_room(self, room_id: RoomId) -> None:
        for peer in self._routing.close_room(room_id):
            await peer.end()
            self._tell(control.Happened("lost", room_id, peer.spec.peer_id))

    # The peers' side (PeerOwner).

    def on_connected(self, peer: Peer) -> None:
        self._routing.connected(peer)
        self._forwarder.tally.joined(monotonic() - peer.admitted_at)
        self._tell(control.Happened("connected", peer.room_id, peer.spec.peer_id))

    def on_lost(self, peer: Peer) -> None:
        """The peer's own doing, or silence; the rest of its end needs a task of its own."""
        member = self._routing.find(peer.room_id, peer.spec.peer_id)
        if member is not None and member.peer is peer:
            task = asyncio.get_running_loop().create_task(self._dismiss(peer))
            self._ending.add(task)
            task.add_done_callback(self._ending.discard)

    def on_rtp(self, peer: Peer, packet: bytes, now: float) -> None:
        self._forwarder.on_rtp(peer, packet, now)

    def on_rtcp(self, peer: Peer, packet: bytes, now: float) -> None:
        self._forwarder.on_rtcp(peer, packet, now)

    # Time.

    def _tell_layers(self, peer: Peer, mid: str, layers: tuple[str, ...]) -> None:
        self._tell(control.Wanted(peer.room_id, peer.spec.peer_id, mid, layers))

    def _tell_all_layers(self) -> None:
        """To a new server, which has not heard it."""
        for member in self._routing.members():
            for mid, wants in member.wants.items():
                self._tell_layers(member.peer, mid, wants.told)

    def _recorder_ready(self) -> None:
        self._forwarder.recorder_ready()

    async def _tick(self) -> None:
        time_out_at = keyframe_at = 0.0
        for turn in itertools.count():
            await asyncio.sleep(_TICK_S)
            now = monotonic()
            try:
                self._forwarder.tick(now)
                self._forwarder.report(now, turn, REPORT_TURNS)
                if now >= time_out_at:
                    time_out_at = now + 1.0
                    self._time_out(now)
                if now >= keyframe_at:
                    keyframe_at = now + RECORDED_KEYFRAME_S
                    self._forwarder.refresh_recordings(now)
            except Exception:
                log.exception("a tick failed")

    def _time_out(self, now: float) -> None:
        for member in list(self._routing.members()):
            if now - member.peer.bearer.heard_at > self._settings.silence_s:
                self.on_lost(member.peer)
        if self._server is None and now - self._orphaned_at > self._settings.orphan_grace_s:
            log.warning("no server for %g s: muting and ending", self._settings.orphan_grace_s)
            self._ended.set()


def take_lock(settings: MediaSettings) -> IO[str] | None:
    """The open, locked file with our process id in it; None when another worker holds it."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    held = settings.lock_file.open("a+")
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        held.close()
        return None
    held.seek(0)
    held.truncate()
    held.write(str(os.getpid()))
    held.flush()
    return held


def come_first() -> None:
    """Sound waits for nothing else that this machine does, where the system allows that (Linux: to root)."""
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, 0, _NICE)
    if os.getsid(0) == os.getpid():
        # Linux shares the processor out among sessions first, and this one is our own.
        with contextlib.suppress(OSError):
            Path("/proc/self/autogroup").write_text(str(_NICE))


def main() -> int:
    parser = argparse.ArgumentParser(prog="rooms.media.embedded.worker")
    parser.add_argument("--settings", required=True)
    settings = SETTINGS.validate_json(parser.parse_args().settings)
    logging.basicConfig(level=logging.INFO, format="media %(levelname)s %(name)s: %(message)s")
    lock = take_lock(settings)
    if lock is None:
        return ANOTHER_WORKER
    come_first()
    with lock, contextlib.suppress(KeyboardInterrupt):
        settings.recordings.mkdir(parents=True, exist_ok=True)
        try:
            asyncio.run(_run(settings))
        except OSError as error:
            log.error("cannot listen: %s", error)
            return PORT_TAKEN
    return 0


async def _run(settings: MediaSettings) -> None:
    await Worker(settings).run()


if __name__ == "__main__":
    sys.exit(main())
