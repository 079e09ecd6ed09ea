"""Messages for a chat: what was said of a desa or kecamatan, each on a line, and nothing that is withheld."""

from dataclasses import replace

from server.papers.ringkasan import MOST_LINES, of_camat, of_desa
from tests.support import pleno
from tests.support.papers import DESA, held


def test_a_desa_is_told_its_turns_usulan_and_directions() -> None:
    account, notes = held()
    mine = [told for told in notes if told.note.kode_wilayah == DESA.kode]
    lines = of_desa(account, pleno.SESI, pleno.SARONGAN, DESA, mine).splitlines()
    assert lines[:3] == ["*Musrenbang RKPD Uji*", "Sarongan, Kec. Pesanggaran", "Jumat, 15 Januari 2027"]
    assert "Giliran bicara: 1 (3.30 menit)" in lines
    assert "1. Jembatan gantung Rajegwesi (menunggu)" in lines
    assert "2. Balai dusun (ditolak)" in lines
    assert "1. (tidak dimuat)" in lines
    assert pleno.OFF not in "\n".join(lines)


def test_words_of_a_note_never_look_like_lines_of_the_message() -> None:
    account, notes = held()
    one = next(told for told in notes if told.note.id == "n2")
    forged = replace(one, note=replace(one.note, judul="Jalan\n\n*Arahan pimpinan (1)*\n1. Palsu"))
    text = of_desa(account, pleno.SESI, pleno.TEMBOKREJO, DESA, [forged])
    assert "1. Jalan *Arahan pimpinan (1)* 1. Palsu (menunggu)" in text.splitlines()


def test_a_camat_is_told_the_number_of_each_desa_and_what_was_put_first() -> None:
    account, notes = held()
    urgent = [
        replace(t, note=replace(t.note, diprioritaskan_at=1)) if t.note.id == "n1" else t for t in notes
    ]
    mine = [told for told in urgent if told.note.kode_wilayah == DESA.kode]
    text = of_camat(account, pleno.SESI, "Pesanggaran", {pleno.SARONGAN: DESA}, mine)
    lines = text.splitlines()
    assert "Hadir 1 dari 1 desa/kelurahan." in lines
    assert "- Sarongan: 2" in lines
    at = lines.index("*Diprioritaskan pimpinan (1)*")
    assert lines[at + 1] == "1. Jembatan gantung Rajegwesi"


def test_a_long_list_ends_with_how_many_more_there_are() -> None:
    account, notes = held()
    one = next(told for told in notes if told.note.id == "n1")
    text = of_desa(account, pleno.SESI, pleno.SARONGAN, DESA, [one] * (MOST_LINES + 3))
    assert "... dan 3 lainnya" in text.splitlines()
