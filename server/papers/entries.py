"""What may be entered about a paper: its edited paragraphs, who signs, and whether they have.

Entries are named ``kata.pembuka``, ``nama.kepala_desa``, ``ttd.kepala_desa``. The first are kept once for all
papers of a kind in a session, the others for each paper.
"""

from collections.abc import Mapping
from enum import StrEnum

from server.i18n import N_
from server.papers.kinds import KINDS, Jenis, signers
from server.plain import plain
from server.store.paper_entries import Change, Entry

KATA, NAMA, TTD = "kata.", "nama.", "ttd."
LONGEST = {KATA: 4_000, NAMA: 120, TTD: 20}
"""Signs."""


class Ttd(StrEnum):
    """Whether somebody has signed, as the Panitia saw it."""

    BELUM = ""
    TANGAN = "tangan"
    SERTIFIKAT = "sertifikat"
    """By a certified electronic signature, which is made elsewhere."""
    DIWAKILI = "diwakili"


TTD_WORDS: Mapping[Ttd, str] = {
    Ttd.BELUM: N_("Belum"),
    Ttd.TANGAN: N_("Sudah, dengan tangan"),
    Ttd.SERTIFIKAT: N_("Sudah, tanda tangan elektronik bersertifikat"),
    Ttd.DIWAKILI: N_("Sudah, diwakili"),
}


class BadEntry(Exception):
    """``sentence``: an msgid that says what is wrong."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def words_of(jenis: Jenis) -> dict[str, str]:
    """Name of an entry -> what it says as long as nobody has put it differently."""
    return {KATA + name: paragraph.usual for name, paragraph in KINDS[jenis].paragraphs.items()}


def signers_of(jenis: Jenis, *, kelurahan: bool) -> dict[str, str]:
    return {kind + s.kode: "" for s in signers(jenis, kelurahan=kelurahan) for kind in (NAMA, TTD)}


def typed(form: Mapping[str, str], usual: Mapping[str, str]) -> list[Change]:
    """From a form with a field for each name, and ``versi.NAME`` for what was seen. Raises BadEntry.

    What was never entered and still says the usual is left out.
    """
    changes = [_typed(form, name) for name in usual if name in form]
    return [change for change in changes if change.version or change.text != usual[change.name]]


def _typed(form: Mapping[str, str], name: str) -> Change:
    text = form[name].replace("\r\n", "\n").strip()
    kind = name[: name.index(".") + 1]
    if len(text) > LONGEST[kind]:
        raise BadEntry(N_("Isian itu terlalu panjang."))
    seen = form.get(f"versi.{name}", "0")
    try:
        text = plain(text)
        if kind == TTD:
            text = Ttd(text)
        return Change(name, int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else 0, text)
    except ValueError as error:
        raise BadEntry(N_("Isian itu memuat tanda yang tidak dapat disimpan.")) from error


def told(entries: Mapping[str, Entry], kind: str) -> dict[str, str]:
    """``nama.`` -> kode of signer -> name; the same for the others."""
    return {name.removeprefix(kind): e.text for name, e in entries.items() if name.startswith(kind)}
