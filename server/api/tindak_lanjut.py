"""What was promised and complained of, in the order in which it is due; each is changed as a note."""

from aiohttp import web

from server.api.notes_access import session_of, shown_all
from server.auth.guard import IDENTITY
from server.kept import DAFTAR
from server.planning.saring import SaringJanji, due_text, read_due
from server.planning.shapes import DaftarJanji


async def find(request: web.Request, query: SaringJanji) -> DaftarJanji:
    """``GET tindak-lanjut``: a camat's are those of the kecamatan, whatever is asked for."""
    account = request[IDENTITY].account
    notes, further = await request.app[DAFTAR].promised(
        account.wilayah if account is not None and account.wilayah else query.kecamatan,
        done=query.selesai,
        after=read_due(query.dari) if query.dari else None,
        room_id=session_of(request, query.sesi),
        number=query.batas,
    )
    return DaftarJanji(items=await shown_all(request, notes), next=due_text(further))
