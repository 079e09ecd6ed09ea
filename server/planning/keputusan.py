"""The use cases of deciding: see an usulan's whole chain, decide one, decide many, look first what would go.

Each decision is one transaction (T20): the usulan's new state, the decision's own row, the history, the
counts, and its place on the camat's list. What the chain allows is said by ``tahapan``; who asks is told.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rooms.meeting.vocabulary import JenisCatatan
from server.planning.changes import apply
from server.planning.errors import FieldErrors, NotFound, VersionConflict
from server.planning.putuskan import CHANGED, FIELDS, OPD_STAYS, SENTENCES, Putuskan
from server.planning.tahapan import (
    NAME_OPD,
    Keadaan,
    Pelaku,
    Putusan,
    Rantai,
    Sebab,
    Tahap,
    TidakBoleh,
    Tindakan,
    WrongStage,
    same_opd,
)
from server.store import catatan as rows
from server.store import keputusan, musrenbangcam
from server.store.catatan import Catatan
from server.store.engine import Connection, Database
from server.store.keputusan import Keputusan
from server.store.musrenbangcam import Which

ATAS_NAMA = "atas nama"
"""Stands with the history of what was done so."""


@dataclass(frozen=True, slots=True)
class Siapa:
    """Who decides, as it is kept and shown."""

    nama: str
    jabatan: str
    actor: str

    @property
    def words(self) -> str:
        return f"{self.nama}, {self.jabatan}" if self.jabatan else self.nama


@dataclass(frozen=True, slots=True)
class Pandangan:
    """One usulan with its whole chain, as one decider sees it."""

    note: Catatan
    decisions: list[Keputusan]
    open: tuple[Tindakan, ...]
    quiet_until: int
    """From when on the camat may go on for the desa (ms)."""


@dataclass(frozen=True, slots=True)
class Nasib:
    """What becomes, or became, of one usulan of a bulk decision."""

    catatan_id: str
    version: int
    note: Catatan | None
    """None when there is none of this id."""
    why_not: str
    """A sentence (msgid); empty: it goes."""


class Meja:
    """The deciders' desk."""

    def __init__(self, database: Database, rantai: Rantai) -> None:
        self._database = database
        self.rantai = rantai

    async def view(self, catatan_id: str, pelaku: Pelaku, *, at: int) -> Pandangan:
        """Raises NotFound."""
        async with self._database.read() as connection:
            note = await _existing(connection, catatan_id)
            decisions = await keputusan.of(connection, catatan_id)
            since = await keputusan.desa_since(connection, catatan_id)
        if note.jenis != JenisCatatan.USULAN:
            return Pandangan(note, [], (), 0)
        now = _keadaan(note, since)
        return Pandangan(note, decisions, self.rantai.open_to(now, pelaku, at), self.rantai.quiet_until(now))

    async def decide(
        self, catatan_id: str, version: int, wanted: Putuskan, *, pelaku: Pelaku, siapa: Siapa, at: int
    ) -> Catatan:
        """Raises NotFound, WrongStage (not an usulan), TidakBoleh, FieldErrors, VersionConflict."""
        async with self._database.write() as connection:
            note = await _existing(connection, catatan_id)
            if note.version != version:
                raise VersionConflict(note)
            await self._decide(connection, note, wanted, pelaku, siapa, at)
            return await _existing(connection, catatan_id)

    async def preview(
        self, which: Sequence[tuple[str, int]], wanted: Putuskan, *, pelaku: Pelaku, at: int
    ) -> list[Nasib]:
        """``which``: ids with the versions that were seen. Nothing is written."""
        async with self._database.read() as connection:
            return [await self._fate(connection, *one, wanted, pelaku, at) for one in which]

    async def decide_all(
        self,
        which: Sequence[tuple[str, int]],
        wanted: Putuskan,
        *,
        pelaku: Pelaku,
        siapa: Siapa,
        at: int,
    ) -> list[Nasib]:
        """Each goes whole or not at all, whatever becomes of the others (T21)."""
        done = []
        for catatan_id, version in which:
            try:
                note = await self.decide(catatan_id, version, wanted, pelaku=pelaku, siapa=siapa, at=at)
                done.append(Nasib(catatan_id, version, note, ""))
            except (NotFound, WrongStage, TidakBoleh, FieldErrors, VersionConflict) as error:
                async with self._database.read() as connection:
                    found = await rows.one(connection, catatan_id)
                done.append(Nasib(catatan_id, version, found, _sentence(error)))
        return done

    async def _fate(
        self,
        connection: Connection,
        catatan_id: str,
        version: int,
        wanted: Putuskan,
        pelaku: Pelaku,
        at: int,
    ) -> Nasib:
        note = await rows.one(connection, catatan_id)
        try:
            if note is None:
                raise NotFound(catatan_id)
            if note.version != version:
                raise VersionConflict(note)
            since = await keputusan.desa_since(connection, catatan_id)
            self._allowed(note, since, wanted, pelaku, at)
        except (NotFound, WrongStage, TidakBoleh, FieldErrors, VersionConflict) as error:
            return Nasib(catatan_id, version, note, _sentence(error))
        return Nasib(catatan_id, version, note, "")

    def _allowed(
        self, note: Catatan, since: int, wanted: Putuskan, pelaku: Pelaku, at: int
    ) -> tuple[dict[str, object], bool, Putusan]:
        """The columns that change, whether it is atas nama, and the decision's name.

        Raises WrongStage, TidakBoleh, FieldErrors.
        """
        if note.jenis != JenisCatatan.USULAN:
            raise WrongStage(f"nothing is decided about a {note.jenis}")
        names_opd = wanted.tindakan in NAME_OPD
        opd = (wanted.opd_tujuan if names_opd else "") or note.opd_tujuan
        now = _keadaan(note, since)
        try:
            # The chain first sees the usulan as it is: an OPD does not make it its own by naming itself.
            self.rantai.decide(now, pelaku, wanted.tindakan, alasan=wanted.alasan, at=at)
        except TidakBoleh as error:
            if error.sebab is not Sebab.PERLU_OPD or not opd:
                raise _beside_its_field(error) from error
        sees = Pelaku(pelaku.peran, pelaku.wilayah, opd) if pelaku.opd else pelaku
        try:
            hasil = self.rantai.decide(
                _keadaan(note, since, opd), sees, wanted.tindakan, alasan=wanted.alasan, at=at
            )
        except TidakBoleh as error:
            raise _beside_its_field(error) from error
        # The page's form sends the OPD that stands, whatever is decided.
        if not names_opd and same_opd(wanted.opd_tujuan) not in ("", same_opd(opd)):
            raise FieldErrors({"opd_tujuan": OPD_STAYS})
        values: dict[str, object] = {"tahap": hasil.tahap, "putusan": hasil.putusan, "opd_tujuan": opd}
        if wanted.tindakan is Tindakan.CATAT_SIPD:
            values["nomor_sipd"] = wanted.nomor_sipd
        if wanted.tindakan is Tindakan.CATAT_REALISASI:
            values["realisasi"] = wanted.realisasi
        return values, hasil.atas_nama, hasil.decided

    async def _decide(
        self,
        connection: Connection,
        note: Catatan,
        wanted: Putuskan,
        pelaku: Pelaku,
        siapa: Siapa,
        at: int,
    ) -> None:
        since = await keputusan.desa_since(connection, note.id)
        values, atas_nama, decided = self._allowed(note, since, wanted, pelaku, at)
        remark = ATAS_NAMA if atas_nama else ""
        await apply(connection, note, values, by=siapa.words, at=at, always=True, note=remark)
        decision = Keputusan(
            version=note.version + 1,
            at=at,
            actor=siapa.actor,
            nama=siapa.nama,
            jabatan=siapa.jabatan,
            peran=pelaku.peran,
            tahap=note.tahap,
            tindakan=wanted.tindakan,
            putusan=decided,
            ke_tahap=str(values["tahap"]),
            alasan=wanted.alasan,
            rekomendasi=wanted.rekomendasi,
            catatan=wanted.catatan,
            volume=wanted.volume,
            biaya=wanted.biaya,
            atas_nama=atas_nama,
        )
        await keputusan.add(connection, note.id, decision)
        if values["tahap"] == Tahap.KECAMATAN and note.kode_wilayah:
            await musrenbangcam.enter(connection, list_of(note), note.id, at=at)


def list_of(note: Catatan) -> Which:
    """The camat's list that it belongs to."""
    return Which(note.tahun_rencana, note.kode_wilayah[:8])


def _keadaan(note: Catatan, since: int, opd: str | None = None) -> Keadaan:
    return Keadaan(
        Tahap(note.tahap),
        Putusan(note.putusan),
        note.kode_wilayah,
        note.opd_tujuan if opd is None else opd,
        since,
    )


def _beside_its_field(error: TidakBoleh) -> Exception:
    if field := FIELDS.get(error.sebab):
        return FieldErrors({field: SENTENCES[error.sebab]})
    return error


def _sentence(error: Exception) -> str:
    match error:
        case TidakBoleh():
            return SENTENCES[error.sebab]
        case FieldErrors():
            return next(iter(error.fields.values()))
        case VersionConflict():
            return CHANGED
        case _:
            return SENTENCES[Sebab.BUKAN_TAHAPNYA]


async def _existing(connection: Connection, catatan_id: str) -> Catatan:
    note = await rows.one(connection, catatan_id)
    if note is None:
        raise NotFound(catatan_id)
    return note
