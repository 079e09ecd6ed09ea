"""The page of summaries: a message for each desa and each camat, to be copied into a chat."""

from aiohttp import web

from rooms.ids import SeatId
from server.kept import WORKSHOP
from server.pages.dokumen import address_in, session_in
from server.pages.render import PAGES
from server.pages.screens import boot
from server.papers.making import GladiPapers
from server.papers.ringkasan import of_camat, of_desa
from server.papers.sources import NoSession
from server.refusals import Refusal
from server.store.wilayah import Desa


async def show(request: web.Request) -> web.Response:
    """``GET sesi/{room}/dokumen/ringkasan``."""
    summary, _ = await session_in(request)
    try:
        sources = await request.app[WORKSHOP].sources(summary.room_id)
    except NoSession as error:
        raise Refusal(404, "not_found") from error
    except GladiPapers as error:
        raise Refusal(409, "gladi") from error
    notes, account, sesi = await sources.spoken_of(), sources.account, sources.sesi
    districts: dict[str, dict[SeatId, Desa]] = {}
    for seat_id, desa in sources.desa.items():
        districts.setdefault(desa.kecamatan.nama, {})[seat_id] = desa
    return request.app[PAGES].response(
        "ringkasan.html",
        boot=await boot(request),
        sesi=summary,
        kembali=address_in(request),
        kecamatan=[
            {
                "nama": name,
                "camat": of_camat(
                    account,
                    sesi,
                    name,
                    offices,
                    [n for n in notes if n.note.kode_wilayah in {d.kode for d in offices.values()}],
                ),
                "desa": [
                    {
                        "nama": desa.label,
                        "teks": of_desa(
                            account,
                            sesi,
                            seat_id,
                            desa,
                            [n for n in notes if n.note.kode_wilayah == desa.kode],
                        ),
                    }
                    for seat_id, desa in offices.items()
                ],
            }
            for name, offices in sorted(districts.items())
        ],
    )
