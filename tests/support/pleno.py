"""A pleno that was held: journal entries and notes, with everything that a paper may have to tell.

Three offices, one of them a kelurahan; a suspension, words off the record, a sealed interval, an undone call,
an interjection, a sanction, a hand that became written. Names and words are partly hostile.
"""

from dataclasses import fields
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from rooms.ids import (
    Actor,
    CommandId,
    ItemId,
    PesertaId,
    PointId,
    RequestId,
    RoomId,
    SealId,
    SeatId,
    TurnId,
)
from rooms.journal import Entry
from rooms.meeting.commands import (
    AnswerWritten,
    CallSeat,
    CloseMeeting,
    Command,
    ConfigureMeeting,
    ConnectSeat,
    EndInterjection,
    EndTurn,
    GiveConsent,
    GrantPoint,
    HandOverChair,
    OpenMeeting,
    RaisePoint,
    RegisterPeserta,
    RequestTurn,
    ResumeMeeting,
    SanctionPeserta,
    SealInterval,
    SetOffRecord,
    StartItem,
    SuspendMeeting,
    UndoCall,
)
from rooms.meeting.meeting import Meeting
from rooms.meeting.vocabulary import (
    Consent,
    Hak,
    ItemKind,
    ItemSpec,
    JenisKelamin,
    Pemimpin,
    Sanksi,
    SeatKind,
    SeatSpec,
    TurnMedia,
    Unsur,
)
from rooms.ordering.naskah_bergilir import NASKAH_BERGILIR
from server.papers.said import Sesi
from server.store.catatan import Catatan, Penyebutan

L, P = JenisKelamin.LAKI_LAKI, JenisKelamin.PEREMPUAN
ROOM = RoomId("pleno")
AULA, SARONGAN, TEMBOKREJO, PAKIS = (
    SeatId("aula"), SeatId("35.10.01.2001"), SeatId("35.10.05.2003"), SeatId("35.10.16.1001"),
)  # fmt: skip
SERAH, BUKA, DIALOG, PENUTUP = (ItemId(name) for name in ("seremoni", "paparan", "dialog", "penutup"))
START = int(datetime(2027, 1, 15, 2, 0, tzinfo=UTC).timestamp() * 1000)
"""09.00 WIB."""
SESI = Sesi("Musrenbang RKPD Uji", date(2027, 1, 15), "Musrenbang desa", 2028)
HOSTILE = '#panic("x") *tebal* $x^2$ @acuan <l> // \\u{41} #read("dasar.typ")'
SECRET, OFF = "kata yang ditarik kembali", "kata di luar rekaman"


def at(minutes: float) -> int:
    return START + round(minutes * 60_000)


def entries() -> list[Entry]:
    siti, budi, yon, tamu = (PesertaId(name) for name in ("siti", "budi", "yon", "tamu"))
    steps: list[tuple[float, Command]] = [
        (
            -30,
            ConfigureMeeting(
                SESI.judul,
                (
                    SeatSpec(AULA, SeatKind.AULA, "Pendapa Sabha Swagata"),
                    SeatSpec(SARONGAN, SeatKind.DIALOG, "Sarongan, Kec. Pesanggaran", SARONGAN),
                    SeatSpec(TEMBOKREJO, SeatKind.DIALOG, "Tembokrejo, Kec. Muncar", TEMBOKREJO),
                    SeatSpec(PAKIS, SeatKind.MENYIMAK, "Kel. Pakis, Kec. Banyuwangi", PAKIS),
                ),
                (
                    ItemSpec(SERAH, ItemKind.SEREMONI, "Pembukaan"),
                    ItemSpec(BUKA, ItemKind.PAPARAN, "Paparan arah pembangunan"),
                    ItemSpec(DIALOG, ItemKind.DIALOG, "Dialog dengan desa"),
                    ItemSpec(PENUTUP, ItemKind.PENUTUP, "Penutup"),
                ),
                (SARONGAN, TEMBOKREJO),
            ),
        ),
        (-20, RegisterPeserta(tamu, AULA, "Ir. Hj. Endang S., M.Si.", "Kepala Dinas PU")),
        (-19, ConnectSeat(AULA, True)),
        (-15, ConnectSeat(SARONGAN, True)),
        (-15, GiveConsent(SARONGAN, Consent.DIREKAM)),
        (-14, RegisterPeserta(siti, SARONGAN, "Siti Aminah", "Kepala Dusun", Unsur.PEREMPUAN, P, Hak.SUARA)),
        (-13, ConnectSeat(TEMBOKREJO, True)),
        (-13, GiveConsent(TEMBOKREJO, Consent.DIREKAM)),
        (-12, RegisterPeserta(yon, TEMBOKREJO, f"Yon {HOSTILE}", "Nelayan 😀", Unsur.NELAYAN, L)),
        (-11, RegisterPeserta(budi, SARONGAN, "Budi Santoso", "", Unsur.TANI, L)),
        (0, OpenMeeting()),
        (0, StartItem(SERAH)),
        (10, StartItem(BUKA)),
        (30, StartItem(DIALOG)),
        (31, RequestTurn(RequestId("r1"), SARONGAN, siti, "Jembatan Rajegwesi")),
        (31.5, RequestTurn(RequestId("r2"), SARONGAN, budi, "Pupuk")),
        (32, RequestTurn(RequestId("r3"), TEMBOKREJO, yon, HOSTILE)),
        (33, CallSeat(TurnId("t1"), SARONGAN)),
        (36.5, EndTurn(TurnId("t1"))),
        (37, CallSeat(TurnId("t2"), SARONGAN)),
        (37.1, UndoCall(TurnId("t2"))),
        (38, CallSeat(TurnId("t3"), TEMBOKREJO)),
        (39, RaisePoint(PointId("p1"), SARONGAN, siti, "Keberatan batas wilayah")),
        (39.5, GrantPoint(TurnId("i1"), PointId("p1"))),
        (40, EndInterjection(TurnId("i1"))),
        (41, EndTurn(TurnId("t3"))),
        (42, HandOverChair(Pemimpin.PENGGANTI, "Drs. Sugirah")),
        (43, SuspendMeeting()),
        (53, ResumeMeeting()),
        (54, SetOffRecord(True)),
        (56, SetOffRecord(False)),
        (57, SanctionPeserta(budi, Sanksi.PERINGATAN, "memotong")),
        (58, CallSeat(TurnId("t4"), PAKIS, None, TurnMedia.LEWAT_TELEPON)),
        (60, EndTurn(TurnId("t4"))),
        (61, SealInterval(SealId("s1"), at(58), at(59))),
        (65, CloseMeeting()),
        (70, AnswerWritten(RequestId("r2"), "Ditindaklanjuti Dinas Pertanian.")),
    ]  # fmt: skip
    meeting, made = Meeting(NASKAH_BERGILIR), list[Entry]()
    for minutes, command in steps:
        for event in meeting.handle(command, at(minutes)):
            entry = Entry(
                ROOM,
                len(made) + 1,
                1,
                at(minutes),
                Actor("uji"),
                CommandId(f"c{minutes}{type(command)}"),
                event,
            )
            made.append(entry)
    return made


