"""An office's own meeting over HTTP: seen whole, written record by record.

Only the office's own seat writes. What a device sends names the version it saw; 409 tells what is stored and
what was sent, so that people can merge them. The rules are in ``server.planning.sidang``.
"""

import asyncio
from collections.abc import Awaitable, Mapping
from typing import TypeVar
from uuid import UUID, uuid5

from aiohttp import web

from rooms.ids import SeatId
from rooms.meeting.vocabulary import SeatSpec
from server.access import Role
from server.auth.guard import IDENTITY, room_of
from server.i18n import N_
from server.kept import SESSIONS, SIDANG
from server.keys import NOW, WORDS
from server.planning.catatan import Formulir, check_list_line, parse
from server.planning.errors import SidangBerubah, SidangPindah, SidangSelesai, VersionConflict
from server.planning.impor import BadFile
from server.planning.impor_usulan import read_lists
from server.planning.keputusan import Siapa
from server.planning.shapes import Shape
from server.planning.sidang import Penulis, TooMany
from server.planning.sidang_forms import (
    CONTENT,
    BarisSidang,
    BarisUbah,
    Diambil,
    HadirPleno,
    HadirSidang,
    HadirUbah,
    Kursi,
    PokokSidang,
    PokokUbah,
    Sidang,
    UrutanSidang,
    UrutanUbah,
    baris_shape,
    hadir_shape,
    pokok_shape,
    urutan_shape,
)
from server.refusals import Refusal
from server.signalling.entrance import HALLS
from server.store.sidang import Hadir, Pokok, Urutan, Which

T = TypeVar("T")
_PLENO = UUID("0b1f7d52-6c1e-5b0a-9a35-4f4e0c6a9d7e")
"""What ids of people who came to the pleno start from in an office's own meeting."""
BAD_LINES = N_("Ada baris yang perlu diperbaiki; belum ada yang disimpan.")


async def show(request: web.Request, query: Kursi) -> Sidang:
    """``GET sidang``: of the office itself; desks say whose."""
    which, seat = await seat_of(request, query.kursi)
    summary = await request.app[SESSIONS].get(room_of(request))
    if summary is None:
        raise Refusal(404, "not_found")
    isi = await request.app[SIDANG].show(which)
    return Sidang(
        seat_id=which.seat_id,
        label=seat.label,
        kelurahan=seat.kode_wilayah[9:10] == "1",
        tahun_rencana=summary.tahun_rencana,
        sidang=pokok_shape(isi.pokok),
        urutan=urutan_shape(isi.urutan),
        hadir=[hadir_shape(person) for person in isi.hadir],
        usulan=[baris_shape(note) for note in isi.usulan],
        pindah=isi.pindah,
        hadir_pleno=await _heard_in_pleno(request, which),
    )


async def set_pokok(request: web.Request, body: PokokUbah) -> PokokSidang:
    """``PUT sidang``."""
    which, _ = await seat_of(request)
    return pokok_shape(await _written(body, request.app[SIDANG].set_pokok(which, body, penulis(request))))


async def set_hadir(request: web.Request, body: HadirUbah) -> HadirSidang:
    """``PUT sidang/hadir/{id}``: the id is the device's, a UUID."""
    which, _ = await seat_of(request)
    person = request.app[SIDANG].set_hadir(which, _id(request), body, penulis(request))
    return hadir_shape(await _written(body, person))


async def set_line(request: web.Request, body: BarisUbah) -> BarisSidang:
    """``PUT sidang/usulan/{id}``: the id is the device's, a UUID."""
    which, seat = await seat_of(request)
    sent = body.model_dump(exclude_unset=True)
    check_list_line(sent, CONTENT)
    # What a kelurahan has no money for is seen by its place.
    line = parse(BarisUbah, sent | {"kode_wilayah": seat.kode_wilayah})
    note = request.app[SIDANG].set_line(which, _id(request), line, penulis(request))
    return baris_shape(await _written(body, note))


async def rank(request: web.Request, body: UrutanUbah) -> UrutanSidang:
    """``PUT sidang/urutan``."""
    which, _ = await seat_of(request)
    return urutan_shape(await _written(body, request.app[SIDANG].rank(which, body, penulis(request))))


