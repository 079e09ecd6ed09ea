"""A session made by the Panitia's form, posted without a browser, for tests that are not about it."""

import html
import re
from collections.abc import Sequence

from yarl import URL

from tests.support.app import Visitor
from tests.support.live import LiveServer

AGENDA = [("seremoni", "Pembukaan"), ("dialog", "Dialog dengan desa"), ("penutup", "Penutup")]
_LINK = re.compile(
    r'<li class="link.*?<strong>(?P<who>.*?)</strong>.*?value="(?P<link>http[^"]*/(?:m|layar)/[^"]+)"',
    re.DOTALL,
)


async def make_session(
    server: LiveServer, title: str, *, dialog: Sequence[str], menyimak: Sequence[str]
) -> dict[str, str]:
    """Seats by kode; returns links by role, and by label for offices, as ``Panitia.make_session`` does."""
    seats = [f"{kode}:dialog" for kode in dialog] + [f"{kode}:menyimak" for kode in menyimak]
    fields = [
        ("title", title),
        ("tanggal", "2027-02-10"),
        ("jenis_sesi", "musrenbang_desa"),
        ("tahun_rencana", "2028"),
        ("turn_limit_menit", "3"),
        *(
            (name, value)
            for item in AGENDA
            for name, value in zip(("item_kind", "item_title"), item, strict=True)
        ),
        *(("kursi", seat) for seat in seats),
    ]
    panitia = Visitor(URL(server.url), server.panitia_link.strip().rsplit("/", 1)[1])
    try:
        await panitia.open_link()
        form, headers = panitia.base / "sesi" / "baru", {"Origin": panitia.origin}
        async with panitia.http.post(form, data=fields, headers=headers) as answer:
            page = await answer.text()
    finally:
        await panitia.close()
    links = {html.unescape(row["who"]).strip(): html.unescape(row["link"]) for row in _LINK.finditer(page)}
    assert len(links) > len(seats), f"the form was refused: {answer.status}"
    return links