def note(id_: str, jenis: str, kode: str, minutes: float, turn: str | None = None, **values: Any) -> Catatan:
    """Told ``minutes`` after the opening; every field that is not given is empty."""
    empty: dict[str, Any] = {field.name: "" for field in fields(Catatan)}
    label = {SARONGAN: "Sarongan, Kec. Pesanggaran", TEMBOKREJO: "Tembokrejo, Kec. Muncar"}
    mention = Penyebutan(f"m{id_}", ROOM, turn, kode or None, at(minutes), None, spoken=True)
    given: dict[str, Any] = {
        "id": id_, "room_id": ROOM, "jenis": jenis, "tahun_rencana": 2028, "kode_wilayah": kode,
        "seat_id": kode or None, "volume": None, "perkiraan_biaya": None, "jumlah_terdampak": None,
        "kanal": "langsung", "tenggat": None, "diprioritaskan_at": None, "version": 1,
        "created_at": at(minutes), "created_by": "N", "lat": None, "lng": None,
        "label": label.get(SeatId(kode), "Kel. Pakis, Kec. Banyuwangi" if kode else ""),
        "penyebutan": (mention,), "riwayat": None,
        "tahap": "catatan_langsung" if jenis == "usulan" else "",
        "putusan": "menunggu" if jenis == "usulan" else "",
    }  # fmt: skip
    return Catatan(**(empty | given | values))


def notes() -> list[Catatan]:
    return [
        note(
            "n1", "usulan", SARONGAN, 34, "t1",
            ucapan="Jembatan kami putus, Pak.\nAnak-anak menyeberang sungai.",
            judul="Jembatan gantung Rajegwesi", masalah="Putus sejak banjir", bidang="2", sub_bidang="2.3",
            dusun="Krajan", volume=Decimal("24.50"), satuan="meter", perkiraan_biaya=1_250_000_000,
        ),
        note("n2", "usulan", TEMBOKREJO, 38.5, "t3", ucapan=HOSTILE, perkiraan_biaya=75_000_000),
        note("n3", "usulan", SARONGAN, 34.5, "t1", judul="Balai dusun", ucapan="Balai", putusan="ditolak"),
        note("n4", "keluhan", SARONGAN, 35, "t1", ucapan="Listrik sering padam " + "a" * 3000),
        note("n5", "pertanyaan", TEMBOKREJO, 39, "t3", ucapan="Kapan pelabuhan dikeruk?"),
        note("n6", "arahan", TEMBOKREJO, 40.5, "t3", ucapan="Dinas Perikanan turun minggu depan."),
        note("n7", "usulan", PAKIS, 58.5, "t4", ucapan=SECRET, judul=SECRET),
        note("n8", "arahan", SARONGAN, 55, None, ucapan=OFF),
    ]  # fmt: skip
