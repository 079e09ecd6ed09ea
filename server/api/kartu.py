"""``GET api/kartu/{seat}``: a place as the chair sees it before its office speaks."""

from datetime import date, datetime

from aiohttp import web

from rooms.ids import SeatId
from server.api.notes_access import readable
from server.auth.guard import room_of
from server.kept import KARTU, SESSIONS
from server.keys import NOW
from server.planning.export import WIB
from server.refusals import Refusal
from server.signalling.entrance import HALLS
from server.store.catatan import Catatan


async def show(request: web.Request) -> web.Response:
    """*Kartu*; of a seat without a place the people alone."""
    room_id, seat_id = room_of(request), SeatId(request.match_info["seat"])
    hall = await request.app[HALLS].get(room_id)
    seat, summary = hall.room.meeting.agenda.seats.get(seat_id), await request.app[SESSIONS].get(room_id)
    if seat is None or summary is None:
        raise Refusal(404, "not_found")
    words, people = hall.room.words, hall.room.meeting.presence.peserta
    here = [one for one, person in people.items() if person.seat_id == seat_id]
    names = [words.names[one] for one in here if one in words.names]
    today = datetime.fromtimestamp(request.app[NOW]() / 1000, WIB).date()
    kartu = await request.app[KARTU].of(seat.kode_wilayah, summary.tahun_rencana)
    return web.json_response(
        {
            "label": seat.label,
            "tahun_rencana": summary.tahun_rencana,
            "peserta": [{"nama": name.nama, "jabatan": name.jabatan} for name in names],
            "usulan": [_usulan(note) for note in await _open(request, kartu.usulan)],
            "lalu": [_usulan(note) for note in await _open(request, kartu.lalu)],
            "janji": [_promise(note, today) for note in await _open(request, kartu.janji)],
        }
    )


async def _open(request: web.Request, notes: list[Catatan]) -> list[Catatan]:
    """Without those whose words are all closed: nothing would be left of them to show."""
    return [note for note, closed in await readable(request, notes) if not closed or note.judul]


def _usulan(note: Catatan) -> dict[str, object]:
    return {
        "id": note.id,
        "judul": note.judul or note.ucapan,
        "tahap": note.tahap,
        "putusan": note.putusan,
        "realisasi": note.realisasi,
        "perkiraan_biaya": note.perkiraan_biaya,
    }


def _promise(note: Catatan, today: date) -> dict[str, object]:
    return {
        "id": note.id,
        "jenis": note.jenis,
        "judul": note.judul or note.ucapan,
        "penanggung_jawab": note.penanggung_jawab,
        "tenggat": None if note.tenggat is None else note.tenggat.isoformat(),
        "terlambat": note.tenggat is not None and note.tenggat < today,
    }
