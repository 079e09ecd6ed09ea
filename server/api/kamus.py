"""The kamus usulan and the OPD, for forms that suggest them; neither has to be chosen from."""

from aiohttp import web
from pydantic import Field

from server.kept import KAMUS
from server.planning import kamus
from server.planning.catatan import Formulir, Long
from server.planning.shapes import Shape


class CariKamus(Formulir):
    teks: Long = Field(
        description="what is typed: words of the entry, or how its code begins; the first words count"
    )


class Butir(Shape):
    """An entry: what may be asked for, as the planners put it."""

    kode: str
    nama: str
    satuan: str
    bidang: str = Field(description="`2` or `2.3`, or empty")
    opd: str


class DaftarKamus(Shape):
    """The likeliest first."""

    items: list[Butir]


class DaftarOpd(Shape):
    """By name."""

    items: list[str]


async def find(request: web.Request, query: CariKamus) -> DaftarKamus:
    """``GET kamus``."""
    found = await kamus.find(request.app[KAMUS], query.teks)
    return DaftarKamus(items=[Butir.model_validate(one) for one in found])


async def opd(request: web.Request) -> DaftarOpd:
    """``GET opd``: those with an account or in the kamus."""
    return DaftarOpd(items=await request.app[KAMUS].opd())
