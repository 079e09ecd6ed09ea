"""Words for the stable codes that reports show; codes that are not known are shown as nothing."""

from collections.abc import Mapping

from rooms.meeting.vocabulary import Hak, JenisKelamin, RequestState, Unsur
from rooms.ordering.board import Reason
from server.i18n import N_

UNSUR: Mapping[str, str] = {
    Unsur.TOKOH_ADAT: N_("Tokoh adat"),
    Unsur.TOKOH_AGAMA: N_("Tokoh agama"),
    Unsur.TOKOH_MASYARAKAT: N_("Tokoh masyarakat"),
    Unsur.TOKOH_PENDIDIK: N_("Tokoh pendidik"),
    Unsur.TANI: N_("Tani"),
    Unsur.NELAYAN: N_("Nelayan"),
    Unsur.PERAJIN: N_("Perajin"),
    Unsur.PEREMPUAN: N_("Perempuan"),
    Unsur.PEMERHATI_ANAK: N_("Pemerhati anak"),
    Unsur.MASYARAKAT_MISKIN: N_("Masyarakat miskin"),
    Unsur.DIFABEL: N_("Difabel"),
    Unsur.TIDAK_DISEBUT: N_("Tidak disebut"),
}
JENIS_KELAMIN: Mapping[str, str] = {
    JenisKelamin.LAKI_LAKI: N_("Laki-laki"),
    JenisKelamin.PEREMPUAN: N_("Perempuan"),
    JenisKelamin.TIDAK_DISEBUT: N_("Tidak disebut"),
}
HAK: Mapping[str, str] = {
    Hak.SUARA: N_("Hak suara dan hak bicara"),
    Hak.BICARA: N_("Hak bicara saja"),
    Hak.PENINJAU: N_("Peninjau"),
}
HANDS: Mapping[str, str] = {
    RequestState.ANTRE: N_("Masih menunggu"),
    RequestState.BICARA: N_("Sedang bicara"),
    RequestState.TERLAYANI: N_("Terlayani"),
    RequestState.TERTULIS: N_("Menjadi masukan tertulis"),
    RequestState.LEWAT_CAMAT: N_("Lewat camat"),
    RequestState.DITARIK: N_("Ditarik"),
}
REASONS: Mapping[str, str] = {
    Reason.TERPUTUS: N_("tadi terputus"),
    Reason.DISIAPKAN: N_("sudah bersiap"),
    Reason.NASKAH: N_("sesuai naskah"),
    Reason.LAMA_MENUNGGU: N_("sudah lama menunggu"),
    Reason.BELUM_BICARA: N_("belum pernah bicara"),
    Reason.GILIRAN_KECAMATAN: N_("giliran kecamatan"),
    Reason.GILIRAN_DESA: N_("giliran desa"),
    Reason.GILIRAN_TERSEDIKIT: N_("paling sedikit giliran"),
    Reason.WAKTU_TERSEDIKIT: N_("paling sedikit waktu bicara"),
    Reason.URUTAN_DATANG: N_("urutan datang"),
    Reason.DITUNDA: N_("tadi ditunda"),
    Reason.DILEWATI: N_("dua kali tidak menjawab"),
}
GROUPS: Mapping[str, str] = {
    "kecamatan": N_("Kecamatan"),
    "desa": N_("Desa dan kelurahan"),
    "jenis_kelamin": N_("Laki-laki dan perempuan"),
    "unsur": N_("Unsur masyarakat"),
}