async def take_over(request: web.Request, text: bytes, offices: Mapping[str, str]) -> Diambil:
    """``offices``: kode wilayah -> seat. Raises Refusal, with ``salah`` for lines that are wrong."""
    room_id, words = room_of(request), request.app[WORDS]
    try:
        result = await asyncio.to_thread(read_lists, text, offices, words)
    except BadFile as error:
        raise Refusal(422, "bad_fields", message=str(error)) from error
    if result.salah:
        salah = [{"baris": one.baris, "kata": one.kata} for one in result.salah]
        raise Refusal(422, "bad_fields", message=BAD_LINES, more={"salah": salah})
    lines: dict[str, list[tuple[str, BarisUbah]]] = {}
    for row in result.rows:
        lines.setdefault(row.seat_id, []).append((row.id(room_id), row.ubah))
    try:
        baru = await request.app[SIDANG].take_over(room_id, lines, penulis(request))
    except SidangSelesai as error:
        raise Refusal(409, "concluded", detail=str(error)) from error
    except TooMany as error:
        raise Refusal(409, "too_many", detail=str(error)) from error
    return Diambil(baris=len(result.rows), baru=baru)


async def seat_of(request: web.Request, asked: str | None = None) -> tuple[Which, SeatSpec]:
    """The office's own seat, whatever was asked for; a desk's question is about a seat. Raises Refusal."""
    identity, room_id = request[IDENTITY], room_of(request)
    seat_id = identity.seat_id if identity.role is Role.DESA else asked
    hall = await request.app[HALLS].get(room_id)
    seat = hall.room.meeting.agenda.seats.get(SeatId(seat_id or ""))
    if seat is None or not seat.kode_wilayah:
        raise Refusal(404, "not_found", detail="no office of a desa or kelurahan")
    return Which(room_id, seat.seat_id), seat


async def _heard_in_pleno(request: web.Request, which: Which) -> list[HadirPleno]:
    """Who was there for this office. The id is that of the same person in its own meeting, on any device."""
    room = (await request.app[HALLS].get(room_of(request))).room
    people = []
    for peserta_id, person in room.meeting.presence.peserta.items():
        came = room.meeting.attendance.arrived_at(peserta_id, person.seat_id)
        name = room.words.names.get(peserta_id)
        if person.seat_id == which.seat_id and came is not None and name is not None and name.nama:
            people.append(
                HadirPleno(
                    id=str(uuid5(_PLENO, f"{which.room_id} {peserta_id}")),
                    nama=name.nama,
                    jabatan=name.jabatan,
                    jenis_kelamin=person.jenis_kelamin,
                    unsur=person.unsur,
                )
            )
    return people


def penulis(request: web.Request) -> Penulis:
    identity = request[IDENTITY]
    return Penulis(Siapa(identity.label, "", identity.actor), request.app[NOW]())


async def _written(sent: Formulir, writing: Awaitable[T]) -> T:
    """Raises Refusal with both versions for a conflict."""
    try:
        return await writing
    except VersionConflict as error:
        stored: Shape = baris_shape(error.current)
    except SidangBerubah as error:
        stored = _shape(error.current)
    except SidangPindah as error:
        raise Refusal(409, "moved", detail=str(error)) from error
    except SidangSelesai as error:
        raise Refusal(409, "concluded", detail=str(error)) from error
    except TooMany as error:
        raise Refusal(409, "too_many", detail=str(error)) from error
    more = {"sent": sent.model_dump(mode="json"), "stored": stored.model_dump(mode="json")}
    raise Refusal(409, "conflict", more=more)


def _shape(current: Pokok | Hadir | Urutan) -> Shape:
    match current:
        case Pokok():
            return pokok_shape(current)
        case Hadir():
            return hadir_shape(current)
        case Urutan():
            return urutan_shape(current)


def _id(request: web.Request) -> str:
    """Raises Refusal."""
    try:
        return str(UUID(request.match_info["id"]))
    except ValueError as error:
        raise Refusal(404, "not_found", detail="no UUID") from error
