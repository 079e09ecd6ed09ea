"""Golden tests: what stands in each PDF is what stands in its data, and nothing that was withheld."""

import asyncio
import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import pytest_asyncio

from server.papers.paper import Data
from server.papers.press import Imprint, PaperFailed, Press, Printed, fingerprint
from server.papers.text import PRINTED, as_data, printable
from tests.support import pleno
from tests.support.papers import papers
from tests.support.pdf import pages_of, squeezed, text_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

DATA = papers()
NAMES = tuple(DATA)
AT = pleno.at(75)


def imprint(data: Data) -> Imprint:
    return Imprint(3, fingerprint(data), "15 Januari 2027 10.15 WIB", "SEMENTARA: sesi belum ditutup")


async def printed_as(name: str, data: Data, press: Press | None = None) -> Printed:
    return await (press or Press()).print(f"{name.partition('.')[0]}.typ", data, imprint(data), AT)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def made() -> dict[str, Printed]:
    press = Press()
    prints = await asyncio.gather(*(printed_as(name, data, press) for name, data in DATA.items()))
    return dict(zip(NAMES, prints, strict=True))


def leaves(value: Any) -> Iterator[str]:
    """Every text and figure, but codes that stand for a form."""
    match value:
        case dict():
            for key, item in value.items():
                if key not in ("jenis", "bentuk", "kop"):
                    yield from leaves(item)
        case list():
            for item in value:
                yield from leaves(item)
        case bool() | None:
            pass
        case _:
            yield str(value)


def missing(data: Data, text: str) -> list[str]:
    """Leaves that do not stand in the text, or not as often as in the data."""
    wanted = Counter(squeezed(leaf) for leaf in leaves(data) if leaf.strip())
    return [leaf for leaf, times in wanted.items() if text.count(leaf) < times]


FIELDS = ("nomor", "usulan", "masalah", "bidang", "lokasi", "volume", "biaya", "keterangan")


def rows(data: Data) -> Iterator[str]:
    """Records as the tables print them: cell after cell."""
    isi = data["isi"]
    for b in isi.get("bicara", ()):
        keys = ("nomor", "pukul", "kantor", "pembicara", "pokok", "lama")
        yield "".join(str(b[key]) for key in keys) + f"{b['cara']}, {b['hasil']}"
    for a in isi.get("acara", ()):
        yield a["acara"] + a["mulai"] + a["selesai"] + a["lama"]
    for t in isi.get("tertulis", ()):
        yield "".join(t.values())
    for name in ("kehadiran", "pokok"):
        yield from (f"{row[0]}:{row[1]}" for row in isi.get(name, ()))
    for name in ("keputusan", "unsur", "angka", "bidang"):
        yield from ("".join(row) for row in isi.get(name, ()))
    for r in isi.get("rombongan", ()):
        yield from ("".join(map(str, person.values())) for person in r["hadir"])
    for person in isi.get("lampiran_hadir", ()):
        yield "".join(map(str, person.values()))
    for u in (*isi.get("prioritas", ()), *isi.get("belum", ())):
        if not u["tertutup"]:
            yield "".join(str(u[k]) for k in FIELDS)
    for d in isi.get("desa", ()):
        yield f"{d['desa']} ({len(d['usulan'])})"
        for u in d["usulan"]:
            if not u["tertutup"]:
                yield "".join(str(cell) for key, cell in u.items() if key != "tertutup")


@pytest.mark.parametrize("name", NAMES)
async def test_the_text_of_a_paper_is_its_data(made: dict[str, Printed], name: str) -> None:
    text = text_of(made[name].pdf)
    assert missing(DATA[name], text) == []
    assert [row for row in rows(DATA[name]) if squeezed(row) not in text] == []


async def test_a_paper_that_lacks_or_changes_something_would_be_noticed(made: dict[str, Printed]) -> None:
    text = text_of(made["notulen"].pdf)
    isi = DATA["notulen"]["isi"]
    for field, other in (("pukul", "09.41"), ("lama", "3.31"), ("pokok", "Jembatan Rajegwesi 2")):
        first, *rest = isi["bicara"]
        changed = {**DATA["notulen"], "isi": {**isi, "bicara": [first | {field: other}, *rest]}}
        assert [row for row in rows(changed) if squeezed(row) not in text] != []


@pytest.mark.parametrize("name", NAMES)
async def test_every_page_has_its_number_the_version_and_the_fingerprint(
    made: dict[str, Printed], name: str
) -> None:
    pages = pages_of(made[name].pdf)
    assert len(pages) == made[name].pages
    for number, page in enumerate(pages, 1):
        assert f"Halaman {number} dari {len(pages)}" in page
        assert "versi 3" in page
        assert fingerprint(DATA[name])[:16] in page
        assert "dicetak 15 Januari 2027 10.15 WIB" in page
    assert "SEMENTARA" in text_of(made[name].pdf)


@pytest.mark.parametrize("name", NAMES)
async def test_what_was_sealed_or_off_the_record_stands_in_no_paper(
    made: dict[str, Printed], name: str
) -> None:
    text = text_of(made[name].pdf)
    assert squeezed(pleno.SECRET) not in text
    assert squeezed(pleno.OFF) not in text
    if name in ("notulen", "daftar_usulan", "berita_acara.kelurahan"):
        assert squeezed("tidak dimuat (bagian yang ditutup atau di luar rekaman)") in text


async def test_what_people_typed_is_text_and_never_markup(made: dict[str, Printed]) -> None:
    assert text_of(made["notulen"].pdf).count(squeezed(pleno.HOSTILE)) == 5
    assert squeezed("Nelayan [U+1F600]") in text_of(made["notulen"].pdf)
    assert "a" * 3000 in text_of(made["notulen"].pdf)


async def test_a_kelurahan_has_its_own_form(made: dict[str, Printed]) -> None:
    desa, kelurahan = (text_of(made[f"berita_acara.{kind}"].pdf) for kind in ("desa", "kelurahan"))
    assert ("KetuaBPD" in desa, "KepalaDesa" in desa) == (True, True)
    assert ("BPD" in kelurahan, "Lurah" in kelurahan) == (False, True)
    # From its own meeting: who, when, what comes first; what was struck off stands nowhere.
    assert "Hari,tanggal:Kamis,14Januari2027Pukul:09.15–12.00WIB" in kelurahan
    assert kelurahan.index("TamanbermainRW2") < kelurahan.index("tidakdimuat")
    assert ("KeliruDitulis" in kelurahan, "Dihapusdaridaftar" in kelurahan) == (False, False)
    assert ("Haksuaradanhakbicara1" in kelurahan, "Hakbicarasaja1" in kelurahan) == (True, True)
    for text in (desa, kelurahan):
        assert "keduanyabukantandatangan" in text
        assert all(part in text for part in ("KESATU", "KEDUA", "KETIGA"))


async def test_the_same_data_gives_the_same_bytes(made: dict[str, Printed]) -> None:
    assert (await printed_as("daftar_hadir", DATA["daftar_hadir"])).pdf == made["daftar_hadir"].pdf


async def test_fonts_are_embedded(made: dict[str, Printed]) -> None:
    pdf = made["notulen"].pdf
    assert b"LibertinusSerif" in pdf
    assert b"/FontFile" in pdf


async def test_every_sign_that_is_printed_as_itself_has_a_shape() -> None:
    signs = [chr(code) for first, last in PRINTED for code in range(first, last + 1)]
    kept = [sign for sign in signs if printable(sign) == sign and sign.strip()]
    assert len(kept) > 1_200
    note = {"judul": "Uji", "catatan": [_note(" ".join(kept[n : n + 40])) for n in range(0, len(kept), 40)]}
    data = {**DATA["notulen"], "isi": {**DATA["notulen"]["isi"], "catatan": [note]}}
    text = text_of((await printed_as("notulen", data)).pdf)
    assert "\x00" not in text
    assert [
        sign for sign in kept if sign not in text and unicodedata.normalize("NFKC", sign) not in text
    ] == []


def _note(ucapan: str) -> dict[str, object]:
    return {"pukul": "", "kantor": "", "pembicara": "", "judul": "", "ucapan": ucapan, "tertutup": False}


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("a\u0000b\u0007c\x1b[31m", "abc[31m"),
        ("\u202eterbalik\u2066\u200f", "terbalik"),
        ("a\tb\r\nc", "a b\nc"),
        ("👩‍👩‍👧 ok", "[U+1F469][U+1F469][U+1F467] ok"),
        ("ꦲꦏ", "[U+A9B2][U+A98F]"),
        ("e\u0301", "é"),
        ("\ud800", ""),
    ],
)
async def test_what_has_no_shape_is_written_in_words(typed: str, printed: str) -> None:
    assert printable(typed) == printed


async def test_a_paper_holds_nothing_of_unknown_kind() -> None:
    with pytest.raises(TypeError):
        as_data({"biaya": 1.5})


async def test_a_paper_beyond_its_time_or_memory_is_given_up_and_the_next_is_printed() -> None:
    heavy = {**DATA["notulen"], "kata": {"pembuka": "kata " * 1_000_000, "penutup": ""}}
    for press in (Press(time_s=1), Press(memory_bytes=150 * 1024 * 1024)):
        with pytest.raises(PaperFailed):
            await printed_as("notulen", heavy, press)
        assert (await printed_as("siaran_pers", DATA["siaran_pers"])).pages == 1


async def test_a_fault_in_a_template_says_where() -> None:
    with pytest.raises(PaperFailed, match="pembuka"):
        await printed_as("notulen", {**DATA["notulen"], "kata": {}})


async def test_who_may_do_what_is_counted_in_the_pleno_s_papers() -> None:
    counted = dict(DATA["daftar_hadir"]["isi"]["kehadiran"])
    assert (counted["Hak suara dan hak bicara"], counted["Hak tidak disebut"]) == ("1", "3")
    assert "Peninjau" not in counted
